package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
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

// says waits for a line with a text and returns it.
func (g *gateway) says(text string) (line string) {
	g.t.Helper()
	eventually(g.t, fmt.Sprintf("the log says %q", text), func() bool { line = g.said(text); return line != "" })
	return line
}

// shipped is the repository's kong.yml without its limit, which a test sends more than.
func shipped(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "kong", "kong.yml"))
	if err != nil {
		t.Fatal(err)
	}
	const limit = "{rate: 100-S, by: client_net}"
	if strings.Count(string(text), limit) != 1 {
		t.Fatalf("kong.yml has no limit %s", limit)
	}
	return strings.Replace(string(text), limit, "{rate: 1000000-S, by: client_net}", 1)
}

func absolute(t *testing.T, path string) string {
	t.Helper()
	path, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// startGateway serves a kong.yml; "" is the repository's own.
func startGateway(t *testing.T, config string, change func(env map[string]string)) *gateway {
	t.Helper()
	return startGatewayWith(t, config, change, func(*local.Options) {})
}

// startGatewayWith is startGateway with settings that kong.conf has.
func startGatewayWith(t *testing.T, config string, change func(env map[string]string), conf func(*local.Options)) *gateway {
	t.Helper()
	return startGatewayAt(t, startNATS(t), config, change, conf)
}

// startGatewayAt is startGatewayWith before a broker that runs.
func startGatewayAt(t *testing.T, broker *natsProcess, config string, change func(env map[string]string), conf func(*local.Options)) *gateway {
	t.Helper()
	g := &gateway{t: t, nats: broker}
	env := environment(g.nats.url())
	env["WEBHOOK_JOURNAL_DIR"], env["WEBHOOK_POLICIES_DIR"] = t.TempDir(), absolute(t, "../policies")
	if change != nil {
		change(env)
	}
	o := local.Options{
		Listen: "127.0.0.1:0", PluginDir: binaries, PluginServers: servers, Variables: variables, NoBuild: true, PluginLine: g.line, NoWatch: true, Workers: 2,
		Env: func(name string) (string, bool) { v, ok := env[name]; return v, ok },
	}
	if config == "" {
		o.Config = []byte(shipped(t))
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
