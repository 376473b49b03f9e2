package send

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/ctl/ctltest"
	"webhookedge/plugins/internal/ctl/exit"
)

const routesConfig = `_format_version: "3.0"
routes:
  - name: hub
    hosts: ["*.example.net", hooks.example.com]
    paths: [/webhooks/hub]
    plugins:
      - name: webhook-edge
        config:
          provider: github
          verify: {secrets: [{value: "{vault://env/octo-send-unset}"}, {value: "{vault://env/octo-send-secret}"}]}
          policy: {directory: "{vault://env/octo-send-unset}"} # of which a sender needs nothing
  - name: own
    paths: [/webhooks/own]
    plugins:
      - name: webhook-edge
        config:
          custom:
            name: octo
            schemes: [{name: default, kind: hmac, hash: sha256, signature: "header:x-octo-signature", encoding: hex, content: "{body}"}]
            facts: {type: ["json:type"], id: ["json:id"]}
          verify: {secrets: [{value: "{vault://env/octo-send-secret}"}]}
  - name: keys
    paths: [/webhooks/keys]
    plugins:
      - {name: webhook-edge, config: {provider: discord, verify: {secrets: [{value: "{vault://env/octo-send-public}"}]}}}
  - name: regular
    paths: ["~/webhooks/[a-z]+$"]
    plugins:
      - {name: webhook-edge, config: {provider: github, verify: {secrets: [{value: "{vault://env/octo-send-secret}"}]}}}
`

func routesFile(t *testing.T) string {
	t.Helper()
	t.Setenv(variable, "octo-corp-secret-of-the-sender-17")
	t.Setenv("OCTO_SEND_PUBLIC", strings.Repeat("ab", 32))
	file := filepath.Join(t.TempDir(), "kong.yml")
	if err := os.WriteFile(file, []byte(routesConfig), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// gateway answers with status, and calls stored before that.
func gateway(t *testing.T, status int, stored func(r *http.Request, body []byte) http.Header) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		for name, values := range stored(r, body) {
			w.Header()[name] = values
		}
		w.WriteHeader(status)
	}))
	t.Cleanup(s.Close)
	return s
}

func TestSend_route(t *testing.T) {
	file := routesFile(t)
	var got *http.Request
	var body []byte
	s := gateway(t, 200, func(r *http.Request, b []byte) http.Header {
		got, body = r, b
		return nil
	})
	send := func(stdin string, args ...string) (string, error) {
		got = nil
		out, _, err := ctltest.RunWith(t, stdin, Command(), append([]string{"--config", file, "--gateway", s.URL}, args...)...)
		return out, err
	}
	if out, err := send("", "--route", "hub", "--event", "issues"); err != nil || got == nil ||
		got.Host != "hooks.example.com" || got.URL.Path != "/webhooks/hub" || got.Header.Get("X-GitHub-Event") != "issues" || got.Header.Get("X-Hub-Signature-256") == "" {
		t.Errorf("%v\n%s", err, out)
	}
	if out, err := send("", "--route", "hub", "--json"); err != nil || !strings.Contains(out, `"provider":"github"`) || !strings.Contains(out, `"status":200`) {
		t.Errorf("as JSON: %v\n%s", err, out)
	}
	if out, err := send(`{"type":"paid","id":"1"}`, "--route", "own", "--file", "-"); err != nil || got == nil || len(got.Header.Get("X-Octo-Signature")) != 64 || !bytes.Contains(body, []byte("paid")) {
		t.Errorf("a sender of one's own: %v\n%s", err, out)
	}
	for name, tc := range map[string]struct {
		args []string
		want string
	}{
		"a route that is not there":    {[]string{"--route", "hubb"}, "did you mean hub?"},
		"what verifies only":           {[]string{"--route", "keys"}, "--secret-env"},
		"regular expressions":          {[]string{"--route", "regular"}, "give --url"},
		"a gateway that is none":       {[]string{"--route", "hub", "--gateway", "localhost:8000"}, "--gateway"},
		"a sender of one's own's body": {[]string{"--route", "own"}, "sample"},
	} {
		if out, err := send("", tc.args...); err == nil || !strings.Contains(err.Error(), tc.want) || got != nil {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
	t.Setenv(variable, "")
	if _, err := send("", "--route", "hub"); err == nil || !strings.Contains(err.Error(), "octo-send") {
		t.Errorf("no secret: %v", err)
	}
}

func TestSend_wait(t *testing.T) {
	file := routesFile(t)
	b, flags := ctltest.NATS(t)
	b.Stream(t)
	stored := func(requestID, delivery string) {
		b.Publish(t, &event.Event{ID: delivery, Source: "/s", Provider: "github", Type: "push", RequestID: requestID}, "hub", false)
	}
	stored("req-1", "one that was before")
	for name, tc := range map[string]struct {
		status int
		ack    string
		stores bool
		want   string
		failed bool
	}{
		"it is stored":                {200, "broker", true, `"requestid":"req-1"`, false},
		"it waits in the journal":     {200, "spool", false, "it waits in the gateway's journal", true},
		"it goes elsewhere":           {200, "broker", false, "did a policy send it to another stream?", true},
		"nobody says that it is kept": {200, "", false, "the answer names no store", true},
		"it is there already":         {200, "duplicate", false, "the stream has this event already", false},
		"it is refused":               {401, "", false, "not stored: the delivery was refused", true},
	} {
		t.Run(name, func(t *testing.T) {
			s := gateway(t, tc.status, func(*http.Request, []byte) http.Header {
				if tc.stores {
					stored("of another", "other "+name)
					stored("req-1", name)
				}
				h := http.Header{"X-Kong-Request-Id": {"req-1"}}
				if tc.ack != "" {
					h.Set("Webhook-Ack", tc.ack)
				}
				return h
			})
			start := time.Now()
			out, err := ctltest.Run(t, Command(), append([]string{"--route", "hub", "--config", file, "--gateway", s.URL, "--wait=200ms"}, flags...)...)
			if errors.Is(err, exit.ErrFailed) != tc.failed || err != nil && !tc.failed || !strings.Contains(out, tc.want) || strings.Contains(out, "before") || strings.Contains(out, "of another") {
				t.Errorf("%v\n%s", err, out)
			}
			if took := time.Since(start); took > 10*time.Second {
				t.Errorf("it took %s", took)
			}
		})
	}
}

func TestSend_waitForAStreamThatIsNotThere(t *testing.T) {
	file := routesFile(t)
	b, flags := ctltest.NATS(t)
	called := 0
	s := gateway(t, 200, func(*http.Request, []byte) http.Header {
		if called++; called == 2 { // as the edge does with ensure: create
			b.Stream(t)
			b.Publish(t, &event.Event{ID: "1", Source: "/s", Provider: "github", Type: "push", RequestID: "req-1"}, "hub", false)
		}
		return http.Header{"X-Kong-Request-Id": {"req-1"}, "Webhook-Ack": {"broker"}}
	})
	send := func(more ...string) (string, error) {
		return ctltest.Run(t, Command(), append(append([]string{"--route", "hub", "--config", file, "--gateway", s.URL}, more...), flags...)...)
	}
	if out, err := send("--wait=200ms"); !errors.Is(err, exit.ErrFailed) || called != 1 {
		t.Errorf("nobody makes it: %v\n%s", err, out)
	}
	if out, err := send("--wait"); err != nil || !strings.Contains(out, `"requestid":"req-1"`) {
		t.Errorf("it is made with the first event: %v\n%s", err, out)
	}
	if _, err := send("--wait", "--stream", "WEBHOOK"); !errors.Is(err, exit.ErrUsage) || !strings.Contains(err.Error(), "did you mean WEBHOOKS?") || called != 2 {
		t.Errorf("a slip: %v, %d deliveries", err, called)
	}
}
