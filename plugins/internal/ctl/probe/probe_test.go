package probe

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"webhookedge/kong/local"
	"webhookedge/plugins/internal/chain"
	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/internal/ctl/kongyml"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/pluginserver"
	"webhookedge/plugins/internal/telemetry"
)

// config has a provider, a sender of the user's own, one with a public key and one whose
// secret is nowhere.
const config = `_format_version: "3.0"
routes:
  - name: code
    paths: [/hooks/github]
    hosts: [hooks.example.com]
    plugins:
      - name: webhook-edge
        config: {provider: github, verify: {secrets: [{value: "{vault://env/probe-github}"}]}, publish: {servers: ["{vault://env/probe-gone}"], username: u, password: "{vault://env/probe-gone}"}}
  - name: billing
    paths: [/hooks/billing]
    plugins:
      - name: webhook-verify
        config:
          secrets: [{value: "{vault://env/probe-billing}"}]
          custom: {name: our-billing, schemes: [{name: sha256, kind: hmac, hash: sha256, signature: "header:x-signature", encoding: hex, content: "{body}"}], facts: {type: ["json:type"]}, identity: {why: "id is unique."}}
  - name: chat
    paths: [/hooks/discord]
    plugins:
      - name: webhook-verify
        config: {provider: discord, secrets: [{value: "` + "`PUBLIC`" + `"}]}
  - name: pay
    paths: [/hooks/stripe]
    plugins:
      - name: webhook-verify
        config: {provider: stripe, secrets: [{value: "{vault://env/probe-gone}"}]}
`

// gateway runs the verification of each route, and normalisation, and keeps what events
// it got; refuse answers in its place.
type gateway struct {
	*httptest.Server
	subjects []string
	refuse   map[string]int // status by path
}

func newGateway(t *testing.T, file string) *gateway {
	t.Helper()
	routes, err := kongyml.Routes(file)
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	metrics, err := telemetry.NewMetrics("test", nil, chain.Stages())
	if err != nil {
		t.Fatal(err)
	}
	process, err := chain.Open(pluginserver.Env{Logger: log, Metrics: metrics, Checks: telemetry.NewServer(metrics, log), Now: time.Now}, "test")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(process.Close)
	g := &gateway{refuse: map[string]int{}}
	g.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if status := g.refuse[r.URL.Path]; status != 0 {
			w.WriteHeader(status)
			_, _ = io.WriteString(w, `{"error":"no_stream"}`)
			return
		}
		at := slices.IndexFunc(routes, func(one local.RouteConfigs) bool { return slices.Contains(one.Paths, r.URL.Path) })
		proof := kongyml.Part(&routes[at], "verify")
		spec, err := chain.Decode("webhook-verify", proof.Plugins["webhook-verify"])
		if err != nil {
			t.Error(err)
		}
		verified, err := process.Instance(spec, chain.Variant{})
		if err != nil {
			t.Error(err)
			return
		}
		defer verified.Close()
		body, _ := io.ReadAll(r.Body)
		d := &pipeline.Delivery{Method: r.Method, Path: r.URL.Path, RawQuery: r.URL.RawQuery, Body: body, Route: routes[at].Name, ReceivedAt: time.Now()}
		for name, values := range r.Header {
			for _, v := range values {
				d.Headers = append(d.Headers, pipeline.Header{Name: strings.ToLower(name), Value: v})
			}
		}
		for _, s := range verified.Stages {
			if err := s.Handle(r.Context(), d); err != nil {
				t.Errorf("%s: %v", routes[at].Name, err)
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
		}
		if !d.Probed() {
			t.Errorf("%s: the edge takes it for a real delivery", routes[at].Name)
		}
		g.subjects = append(g.subjects, routes[at].Name+" "+r.Host)
		w.Header().Set("Webhook-Ack", "broker")
	}))
	t.Cleanup(g.Close)
	return g
}

func configFile(t *testing.T) string {
	t.Helper()
	t.Setenv("PROBE_GITHUB", "a-secret-of-the-tests-1")
	t.Setenv("PROBE_BILLING", "a-secret-of-the-tests-2")
	file := filepath.Join(t.TempDir(), "kong.yml")
	text := strings.ReplaceAll(config, "`PUBLIC`", strings.Repeat("ab", 32))
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func run(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	cmd := Command()
	cmd.SetArgs(args)
	cmd.SetOut(&out)
	cmd.SilenceUsage, cmd.SilenceErrors = true, true
	err := cmd.ExecuteContext(t.Context())
	return out.String(), err
}

func TestProbe_isStoredOnEachRouteThatCanBeSigned(t *testing.T) {
	file := configFile(t)
	g := newGateway(t, file)
	textfile := filepath.Join(t.TempDir(), "probe.prom")
	out, err := run(t, "--config", file, "--gateway", g.URL, "--textfile", textfile)
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	if err != nil || out == "" {
		return
	}
	var got []string
	for _, line := range strings.Split(strings.TrimSpace(out), "\n") {
		if len(line) > 80 {
			t.Errorf("wider than a terminal: %s", line)
		}
		got = append(got, strings.Join(strings.Fields(line)[:4], " "))
	}
	want := []string{
		"ROUTE PROVIDER RESULT STATUS", "code github stored 200", "billing our-billing stored 200", "chat discord skipped -", "pay - skipped -",
		"chat: its sender has", "pay: route pay, webhook-verify:", "{vault://env/probe-gone} did not resolve",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(g.subjects) != 2 || g.subjects[0] != "code hooks.example.com" {
		t.Errorf("arrived: %v", g.subjects)
	}
	text, err := os.ReadFile(textfile)
	if err != nil || !strings.Contains(string(text), `webhook_edge_probe_success{provider="github",route="code"} 1`) || strings.Contains(string(text), `route="pay"`) {
		t.Errorf("%v\n%s", err, text)
	}
	for _, secret := range []string{"a-secret-of-the-tests", "gone"} {
		if strings.Contains(string(text), secret) {
			t.Errorf("the metrics have %s", secret)
		}
	}
}

func TestProbe_failureIsToldAndEndsWithOne(t *testing.T) {
	file := configFile(t)
	g := newGateway(t, file)
	g.refuse["/hooks/github"] = http.StatusServiceUnavailable
	out, err := run(t, "--config", file, "--gateway", g.URL, "--route", "code", "--json")
	if !errors.Is(err, exit.ErrFailed) || !strings.Contains(out, `"result":"failed","status":503`) || !strings.Contains(out, "no_stream") {
		t.Errorf("%v\n%s", err, out)
	}
	g.Close()
	out, err = run(t, "--config", file, "--gateway", g.URL, "--route", "code")
	if !errors.Is(err, exit.ErrFailed) || !strings.Contains(out, "no answer") || strings.Contains(out, "a-secret") {
		t.Errorf("%v\n%s", err, out)
	}
	if out, err := run(t, "--config", file, "--gateway", g.URL, "--route", "pay"); !errors.Is(err, exit.ErrFailed) {
		t.Errorf("nothing was probed: %v\n%s", err, out)
	}
}

func TestProbe_wrongFlagsAreMisuse(t *testing.T) {
	file := configFile(t)
	for _, args := range [][]string{
		{"--gateway", "127.0.0.1:8000"}, {"--every", "1ms"}, {"--timeout", "0s"}, {"--listen", ":0"}, {"--route", "cdoe"},
	} {
		if out, err := run(t, append(args, "--config", file)...); !errors.Is(err, exit.ErrUsage) {
			t.Errorf("%v: %v\n%s", args, err, out)
		}
	}
}

func TestMetrics_areLinted(t *testing.T) {
	if problems, err := testutil.GatherAndLint(Gatherer()); err != nil || len(problems) > 0 {
		t.Errorf("lint: %v, %v", problems, err)
	}
}
