package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

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
