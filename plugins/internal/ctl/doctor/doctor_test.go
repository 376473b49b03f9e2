package doctor

import (
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/internal/ctl/ctltest"
	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/ratelimit/redistest"
)

const kongYML = `_format_version: "3.0"
routes:
  - name: github
    paths: [/in]
    plugins:
      - name: webhook-edge
        config:
          provider: github
          verify: {secrets: [{value: "{vault://env/doctor-secret}"}]}
          policy: {directory: DIR/policies}
          publish:
            servers: ["{vault://env/doctor-nats}"]
            username: webhooks
            password: "{vault://env/nats-password}"
            journal: {directory: DIR/journal}
`

// installation is a running one, in which everything is as it should be.
type installation struct {
	dir    string
	broker *ctltest.Broker
	ready  string // answer of /readyz
	date   time.Time
}

func install(t *testing.T) *installation {
	t.Helper()
	dir, err := os.MkdirTemp("", "doctor") // a socket's path has at most 107 bytes
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	b, _ := ctltest.NATS(t)
	i := &installation{dir: dir, broker: b, ready: `{"ready":true,"checks":[{"name":"nats","ok":true}]}`}
	t.Setenv("DOCTOR_SECRET", "Gq7-2vPzLw9-Rk4")
	t.Setenv("DOCTOR_NATS", b.URL)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if !i.date.IsZero() {
			w.Header().Set("Date", i.date.UTC().Format(http.TimeFormat))
		}
		io.WriteString(w, i.ready)
	}))
	t.Cleanup(server.Close)
	i.write(t, "kong.yml", strings.ReplaceAll(kongYML, "DIR", dir))
	conf, err := os.ReadFile("../../../../kong/kong.conf")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(conf), "-kong-prefix /usr/local/kong", "-kong-prefix "+dir, 1)
	i.write(t, "kong.conf", strings.Replace(text, "127.0.0.1:9542", strings.TrimPrefix(server.URL, "http://"), 1))
	i.write(t, "policies/webhook/main/main.rego", "package webhook.main\n\n# METADATA\n# entrypoint: true\ndefault decision := {\"allow\": true}\n")
	if err := os.Mkdir(filepath.Join(dir, "journal"), 0o700); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("unix", filepath.Join(dir, "webhook-edge.socket"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	if err := os.Chmod(filepath.Join(dir, "webhook-edge.socket"), 0o700); err != nil {
		t.Fatal(err)
	}
	i.stream(t, jetstream.NoCompression)
	return i
}

func (i *installation) stream(t *testing.T, compression jetstream.StoreCompression) {
	t.Helper()
	cfg := jetstream.StreamConfig{Name: "WEBHOOKS", Subjects: []string{"webhooks.>"}, Discard: jetstream.DiscardNew, Compression: compression, Duplicates: time.Hour, MaxAge: 168 * time.Hour}
	if _, err := i.broker.JS.CreateOrUpdateStream(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
}

func (i *installation) write(t *testing.T, name, text string) {
	t.Helper()
	path := filepath.Join(i.dir, name)
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
		t.Fatal(err)
	}
}

// change replaces text in a file.
func (i *installation) change(t *testing.T, name, from, to string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(i.dir, name))
	if err != nil || !strings.Contains(string(text), from) {
		t.Fatalf("%s has no %q: %v", name, from, err)
	}
	i.write(t, name, strings.ReplaceAll(string(text), from, to))
}

// look returns the findings that are not fine, and whether the exit code is 0.
func (i *installation) look(t *testing.T) (all, bad []Finding, ok bool) {
	t.Helper()
	out, err := ctltest.Run(t, Command(), "--config", filepath.Join(i.dir, "kong.yml"), "--json")
	if err != nil && !errors.Is(err, exit.ErrFailed) {
		t.Fatalf("%v\n%s", err, out)
	}
	if strings.Contains(out, "Gq7-2vPzLw9") || strings.Contains(out, "of-the-test") {
		t.Errorf("a secret is printed:\n%s", out)
	}
	for line := range strings.Lines(out) {
		var f Finding
		if err := json.Unmarshal([]byte(line), &f); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		all = append(all, f)
		if f.State != Fine {
			bad = append(bad, f)
		}
	}
	return all, bad, err == nil
}

func TestDoctor_findsWhatMustChange(t *testing.T) {
	i := install(t)
	all, bad, ok := i.look(t)
	if !ok || len(bad) > 0 {
		t.Fatalf("a sound installation: %+v", bad)
	}
	var abouts []string
	for _, f := range all {
		abouts = append(abouts, f.About)
	}
	if diff := cmp.Diff([]string{"kong.conf", "kong.yml", "nats", "streams", "clock", "policy", "socket", "journal", "readyz", "clock"}, abouts); diff != "" {
		t.Errorf("looked at (-want +got):\n%s", diff)
	}
	for name, tc := range map[string]struct {
		spoil, mend func(t *testing.T)
		about, want string
	}{
		"a plugin is not named":       {i.swap("kong.conf", "webhook-verify,webhook-policy", "webhook-policy"), i.swap("kong.conf", "webhook-ratelimit,webhook-policy", "webhook-ratelimit,webhook-verify,webhook-policy"), "kong.conf", "does not name webhook-verify"},
		"the Admin API is open":       {i.swap("kong.conf", "admin_listen = off", "admin_listen = 0.0.0.0:8001"), i.swap("kong.conf", "admin_listen = 0.0.0.0:8001", "admin_listen = off"), "kong.conf", "admin_listen = off"},
		"no secret":                   {func(t *testing.T) { t.Setenv("DOCTOR_SECRET", "") }, nil, "kong.yml", "DOCTOR_SECRET"},
		"a misspelt setting":          {i.swap("kong.yml", "verify:", "verfy:"), i.swap("kong.yml", "verfy:", "verify:"), "kong.yml", "verfy"},
		"no NATS":                     {func(t *testing.T) { t.Setenv("DOCTOR_NATS", "nats://127.0.0.1:1") }, nil, "nats", "no servers available"},
		"a wrong password":            {func(t *testing.T) { t.Setenv("NATS_PASSWORD", "another-one") }, nil, "nats", "Authorization"},
		"a stream that is compressed": {func(t *testing.T) { i.stream(t, jetstream.S2Compression) }, func(t *testing.T) { i.stream(t, jetstream.NoCompression) }, "streams", "is compressed"},
		"a policy of no Rego":         {i.swap("policies/webhook/main/main.rego", "package webhook.main", "pakage webhook.main"), i.swap("policies/webhook/main/main.rego", "pakage", "package"), "policy", "main.rego:1"},
		"a journal for everybody":     {i.mode("journal", 0o755), i.mode("journal", 0o700), "journal", "chmod 700"},
		"a socket for everybody":      {i.mode("webhook-edge.socket", 0o777), i.mode("webhook-edge.socket", 0o700), "socket", "may be written by everybody"},
		"a check that fails": {func(*testing.T) {
			i.ready = `{"ready":false,"checks":[{"name":"publish","ok":false,"why":"no stream"}]}`
		}, func(*testing.T) { i.ready = `{"ready":true}` }, "readyz", "publish: no stream"},
		"a degraded check": {func(*testing.T) {
			i.ready = `{"ready":true,"checks":[{"name":"journal","ok":true,"degraded":true,"why":"full"}]}`
		}, func(*testing.T) { i.ready = `{"ready":true}` }, "readyz", "journal: full"},
		"a clock that is off": {func(*testing.T) { i.date = time.Now().Add(time.Minute) }, func(*testing.T) { i.date = time.Time{} }, "clock", "chrony"},
	} {
		t.Run(name, func(t *testing.T) {
			tc.spoil(t)
			if tc.mend != nil {
				defer tc.mend(t)
			}
			_, bad, ok := i.look(t)
			found := false
			for _, f := range bad {
				found = found || f.About == tc.about && f.State == Change && f.Fix != "" && strings.Contains(f.Text+f.Fix, tc.want)
			}
			if ok || !found {
				t.Errorf("%+v", bad)
			}
		})
	}
}

func TestDoctor_fits80Columns(t *testing.T) {
	i := install(t)
	i.change(t, "kong.yml", "verify:", "verfy:")
	t.Setenv("DOCTOR_NATS", "nats://127.0.0.1:1")
	out, err := ctltest.Run(t, Command(), "--config", filepath.Join(i.dir, "kong.yml"))
	if !errors.Is(err, exit.ErrFailed) || !strings.Contains(out, "\n                    -> ") {
		t.Errorf("%v\n%s", err, out)
	}
	for line := range strings.Lines(out) {
		if len(line) > 81 && strings.Contains(strings.TrimSpace(line[20:]), " ") {
			t.Errorf("%d columns: %s", len(line)-1, line)
		}
	}
}

func TestDoctor_asksRedisForItsTime(t *testing.T) {
	const password = "of-the-test/7" // which look finds where it is printed
	server := redistest.Start(t, "--requirepass", password)
	i := install(t)
	limits := "ratelimit: {store: redis, limits: [{rate: 10-S, by: route}], redis: {url: \"redis://:" + url.QueryEscape(password) + "@" + server.Address() + "\"}}"
	i.change(t, "kong.yml", "          policy:", "          "+limits+"\n          policy:")
	all, bad, ok := i.look(t)
	var said []string
	for _, f := range all {
		if f.About == "redis" || f.About == "clock" {
			said = append(said, f.Text)
		}
	}
	want := []string{"it agrees with that of NATS", "answers the limits of route github", "it agrees with that of Redis", "it agrees with that of the plugin process"}
	if diff := cmp.Diff(want, said); !ok || diff != "" {
		t.Fatalf("%+v (-want +got):\n%s", bad, diff)
	}
	for _, tc := range []struct {
		name  string
		spoil func()
		want  string
	}{
		{"another password", func() { server.Do("CONFIG", "SET", "requirepass", "another") }, "WRONGPASS"},
		{"no Redis", server.Kill, "refused"},
	} {
		tc.spoil()
		_, bad, ok := i.look(t)
		if ok || len(bad) != 1 || bad[0].About != "redis" || !strings.Contains(bad[0].Text, tc.want) || !strings.Contains(bad[0].Fix, "ratelimit.redis; meanwhile local applies") {
			t.Errorf("%s: %+v", tc.name, bad)
		}
	}
}

func (i *installation) swap(name, from, to string) func(*testing.T) {
	return func(t *testing.T) { t.Helper(); i.change(t, name, from, to) }
}

func (i *installation) mode(name string, mode os.FileMode) func(*testing.T) {
	return func(t *testing.T) {
		t.Helper()
		if err := os.Chmod(filepath.Join(i.dir, name), mode); err != nil {
			t.Fatal(err)
		}
	}
}
