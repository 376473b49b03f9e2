package e2e

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestReusedID_isQuarantinedWithAnAlarm sends two bodies under one id: taken for a
// duplicate, the second would be lost silently.
func TestReusedID_isQuarantinedWithAnAlarm(t *testing.T) {
	for _, dedupe := range []string{"window", "exact"} {
		t.Run(dedupe, func(t *testing.T) {
			g := startGateway(t, strings.Replace(one("stripe", ""), "stream: {ensure: create}", "stream: {ensure: create}, dedupe: "+dedupe, 1), nil)
			s := senders()["stripe"]
			post := func(id, body string) response {
				return g.post(s, s.sign(s.secret, id, body, time.Now()), body)
			}
			first, second := s.body("d1"), strings.Replace(s.body("d1"), "dp_1", "dp_2", 1)
			for _, want := range []struct{ body, ack string }{{first, "broker"}, {first, "duplicate"}, {second, "quarantine"}, {second, "quarantine"}, {first, "duplicate"}} {
				if r := post("d1", want.body); r.status != http.StatusOK || r.header.Get("Webhook-Ack") != want.ack {
					t.Errorf("%d %q, want 200 %q\n%s", r.status, r.header.Get("Webhook-Ack"), want.ack, g.logged())
				}
			}
			if m := g.find("stripe:d1"); !strings.Contains(string(m.Data), strings.TrimSpace(first)) {
				t.Errorf("the first body is not what is stored: %s", m.Data)
			}
			if line := g.says("uses an id again"); !strings.Contains(line, `"level":"ERROR"`) || strings.Contains(g.logged(), "dp_2") {
				t.Errorf("the alarm: %s", line)
			}
			held := g.stored("WEBHOOKS_REJECTED")
			if len(held) != 1 || held[0].Subject != "webhooks-rejected.stripe.id_reused" || !strings.HasSuffix(string(held[0].Data), second) {
				t.Errorf("%d are held, want the second body once", len(held))
			}
		})
	}
}

// TestReusedID_ofATokenSender is answered with 200 only where the second event can
// be released: without keys its token is not kept, and nothing could prove it again.
func TestReusedID_ofATokenSender(t *testing.T) {
	const token = "telegram-e2e-secret-token"
	s := sender{path: "/webhooks/telegram"}
	for name, tc := range map[string]struct {
		keys   string
		status int
		ack    string
	}{
		"with keys":    {", keys: [{id: k1, value: \"{vault://env/quarantine-key}\"}]", http.StatusOK, "quarantine"},
		"without keys": {"", http.StatusInternalServerError, ""},
	} {
		t.Run(name, func(t *testing.T) {
			g := startGateway(t, `_format_version: "3.0"
routes:
  - name: telegram
    paths: [/webhooks/telegram]
    plugins:
      - name: webhook-edge
        config:
          provider: telegram
          verify: {secrets: [{value: "{vault://env/telegram-token}"}]}
          publish: {servers: ["{vault://env/nats-url}"], stream: {ensure: create}, broker_sync: always}
          quarantine: {keep: []`+tc.keys+`}
`, func(env map[string]string) {
				env["TELEGRAM_TOKEN"] = token
				env["QUARANTINE_KEY"] = base64.StdEncoding.EncodeToString([]byte(strings.Repeat("k", 32)))
			})
			post := func(text string) response {
				return g.post(s, header("X-Telegram-Bot-Api-Secret-Token", token), `{"update_id":7001,"message":{"text":"`+text+`"}}`)
			}
			if r := post("first"); r.status != http.StatusOK || r.header.Get("Webhook-Ack") != "broker" {
				t.Fatalf("%d %q\n%s", r.status, r.header.Get("Webhook-Ack"), g.logged())
			}
			r := post("second")
			if r.status != tc.status || r.header.Get("Webhook-Ack") != tc.ack {
				t.Errorf("%d %q, want %d %q\n%s", r.status, r.header.Get("Webhook-Ack"), tc.status, tc.ack, g.logged())
			}
			if tc.status != http.StatusOK {
				if line := g.says("cannot be held back"); !strings.Contains(line, "quarantine.keys") || !strings.Contains(line, `"level":"ERROR"`) {
					t.Errorf("the log does not say what to set: %s", line)
				}
				return
			}
			held := g.stored("WEBHOOKS_REJECTED")
			if len(held) != 1 || strings.Contains(string(held[0].Data), token) || strings.Contains(string(held[0].Data), "second") {
				t.Errorf("%d are held, or they can be read", len(held))
			}
		})
	}
}
