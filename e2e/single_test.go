package e2e

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// backend is a service behind Kong that records its requests.
type backend struct {
	*httptest.Server
	mu   sync.Mutex
	seen []http.Header
	body string
}

func startBackend(t *testing.T) *backend {
	t.Helper()
	b := &backend{}
	b.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		b.mu.Lock()
		defer b.mu.Unlock()
		b.seen, b.body = append(b.seen, r.Header), string(text)
		w.WriteHeader(http.StatusAccepted)
	}))
	t.Cleanup(b.Close)
	return b
}

// singles is a kong.yml with the plugins of single stages on one route.
func singles(service string, plugins string) string {
	return fmt.Sprintf(`_format_version: "3.0"
services:
  - name: backend
    url: %s
    routes:
      - name: github
        paths: [/webhooks/github]
        plugins:
%s`, service, plugins)
}

const verifyPlugin = `          - name: webhook-verify
            config: {provider: github, respond: continue, secrets: [{value: "{vault://env/github-webhook-secret}"}]}
`

func publishPlugin(more string) string {
	return `          - name: webhook-publish
            config: {provider: github, respond: continue, servers: ["{vault://env/nats-url}"], stream: {ensure: create}, broker_sync: always` + more + `}
`
}

func TestStageAlone_verifyTellsTheBackend(t *testing.T) {
	b := startBackend(t)
	g := startGateway(t, singles(b.URL, verifyPlugin), nil)
	s := senders()["github"]
	body := s.body("")
	h := s.sign(s.secret, "d-1", body, time.Now())
	for name, value := range map[string]string{
		"Webhook-Provider": "stripe", "Webhook-Event-Type": "forged", "Webhook-Delivery-Id": "forged", "Webhook-Verified": "forged", "Webhook_Verified": "forged",
	} {
		h.Set(name, value)
	}
	if r := g.post(s, h, body); r.status != 202 {
		t.Fatalf("%+v\n%s", r, g.logged())
	}
	got := b.seen[0]
	for name, want := range map[string]string{
		"Webhook-Provider": "github", "Webhook-Event-Type": "issues.opened", "Webhook-Delivery-Id": "d-1", "Webhook-Verified": "true",
	} {
		if v := got.Values(name); len(v) != 1 || v[0] != want {
			t.Errorf("%s: %q, want %q", name, v, want)
		}
	}
	if v, ok := got["Webhook_verified"]; ok {
		t.Errorf("a client's header came through: %q", v)
	}
	if b.body != body {
		t.Errorf("the body changed: %q", b.body)
	}
	h.Set(s.signature, "sha256="+strings.Repeat("0", 64))
	if r := g.post(s, h, body); r.status != 401 || len(b.seen) != 1 {
		t.Errorf("forged: %d, and the backend saw %d requests", r.status, len(b.seen))
	}
}

// TestRespond_successMeansStored chains the plugins of single stages with the default of
// respond.
func TestRespond_successMeansStored(t *testing.T) {
	b := startBackend(t)
	policies := policyDir(t, "package webhook.main\n\ndefault decision := {\"allow\": true}\n")
	plugin := func(name, config string) string {
		return fmt.Sprintf("          - name: %s\n            config: {provider: github%s}\n", name, config)
	}
	before := plugin("webhook-ipallow", ", deny: [198.51.100.0/24]") + plugin("webhook-ratelimit", ", limits: [{rate: 100-M, by: client_ip}]") +
		plugin("webhook-verify", `, secrets: [{value: "{vault://env/github-webhook-secret}"}]`) + plugin("webhook-policy", ", directory: "+policies+", timeout_ms: 5000")
	s := senders()["github"]
	forged := func(g *gateway) response {
		body := s.body("")
		h := s.sign(s.secret, "forged", body, time.Now())
		h.Set(s.signature, "sha256="+strings.Repeat("0", 64))
		return g.post(s, h, body)
	}
	t.Run("five in a row", func(t *testing.T) {
		g := startGateway(t, singles(b.URL, before+plugin("webhook-publish", `, servers: ["{vault://env/nats-url}"], stream: {ensure: create}, broker_sync: always`)), nil)
		if r := forged(g); r.status != 401 || len(g.events()) > 0 {
			t.Errorf("forged: %+v", r)
		}
		if _, r := g.deliver(s, "five"); r.status != 200 || r.header.Get("Webhook-Ack") != "broker" || len(g.events()) != 1 || len(b.seen) > 0 {
			t.Errorf("signed: %+v, %d requests at the service\n%s", r, len(b.seen), g.logged())
		}
	})
	t.Run("before a service", func(t *testing.T) {
		g := startGateway(t, singles(b.URL, before), nil)
		if r := forged(g); r.status != 401 || len(b.seen) > 0 {
			t.Errorf("forged: %+v", r)
		}
		if _, r := g.deliver(s, "service"); r.status != 202 || len(b.seen) != 1 {
			t.Errorf("signed: %+v, %d requests at the service\n%s", r, len(b.seen), g.logged())
		}
	})
}

func TestStageAlone_publishNeedsProofOfVerify(t *testing.T) {
	b := startBackend(t)
	s := senders()["github"]
	t.Run("after verify", func(t *testing.T) {
		g := startGateway(t, singles(b.URL, verifyPlugin+publishPlugin("")), nil)
		_, r := g.deliver(s, "both")
		if r.status != 202 || r.header.Get("Webhook-Ack") != "broker" {
			t.Fatalf("%+v\n%s", r, g.logged())
		}
		if m := g.find("github:both"); !strings.Contains(string(m.Data), `"verification":"sha256"`) || !strings.Contains(string(m.Data), `"secretid":"1"`) {
			t.Errorf("the event does not say how it was verified: %s", m.Data)
		}
	})
	t.Run("without verify", func(t *testing.T) {
		g := startGateway(t, singles(b.URL, publishPlugin("")), nil)
		body := s.body("")
		h := s.sign(s.secret, "alone", body, time.Now())
		h.Set("Webhook-Verified", "true")
		if r := g.post(s, h, body); r.status != 401 || !strings.Contains(r.body, `"unverified"`) {
			t.Errorf("%+v", r)
		}
	})
	t.Run("without verify, by setting", func(t *testing.T) {
		g := startGateway(t, singles(b.URL, publishPlugin(", require_verified: false")), nil)
		if _, r := g.deliver(s, "trusting"); r.status != 202 || r.header.Get("Webhook-Ack") != "broker" {
			t.Fatalf("%+v\n%s", r, g.logged())
		}
		if m := g.find("github:trusting"); strings.Contains(string(m.Data), `"verification"`) {
			t.Errorf("the event claims a proof: %s", m.Data)
		}
	})
}

func TestRespond_exitNeedsNoOtherPlugin(t *testing.T) {
	g := startGateway(t, one("github", "\n          respond: exit"), nil)
	if _, r := g.deliver(senders()["github"], "exit"); r.status != 200 || r.header.Get("Webhook-Ack") != "broker" || r.body != "" {
		t.Errorf("%+v\n%s", r, g.logged())
	}
}
