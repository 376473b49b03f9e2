package local_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"webhookedge/kong/local"
	"webhookedge/kong/local/declarative"
	"webhookedge/kong/local/host/hosttest"
)

const secret = "It's a Secret to Everybody"

// serverCase is a request to TestServer_answers's kong.yml and its answer; {id} stands
// for the request's id.
type serverCase struct {
	path, body string
	header     map[string]string
	status     int
	want, kind string
}

func serverCases(url string) map[string]serverCase {
	body := `{"a":1}`
	good := signature(body)
	const unauthorized = `{"error":"unauthorized"}`
	return map[string]serverCase{
		"a plugin answers":                {"/exits", body, good, 200, `{"ok":true}`, "application/json"},
		"a plugin refuses":                {"/exits", body, nil, 401, unauthorized, "application/json"},
		"a large body goes by a file":     {"/exits", strings.Repeat("x", 100000), signature(strings.Repeat("x", 100000)), 200, `{"ok":true}`, "application/json"},
		"request-termination answers":     {"/terminated", body, good, 202, `{"message":"stored"}`, "application/json; charset=utf-8"},
		"a plugin refuses before it":      {"/terminated", body, nil, 401, unauthorized, "application/json"},
		"no route":                        {"/other", body, nil, 404, "{\n  \"message\":\"no Route matched with those values\",\n  \"request_id\":\"{id}\"\n}", "application/json; charset=utf-8"},
		"no service":                      {"/nowhere", body, nil, 503, "{\n  \"message\":\"no Service found with those values\",\n  \"request_id\":\"{id}\"\n}", "application/json; charset=utf-8"},
		"https alone":                     {"/secure", body, nil, 426, "{\n  \"message\":\"Please use HTTPS protocol\",\n  \"request_id\":\"{id}\"\n}", "application/json; charset=utf-8"},
		"an error as text where asked so": {"/other", body, map[string]string{"Accept": "text/plain"}, 404, "no Route matched with those values\nrequest_id: {id}\n", "text/plain; charset=utf-8"},
		"a service answers": {"/proxied/x%20y/z?q=%20", body, good, 202,
			`{"body":"{\"a\":1}","for":"127.0.0.1","host":"` + strings.TrimPrefix(url, "http://") + `","prefix":"/proxied","uri":"/base/x%20y/z?q=%20"}` + "\n", "text/plain; charset=utf-8"},
	}
}

func TestServer_answers(t *testing.T) {
	dir, url := hosttest.Stock(t), backend(t)
	var mu sync.Mutex
	var seen []string
	s, l := start(t, local.Options{Config: []byte(kongYML(url)), PluginDir: dir, MaxRuns: 3, OnDelivery: func(d local.Delivery) {
		mu.Lock()
		defer mu.Unlock()
		seen = append(seen, d.Route)
	}})
	body := `{"a":1}`
	good := signature(body)
	cases := serverCases(url)
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := post(t, s, tc.path, tc.body, tc.header)
			id := got.Header.Get("X-Kong-Request-Id")
			want := strings.ReplaceAll(tc.want, "{id}", id)
			if got.Status != tc.status || got.Body != want || got.Header.Get("Content-Type") != tc.kind {
				t.Errorf("got %d %q %q\nwant %d %q %q", got.Status, got.Header.Get("Content-Type"), got.Body, tc.status, tc.kind, want)
			}
			if len(id) != 32 || got.Header.Get("Server") != "kong-local" {
				t.Errorf("id %q, server %q", id, got.Header.Get("Server"))
			}
		})
	}
	if got := post(t, s, "/terminated", body, good); got.Header.Get("Webhook-Verified") != got.Header.Get("X-Kong-Request-Id") {
		t.Errorf("a plugin's header did not survive: %v", got.Header)
	}
	mu.Lock()
	defer mu.Unlock()
	if !slices.Contains(seen, "exits") || !slices.Contains(seen, "") || len(seen) != len(cases)+1 {
		t.Errorf("deliveries %q", seen)
	}
	for _, want := range []string{"NOT RUN HERE: cors", "never a gateway for production"} {
		if !strings.Contains(l.String(), want) {
			t.Errorf("the log lacks %q", want)
		}
	}
}

func TestServer_passesBytesOn(t *testing.T) {
	s, _ := start(t, local.Options{Config: []byte(kongYML("http://127.0.0.1:1")), PluginDir: hosttest.Stock(t)})
	got := post(t, s, "/report", "hello", map[string]string{"X-Bad": "caf\xe9"})
	if !strings.Contains(got.Body, "invalid UTF-8") {
		t.Errorf("go-pdk did not complain: %d %s", got.Status, got.Body)
	}
	if got := post(t, s, "/proxied", "{}", signature("{}")); got.Status != 502 {
		t.Errorf("a dead service gave %d", got.Status)
	}
}

func TestServer_pluginThatDies(t *testing.T) {
	s, l := start(t, local.Options{Config: []byte(kongYML("http://127.0.0.1:1")), PluginDir: hosttest.Stock(t), MaxRuns: 3})
	pid := func() int {
		var r struct{ Pid int }
		if err := json.Unmarshal([]byte(post(t, s, "/report", "", nil).Body), &r); err != nil {
			return 0
		}
		return r.Pid
	}
	first := pid()
	if got := post(t, s, "/panics", "", nil); got.Status != 500 || !strings.Contains(got.Body, "An unexpected error occurred") {
		t.Errorf("a panic gave %d %q", got.Status, got.Body)
	}
	eventually(t, "the plugin answers again", func() bool { p := pid(); return p != 0 && p != first })
	if err := syscall.Kill(pid(), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the plugin answers after kill -9", func() bool { return post(t, s, "/exits", "x", signature("x")).Status == 200 })
	if !strings.Contains(l.String(), "asked to panic") {
		t.Error("the plugin's last words are not in the log")
	}
}

// replaceFile writes as editors do: a new file, renamed over the old one.
func replaceFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path+".new", []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		t.Fatal(err)
	}
}

func TestServer_reload(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kong.yml")
	write := func(text string) { replaceFile(t, path, text) }
	answers := func(status string) string {
		return "_format_version: \"3.0\"\nroutes:\n  - name: a\n    paths: [/a]\n    plugins:\n      - {name: request-termination, config: {status_code: " + status + "}}\n"
	}
	write(answers("201"))
	reloads := make(chan error, 10)
	s, _ := start(t, local.Options{ConfigPath: path, OnReload: func(err error) { reloads <- err }})
	expect := func(status int) {
		t.Helper()
		if got := post(t, s, "/a", "", nil); got.Status != status {
			t.Errorf("got %d, want %d", got.Status, status)
		}
	}
	next := func() error {
		t.Helper()
		select {
		case err := <-reloads:
			return err
		case <-time.After(20 * time.Second):
			t.Fatal("the file was not noticed")
			return nil
		}
	}
	expect(201)
	write(answers("202"))
	if err := next(); err != nil {
		t.Error(err)
	}
	expect(202)
	write(answers("hello"))
	err := next()
	var wrong *declarative.Error
	if !errors.As(err, &wrong) || err.Error() != path+":6:46: routes[0].plugins[0].config.status_code: expected an integer" {
		t.Errorf("a broken file gave %v", err)
	}
	expect(202)
	write(answers("203"))
	if err := next(); err != nil {
		t.Error(err)
	}
	expect(203)
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := next(); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file that is gone gave %v", err)
	}
	expect(203)
	write(answers("203"))
	if err := next(); err != nil {
		t.Errorf("a file that is back gave %v", err)
	}
	expect(203)
}

func TestServer_refusesWrongFiles(t *testing.T) {
	dir := hosttest.Stock(t)
	const head = "_format_version: \"3.0\"\nroutes:\n  - name: a\n    paths: [/a]\nplugins:\n"
	cases := map[string]struct{ plugins, want string }{
		"an unknown plugin":         {"  - name: no-such-plugin\n", "kong.yml:6:5: plugins[0].name: no plugin binary for \"no-such-plugin\""},
		"an unknown field":          {"  - name: stockplugin\n    config:\n      mode: exit\n      secrte: x\n", `kong.yml:9:7: plugins[0].config.secrte: unknown field (did you mean "secret"?)`},
		"a wrong type":              {"  - name: stockplugin\n    config:\n      mode: 1\n", "kong.yml:8:7: plugins[0].config.mode: expected a string"},
		"echo":                      {"  - name: request-termination\n    config:\n      echo: true\n", "kong.yml:8:7: plugins[0].config.echo: echo is not run in local mode"},
		"a content type of nothing": {"  - name: request-termination\n    config:\n      content_type: text/plain\n", "kong.yml:7:5: plugins[0].config: content_type requires a body"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			s, err := local.New(t.Context(), local.Options{Config: []byte(head + tc.plugins), PluginDir: dir, NoBuild: true, Listen: "127.0.0.1:0"})
			if err == nil {
				_ = s.Close(t.Context())
			}
			if err == nil || !strings.HasPrefix(err.Error(), tc.want) {
				t.Errorf("got  %v\nwant %s", err, tc.want)
			}
		})
	}
}

func TestServer_refusesWrongOptions(t *testing.T) {
	_, err := local.New(t.Context(), local.Options{TrustedIPs: []string{"x", "10.0.0.0/8"}, RealIPHeader: "proxy_protocol"})
	if !errors.Is(err, local.ErrOptions) {
		t.Fatalf("got %v", err)
	}
	for _, want := range []string{"ConfigPath", `"x"`, "proxy_protocol"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not name %s", err, want)
		}
	}
}

func TestServer_routes(t *testing.T) {
	s, _ := start(t, local.Options{Config: []byte(kongYML("http://127.0.0.1:1")), PluginDir: hosttest.Stock(t)})
	want := local.RouteInfo{Name: "terminated", Paths: []string{"/terminated"}, Plugins: []string{"stockplugin", "request-termination"}}
	if diff := cmp.Diff(want, s.Routes()[1]); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestServer_closeLeavesNothing(t *testing.T) {
	dir, tmp := hosttest.Stock(t), t.TempDir()
	t.Setenv("TMPDIR", tmp)
	before := runtime.NumGoroutine()
	s, err := local.New(t.Context(), local.Options{Config: []byte(kongYML("http://127.0.0.1:1")), PluginDir: dir, NoBuild: true, Listen: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	var r struct{ Pid int }
	if err := json.Unmarshal([]byte(post(t, s, "/report", strings.Repeat("x", 10000), nil).Body), &r); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	http.DefaultClient.CloseIdleConnections()
	if err := syscall.Kill(r.Pid, 0); !errors.Is(err, syscall.ESRCH) {
		t.Errorf("process %d is still there: %v", r.Pid, err)
	}
	if left, _ := os.ReadDir(tmp); len(left) > 0 {
		t.Errorf("left on disk: %v", left)
	}
	eventually(t, "the goroutines end", func() bool { return runtime.NumGoroutine() <= before+1 })
	if err := s.Close(t.Context()); err != nil {
		t.Errorf("closing twice: %v", err)
	}
}
