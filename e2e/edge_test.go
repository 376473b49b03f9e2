package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/kong/local"
)

// gateway is kong/kong.yml, or another file, behind the stand-in of Kong.
type gateway struct {
	t     *testing.T
	nats  *natsProcess
	local *local.Server
	url   string
	log   lockedBuffer // what the plugins write
}

func (g *gateway) line(_, line string) { fmt.Fprintln(&g.log, line) }

func (g *gateway) logged() string { return g.log.String() }

// said returns the first line of the log with a text, "" for none.
func (g *gateway) said(text string) string {
	for line := range strings.Lines(g.logged()) {
		if strings.Contains(line, text) {
			return line
		}
	}
	return ""
}

// environment has a secret for every sender, and the broker.
func environment(natsURL string) map[string]string {
	env := map[string]string{"NATS_URL": natsURL, "NATS_PASSWORD": "unused-by-this-broker"}
	for _, s := range senders() {
		env[s.secretEnv] = s.secret
	}
	return env
}

// startGateway serves a kong.yml; "" is the repository's own.
func startGateway(t *testing.T, config string, change func(env map[string]string)) *gateway {
	t.Helper()
	return startGatewayWith(t, config, change, func(*local.Options) {})
}

// startGatewayWith is startGateway with settings that kong.conf has.
func startGatewayWith(t *testing.T, config string, change func(env map[string]string), conf func(*local.Options)) *gateway {
	t.Helper()
	g := &gateway{t: t, nats: startNATS(t)}
	env := environment(g.nats.url())
	env["WEBHOOK_JOURNAL_DIR"] = t.TempDir()
	if change != nil {
		change(env)
	}
	o := local.Options{
		Listen: "127.0.0.1:0", PluginDir: binaries, PluginServers: servers, NoBuild: true, PluginLine: g.line, NoWatch: true, Workers: 2,
		Env: func(name string) (string, bool) { v, ok := env[name]; return v, ok },
	}
	if config == "" {
		o.ConfigPath = filepath.Join("..", "kong", "kong.yml")
	} else {
		o.Config = []byte(config)
	}
	conf(&o)
	g.serve(o)
	return g
}

// serve starts the gateway.
func (g *gateway) serve(o local.Options) {
	g.t.Helper()
	var err error
	if g.local, err = local.New(g.t.Context(), o); err != nil {
		g.t.Fatal(err)
	}
	g.t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		if err := g.local.Close(ctx); err != nil {
			g.t.Errorf("closing the gateway: %v", err)
		}
		if g.said("WARNING: DATA RACE") != "" || g.said("panic: ") != "" {
			g.t.Errorf("a plugin has a race or panicked:\n%s", g.logged())
		}
	})
	g.url = "http://" + g.local.Addr().String()
}

// response is an answer that was read to its end.
type response struct {
	status int
	header http.Header
	body   string
	took   time.Duration
}

func (g *gateway) do(method, path string, h http.Header, body string) response {
	g.t.Helper()
	req, err := http.NewRequestWithContext(g.t.Context(), method, g.url+path, strings.NewReader(body))
	if err != nil {
		g.t.Fatal(err)
	}
	req.Header = h.Clone()
	if req.Header == nil {
		req.Header = http.Header{}
	}
	req.Host = req.Header.Get("Host") // a client looks for it nowhere else; empty is that of the URL
	start := time.Now()
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		g.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		g.t.Fatal(err)
	}
	return response{resp.StatusCode, resp.Header, string(text), time.Since(start)}
}

func (g *gateway) post(s sender, h http.Header, body string) response {
	g.t.Helper()
	return g.do(http.MethodPost, s.path, h, body)
}

// deliver sends a good delivery with a new id.
func (g *gateway) deliver(s sender, id string) (body string, r response) {
	g.t.Helper()
	body = s.body(id)
	return body, g.post(s, s.sign(s.secret, id, body, time.Now()), body)
}

// events are what lies in the stream of the edge.
func (g *gateway) events() []*jetstream.RawStreamMsg {
	g.t.Helper()
	return g.stored("WEBHOOKS")
}

// stored reads a whole stream; one that is not there is empty.
func (g *gateway) stored(name string) []*jetstream.RawStreamMsg {
	g.t.Helper()
	nc := g.nats.connect()
	defer nc.Close()
	js, err := jetstream.New(nc)
	if err != nil {
		g.t.Fatal(err)
	}
	stream, err := js.Stream(g.t.Context(), name)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		return nil
	}
	if err != nil {
		g.t.Fatal(err)
	}
	info, err := stream.Info(g.t.Context())
	if err != nil {
		g.t.Fatal(err)
	}
	var all []*jetstream.RawStreamMsg
	if info.State.Msgs == 0 {
		return nil
	}
	for seq := info.State.FirstSeq; seq <= info.State.LastSeq; seq++ {
		m, err := stream.GetMsg(g.t.Context(), seq)
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			continue
		}
		if err != nil {
			g.t.Fatal(err)
		}
		all = append(all, m)
	}
	return all
}

// eventID is the provider and id of a stored event, "github:d1".
func eventID(m *jetstream.RawStreamMsg) string {
	var e struct{ Provider, ID string }
	if json.Unmarshal(m.Data, &e) != nil {
		return ""
	}
	return e.Provider + ":" + e.ID
}

// find returns the one event of a provider and id.
func (g *gateway) find(msgID string) *jetstream.RawStreamMsg {
	g.t.Helper()
	var found *jetstream.RawStreamMsg
	for _, m := range g.events() {
		if eventID(m) == msgID {
			if found != nil {
				g.t.Errorf("%s is in the stream twice", msgID)
			}
			found = m
		}
	}
	if found == nil {
		g.t.Fatalf("%s is not in the stream", msgID)
	}
	return found
}

func TestDelivery_isStoredByteForByte(t *testing.T) {
	g := startGateway(t, "", nil)
	for name, s := range senders() {
		t.Run(name, func(t *testing.T) {
			body, r := g.deliver(s, "e2e-"+name)
			if r.status != 200 || r.header.Get("Webhook-Ack") != "broker" || r.header.Get("X-Kong-Request-Id") == "" {
				t.Fatalf("%+v\n%s", r, g.logged())
			}
			m := g.find(name + ":e2e-" + name)
			var e map[string]json.RawMessage
			if err := json.Unmarshal(m.Data, &e); err != nil {
				t.Fatal(err)
			}
			if m.Subject != s.subject || m.Header.Get("Content-Type") != "application/cloudevents+json" {
				t.Errorf("subject %s, want %s; headers %v", m.Subject, s.subject, m.Header)
			}
			if got := string(e["data"]); got != strings.TrimSpace(body) || !bytes.Contains(m.Data, []byte(body)) {
				t.Errorf("data differ\n got %s\nwant %s", got, body)
			}
			if want := fmt.Sprintf("%q", r.header.Get("X-Kong-Request-Id")); string(e["requestid"]) != want {
				t.Errorf("requestid %s, want %s", e["requestid"], want)
			}
			if _, again := g.deliver(s, "e2e-"+name); again.status != 200 || again.header.Get("Webhook-Ack") != "duplicate" {
				t.Errorf("the same delivery again: %+v", again)
			}
			g.find(name + ":e2e-" + name) // once
		})
	}
}

func TestDelivery_unprovedIsRefusedWithOneText(t *testing.T) {
	g := startGateway(t, "", nil)
	type attack func(h http.Header, body string, s sender) (http.Header, string)
	attacks := map[string]struct {
		timedOnly bool
		spoil     attack
	}{
		"no signature": {false, func(h http.Header, body string, s sender) (http.Header, string) {
			h.Del(s.signature)
			return h, body
		}},
		"an empty signature": {false, func(h http.Header, body string, s sender) (http.Header, string) {
			h.Set(s.signature, "")
			return h, body
		}},
		"two signature headers": {false, func(h http.Header, body string, s sender) (http.Header, string) {
			h.Add(s.signature, h.Get(s.signature))
			return h, body
		}},
		"a malformed signature": {false, func(h http.Header, body string, s sender) (http.Header, string) {
			h.Set(s.signature, "sha256=zz,v1,==\xff")
			return h, body
		}},
		"another secret": {false, func(_ http.Header, body string, s sender) (http.Header, string) {
			return s.sign("another-secret-of-a-stranger", "id", strings.ToUpper(body), time.Now()), body
		}},
		"a changed body": {false, func(h http.Header, body string, _ sender) (http.Header, string) { return h, body + " " }},
		"a cut body":     {false, func(h http.Header, body string, _ sender) (http.Header, string) { return h, body[:len(body)-1] }},
		"an empty body":  {false, func(h http.Header, _ string, _ sender) (http.Header, string) { return h, "" }},
		"an old signature": {true, func(_ http.Header, body string, s sender) (http.Header, string) {
			return s.sign(s.secret, "id", body, time.Now().Add(-time.Hour)), body
		}},
		"a signature of the future": {true, func(_ http.Header, body string, s sender) (http.Header, string) {
			return s.sign(s.secret, "id", body, time.Now().Add(time.Hour)), body
		}},
	}
	for provider, s := range senders() {
		for name, a := range attacks {
			if a.timedOnly && !s.timed {
				continue
			}
			t.Run(provider+"/"+name, func(t *testing.T) {
				h, body := a.spoil(s.sign(s.secret, "id", s.body("id"), time.Now()), s.body("id"), s)
				r := g.post(s, h, body)
				want := fmt.Sprintf(`{"error":"signature_invalid","request_id":%q}`, r.header.Get("X-Kong-Request-Id"))
				if r.status != 401 || r.body != want {
					t.Errorf("%+v, want 401 %s", r, want)
				}
			})
		}
	}
	for _, s := range senders() {
		if strings.Contains(g.logged(), s.secret) {
			t.Error("a secret is in the log")
		}
	}
	nc := g.nats.connect()
	defer nc.Close()
	js, err := jetstream.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	if s, err := js.Stream(t.Context(), "WEBHOOKS"); err == nil {
		if info, err := s.Info(t.Context()); err != nil || info.State.Msgs != 0 {
			t.Errorf("%d refused deliveries are in the stream (%v)", info.State.Msgs, err)
		}
	}
}

func TestDelivery_oddRequestsGetPlainAnswers(t *testing.T) {
	g := startGateway(t, "", nil)
	github, slack := senders()["github"], senders()["slack"]
	signed := func(body string) http.Header { return github.sign(github.secret, "odd", body, time.Now()) }
	big := `{"issue":1,"x":"` + strings.Repeat("x", 200_000) + `"}`
	challenge := `{"type":"url_verification","challenge":"3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P"}`
	latin1 := signed(`{"action":"x","issue":1}`)
	latin1.Set("X-Note", "caf\xe9")
	tests := map[string]struct {
		method, path string
		header       http.Header
		body         string
		status       int
		want         string
	}{
		"GET":                          {"GET", github.path, nil, "", 405, "method_not_allowed"},
		"HEAD":                         {"HEAD", github.path, nil, "", 405, ""},
		"DELETE":                       {"DELETE", github.path, signed(""), "", 405, "method_not_allowed"},
		"JSON that is none":            {"POST", github.path, signed("{not json"), "{not json", 400, "malformed"},
		"two JSON values":              {"POST", github.path, signed("{} {}"), "{} {}", 400, "malformed"},
		"a name that is there twice":   {"POST", github.path, signed(`{"a":1,"a":2}`), `{"a":1,"a":2}`, 400, "malformed"},
		"an empty body that is signed": {"POST", github.path, signed(""), "", 400, "malformed"},
		"a body in a file":             {"POST", github.path, signed(big), big, 200, ""},
		"bytes that are not UTF-8":     {"POST", github.path + "?x=%ff&y=\xe9", latin1, `{"action":"x","issue":1}`, 200, ""},
		"Slack's handshake":            {"POST", slack.path, slack.sign(slack.secret, "", challenge, time.Now()), challenge, 200, "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P"},
		"Slack's handshake, forged":    {"POST", slack.path, slack.sign("not-the-secret", "", challenge, time.Now()), challenge, 401, "signature_invalid"},
		"no route":                     {"POST", "/nowhere", nil, "{}", 404, "no Route matched"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			r := g.do(tc.method, tc.path, tc.header, tc.body)
			if r.status != tc.status || !strings.Contains(r.body, tc.want) {
				t.Errorf("%d %s, want %d %s\n%s", r.status, r.body, tc.status, tc.want, g.logged())
			}
			if tc.status == 405 && !strings.Contains(r.header.Get("Allow"), "POST") {
				t.Errorf("Allow: %q", r.header.Get("Allow"))
			}
		})
	}
}

func TestDelivery_bodyOverTheLimitIsRefused(t *testing.T) {
	g := startGateway(t, one("github", `
          max_body_bytes: 100000`), nil)
	s := senders()["github"]
	for name, size := range map[string]int{"in memory or a file, at the limit": 100_000, "over the limit": 100_001} {
		t.Run(name, func(t *testing.T) {
			body := `{"issue":1,"x":"` + strings.Repeat("x", size-18) + `"}`
			want := 200
			if size > 100_000 {
				want = 413
			}
			if r := g.post(s, s.sign(s.secret, fmt.Sprint(size), body, time.Now()), body); r.status != want {
				t.Errorf("%d bytes: %d %s\n%s", len(body), r.status, r.body, g.logged())
			}
		})
	}
}

// one is a kong.yml with one route of webhook-edge.
func one(provider, more string) string {
	s := senders()[provider]
	return fmt.Sprintf(`_format_version: "3.0"
routes:
  - name: %s
    paths: [%s]
    plugins:
      - name: webhook-edge
        config:
          provider: %s
          verify: {secrets: [{value: "{vault://env/%s}"}]}
          publish: {servers: ["{vault://env/nats-url}"], stream: {ensure: create}, broker_sync: always}%s
`, provider, s.path, provider, strings.ToLower(strings.ReplaceAll(s.secretEnv, "_", "-")), more)
}

func TestConfig_unresolvedSecretRefusesEverything(t *testing.T) {
	for name, change := range map[string]func(map[string]string){
		"not set": func(env map[string]string) { delete(env, "GITHUB_WEBHOOK_SECRET") },
		"empty":   func(env map[string]string) { env["GITHUB_WEBHOOK_SECRET"] = "" },
	} {
		t.Run(name, func(t *testing.T) {
			g := startGateway(t, one("github", ""), change)
			s := senders()["github"]
			for _, secret := range []string{"", s.secret, "{vault://env/github-webhook-secret}"} {
				body := s.body("")
				r := g.post(s, s.sign(secret, "id", body, time.Now()), body)
				if r.status != 500 || !strings.Contains(r.body, `"misconfigured"`) {
					t.Errorf("signed with %q: %d %s", secret, r.status, r.body)
				}
			}
			eventually(t, "the log names the field and the reference", func() bool {
				return strings.Contains(g.logged(), "verify.secrets[0].value") && strings.Contains(g.logged(), "vault://env/github-webhook-secret")
			})
		})
	}
}

func TestBroker_downIs503AndRecovers(t *testing.T) {
	g := startGateway(t, one("github", ""), nil) // without a spool
	s := senders()["github"]
	if _, r := g.deliver(s, "before"); r.status != 200 {
		t.Fatalf("%+v\n%s", r, g.logged())
	}
	down := func(name string) {
		_, r := g.deliver(s, name)
		if r.status != 503 || r.header.Get("Retry-After") == "" || !strings.Contains(r.body, "broker_unavailable") {
			t.Errorf("%s: %+v", name, r)
		}
		if r.took > 2*time.Second {
			t.Errorf("%s: answered after %s", name, r.took)
		}
	}
	back := func(name string) {
		eventually(t, name, func() bool { _, r := g.deliver(s, name); return r.status == 200 })
	}
	g.nats.kill()
	down("killed")
	down("killed, a moment later")
	g.nats.start()
	back("started-again")
	g.nats.signal(syscall.SIGSTOP)
	down("paused")
	g.nats.signal(syscall.SIGCONT)
	back("goes-on")
	g.find("github:before")
	g.find("github:goes-on")
}

func TestBroker_missingStreamIsNamed(t *testing.T) {
	g := startGateway(t, strings.Replace(one("github", ""), "ensure: create", "ensure: check", 1), nil)
	s := senders()["github"]
	_, r := g.deliver(s, "nowhere to go")
	if r.status != 503 || !strings.Contains(r.body, "no_stream") || r.header.Get("Retry-After") == "" {
		t.Errorf("%+v", r)
	}
	eventually(t, "the log says what to create", func() bool {
		return strings.Contains(g.logged(), "WEBHOOKS") && strings.Contains(g.logged(), "webhooks.>")
	})
}

func TestKill_answeredDeliveriesAreStored(t *testing.T) {
	g := startGateway(t, "", nil)
	s := senders()["github"]
	if _, r := g.deliver(s, "warm"); r.status != 200 {
		t.Fatalf("%+v\n%s", r, g.logged())
	}
	var answered sync.Map
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for worker := range 4 {
		wg.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				id := fmt.Sprintf("%d-%d", worker, i)
				if _, r := g.deliver(s, id); r.status == 200 {
					answered.Store(id, true)
				}
			}
		})
	}
	for range 3 {
		pids := pidsOf(t, "webhook-edge", os.Getpid())
		for _, pid := range pids {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
		eventually(t, "it is answered again", func() bool { _, r := g.deliver(s, fmt.Sprint("after ", pids)); return r.status == 200 })
	}
	close(stop)
	wg.Wait()
	stored := map[string]int{}
	for _, m := range g.events() {
		stored[strings.TrimPrefix(eventID(m), "github:")]++
	}
	n := 0
	answered.Range(func(id, _ any) bool {
		n++
		if stored[id.(string)] != 1 {
			t.Errorf("%v was answered 200 and is in the stream %d times", id, stored[id.(string)])
		}
		return true
	})
	if n < 10 {
		t.Errorf("only %d deliveries passed", n)
	}
}

// pidsOf finds the children of a process by their name.
func pidsOf(t *testing.T, name string, parent int) (pids []int) {
	t.Helper()
	entries, err := os.ReadDir("/proc")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		var pid, ppid int
		var comm string
		var state string
		if _, err := fmt.Sscan(entry.Name(), &pid); err != nil {
			continue
		}
		stat, err := os.ReadFile(filepath.Join("/proc", entry.Name(), "stat"))
		if err != nil {
			continue // gone by now
		}
		if _, err := fmt.Sscanf(string(stat), "%d %s %s %d", &pid, &comm, &state, &ppid); err == nil && comm == "("+name+")" && ppid == parent {
			pids = append(pids, pid)
		}
	}
	return pids
}
