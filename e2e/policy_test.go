package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// routingPolicy decides by the action of an issue.
const routingPolicy = `package webhook.main

default decision := {"allow": false, "rule": "main.default", "reason": "only issues that are opened, moved or known are wanted"}

decision := {
	"allow": true,
	"rule": "fan",
	"targets": [{"subject": ["webhooks", "fan", input.data.team]}, {"subject": ["audit", "issues"], "stream": "AUDIT"}],
	"headers": {"X-Team": "pay"},
} if input.event.action == "opened"

decision := {
	"allow": true,
	"tenant": "acme",
	"redact": [{"path": "$.sender.email"}, {"path": "$.sender.login", "action": "hash"}, {"path": "$.secret", "action": "drop"}],
} if input.event.action == "transferred"

decision := {"allow": true, "quarantine": true, "reason": "nobody knows the account"} if input.event.action == "pinned"

decision := {"allow": false, "status": 410, "reason": "gone"} if input.event.action == "deleted"

decision := {"allow": 5} if input.event.action == "labeled"
`

// policyDir is a new directory with one policy.
func policyDir(t *testing.T, rego string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "webhook", "main"), 0o755); err != nil {
		t.Fatal(err)
	}
	savePolicy(t, dir, rego)
	return dir
}

func savePolicy(t *testing.T, dir, rego string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, "webhook", "main", "main.rego"), []byte(rego), 0o644); err != nil {
		t.Fatal(err)
	}
}

// issue posts a signed delivery about an issue.
func (g *gateway) issue(id, action string) response {
	g.t.Helper()
	s := senders()["github"]
	body := fmt.Sprintf(`{"action":%q,"issue":{"node_id":%q},"team":"a.b>","secret":"s3cr3t","sender":{"login":"mona","email":"mona@octo.example"},"repository":{"full_name":"octo-org/hello","owner":{"login":"octo-org"}}}`, action, id)
	return g.post(s, s.sign(s.secret, id, body, time.Now()), body)
}

// kept are the messages of a stream by their subject.
func (g *gateway) kept(stream string) map[string]*jetstream.RawStreamMsg {
	g.t.Helper()
	all := map[string]*jetstream.RawStreamMsg{}
	for _, m := range g.stored(stream) {
		if all[m.Subject] != nil && stream == "WEBHOOKS" {
			g.t.Errorf("%s holds %s twice", stream, m.Subject)
		}
		all[m.Subject] = m
	}
	return all
}

func (g *gateway) createStream(name, subject string) {
	g.t.Helper()
	nc := g.nats.connect()
	defer nc.Close()
	js, err := jetstream.New(nc)
	if err == nil {
		_, err = js.CreateStream(g.t.Context(), jetstream.StreamConfig{Name: name, Subjects: []string{subject}, Storage: jetstream.MemoryStorage})
	}
	if err != nil {
		g.t.Fatal(err)
	}
}

func TestPolicy_decides(t *testing.T) {
	dir := policyDir(t, routingPolicy)
	g := startGateway(t, one("github", `
          policy: {directory: `+dir+`, redact_key: sixteen-bytes-and-more, timeout_ms: 5000}`), nil)
	for name, tt := range map[string]struct {
		action string
		status int
		code   string
	}{
		"what no rule wants":           {"closed", 403, "policy_denied"},
		"a status of the policy's own": {"deleted", 410, "policy_denied"},
		"a decision of a wrong shape":  {"labeled", 500, "policy_failed"},
	} {
		if r := g.issue("refused-"+tt.action, tt.action); r.status != tt.status || !strings.Contains(r.body, tt.code) {
			t.Errorf("%s: %d %s, want %d %s\n%s", name, r.status, r.body, tt.status, tt.code, g.logged())
		}
	}
	if r := g.issue("fan", "opened"); r.status != 503 || r.header.Get("Retry-After") == "" {
		t.Errorf("a target whose stream is gone: %+v", r)
	}
	g.createStream("AUDIT", "audit.>")
	eventually(t, "the same delivery at both targets", func() bool { return g.issue("fan", "opened").status == 200 })
	for stream, subject := range map[string]string{"WEBHOOKS": "webhooks.fan.a%2Eb%3E", "AUDIT": "audit.issues"} {
		if m := g.kept(stream)[subject]; m == nil || m.Header.Get("X-Team") != "pay" || !strings.Contains(string(m.Data), `"id":"fan"`) {
			t.Errorf("%s has no %s with the header of the policy: %+v", stream, subject, m)
		}
	}
	if r := g.issue("moved", "transferred"); r.status != 200 {
		t.Errorf("redacted: %+v\n%s", r, g.logged())
	}
	m := g.kept("WEBHOOKS")["webhooks.github.acme.issues.transferred"]
	if m == nil {
		t.Fatalf("the tenant of the policy is not in the subject: %v", g.kept("WEBHOOKS"))
	}
	var e struct {
		Tenant string
		Data   struct{ Sender map[string]string }
	}
	if err := json.Unmarshal(m.Data, &e); err != nil {
		t.Fatal(err)
	}
	if e.Tenant != "acme" || e.Data.Sender["email"] != "[redacted]" || e.Data.Sender["login"] == "" || strings.Contains(string(m.Data), "mona") || strings.Contains(string(m.Data), "s3cr3t") {
		t.Errorf("the event is %s", m.Data)
	}
	if r := g.issue("held", "pinned"); r.status != 200 {
		t.Errorf("held back: %+v\n%s", r, g.logged())
	}
	if len(g.kept("WEBHOOKS_REJECTED")) == 0 || g.kept("WEBHOOKS")["webhooks.github.octo-org.issues.pinned"] != nil {
		t.Errorf("an event that is held back is not, or not only, in quarantine")
	}
	eventually(t, "the log names the rule that refused", func() bool { return strings.Contains(g.logged(), "main.default") })
	if strings.Contains(g.logged(), "mona") || strings.Contains(g.logged(), "s3cr3t") {
		t.Error("a value of the payload is in the log")
	}
}

// generation is a policy whose parts must not be mixed with those of another.
func generation(n string) string {
	return "package webhook.main\n\ndecision := {\"allow\": true, \"tenant\": one, \"headers\": {\"X-Generation\": two}}\n\none := \"" + n + "\"\n\ntwo := \"" + n + "\"\n"
}

func TestPolicy_changesUnderLoad(t *testing.T) {
	dir := policyDir(t, generation("g0"))
	g := startGateway(t, one("github", `
          policy: {directory: `+dir+`, timeout_ms: 5000}`), nil)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var sent atomic.Int64
	var load sync.WaitGroup
	for worker := range 4 {
		load.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				if r := g.issue(fmt.Sprintf("%d-%d", worker, i), "opened"); r.status != http.StatusOK {
					t.Errorf("%d %s", r.status, r.body)
					return
				}
				sent.Add(1)
			}
		})
	}
	nc := g.nats.connect()
	defer nc.Close()
	js, err := jetstream.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	last := func() string {
		stream, err := js.Stream(t.Context(), "WEBHOOKS")
		if err != nil {
			return "" // not made yet
		}
		m, err := stream.GetMsg(t.Context(), stream.CachedInfo().State.LastSeq)
		if err != nil {
			t.Fatal(err)
		}
		return m.Header.Get("X-Generation")
	}
	eventually(t, "the first generation", func() bool { return sent.Load() > 0 && last() == "g0" })
	for _, n := range []string{"g1", "broken", "g2", "g3"} {
		if n == "broken" {
			savePolicy(t, dir, "package webhook.main\n\ndecision := {\"allow\": input.evnt}\n")
			eventually(t, "the broken change in the log, with its line", func() bool { return strings.Contains(g.logged(), "main.rego:3: rego_type_error") })
			continue
		}
		savePolicy(t, dir, generation(n))
		eventually(t, "generation "+n, func() bool { return last() == n })
	}
	stop()
	load.Wait()
	events := g.events()
	for _, m := range events {
		var e struct{ Tenant string }
		if err := json.Unmarshal(m.Data, &e); err != nil || e.Tenant != m.Header.Get("X-Generation") {
			t.Fatalf("parts of two policies: tenant %s, header %s, %v", e.Tenant, m.Header.Get("X-Generation"), err)
		}
	}
	if int64(len(events)) != sent.Load() {
		t.Errorf("%d deliveries were answered with 200, %d are stored", sent.Load(), len(events))
	}
}

func TestStageAlone_policyRefusesOrPasses(t *testing.T) {
	b := startBackend(t)
	dir := policyDir(t, routingPolicy+"\ndecision := {\"allow\": true} if input.event.action == \"edited\"\n")
	g := startGateway(t, singles(b.URL, verifyPlugin+`          - name: webhook-policy
            config: {provider: github, respond: continue, directory: `+dir+`, timeout_ms: 5000}
`), nil)
	for action, want := range map[string]struct {
		status int
		code   string
	}{
		"edited": {202, ""}, "closed": {403, "policy_denied"}, "deleted": {410, "policy_denied"},
		"transferred": {500, "policy_failed"}, "pinned": {500, "policy_failed"}, // what it alone cannot do
	} {
		if r := g.issue("alone-"+action, action); r.status != want.status || !strings.Contains(r.body, want.code) {
			t.Errorf("%s: %d %s, want %d %s\n%s", action, r.status, r.body, want.status, want.code, g.logged())
		}
	}
	if len(b.seen) != 1 {
		t.Errorf("the backend saw %d requests, want one", len(b.seen))
	}
}
