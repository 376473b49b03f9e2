package policy_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/config"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/policy"
	"webhookedge/plugins/provider/catalogue"
)

// at is when everything happens.
func at() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }

// head begins a policy whose rules follow.
const head = "package webhook.main\n\ndefault decision := {\"allow\": false, \"reason\": \"nothing else is wanted\", \"rule\": \"main.default\"}\n\n"

// kit is a pool with what it logs and counts.
type kit struct {
	pool     *policy.Pool
	registry *prometheus.Registry
	log      *syncBuffer
	clock    *clock
}

type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func newKit(t testing.TB) *kit {
	t.Helper()
	k := &kit{registry: prometheus.NewRegistry(), log: &syncBuffer{}, clock: &clock{now: at()}}
	var err error
	if k.pool, err = policy.NewPool(slog.New(slog.NewJSONHandler(k.log, nil)), k.clock.Now, k.registry, func(name string) string { return name }, nil); err != nil {
		t.Fatal(err)
	}
	return k
}

// stage returns a stage of GitHub with the settings over the defaults.
func (k *kit) stage(t testing.TB, set map[string]any, opts ...policy.Option) *policy.Stage {
	t.Helper()
	text, err := json.Marshal(set)
	if err != nil {
		t.Fatal(err)
	}
	var cfg policy.Config
	if err := config.Decode(text, &cfg); err != nil {
		t.Fatal(err)
	}
	row, _ := catalogue.Lookup("github")
	s, err := policy.New(row, cfg, k.pool, opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// rego writes a policy into a new directory.
func rego(t testing.TB, rules string) string {
	t.Helper()
	dir := t.TempDir()
	save(t, dir, rules)
	return dir
}

// save puts a policy in the place of the one in dir, in one step.
func save(t testing.TB, dir, rules string) {
	t.Helper()
	next := filepath.Join(dir, ".next")
	if err := os.WriteFile(next, []byte(head+rules), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(next, filepath.Join(dir, "main.rego")); err != nil {
		t.Fatal(err)
	}
}

func push() *event.Event {
	return &event.Event{
		ID: "1", Source: "/webhooks/github/octo-corp", Provider: "github", Type: "push", Subject: "octo-corp/hello", Tenant: "octo-corp",
		Data: []byte(`{"ref":"refs/heads/main","pusher":{"name":"mona","email":"mona@octo-corp.example"}}`),
	}
}

func delivery(events ...*event.Event) *pipeline.Delivery {
	d := &pipeline.Delivery{Method: "POST", Path: "/webhooks/github", RequestID: "r1", Route: "github"}
	for _, e := range events {
		d.Items = append(d.Items, pipeline.Item{Event: e})
	}
	return d
}
