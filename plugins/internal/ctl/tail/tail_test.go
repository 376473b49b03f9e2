package tail

import (
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"webhookedge/plugins/internal/ctl/ctltest"
	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/observe"
)

const subject = "webhooks-trace.deliveries"

func records() []observe.Record {
	at := time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)
	return []observe.Record{
		{
			Version: 1, At: at, RequestID: "r1", Route: "gh", Provider: "github", Status: 200, Code: "accepted", Micros: 420, Ack: "broker", Stream: "WEBHOOKS", Sequence: 7,
			Steps:  []observe.Step{{Stage: "ipallow", Micros: 300_000}, {Stage: "ratelimit", Micros: 300_000}, {Stage: "verify", Micros: 40}, {Stage: "normalize", Micros: 300_000}, {Stage: "publish", Micros: 300}},
			Events: []observe.Event{{ID: "e1", Type: "github.pull_request_review_comment.created", Rule: "to_billing"}},
		},
		{
			Version: 1, At: at, RequestID: "r2", Route: "st\x1b[2J", Provider: "stripe", Status: 401, Code: "signature_invalid", Stage: "verify",
			Reason: "signature_invalid: no secret made it\x1b[2J", Cause: "the secret is one of another endpoint, of a key that was rotated away, or of the test mode", Micros: 1100, Steps: []observe.Step{{Stage: "verify", Micros: 1000}},
		},
		{
			Version: 1, At: at, RequestID: "r3", Route: "gh", Provider: "github", Code: "accepted", Micros: 90, Ack: "quarantine",
			Events: []observe.Event{{ID: "a", Type: "github.push", Hold: "quarantined"}, {ID: "b", Type: "github.push", Drop: true}}, More: 3,
		},
	}
}

// played runs the command while the records and a message that is none come, until they
// were shown.
func played(t *testing.T, args ...string) (out, complaints string) {
	t.Helper()
	b, flags := ctltest.NATS(t)
	ended := make(chan struct{})
	var wg sync.WaitGroup
	defer wg.Wait()
	defer close(ended)
	wg.Go(func() { // until the command listens, and has enough
		for {
			select {
			case <-ended:
				return
			case <-time.After(5 * time.Millisecond):
			}
			for _, r := range records() {
				text, err := json.Marshal(r)
				if err != nil || b.JS.Conn().Publish(subject, text) != nil {
					return
				}
			}
			if b.JS.Conn().Publish(subject, []byte("no record")) != nil {
				return
			}
		}
	})
	out, complaints, err := ctltest.RunWith(t, "", Command(), append(flags, args...)...)
	if err != nil {
		t.Fatal(err)
	}
	return out, complaints
}

func TestTail_showsEachDelivery(t *testing.T) {
	out, _ := played(t, "--count", "3")
	for _, want := range []string{"12:00:00  200  github", "pull_request…ment.created", "broker", "401  stripe", "verify: no secret made it", "another endpoint", "push and 4 more", "quarantine"} {
		if !strings.Contains(out, want) {
			t.Errorf("without %q:\n%s", want, out)
		}
	}
	if strings.Contains(out, "\x1b") {
		t.Errorf("a sender's text acts on the terminal: %q", out)
	}
	for _, line := range strings.Split(out, "\n") {
		if n := utf8.RuneCountInString(line); n > 80 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
}

func TestTail_selects(t *testing.T) {
	for name, tc := range map[string]struct {
		args       []string
		want, none string
	}{
		"refused ones":          {[]string{"--refused"}, "r2", "r1"},
		"those of a provider":   {[]string{"--provider", "stripe"}, "r2", "r3"},
		"those of a route":      {[]string{"--route", "gh"}, "r1", "r2"},
		"those of a code":       {[]string{"--code", "signature_invalid"}, "r2", "r1"},
		"a pattern of subjects": {[]string{"--subject", "webhooks-trace.>"}, "r1", "r9"},
	} {
		t.Run(name, func(t *testing.T) {
			out, _ := played(t, append(tc.args, "--json", "--count", "2")...)
			if !strings.Contains(out, `"request_id":"`+tc.want) || strings.Contains(out, `"request_id":"`+tc.none) {
				t.Errorf("got %s", out)
			}
		})
	}
}

func TestTail_stagesAndRule(t *testing.T) {
	out, complaints := played(t, "--stages", "--count", "4")
	for _, want := range []string{"verify 40 µs\n    normalize", "publish 300 µs", "e1 in WEBHOOKS at 7 by to_billing", "a held: quarantined", "b dropped"} {
		if !strings.Contains(out, want) {
			t.Errorf("without %q:\n%s", want, out)
		}
	}
	for _, line := range strings.Split(out, "\n") {
		if n := utf8.RuneCountInString(line); n > 80 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
	if !strings.Contains(complaints, "no record of a delivery") {
		t.Errorf("of a message that is none it says %q", complaints)
	}
}

func TestTail_misuse(t *testing.T) {
	for name, tc := range map[string]struct {
		args []string
		want string
	}{
		"an unknown provider": {[]string{"--provider", "gihub"}, "did you mean github"},
		"an unknown code":     {[]string{"--code", "signature_invalit"}, "did you mean signature_invalid"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ctltest.Run(t, Command(), tc.args...)
			if !errors.Is(err, exit.ErrUsage) || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v", err)
			}
		})
	}
}
