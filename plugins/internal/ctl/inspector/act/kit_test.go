package act

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/prometheus/client_golang/prometheus"

	"webhookedge/plugins/internal/config"
	"webhookedge/plugins/internal/ctl/ctltest"
	"webhookedge/plugins/internal/ctl/inspector/api"
	"webhookedge/plugins/internal/ctl/inspector/site"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/catalogue"
	"webhookedge/plugins/quarantine"
	"webhookedge/plugins/streams/archive"
	"webhookedge/plugins/streams/deadletter"
)

const (
	secret    = "octo-private-secret-of-the-sender"
	routesYML = `_format_version: "3.0"
routes:
  - name: gh
    hosts: ["*.example.net", hooks.example.com]
    paths: [/webhooks/github]
    plugins:
      - name: webhook-edge
        config:
          provider: github
          verify: {secrets: [{value: "{vault://env/gh-secret}"}]}
          publish: {servers: ["{vault://env/nats-url}"], username: webhooks, password: "{vault://env/nats-password}", stream: {ensure: create}}
          quarantine: {keys: [{id: k1, value: "{vault://env/quarantine-key}"}]}
  - name: pay
    paths: [/webhooks/stripe]
    plugins:
      - {name: webhook-edge, config: {provider: stripe, verify: {secrets: [{value: "{vault://env/gh-secret}"}]}}}
  - name: unset
    paths: [/webhooks/slack]
    plugins:
      - {name: webhook-edge, config: {provider: slack, verify: {secrets: [{value: "{vault://env/not-set}"}]}}}
  - name: keys
    paths: [/webhooks/discord]
    plugins:
      - {name: webhook-edge, config: {provider: discord, verify: {secrets: [{value: "` + public + `"}]}}}
  - name: regular
    paths: ["~/webhooks/[a-z]+$"]
    plugins:
      - {name: webhook-edge, config: {provider: github, verify: {secrets: [{value: "{vault://env/gh-secret}"}]}}}
`
	public = "abababababababababababababababababababababababababababababababab"
)

// bench is a desk with what it acts on.
type bench struct {
	*Desk
	nats    *ctltest.Broker
	all     map[uint64]site.Delivery
	key     string
	mu      sync.Mutex
	got     []*http.Request // at the gateway
	bodies  [][]byte
	answer  func(w http.ResponseWriter)
	keeping int
}

// Get implements site.Deliveries.
func (b *bench) Get(n uint64) (site.Delivery, bool) { d, ok := b.all[n]; return d, ok }

// Recent implements site.Deliveries.
func (b *bench) Recent(time.Time) iter.Seq[site.Recent] { return func(func(site.Recent) bool) {} }

// Same implements site.Deliveries.
func (b *bench) Same(string, uint64) []uint64 { return nil }

func newBench(t *testing.T, changes ...func(*site.Site)) *bench {
	t.Helper()
	b := &bench{all: map[uint64]site.Delivery{}, key: base64.StdEncoding.EncodeToString(bytes.Repeat([]byte("k"), archive.KeySize))}
	b.nats, _ = ctltest.NATS(t)
	b.nats.Stream(t)
	for _, cfg := range []jetstream.StreamConfig{
		{Name: deadletter.Stream, Subjects: []string{deadletter.Prefix + ".>"}}, {Name: "OTHER", Subjects: []string{"other.>"}},
	} {
		if _, err := b.nats.JS.CreateStream(t.Context(), cfg); err != nil {
			t.Fatal(err)
		}
	}
	gateway := httptest.NewServer(http.HandlerFunc(b.serve))
	t.Cleanup(gateway.Close)
	file := filepath.Join(t.TempDir(), "kong.yml")
	if err := os.WriteFile(file, []byte(routesYML), 0o600); err != nil {
		t.Fatal(err)
	}
	keys := &archive.Keys{}
	if err := keys.Add("k1", bytes.Repeat([]byte("k"), archive.KeySize)); err != nil {
		t.Fatal(err)
	}
	env := map[string]string{"GH_SECRET": secret, "NATS_URL": b.nats.URL, "NATS_PASSWORD": os.Getenv("NATS_PASSWORD"), "QUARANTINE_KEY": b.key}
	s := &site.Site{
		Mode: site.Local, Config: file, Gateway: gateway.URL, Changes: true, Deliveries: b, Keys: keys,
		JetStream: func(context.Context) (jetstream.JetStream, error) { return b.nats.JS, nil },
		Env:       func(name string) (string, bool) { value, ok := env[name]; return value, ok },
		Kept:      site.Place{Stream: "WEBHOOKS_REJECTED", Prefix: "webhooks-rejected"},
		Dead:      site.Place{Stream: deadletter.Stream, Prefix: deadletter.Prefix},
	}
	for _, change := range changes {
		change(s)
	}
	b.Desk = New(s)
	t.Cleanup(b.Close)
	return b
}

func (b *bench) serve(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.got, b.bodies = append(b.got, r), append(b.bodies, body)
	if b.answer != nil {
		b.answer(w)
		return
	}
	w.Header().Set("X-Kong-Request-Id", "req-1")
	w.Header().Set("Webhook-Ack", "broker")
}

// wait makes removals come soon.
func (b *bench) wait(d time.Duration) { b.removals.wait = d }

// state is all that the broker holds.
func (b *bench) state(t *testing.T) string {
	t.Helper()
	var all []string
	for info := range b.nats.JS.ListStreams(t.Context()).Info() {
		text, err := json.Marshal([]any{info.Config.Name, info.State.Msgs, info.State.LastSeq, info.State.Bytes})
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, string(text))
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return strings.Join(all, "\n") + "\n" + strings.Repeat("request\n", len(b.got))
}

// preview previews an order, and fails where that changes anything.
func (b *bench) preview(t *testing.T, o api.Order) *api.Plan {
	t.Helper()
	before := b.state(t)
	plan, err := b.Preview(t.Context(), o)
	if err != nil {
		t.Fatalf("preview of %s: %v", o.Act, err)
	}
	if after := b.state(t); after != before {
		t.Errorf("the preview of %s changes something:\n%s\nbefore:\n%s", o.Act, after, before)
	}
	text, err := json.Marshal(plan)
	if err != nil {
		t.Fatal(err)
	}
	b.mute(t, string(text))
	if plan.Steps == nil {
		t.Errorf("the steps of %s are no list", o.Act)
	}
	return plan
}

// mute fails where a text holds a secret.
func (b *bench) mute(t *testing.T, text string) {
	t.Helper()
	for _, word := range []string{secret, b.key, os.Getenv("NATS_PASSWORD"), base64.StdEncoding.EncodeToString([]byte(secret))} {
		if strings.Contains(text, word) {
			t.Errorf("a secret is in %s", text)
		}
	}
}

// runs previews an order and runs it, and fails where the key is good for a second run.
func (b *bench) runs(t *testing.T, o api.Order) *api.Done {
	t.Helper()
	plan := b.preview(t, o)
	if plan.Key == "" || plan.Denied != "" || plan.Title == "" || plan.Undo == "" || len(plan.Steps) == 0 {
		t.Fatalf("the plan of %s is %+v", o.Act, plan)
	}
	o.Key = plan.Key
	done, err := b.Run(t.Context(), o)
	if err != nil {
		t.Fatalf("run of %s: %v", o.Act, err)
	}
	text, err := json.Marshal(done)
	if err != nil {
		t.Fatal(err)
	}
	b.mute(t, string(text))
	before := b.state(t)
	if _, err := b.Run(t.Context(), o); !errors.Is(err, ErrKey) || b.state(t) != before {
		t.Errorf("a second run of %s: %v", o.Act, err)
	}
	return done
}

// keep stores deliveries in the quarantine as the edge does, and returns the number of
// the first.
func (b *bench) keep(t *testing.T, code pipeline.Code, deliveries ...*pipeline.Delivery) uint64 {
	t.Helper()
	text, err := json.Marshal(map[string]any{
		"stream": b.site.Kept.Stream, "subject_prefix": b.site.Kept.Prefix, "keys": []any{map[string]any{"id": "k1", "value": b.key}},
	})
	if err != nil {
		t.Fatal(err)
	}
	var cfg quarantine.Config
	if err := config.Decode(text, &cfg); err != nil {
		t.Fatal(err)
	}
	pool, err := quarantine.NewPool(slog.New(slog.DiscardHandler), time.Now, prometheus.NewRegistry(), func(name string) string { return name })
	if err != nil {
		t.Fatal(err)
	}
	row, _ := catalogue.Lookup("github")
	keeper, err := pool.Keeper(row, nil, cfg, func(context.Context) (jetstream.JetStream, error) { return b.nats.JS, nil }, nil)
	if err != nil {
		t.Fatal(err)
	}
	first := uint64(b.keeping + 1)
	for _, d := range deliveries {
		keeper.Refused(t.Context(), d, &pipeline.Outcome{Code: code, Stage: "verify", Err: errors.New("no match")})
		b.keeping++
		n := uint64(b.keeping)
		b.all[n] = site.Delivery{Row: api.Row{N: n, Kind: api.KindKept, Provider: "github", Route: d.Route}, Kept: n}
	}
	if err := pool.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	return first
}

// signed is a delivery of GitHub as it came.
func signed(t *testing.T, id string) *pipeline.Delivery {
	t.Helper()
	row, _ := catalogue.Lookup("github")
	signer, err := row.Signer(provider.Options{Secrets: []provider.Secret{{Value: secret}}})
	if err != nil {
		t.Fatal(err)
	}
	out, err := signer.Sign(provider.Unsigned{Body: []byte(`{"n":1}`), ContentType: "application/json", Event: "octo", ID: id, At: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	d := &pipeline.Delivery{Method: "POST", Path: "/webhooks/github", Body: out.Body, ReceivedAt: time.Now(), Route: "gh", RequestID: "r-" + id}
	for _, h := range out.Headers {
		d.Headers = append(d.Headers, pipeline.Header(h))
	}
	return d
}

// eventually polls until f is true.
func eventually(t *testing.T, what string, f func() bool) {
	t.Helper()
	deadline := time.After(15 * time.Second)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !f() {
		select {
		case <-deadline:
			t.Fatal("not in time: ", what)
		case <-tick.C:
		}
	}
}
