package publish_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/config"
	"webhookedge/plugins/internal/natstest"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/publish"
)

// startNATS runs a broker with JetStream until the test ends.
func startNATS(t testing.TB, change func(*server.Options)) *server.Server {
	t.Helper()
	if change == nil {
		return natstest.Start(t)
	}
	return natstest.Start(t, change)
}

func stop(s *server.Server) { natstest.Stop(s) }

// settings decodes a config as Kong would send it, over the defaults.
func settings(t testing.TB, set map[string]any) publish.Config {
	t.Helper()
	text, err := json.Marshal(set)
	if err != nil {
		t.Fatal(err)
	}
	var cfg publish.Config
	if err := config.Decode(text, &cfg); err != nil {
		t.Fatal(err)
	}
	return cfg
}

type object = map[string]any

// creating has a broker whose ack is the end of it, so that an answer does not say
// otherwise. A busy machine, and the race detector, may take their time.
func creating(url string) object {
	return object{"servers": []string{url}, "stream": object{"ensure": "create"}, "broker_sync": "always", "ack_timeout_ms": 10_000}
}

// logs collects what was logged.
type logs struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logs) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

func (l *logs) count(text string) int { return strings.Count(l.String(), text) }

func connections(t testing.TB) (*publish.Connections, *logs) {
	t.Helper()
	out := &logs{}
	conns := publish.NewConnections(slog.New(slog.NewJSONHandler(out, nil)), 0, "edge")
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := conns.Close(ctx); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return conns, out
}

func newStage(t testing.TB, set object) (*publish.Stage, *logs) {
	t.Helper()
	conns, out := connections(t)
	s, err := publish.New(settings(t, set), conns)
	if err != nil {
		t.Fatal(err)
	}
	return s, out
}

// readyStage is a stage whose stream is there.
func readyStage(t testing.TB, set object) (*publish.Stage, *logs) {
	t.Helper()
	s, out := newStage(t, set)
	eventually(t, func() error { return s.Ready(t.Context()) })
	return s, out
}

func eventually(t testing.TB, f func() error) {
	t.Helper()
	deadline := time.After(15 * time.Second)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		err := f()
		if err == nil {
			return
		}
		select {
		case <-deadline:
			t.Fatalf("not in time: %v", err)
		case <-tick.C:
		}
	}
}

func delivery(id string) *pipeline.Delivery {
	d := &pipeline.Delivery{}
	d.SetEvent(&event.Event{
		ID: id, Source: "/webhooks/github/octo", Provider: "github", Tenant: "octo", Type: "issues", Action: "opened",
		DataContentType: "application/json", TraceParent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
		Data: []byte(`{"action": "opened" }`),
	})
	return d
}

// wantReject fails unless err refuses with code because of reason.
func wantReject(t *testing.T, err error, code pipeline.Code, reason error) *pipeline.Reject {
	t.Helper()
	var reject *pipeline.Reject
	if !errors.As(err, &reject) || reject.Code != code || !errors.Is(err, reason) {
		t.Fatalf("got %v, want code %s because %q", err, code, reason)
	}
	return reject
}

// admin is a client of its own, to see what the broker really has.
func admin(t testing.TB, url string, opts ...nats.Option) jetstream.JetStream {
	t.Helper()
	nc, err := nats.Connect(url, opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	js, err := jetstream.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	return js
}
