package chain

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/endpoint"
	"webhookedge/plugins/internal/natstest"
	"webhookedge/plugins/internal/probe"
)

// warned builds a route of a provider that switches an endpoint off after ten failures in a
// row, and plays answers to it.
func warned(t *testing.T, server string) (fail func(times int), log *lines) {
	t.Helper()
	process, log := opened(t)
	h, err := process.Build("webhook-edge", []byte(fmt.Sprintf(`{"provider":"elevenlabs","verify":{"secrets":[{"value":"a-secret-of-a-test"}]},"publish":{"servers":[%q],"journal":{"directory":""}}}`, server)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.Close)
	return func(times int) {
		for range times {
			h.Answered("calls > eu", false, true)
		}
	}, log
}

func TestEndpoint_warningIsAnEvent(t *testing.T) {
	server := natstest.Start(t)
	stream, err := natstest.Client(t, server).CreateStream(t.Context(), jetstream.StreamConfig{Name: probe.Stream, Subjects: []string{"webhooks-edge.>"}})
	if err != nil {
		t.Fatal(err)
	}
	consumer, err := stream.CreateConsumer(t.Context(), jetstream.ConsumerConfig{})
	if err != nil {
		t.Fatal(err)
	}
	fail, log := warned(t, server.ClientURL())
	for _, want := range []struct {
		level    string
		failures int64
	}{{"half", 5}, {"spent", 10}} {
		fail(5)
		m, err := consumer.Next(jetstream.FetchMaxWait(20 * time.Second))
		if err != nil {
			t.Fatalf("%s: %v\n%s", want.level, err, log)
		}
		if want := "webhooks-edge.endpoint.elevenlabs.calls%20%3E%20eu"; m.Subject() != want {
			t.Errorf("subject %s, want %s", m.Subject(), want)
		}
		e, err := event.Parse(m.Headers(), m.Data())
		if err != nil {
			t.Fatal(err)
		}
		if got, want := e.FullType()+" "+e.Subject+" "+m.Headers().Get(jetstream.MsgIDHeader), "edge.endpoint.health calls > eu "+e.ID; got != want {
			t.Errorf("%q, want %q", got, want)
		}
		var w endpoint.Warning
		if err := json.Unmarshal(e.Data, &w); err != nil {
			t.Fatal(err)
		}
		if w.Since.IsZero() || time.Since(w.Since) > time.Hour {
			t.Errorf("since %v", w.Since)
		}
		w.Since = time.Time{}
		if diff := cmp.Diff(endpoint.Warning{Provider: "elevenlabs", Route: "calls > eu", Level: want.level, Ratio: float64(want.failures) / 10, Failures: want.failures}, w); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

func TestEndpoint_warningWithoutAStreamIsLogged(t *testing.T) {
	server := natstest.Start(t)
	fail, log := warned(t, server.ClientURL())
	fail(5)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for !strings.Contains(log.String(), "a warning about an endpoint was not stored") {
		if ctx.Err() != nil {
			t.Fatal(log.String())
		}
		time.Sleep(time.Millisecond)
	}
	if !strings.Contains(log.String(), "half of what it allows has failed") {
		t.Error(log.String())
	}
}
