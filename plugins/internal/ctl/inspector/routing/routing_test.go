package routing

import (
	"context"
	"errors"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/internal/ctl/inspector/api"
	"webhookedge/plugins/internal/ctl/inspector/site"
	"webhookedge/plugins/internal/ctl/topology"
	"webhookedge/plugins/internal/natstest"
)

const config = `_format_version: "3.0"
routes:
  - name: github
    methods: [POST]
    paths: [/github]
    plugins:
      - name: webhook-edge
        config:
          provider: github
          ipallow: {mode: observe, allow: [10.0.0.0/8]}
          verify: {secrets: [{value: "{vault://env/octo-github}"}]}
`

// recent are deliveries, the newest first.
type recent []site.Recent

func (r recent) Get(uint64) (d site.Delivery, ok bool) { return d, false }
func (r recent) Same(string, uint64) []uint64          { return nil }
func (r recent) Recent(since time.Time) iter.Seq[site.Recent] {
	return func(yield func(site.Recent) bool) {
		for _, one := range r {
			if one.Row.At.Before(since) || !yield(one) {
				return
			}
		}
	}
}

// of returns n deliveries of a route.
func of(n int, at time.Time, route, state, stage string, subjects ...string) (all recent) {
	for range n {
		all = append(all, site.Recent{Row: api.Row{At: at, Route: route, Provider: "github", State: state}, Stage: stage, Subjects: subjects})
	}
	return all
}

func file(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "kong.yml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func connected(js jetstream.JetStream) func(context.Context) (jetstream.JetStream, error) {
	return func(context.Context) (jetstream.JetStream, error) { return js, nil }
}

func away(context.Context) (jetstream.JetStream, error) { return nil, errors.New("away") }

func TestRouting_countsWhatWentAlong(t *testing.T) {
	js := natstest.JetStream(t)
	for name, subject := range map[string]string{"WEBHOOKS": "webhooks.>", "KEPT": "kept.>", "DEAD": "dead.>", "MINE": "mine.>"} {
		s, err := js.CreateStream(t.Context(), jetstream.StreamConfig{Name: name, Subjects: []string{subject}})
		if err != nil {
			t.Fatal(err)
		}
		if name != "WEBHOOKS" {
			continue
		}
		if _, err := s.CreateConsumer(t.Context(), jetstream.ConsumerConfig{Durable: "worker", AckPolicy: jetstream.AckExplicitPolicy}); err != nil {
			t.Fatal(err)
		}
		if _, err := js.Publish(t.Context(), "webhooks.github.acme.push", nil); err != nil {
			t.Fatal(err)
		}
	}
	now := time.Now()
	all := append(of(10, now, "github", api.StateStored, "publish", "webhooks.github.acme.push"), of(5, now, "github", api.StateRefused, "verify")...)
	all = append(all, of(20, now, "github", api.StateRefused, "body")...)
	r := New(&site.Site{
		JetStream: connected(js), Config: file(t, config), Env: func(string) (string, bool) { return "", false },
		Kept: site.Place{Stream: "KEPT"}, Dead: site.Place{Stream: "DEAD"}, Deliveries: append(all, of(9, now.Add(-time.Hour), "github", api.StateStored, "")...),
	})
	r.begin = now.Add(-time.Hour)
	r.now = func() time.Time { return now }
	got, err := r.Routing(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for i := range got.Streams {
		got.Streams[i].Bytes = 0
	}
	want := &api.Routing{
		Minutes: 5,
		Routes: []api.Route{{
			Name: "github", Method: "POST", Calls: []string{"/github"}, Provider: "github", Rate: 7,
			Stages:  []api.Stage{{Name: "ipallow", Mode: "observe"}, {Name: "body", Refused: 4}, {Name: "verify", Refused: 1}, {Name: "normalize"}, {Name: "publish"}},
			Targets: []api.Target{{Subject: "webhooks.github.>", Stream: "WEBHOOKS", Rate: 2}},
		}},
		Streams: []api.Stream{
			{Name: "DEAD", Kind: "dead", Subjects: []string{"dead.>"}},
			{Name: "KEPT", Kind: "kept", Subjects: []string{"kept.>"}},
			{Name: "MINE", Kind: "other", Subjects: []string{"mine.>"}},
			{Name: "WEBHOOKS", Kind: "events", Subjects: []string{"webhooks.>"}, Messages: 1, Rate: 2, Consumers: []api.Consumer{{Name: "worker", Pending: 1}}},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestRouting_withoutNATSAndWithoutAFileShowsWhatWasSeen(t *testing.T) {
	now := time.Now()
	r := New(&site.Site{JetStream: away, Deliveries: of(2, now, "hooks", api.StateStored, "", "webhooks.github.acme.push")})
	got, err := r.Routing(t.Context())
	if err != nil || len(got.Notes) != 2 {
		t.Fatal(err, got)
	}
	want := []api.Route{{
		Name: "hooks", Method: "any", Calls: []string{"/"}, Provider: "github", Stages: []api.Stage{}, Rate: 2,
		Targets: []api.Target{{Subject: "webhooks.github.>", Rate: 2}},
	}}
	if diff := cmp.Diff(want, got.Routes); diff != "" || got.Minutes != 1 {
		t.Errorf("%f (-want +got)\n%s", got.Minutes, diff)
	}
}

func TestRouting_keepsTheLastGoodRoutes(t *testing.T) {
	path := file(t, config)
	r := New(&site.Site{JetStream: away, Config: path, Deliveries: recent(nil)})
	if got := r.ask(t.Context()); len(got.Routes) != 1 {
		t.Fatal(got)
	}
	if err := os.WriteFile(path, []byte("routes: ["), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(path, time.Time{}, time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	got := r.ask(t.Context())
	if len(got.Routes) != 1 || !strings.Contains(strings.Join(got.Notes, "\n"), "The routes may be old: ") {
		t.Error(got.Routes, got.Notes)
	}
}

func TestCount_isBounded(t *testing.T) {
	now := time.Now()
	var all recent
	for i := range maxCounted + 10 {
		all = append(all, of(1, now.Add(-time.Duration(i)*time.Millisecond), "r", api.StateStored, "")...)
	}
	c := count(all, now, window)
	if got := c.rate(c.delivered["r"]); got < 59_999 || got > 60_001 {
		t.Error(got, c.minutes)
	}
}

func TestHistory_tellsTheRateOfAStream(t *testing.T) {
	h := history{}
	at := time.Now()
	see := func(after time.Duration, last uint64) (float64, bool) {
		s := topology.Stream{Name: "A", Last: last}
		rate, ok := h.rate(&s, at.Add(after))
		h.keep([]topology.Stream{s}, at.Add(after))
		return rate, ok
	}
	for _, step := range []struct {
		after time.Duration
		last  uint64
		rate  float64
		ok    bool
	}{
		{0, 100, 0, false},            // nothing is known yet
		{time.Second, 200, 0, false},  // too little
		{time.Minute, 400, 300, true}, // since the first
		{2 * time.Minute, 700, 300, true},
		{3 * time.Minute, 5, 0, false}, // made anew
		{4 * time.Minute, 15, 10, true},
		{time.Hour, 99, 0, false}, // nobody asked for long
	} {
		if rate, ok := see(step.after, step.last); rate != step.rate || ok != step.ok {
			t.Errorf("after %s: %f, %t", step.after, rate, ok)
		}
	}
	if h.keep(nil, at); len(h) != 0 {
		t.Error(h)
	}
}
