package e2e

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestAnIDThatIsUsedAgainForAnotherBodyIsHeldWithAnAlarm sends two bodies under one
// id: dropped as a double the second would be lost without a word.
func TestAnIDThatIsUsedAgainForAnotherBodyIsHeldWithAnAlarm(t *testing.T) {
	for _, dedupe := range []string{"window", "exact"} {
		t.Run(dedupe, func(t *testing.T) {
			g := startGateway(t, strings.Replace(one("github", ""), "stream: {ensure: create}", "stream: {ensure: create}, dedupe: "+dedupe, 1), nil)
			s := senders()["github"]
			post := func(id, body string) response {
				return g.post(s, s.sign(s.secret, id, body, time.Now()), body)
			}
			first, second := s.body(""), strings.Replace(s.body(""), "1.50", "2", 1)
			for _, want := range []struct{ body, ack string }{{first, "broker"}, {first, "duplicate"}, {second, "quarantine"}, {second, "quarantine"}, {first, "duplicate"}} {
				if r := post("d1", want.body); r.status != http.StatusOK || r.header.Get("Webhook-Ack") != want.ack {
					t.Errorf("%d %q, want 200 %q\n%s", r.status, r.header.Get("Webhook-Ack"), want.ack, g.logged())
				}
			}
			if m := g.find("github:d1"); !strings.Contains(string(m.Data), strings.TrimSpace(first)) {
				t.Errorf("the first body is not what is stored: %s", m.Data)
			}
			if line := g.said("uses an id again"); !strings.Contains(line, `"level":"ERROR"`) || strings.Contains(g.logged(), "octo-org/hello") {
				t.Errorf("the alarm: %s", line)
			}
			held := g.stored("WEBHOOKS_REJECTED")
			if len(held) != 1 || held[0].Subject != "webhooks-rejected.github.id_reused" || !strings.HasSuffix(string(held[0].Data), second) {
				t.Errorf("%d are held, want the second body once", len(held))
			}
		})
	}
}
