package jsconn

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/internal/natstest"
)

// startGroup returns a group and its stream, on a server of its own.
func startGroup(t *testing.T, batches bool) (*group, jetstream.Stream) {
	t.Helper()
	js := natstest.JetStream(t)
	stream, err := js.CreateStream(t.Context(), jetstream.StreamConfig{
		Name: "EVENTS", Subjects: []string{"events.>"}, AllowAtomicPublish: true, AllowDirect: true, MaxMsgSize: 4096,
	})
	if err != nil {
		t.Fatal(err)
	}
	g, err := newGroup(js, func(string) bool { return batches })
	if err != nil {
		t.Fatal(err)
	}
	return g, stream
}

func eventMessage(id string) *nats.Msg {
	return &nats.Msg{Subject: "events.a", Data: []byte("event " + id), Header: nats.Header{
		jetstream.MsgIDHeader: {id}, jetstream.ExpectedStreamHeader: {"EVENTS"},
	}}
}

// expectAck fails unless ack names the message of id.
func expectAck(ctx context.Context, t *testing.T, stream jetstream.Stream, id string, ack *jetstream.PubAck, err error) {
	t.Helper()
	if err != nil {
		t.Errorf("%s: %v", id, err)
		return
	}
	stored, err := stream.GetMsg(ctx, ack.Sequence)
	if err != nil {
		t.Errorf("%s: %v", id, err)
		return
	}
	if got := stored.Header.Get(jetstream.MsgIDHeader); got != id || string(stored.Data) != "event "+id || ack.Stream != "EVENTS" {
		t.Errorf("the ack of %s names %s of %s: %q", id, got, ack.Stream, stored.Data)
	}
}

// empty fails unless the group knows of no message any more.
func empty(t *testing.T, g *group) {
	t.Helper()
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.out) > 0 || len(g.waiting) > 0 {
		t.Errorf("%d messages are out and %d wait", len(g.out), len(g.waiting))
	}
}

// TestGroup_eachMessageHasItsOwnVerdict publishes from many goroutines at once what is
// stored, what was stored before, what is too large and what belongs to another stream.
func TestGroup_eachMessageHasItsOwnVerdict(t *testing.T) {
	const senders, each = 48, 20
	for _, tt := range []struct {
		name    string
		batches bool
	}{{"one by one", false}, {"in batches", true}} {
		t.Run(tt.name, func(t *testing.T) {
			g, stream := startGroup(t, tt.batches)
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			var stored atomic.Int64
			var wg sync.WaitGroup
			for s := range senders {
				wg.Go(func() {
					for n := range each {
						id := fmt.Sprint(s, ":", n)
						m := eventMessage(id)
						switch {
						case s == 0 && n%5 == 1:
							m.Data = bytes.Repeat([]byte("x"), 5000)
							if _, err := g.publish(ctx, m); !errors.Is(err, jetstream.ErrStreamMessageExceedsMaximum) {
								t.Errorf("%s: %v, want a message that is too large", id, err)
							}
							continue
						case s == 1 && n%5 == 1:
							m.Header.Set(jetstream.ExpectedStreamHeader, "OTHER")
							if _, err := g.publish(ctx, m); !TakesNothing(err) {
								t.Errorf("%s: %v, want another stream", id, err)
							}
							continue
						}
						ack, err := g.publish(ctx, m)
						expectAck(ctx, t, stream, id, ack, err)
						stored.Add(1)
						if s == 2 && n%5 == 1 {
							if ack, err = g.publish(ctx, m); err != nil || !ack.Duplicate {
								t.Errorf("%s again: %+v, %v", id, ack, err)
							}
						}
					}
				})
			}
			wg.Wait()
			empty(t, g)
			info, err := stream.Info(ctx)
			if err != nil || info.State.Msgs != uint64(stored.Load()) {
				t.Errorf("%d events are stored, want %d: %v", info.State.Msgs, stored.Load(), err)
			}
			batched := 0
			for sequence := uint64(1); sequence <= info.State.LastSeq; sequence++ {
				if m, err := stream.GetMsg(ctx, sequence); err == nil && m.Header.Get("Nats-Batch-Id") != "" {
					batched++
				}
			}
			if batched > 0 != tt.batches {
				t.Errorf("%d of %d events came in batches", batched, info.State.Msgs)
			}
		})
	}
}

// TestGroup_goesTogether holds acks back: what comes meanwhile waits, and not for long.
func TestGroup_goesTogether(t *testing.T) {
	nc := natstest.Connect(t, natstest.Start(t))
	js, err := jetstream.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	asked := make(chan *nats.Msg, 16)
	if _, err := nc.ChanSubscribe("events.>", asked); err != nil {
		t.Fatal(err)
	}
	g, err := newGroup(js, func(string) bool { return false })
	if err != nil {
		t.Fatal(err)
	}
	answers := make(chan error, 16)
	publish := func(id string) {
		go func() {
			ack, err := g.publish(t.Context(), eventMessage(id))
			if err == nil && fmt.Sprint(ack.Sequence) != id {
				err = fmt.Errorf("%s got the ack of %d", id, ack.Sequence)
			}
			answers <- err
		}()
	}
	publish("1")
	first := <-asked
	for n := 2; n <= 5; n++ { // nothing acknowledges the first, and they go all the same
		publish(fmt.Sprint(n))
	}
	pending := []*nats.Msg{first}
	for len(pending) < 5 {
		pending = append(pending, <-asked)
	}
	for _, m := range pending {
		id := strings.TrimPrefix(string(m.Data), "event ")
		if err := m.Respond([]byte(`{"stream":"EVENTS","seq":` + id + `}`)); err != nil {
			t.Fatal(err)
		}
	}
	for range pending {
		if err := <-answers; err != nil {
			t.Error(err)
		}
	}
	empty(t, g)
}

func TestGroup_waitEndsWithItsContext(t *testing.T) {
	nc := natstest.Connect(t, natstest.Start(t))
	js, err := jetstream.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := nc.SubscribeSync("events.>"); err != nil { // takes it and does not answer
		t.Fatal(err)
	}
	g, err := newGroup(js, func(string) bool { return false })
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	var wg sync.WaitGroup
	for n := range 8 {
		wg.Go(func() {
			if _, err := g.publish(ctx, eventMessage(fmt.Sprint(n))); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got %v", err)
			}
		})
	}
	wg.Wait()
	empty(t, g)
}

func TestParseAck_answersOfEveryKind(t *testing.T) {
	for name, tt := range map[string]struct {
		header nats.Header
		data   string
		want   error
	}{
		"an ack":              {data: `{"stream":"A","seq":7}`},
		"nobody listens":      {header: nats.Header{"Status": {"503"}}, want: jetstream.ErrNoStreamResponse},
		"no JSON":             {data: "+OK", want: jetstream.ErrInvalidJSAck},
		"an ack of no stream": {data: `{"seq":7}`, want: jetstream.ErrInvalidJSAck},
		"nothing":             {data: `{}`, want: jetstream.ErrInvalidJSAck},
	} {
		ack, err := parseAck(&nats.Msg{Header: tt.header, Data: []byte(tt.data)})
		if !errors.Is(err, tt.want) || (err == nil) != (ack != nil) {
			t.Errorf("%s: %+v, %v, want %v", name, ack, err, tt.want)
		}
	}
	_, err := parseAck(&nats.Msg{Data: []byte(`{"error":{"code":400,"err_code":10060,"description":"expected stream does not match"},"stream":"A","seq":0}`)})
	if !TakesNothing(err) {
		t.Errorf("got %v, want the broker's own error", err)
	}
}
