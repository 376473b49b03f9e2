package consumer

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	cloudevents "github.com/cloudevents/sdk-go/v2/event"
	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/natstest"
	"webhookedge/plugins/streams/deadletter"
)

var errHandler = errors.New("the ledger is closed")

// startNATS runs a broker with the streams of events and of dead letters.
func startNATS(t testing.TB, dead bool) jetstream.JetStream {
	t.Helper()
	js := natstest.JetStream(t)
	create(t, js, jetstream.StreamConfig{Name: "WEBHOOKS", Subjects: []string{"webhooks.>"}})
	if dead {
		createDead(t, js)
	}
	return js
}

func create(t testing.TB, js jetstream.JetStream, cfg jetstream.StreamConfig) {
	t.Helper()
	if _, err := js.CreateStream(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
}

func createDead(t testing.TB, js jetstream.JetStream) {
	t.Helper()
	create(t, js, jetstream.StreamConfig{Name: deadletter.Stream, Subjects: []string{deadletter.Prefix + ".>", deadletter.Advisories + ".WEBHOOKS.>"}})
}

func push(id string) *event.Event {
	return &event.Event{
		ID: id, Source: "/webhooks/github", Provider: "github", Type: "push", DataContentType: "application/json",
		Data: []byte("{ \"n\" : 1.0 }"), ReceivedAt: time.Date(2025, 6, 12, 10, 0, 0, 0, time.UTC),
	}
}

func store(t testing.TB, js jetstream.JetStream, e *event.Event, binary bool) {
	t.Helper()
	msg := &nats.Msg{Subject: e.NATSSubject("webhooks"), Header: nats.Header{}, Data: e.AppendJSON(nil)}
	if binary {
		msg.Data = e.Data
		for name, value := range e.Headers() {
			msg.Header[name] = []string{value}
		}
	}
	if _, err := js.PublishMsg(t.Context(), msg); err != nil {
		t.Fatal(err)
	}
}

// quick is a config that does not keep a test waiting.
func quick() Config {
	return Config{Stream: "WEBHOOKS", Name: "billing", Tries: 3, Backoff: 5 * time.Millisecond, MaxBackoff: 20 * time.Millisecond}
}

// run runs a consumer until the test ends or stop is called, which waits for it.
func run(t testing.TB, js jetstream.JetStream, cfg Config, h Handler, opts ...Option) (stop func()) {
	t.Helper()
	c, err := New(js, cfg, h, opts...)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- c.Run(ctx) }()
	var once sync.Once
	stop = func() {
		once.Do(func() {
			cancel()
			select {
			case err := <-done:
				if err != nil {
					t.Errorf("run: %v", err)
				}
			case <-time.After(20 * time.Second):
				t.Error("it does not end")
			}
		})
	}
	t.Cleanup(stop)
	return stop
}

func eventually(t testing.TB, what string, f func() bool) {
	t.Helper()
	deadline := time.After(20 * time.Second)
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

// settled reports whether nothing is left to do for the consumer.
func settled(t testing.TB, js jetstream.JetStream) bool {
	c, err := js.Consumer(t.Context(), "WEBHOOKS", "billing")
	if err != nil {
		return false
	}
	info := c.CachedInfo()
	return info.NumPending == 0 && info.NumAckPending == 0
}

func letters(t testing.TB, js jetstream.JetStream) []*deadletter.Letter {
	t.Helper()
	var all []*deadletter.Letter
	for l, err := range deadletter.NewBox(js, deadletter.Stream, deadletter.Prefix).List(t.Context(), deadletter.Filter{}, false) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, l)
	}
	return all
}

func TestConsumer_deliversCloudEventsAndAcknowledges(t *testing.T) {
	for name, binary := range map[string]bool{"structured": false, "binary": true} {
		t.Run(name, func(t *testing.T) {
			js := startNATS(t, true)
			got := make(chan cloudevents.Event, 10)
			sent := push("d1")
			sent.Unsigned = []string{"id", "type"}
			store(t, js, sent, binary)
			run(t, js, quick(), func(_ context.Context, e cloudevents.Event) error { got <- e; return nil })
			e := <-got
			if err := e.Validate(); err != nil {
				t.Error(err)
			}
			if e.ID() != "d1" || e.Type() != "github.push" || e.Source() != "/webhooks/github" || e.Extensions()["provider"] != "github" || e.Extensions()["unsigned"] != "id type" {
				t.Errorf("event %v", e)
			}
			if diff := cmp.Diff(string(push("").Data), string(e.Data())); diff != "" {
				t.Errorf("data (-want +got):\n%s", diff)
			}
			eventually(t, "the ack", func() bool { return settled(t, js) })
			if len(got) > 0 || len(letters(t, js)) > 0 {
				t.Error("it was handled again")
			}
		})
	}
}

func TestConsumer_retriesUntilDeadLetter(t *testing.T) {
	tests := map[string]struct {
		handle func(try int) error
		tries  int
		reason string // of the letter, "" for none
	}{
		"succeeds at last":         {func(try int) error { return map[bool]error{true: errHandler}[try < 3] }, 3, ""},
		"fails for good":           {func(int) error { return errHandler }, 3, errHandler.Error()},
		"says that it is hopeless": {func(int) error { return fmt.Errorf("no account: %w", Permanent(errHandler)) }, 1, "no account: the ledger is closed"},
		"says when to try again":   {func(int) error { return RetryAfter(errHandler, time.Millisecond) }, 3, errHandler.Error()},
		"panics":                   {func(int) error { panic("s3cret payload") }, 3, "panic of type string"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			js := startNATS(t, true)
			store(t, js, push("d1"), false)
			var tried atomic.Int32
			var logged bytes.Buffer
			stop := run(t, js, quick(), func(context.Context, cloudevents.Event) error { return tc.handle(int(tried.Add(1))) },
				WithLogger(slog.New(slog.NewJSONHandler(&logged, nil))))
			eventually(t, "the end of it", func() bool { return int(tried.Load()) >= tc.tries && settled(t, js) })
			stop()
			if int(tried.Load()) != tc.tries {
				t.Errorf("%d tries", tried.Load())
			}
			if strings.Contains(logged.String(), "s3cret") {
				t.Errorf("logged %s", &logged)
			}
			all := letters(t, js)
			if tc.reason == "" {
				if len(all) > 0 {
					t.Errorf("letters %+v", all)
				}
				return
			}
			if len(all) != 1 {
				t.Fatalf("%d letters", len(all))
			}
			want := deadletter.Letter{
				Sequence: 1, Cause: deadletter.GivenUp, Consumer: "billing", Stream: "WEBHOOKS", Message: 1,
				Subject: "webhooks.github._.push", Deliveries: tc.tries, Reason: tc.reason,
			}
			got := deadletter.Letter{
				Sequence: all[0].Sequence, Cause: all[0].Cause, Consumer: all[0].Consumer, Stream: all[0].Stream, Message: all[0].Message,
				Subject: all[0].Subject, Deliveries: all[0].Deliveries, Reason: all[0].Reason,
			}
			if diff := cmp.Diff(want, got, cmp.AllowUnexported(deadletter.Letter{})); diff != "" {
				t.Errorf("letter (-want +got):\n%s", diff)
			}
		})
	}
}

func TestConsumer_deadLettersWhatIsNoEvent(t *testing.T) {
	js := startNATS(t, true)
	if _, err := js.Publish(t.Context(), "webhooks.junk", []byte("{")); err != nil {
		t.Fatal(err)
	}
	run(t, js, quick(), func(context.Context, cloudevents.Event) error { t.Error("handled"); return nil })
	eventually(t, "the letter", func() bool { return len(letters(t, js)) == 1 })
	if l := letters(t, js)[0]; l.Deliveries != 1 || !strings.Contains(l.Reason, event.ErrNotEvent.Error()) {
		t.Errorf("letter %+v", l)
	}
}

func TestConsumer_deadLettersAnEventThatKillsItsProcess(t *testing.T) {
	js := startNATS(t, true)
	store(t, js, push("d1"), false)
	cfg := quick()
	cfg.Tries, cfg.AckWait = 1, time.Second
	dying, err := js.CreateConsumer(t.Context(), "WEBHOOKS", jetstream.ConsumerConfig{
		Durable: "billing", AckPolicy: jetstream.AckExplicitPolicy, AckWait: cfg.AckWait, MaxDeliver: cfg.Tries + spare, MaxAckPending: 1008,
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := dying.Next(); err != nil { // and never a word again
		t.Fatal(err)
	}
	run(t, js, cfg, func(context.Context, cloudevents.Event) error { t.Error("handled again"); return nil })
	eventually(t, "the letter", func() bool { return len(letters(t, js)) == 1 })
	if l := letters(t, js)[0]; l.Reason != errNeverFinished.Error() || l.Deliveries != 2 {
		t.Errorf("letter %+v", l)
	}
}

func TestConsumer_noAckWithoutADeadLetter(t *testing.T) {
	js := startNATS(t, false)
	store(t, js, push("d1"), false)
	var tried atomic.Int32
	run(t, js, quick(), func(context.Context, cloudevents.Event) error { tried.Add(1); return Permanent(errHandler) })
	eventually(t, "two tries to write it", func() bool { return tried.Load() >= 2 })
	createDead(t, js)
	eventually(t, "the letter", func() bool { return len(letters(t, js)) == 1 && settled(t, js) })
}

func TestConsumer_fetchesAndChecksObjects(t *testing.T) {
	js := startNATS(t, true)
	objects, err := js.CreateObjectStore(t.Context(), jetstream.ObjectStoreConfig{Bucket: "LARGE"})
	if err != nil {
		t.Fatal(err)
	}
	payload := bytes.Repeat([]byte(`{"a":1}`+"\n"), 40_000)
	if _, err := objects.PutBytes(t.Context(), "github/one", payload); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(payload)
	large := func(id, ref string, sum []byte) *event.Event {
		e := push(id)
		e.Data, e.DataRef, e.DataSize, e.DataSHA256 = nil, ref, int32(len(payload)), hex.EncodeToString(sum)
		return e
	}
	store(t, js, large("good", event.ObjectRef("LARGE", "github/one"), sum[:]), false)
	store(t, js, large("binary", event.ObjectRef("LARGE", "github/one"), sum[:]), true)
	store(t, js, large("tampered", event.ObjectRef("LARGE", "github/one"), make([]byte, 32)), false)
	store(t, js, large("gone", event.ObjectRef("LARGE", "github/two"), sum[:]), false)
	store(t, js, large("elsewhere", "https://example.com/payload", sum[:]), false)
	got := make(chan cloudevents.Event, 10)
	run(t, js, quick(), func(_ context.Context, e cloudevents.Event) error { got <- e; return nil })
	for range 2 {
		e := <-got
		if !bytes.Equal(e.Data(), payload) || e.Extensions()["dataref"] == nil {
			t.Errorf("%s has %d bytes", e.ID(), len(e.Data()))
		}
	}
	eventually(t, "the letters", func() bool { return len(letters(t, js)) == 3 && settled(t, js) })
	if len(got) > 0 {
		t.Errorf("handled %s", (<-got).ID())
	}
	why := map[uint64]string{3: ErrPayload.Error(), 4: "payload of the event", 5: event.ErrDataRef.Error()}
	for _, l := range letters(t, js) {
		if !strings.Contains(l.Reason, why[l.Message]) || why[l.Message] == "" {
			t.Errorf("letter %+v", l)
		}
	}
}

func TestConsumer_boundsPayloads(t *testing.T) {
	js := startNATS(t, true)
	objects, err := js.CreateObjectStore(t.Context(), jetstream.ObjectStoreConfig{Bucket: "LARGE"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := objects.PutBytes(t.Context(), "x", make([]byte, 1001)); err != nil {
		t.Fatal(err)
	}
	e := push("d1")
	e.Data, e.DataRef, e.DataSHA256 = nil, event.ObjectRef("LARGE", "x"), "00"
	store(t, js, e, false)
	cfg := quick()
	cfg.MaxData = 1000
	run(t, js, cfg, func(context.Context, cloudevents.Event) error { t.Error("handled"); return nil })
	eventually(t, "the letter", func() bool { return len(letters(t, js)) == 1 })
	if l := letters(t, js)[0]; l.Reason != ErrTooLarge.Error() || l.Deliveries != 1 {
		t.Errorf("letter %+v", l)
	}
}

func TestConsumer_drainsOnShutdown(t *testing.T) {
	js := startNATS(t, true)
	store(t, js, push("d1"), false)
	started, proceed := make(chan struct{}), make(chan struct{})
	stop := run(t, js, quick(), func(ctx context.Context, _ cloudevents.Event) error {
		close(started)
		<-proceed
		return ctx.Err()
	})
	<-started
	ended := make(chan struct{})
	go func() { stop(); close(ended) }()
	close(proceed)
	<-ended
	if !settled(t, js) {
		t.Error("what was finished is not acknowledged")
	}
}

func TestConsumer_cancelsHandlersAfterDrain(t *testing.T) {
	js := startNATS(t, true)
	store(t, js, push("d1"), false)
	cfg := quick()
	cfg.Drain = 20 * time.Millisecond
	started := make(chan struct{})
	stop := run(t, js, cfg, func(ctx context.Context, _ cloudevents.Event) error {
		close(started)
		<-ctx.Done()
		return ctx.Err()
	})
	<-started
	stop()
	if n := len(letters(t, js)); n != 0 {
		t.Errorf("%d letters", n)
	}
	var second atomic.Bool
	run(t, js, quick(), func(context.Context, cloudevents.Event) error { second.Store(true); return nil })
	eventually(t, "somebody else's turn", second.Load)
}

// TestConsumer_endsWithItsStreamGone stops a consumer whose handler goes on although
// nothing more can come.
func TestConsumer_endsWithItsStreamGone(t *testing.T) {
	js := startNATS(t, true)
	store(t, js, push("d1"), false)
	cfg := quick()
	cfg.Drain = 20 * time.Millisecond
	c, err := New(js, cfg, func(ctx context.Context, _ cloudevents.Event) error {
		if err := js.DeleteStream(ctx, "WEBHOOKS"); err != nil {
			return err
		}
		<-ctx.Done()
		return ctx.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- c.Run(ctx) }()
	eventually(t, "the stream is gone", func() bool {
		_, err := js.Stream(t.Context(), "WEBHOOKS")
		return errors.Is(err, jetstream.ErrStreamNotFound)
	})
	time.AfterFunc(100*time.Millisecond, cancel) // the pull ends with the stream
	select {
	case <-done:
	case <-time.After(20 * time.Second):
		t.Error("it does not end")
	}
}

func TestConsumer_longHandlerKeepsItsEvent(t *testing.T) {
	js := startNATS(t, true)
	store(t, js, push("d1"), false)
	cfg := quick()
	cfg.AckWait = time.Second
	var handled atomic.Int32
	over := make(chan struct{})
	run(t, js, cfg, func(context.Context, cloudevents.Event) error {
		if handled.Add(1) == 1 {
			<-over
		}
		return nil
	})
	time.AfterFunc(3*cfg.AckWait, func() { close(over) })
	<-over
	eventually(t, "the ack", func() bool { return settled(t, js) })
	if handled.Load() != 1 {
		t.Errorf("handled %d times", handled.Load())
	}
}

func TestConsumer_backoffDoublesWithinItsBounds(t *testing.T) {
	c, err := New(startNATS(t, false), Config{Stream: "s", Name: "n"}, func(context.Context, cloudevents.Event) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	for delivered, most := range map[uint64]time.Duration{
		1: time.Second, 2: 2 * time.Second, 4: 8 * time.Second, 9: 256 * time.Second, 10: 5 * time.Minute, 1 << 40: 5 * time.Minute,
	} {
		for range 100 {
			if wait := c.wait(delivered, errHandler); wait < most/2-1 || wait > most {
				t.Fatalf("after %d deliveries %v, want %v to %v", delivered, wait, most/2, most)
			}
		}
	}
	if wait := c.wait(9, RetryAfter(errHandler, time.Minute)); wait != time.Minute {
		t.Errorf("asked for a minute, got %v", wait)
	}
}

func TestConfig_refusesWhatCannotBeUsed(t *testing.T) {
	js := startNATS(t, false)
	h := func(context.Context, cloudevents.Event) error { return nil }
	for name, change := range map[string]func(*Config){
		"no stream":                   func(c *Config) { c.Stream = "" },
		"no name":                     func(c *Config) { c.Name = "" },
		"tries below nothing":         func(c *Config) { c.Tries = -1 },
		"a backoff beyond its bound":  func(c *Config) { c.Backoff = time.Hour },
		"too much at once":            func(c *Config) { c.Concurrency = 5000 },
		"an ack wait of a moment":     func(c *Config) { c.AckWait = time.Millisecond },
		"a drain in the past":         func(c *Config) { c.Drain = -1 },
		"a payload of no size at all": func(c *Config) { c.MaxData = -1 },
	} {
		t.Run(name, func(t *testing.T) {
			cfg := quick()
			change(&cfg)
			if _, err := New(js, cfg, h); !errors.Is(err, ErrConfig) {
				t.Errorf("got %v", err)
			}
		})
	}
	if _, err := New(js, quick(), nil); !errors.Is(err, ErrConfig) {
		t.Errorf("no handler: %v", err)
	}
	c, err := New(js, Config{Stream: "NONE", Name: "n"}, h)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Run(t.Context()); !errors.Is(err, jetstream.ErrStreamNotFound) {
		t.Errorf("a stream that is not there: %v", err)
	}
}

func TestErrors_keepTheReason(t *testing.T) {
	if !errors.Is(Permanent(errHandler), errHandler) || !errors.Is(RetryAfter(errHandler, 1), errHandler) {
		t.Error("the reason is lost")
	}
	if Permanent(nil) != nil || RetryAfter(nil, 1) != nil {
		t.Error("nil became an error")
	}
}
