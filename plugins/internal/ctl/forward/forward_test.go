package forward

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/ctl/ctltest"
	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/catalogue"
	"webhookedge/plugins/provider/spec"
)

const (
	secretVariable = "OCTO_FORWARD_SECRET"
	secret         = "octo-corp-secret-of-the-sender-17"
)

// app is a developer's service, which answers as told.
type app struct {
	*httptest.Server
	mu     sync.Mutex
	got    []*http.Request
	bodies [][]byte
	answer func(n int) int // of the request of that number, from 1
}

func newApp(t *testing.T, answer func(n int) int) *app {
	a := &app{answer: answer}
	a.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		a.mu.Lock()
		defer a.mu.Unlock()
		a.got, a.bodies = append(a.got, r), append(a.bodies, body)
		if status := a.answer(len(a.got)); status == http.StatusFound {
			http.Redirect(w, r, "/elsewhere", status)
		} else {
			w.WriteHeader(status)
		}
	}))
	t.Cleanup(a.Close)
	return a
}

func always(status int) func(int) int { return func(int) int { return status } }

// push is an event with a payload of the catalogue.
func push(t *testing.T, id string) *event.Event {
	t.Helper()
	row, _ := catalogue.Lookup("github")
	body, _, ok := catalogue.Sample(row, "push")
	if !ok {
		t.Fatal("no sample")
	}
	return &event.Event{ID: id, Source: "/webhooks/github", Provider: "github", Type: "push", DataContentType: "application/json", Data: body}
}

func run(t *testing.T, flags []string, args ...string) (string, error) {
	t.Helper()
	return ctltest.Run(t, Command(), append(args, flags...)...)
}

func TestForward_asWhatIsAskedFor(t *testing.T) {
	b, flags := ctltest.NATS(t)
	b.Stream(t)
	b.Publish(t, push(t, "d-1"), "gh", false)
	b.Publish(t, push(t, "d-2"), "gh", true)
	for name, tc := range map[string]struct {
		args  []string
		check func(r *http.Request, body []byte) error
	}{
		"structured": {nil, func(r *http.Request, body []byte) error {
			e, err := event.ParseJSON(body)
			if err == nil && (r.Header.Get("Content-Type") != "application/cloudevents+json" || e.Type != "push") {
				err = fmt.Errorf("%v %s", r.Header, body)
			}
			return err
		}},
		"binary": {[]string{"--as", "binary"}, func(r *http.Request, body []byte) error {
			headers := map[string][]string{}
			for name, values := range r.Header {
				if lower := strings.ToLower(name); strings.HasPrefix(lower, "ce-") || lower == "content-type" {
					headers[name] = values
				}
			}
			_, err := event.ParseBinary(headers, body)
			return err
		}},
		"signed anew": {[]string{"--as", "provider", "--secret-env", secretVariable}, verified},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv(secretVariable, secret)
			a := newApp(t, always(204))
			out, err := run(t, flags, append([]string{"--to", a.URL + "/hook", "--from", "1", "--once"}, tc.args...)...)
			if err != nil || len(a.got) != 2 || strings.Count(out, "204 in") != 2 {
				t.Fatalf("%v, %d requests\n%s", err, len(a.got), out)
			}
			for i, r := range a.got {
				if err := tc.check(r, a.bodies[i]); err != nil {
					t.Error(err)
				}
			}
			if strings.Contains(out, secret) {
				t.Error("the secret is in the output")
			}
		})
	}
}

// verified checks a delivery as the edge would.
func verified(r *http.Request, body []byte) error {
	row, _ := catalogue.Lookup("github")
	v, err := row.Verifier(provider.Options{Secrets: []provider.Secret{{Value: secret}}})
	if err != nil {
		return err
	}
	var headers provider.HeaderList
	for name, values := range r.Header {
		for _, value := range values {
			headers = append(headers, spec.Header{Name: strings.ToLower(name), Value: value})
		}
	}
	request := provider.Request{Method: r.Method, Body: body, Headers: headers}
	if _, err := v.Verify(request, time.Now()); err != nil {
		return err
	}
	facts, err := row.Describe(request)
	if err == nil && (facts.Type != "push" || !strings.HasPrefix(facts.ID, "d-")) {
		err = fmt.Errorf("%+v", facts)
	}
	return err
}

func TestForward_secretOfTheRoute(t *testing.T) {
	b, flags := ctltest.NATS(t)
	b.Stream(t)
	b.Publish(t, push(t, "d-1"), "gh", false)
	b.Publish(t, push(t, "d-2"), "other", false)
	file := filepath.Join(t.TempDir(), "kong.yml")
	config := `_format_version: "3.0"
routes:
  - name: gh
    paths: [/webhooks/github]
    plugins:
      - name: webhook-edge
        config: {provider: github, verify: {secrets: [{value: "{vault://env/octo-forward-secret}"}]}}
`
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv(secretVariable, secret)
	a := newApp(t, always(200))
	out, err := run(t, flags, "--to", a.URL, "--from", "1", "--once", "--as", "provider", "--config", file)
	if !errors.Is(err, exit.ErrFailed) || len(a.got) != 1 || !strings.Contains(out, `"other"`) {
		t.Fatalf("%v, %d requests\n%s", err, len(a.got), out)
	}
	if err := verified(a.got[0], a.bodies[0]); err != nil {
		t.Error(err)
	}
}

func TestForward_triesAgainWhereThatMayHelp(t *testing.T) {
	for name, tc := range map[string]struct {
		answer func(int) int
		tries  int
		want   string
		failed bool
	}{
		"503, then taken":           {func(n int) int { return map[int]int{1: 503}[n] + map[bool]int{true: 200}[n > 1] }, 2, "200 in", false},
		"503 without end":           {always(503), 2, "answered 503, 2 tries", true},
		"refused":                   {always(400), 1, "answered 400", true},
		"a redirect is not obeyed":  {always(302), 1, "redirects are not followed", true},
		"no event is lost for that": {func(n int) int { return map[bool]int{true: 410, false: 200}[n == 1] }, 2, "200 in", true},
	} {
		t.Run(name, func(t *testing.T) {
			b, flags := ctltest.NATS(t)
			b.Stream(t)
			b.Publish(t, push(t, "d-1"), "gh", false)
			if strings.HasPrefix(name, "no event") {
				b.Publish(t, push(t, "d-2"), "gh", false)
			}
			a := newApp(t, tc.answer)
			out, err := run(t, flags, "--to", a.URL, "--last", "5", "--once", "--tries", "2")
			if errors.Is(err, exit.ErrFailed) != tc.failed || err != nil && !tc.failed || len(a.got) != tc.tries || !strings.Contains(out, tc.want) {
				t.Errorf("%v, %d requests\n%s", err, len(a.got), out)
			}
		})
	}
}

func TestForward_durableGoesOnWhereItWas(t *testing.T) {
	b, flags := ctltest.NATS(t)
	b.Stream(t)
	b.Publish(t, push(t, "before"), "gh", false)
	a := newApp(t, always(200))
	forward := func(to string, more ...string) (string, error) {
		return run(t, flags, append([]string{"--to", to, "--durable", "mine", "--once", "--json", "--tries", "1"}, more...)...)
	}
	if out, err := forward(a.URL); err != nil || len(a.got) != 0 {
		t.Fatalf("a new one begins with what comes: %v, %d\n%s", err, len(a.got), out)
	}
	b.Publish(t, push(t, "asleep"), "gh", false)
	stripe := push(t, "of-stripe")
	stripe.Provider = "stripe"
	b.Publish(t, stripe, "gh", false)
	closed := httptest.NewServer(nil)
	closed.Close()
	if out, err := forward(closed.URL, "--provider", "github"); err == nil || !strings.Contains(err.Error(), "the same command goes on") {
		t.Fatalf("nobody answers: %v\n%s", err, out)
	}
	out, err := forward(a.URL, "--provider", "github")
	var o outcome
	line := out[strings.IndexByte(out, '{'):]
	if jsonErr := json.Unmarshal([]byte(line), &o); err != nil || jsonErr != nil || o.ID != "asleep" || o.Status != 200 || len(a.got) != 1 {
		t.Fatalf("%v %v, %d requests\n%s", err, jsonErr, len(a.got), out)
	}
	if out, err := forward(a.URL); err != nil || len(a.got) != 1 {
		t.Fatalf("what is done came again: %v, %d\n%s", err, len(a.got), out)
	}
}

func TestForward_goesOnUntilItIsEnded(t *testing.T) {
	b, flags := ctltest.NATS(t)
	b.Stream(t)
	for _, durable := range []string{"", "mine"} {
		ctx, stop := context.WithCancel(t.Context())
		a := newApp(t, func(n int) int {
			stop()
			return 200
		})
		args := []string{"--to", a.URL, "--last", "1"}
		if durable != "" {
			args = append(args, "--durable", durable)
		}
		b.Publish(t, push(t, "live"+durable), "gh", true)
		cmd := ctltest.Root(Command(), append(args, flags...)...)
		cmd.SetOut(io.Discard)
		cmd.SetErr(io.Discard)
		if err := cmd.ExecuteContext(ctx); err != nil || len(a.got) != 1 {
			t.Errorf("%q: %v, %d requests", durable, err, len(a.got))
		}
	}
}

func TestForward_leavesOthersConsumersAlone(t *testing.T) {
	b, flags := ctltest.NATS(t)
	b.Stream(t)
	if _, err := b.JS.CreateConsumer(t.Context(), "WEBHOOKS", jetstream.ConsumerConfig{Durable: "billing", AckPolicy: jetstream.AckExplicitPolicy}); err != nil {
		t.Fatal(err)
	}
	if _, err := run(t, flags, "--to", "http://127.0.0.1:1", "--durable", "billing", "--once"); !errors.Is(err, exit.ErrUsage) || !strings.Contains(err.Error(), "a service's") {
		t.Error(err)
	}
}

func TestForward_wrongOptions(t *testing.T) {
	for name, tc := range map[string]struct {
		args []string
		want string
	}{
		"a way that is none":       {[]string{"--as", "structure"}, "did you mean structured?"},
		"no tries":                 {[]string{"--tries", "0"}, "--tries"},
		"a durable with a dot":     {[]string{"--durable", "a.b"}, "--durable"},
		"a secret for no reason":   {[]string{"--secret-env", "X"}, "--as provider"},
		"a secret that is not set": {[]string{"--as", "provider", "--secret-env", "OCTO_NOT_SET"}, "OCTO_NOT_SET is empty"},
	} {
		_, err := ctltest.Run(t, Command(), append([]string{"--to", "http://127.0.0.1:1"}, tc.args...)...)
		if !errors.Is(err, exit.ErrUsage) || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
