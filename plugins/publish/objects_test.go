package publish_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	cloudevents "github.com/cloudevents/sdk-go/v2/event"
	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/consumer"
	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/natstest"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/publish"
	"webhookedge/plugins/streams/replay"
)

// small is a broker that takes 64 KiB in a message.
func small(o *server.Options) { o.MaxPayload = 64 << 10 }

// large is a delivery of a payload that small does not take.
func large(id string) *pipeline.Delivery {
	d := delivery(id)
	d.Event().Data = []byte(`{"x":"` + strings.Repeat("x", 300<<10) + `"}`)
	return d
}

// objects lists what the bucket holds, and counts its messages, so that chunks
// that belong to no object show.
func objects(t *testing.T, broker *server.Server) (names []string, messages uint64) {
	t.Helper()
	js := admin(t, broker.ClientURL())
	store, err := js.ObjectStore(t.Context(), "WEBHOOKS_DATA")
	if err != nil {
		t.Fatal(err)
	}
	list, err := natstest.Objects(t.Context(), store)
	if err != nil && !errors.Is(err, jetstream.ErrNoObjectsFound) {
		t.Fatal(err)
	}
	for _, o := range list {
		names = append(names, o.Name[:strings.LastIndexByte(o.Name, '/')])
	}
	st, err := js.Stream(t.Context(), "OBJ_WEBHOOKS_DATA")
	if err != nil {
		t.Fatal(err)
	}
	return names, st.CachedInfo().State.Msgs
}

// consume gives the first n events of the stream as a service sees them.
func consume(t *testing.T, broker *server.Server, n int) (got []cloudevents.Event) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	c, err := consumer.New(admin(t, broker.ClientURL()), consumer.Config{Stream: "WEBHOOKS", Name: "test", Concurrency: 1},
		func(_ context.Context, e cloudevents.Event) error {
			if got = append(got, e); len(got) == n {
				cancel()
			}
			return nil
		})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Run(ctx); err != nil || len(got) != n {
		t.Fatalf("%d events, want %d: %v", len(got), n, err)
	}
	return got
}

func TestObjects_largePayloadIsReadByTheConsumer(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"structured", "binary"} {
		t.Run(mode, func(t *testing.T) {
			broker := startNATS(t, small)
			set := creating(broker.ClientURL())
			set["content_mode"] = mode
			stage, _ := readyStage(t, set)
			d := large("e1")
			if err := stage.Handle(t.Context(), d); err != nil || d.Ack.By != pipeline.AckBroker {
				t.Fatal(err, d.Ack)
			}
			e := consume(t, broker, 1)[0]
			if !bytes.Equal(e.Data(), d.Event().Data) || e.ID() != "e1" || e.DataContentType() != "application/json" {
				t.Errorf("%d bytes of %s: %s", len(e.Data()), e.DataContentType(), e.ID())
			}
			js := admin(t, broker.ClientURL())
			store, err := js.ObjectStore(t.Context(), "WEBHOOKS_DATA")
			if err != nil {
				t.Fatal(err)
			}
			status, err := store.Status(t.Context())
			if err != nil || status.TTL() != 8*24*time.Hour || status.Storage() != jetstream.FileStorage {
				t.Errorf("bucket %v, %v", status, err)
			}
		})
	}
}

func TestObjects_payloadsWithoutAnEventAreRemoved(t *testing.T) {
	t.Parallel()
	broker := startNATS(t, small)
	stage, _ := readyStage(t, creating(broker.ClientURL()))
	if err := stage.Handle(t.Context(), large("e1")); err != nil {
		t.Fatal(err)
	}
	_, first := objects(t, broker)
	is := func(what string, gone int) {
		t.Helper()
		names, messages := objects(t, broker)
		if diff := cmp.Diff([]string{"github/e1"}, names); diff != "" {
			t.Errorf("%s (-want +got):\n%s", what, diff)
		}
		if messages > first+uint64(gone) { // a mark for each that was removed
			t.Errorf("%s: %d messages are in the bucket, want %d", what, messages, first)
		}
	}
	d := large("e1")
	if err := stage.Handle(t.Context(), d); err != nil || d.Ack.By != pipeline.AckDuplicate {
		t.Fatal(err, d.Ack)
	}
	is("a double", 1)
	other := large("e1")
	other.Event().Data[6] = 'y'
	wantReject(t, stage.Handle(t.Context(), other), pipeline.IDReused, publish.ErrIDReused)
	is("another payload under the id", 2)
	astray := large("e2")
	astray.Items[0].Targets = []pipeline.Target{{Subject: "elsewhere.x"}}
	wantReject(t, stage.Handle(t.Context(), astray), pipeline.NoStream, publish.ErrNoStream)
	is("no stream", 3)
	if got := consume(t, broker, 1)[0]; !bytes.Equal(got.Data(), large("e1").Event().Data) {
		t.Error("the first payload is another")
	}
}

func TestObjects_ackThatIsCutOffKeepsThePayload(t *testing.T) {
	t.Parallel()
	broker := startNATS(t, small)
	link := startCutter(t, broker)
	set := creating(link.url)
	set["ack_timeout_ms"] = 4000
	stage, _ := readyStage(t, set)
	link.cut.Store(1)
	d := large("e1")
	if err := stage.Handle(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	if got := consume(t, broker, 1)[0]; !bytes.Equal(got.Data(), d.Event().Data) {
		t.Error("the payload is another")
	}
}

func TestObjects_withoutABucketAreRefused(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		set  object
		want string
	}{
		"it is off":     {object{"objects": object{"bucket": ""}}, "objects.bucket is off"},
		"it is missing": {object{"stream": object{"ensure": "check"}}, "nats object add WEBHOOKS_DATA"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			broker := startNATS(t, small)
			addStream(t, broker, jetstream.StreamConfig{Name: "WEBHOOKS", Subjects: []string{"webhooks.>"}})
			set := creating(broker.ClientURL())
			for key, value := range tt.set {
				set[key] = value
			}
			stage, _ := readyStage(t, set)
			reject := wantReject(t, stage.Handle(t.Context(), large("e1")), pipeline.EventTooLarge, publish.ErrTooLarge)
			if !strings.Contains(reject.Error(), tt.want) {
				t.Errorf("%v says nothing of %q", reject, tt.want)
			}
		})
	}
}

func TestObjects_streamsOwnLimit(t *testing.T) {
	t.Parallel()
	broker := startNATS(t, nil)
	addStream(t, broker, jetstream.StreamConfig{Name: "WEBHOOKS", Subjects: []string{"webhooks.>"}, MaxMsgSize: 50 << 10})
	addStream(t, broker, jetstream.StreamConfig{Name: "NARROW", Subjects: []string{"narrow.>"}, MaxMsgSize: 20 << 10})
	stage, _ := readyStage(t, creating(broker.ClientURL()))
	if err := stage.Handle(t.Context(), large("e1")); err != nil {
		t.Error(err)
	}
	d := delivery("e2") // fits into the first stream, not into that of the target
	d.Event().Data = []byte(`"` + strings.Repeat("x", 30<<10) + `"`)
	d.Items[0].Targets = []pipeline.Target{{Subject: "narrow.x", Stream: "NARROW"}}
	if err := stage.Handle(t.Context(), d); err != nil {
		t.Error(err)
	}
	names, _ := objects(t, broker)
	if diff := cmp.Diff([]string{"github/e1", "github/e2"}, names); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestObjects_areJournaledAndPublishedLater(t *testing.T) {
	t.Parallel()
	down := newOutage(t)
	set := journaling(down.url(), t.TempDir())
	set["ack_timeout_ms"] = 20_000 // an upload that is cut off leaves an object
	stage, conns, _ := journalStage(t, set)
	d := delivery("e1")
	d.Event().Data = []byte(`"` + strings.Repeat("x", 3<<20) + `"`)
	if err := stage.Handle(t.Context(), d); err != nil || d.Ack.By != pipeline.AckSpool {
		t.Fatal(err, d.Ack)
	}
	broker := down.end()
	drained(t, conns)
	again := delivery("e1") // the sender tries it again, with the broker up
	again.Event().Data = d.Event().Data
	eventually(t, func() error {
		return errors.Join(stage.Handle(t.Context(), again), by(again, pipeline.AckDuplicate))
	})
	names, _ := objects(t, broker)
	if diff := cmp.Diff([]string{"github/e1"}, names); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	js := admin(t, broker.ClientURL())
	st, err := js.Stream(t.Context(), "WEBHOOKS")
	if err != nil {
		t.Fatal(err)
	}
	m, err := st.GetMsg(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	copied, err := replay.Copy(&replay.Original{Stream: "WEBHOOKS", Sequence: 1, Subject: m.Subject, Header: m.Header, Data: m.Data}, m.Subject, "run")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := js.PublishMsg(t.Context(), copied); err != nil {
		t.Fatal(err)
	}
	for i, e := range consume(t, broker, 2) {
		if !bytes.Equal(e.Data(), d.Event().Data) {
			t.Errorf("event %d has %d bytes", i, len(e.Data()))
		}
	}
	if e, err := event.Parse(m.Header, m.Data); err != nil || e.DataSize != int32(len(d.Event().Data)) || len(e.DataSHA256) != 64 {
		t.Errorf("%+v, %v", e, err)
	}
}

// TestObjects_outageBeforeTheLimitIsKnown journals what NATS takes by default, for
// a broker that takes less.
func TestObjects_outageBeforeTheLimitIsKnown(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"structured", "binary"} {
		t.Run(mode, func(t *testing.T) {
			down := newOutage(t)
			set := journaling(down.url(), t.TempDir())
			set["content_mode"] = mode
			stage, conns, _ := journalStage(t, set)
			d := delivery("e1")
			d.Event().Data = []byte(`{"x": "` + strings.Repeat("x", 600<<10) + `"}`)
			if err := stage.Handle(t.Context(), d); err != nil || d.Ack.By != pipeline.AckSpool {
				t.Fatal(err, d.Ack)
			}
			handle(t, stage, pipeline.AckSpool, "e2")
			broker := down.end(small)
			drained(t, conns)
			for _, e := range consume(t, broker, 2) {
				if want := map[string]int{"e1": len(d.Event().Data), "e2": len(delivery("e2").Event().Data)}[e.ID()]; len(e.Data()) != want {
					t.Errorf("%s has %d bytes, want %d", e.ID(), len(e.Data()), want)
				}
			}
			if number(t, conns, "journal_parked_events") != 0 {
				t.Error("an event is parked")
			}
		})
	}
}

// TestObjects_failedUploadIsDoneAgain spoils an object that says that it is whole.
func TestObjects_failedUploadIsDoneAgain(t *testing.T) {
	t.Parallel()
	for name, replace := range map[string]bool{"a part is missing": false, "a part has other bytes": true} {
		t.Run(name, func(t *testing.T) {
			down := newOutage(t)
			stage, conns, _ := journalStage(t, journaling(down.url(), t.TempDir()))
			d := delivery("e1")
			d.Event().Data = []byte(`"` + strings.Repeat("x", 3<<20) + `"`)
			broker := down.end()
			eventually(t, func() error { return stage.Ready(t.Context()) })
			js := admin(t, broker.ClientURL())
			limitStream(t, js, 1) // the payload is uploaded, and its event journaled
			if err := stage.Handle(t.Context(), d); err != nil || d.Ack.By != pipeline.AckSpool {
				t.Fatal(err, d.Ack)
			}
			bucket, err := js.Stream(t.Context(), "OBJ_WEBHOOKS_DATA")
			if err != nil {
				t.Fatal(err)
			}
			part, err := bucket.GetMsg(t.Context(), 2)
			if err != nil {
				t.Fatal(err)
			}
			if err := bucket.DeleteMsg(t.Context(), part.Sequence); err != nil {
				t.Fatal(err)
			}
			if replace {
				if _, err := js.Publish(t.Context(), part.Subject, bytes.Repeat([]byte("y"), len(part.Data))); err != nil {
					t.Fatal(err)
				}
			}
			// Every try of the drain looks at the payload again. One that looked
			// before it was spoiled must not be the one that finds room.
			eventually(t, func() error { return readsAs(t, js, d.Event().Data) })
			limitStream(t, js, -1)
			drained(t, conns)
			if got := consume(t, broker, 1)[0]; !bytes.Equal(got.Data(), d.Event().Data) {
				t.Errorf("the payload has %d bytes", len(got.Data()))
			}
		})
	}
}

// readsAs is nil when the only object of the bucket is data.
func readsAs(t *testing.T, js jetstream.JetStream, data []byte) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Second) // one that is torn does not end
	defer cancel()
	bucket, err := js.ObjectStore(ctx, "WEBHOOKS_DATA")
	if err != nil {
		return err
	}
	infos, err := bucket.List(ctx)
	if err != nil {
		return err
	}
	got, err := bucket.GetBytes(ctx, infos[0].Name)
	if err == nil && (len(infos) != 1 || !bytes.Equal(got, data)) {
		err = fmt.Errorf("%d objects, the first of %d bytes", len(infos), len(got))
	}
	return err
}

// limitStream bounds the stream of events in bytes; -1 is no bound.
func limitStream(t *testing.T, js jetstream.JetStream, bytes int64) {
	t.Helper()
	st, err := js.Stream(t.Context(), "WEBHOOKS")
	if err != nil {
		t.Fatal(err)
	}
	cfg := st.CachedInfo().Config
	cfg.MaxBytes = bytes
	if _, err := js.UpdateStream(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
}

// TestObjects_duplicateInTheJournal leaves the payload of the event that is stored, and
// none beside it.
func TestObjects_duplicateInTheJournal(t *testing.T) {
	t.Parallel()
	down := newOutage(t)
	broker := down.end(small)
	stage, conns, _ := journalStage(t, journaling(down.url(), t.TempDir()))
	eventually(t, func() error { return stage.Ready(t.Context()) })
	if err := stage.Handle(t.Context(), large("e1")); err != nil {
		t.Fatal(err)
	}
	stop(broker)
	other := large("e1")
	other.Event().Data[6] = 'y'
	for _, d := range []*pipeline.Delivery{large("e1"), other} {
		if err := stage.Handle(t.Context(), d); err != nil || d.Ack.By != pipeline.AckSpool {
			t.Fatal(err, d.Ack)
		}
	}
	broker = down.end(small)
	drained(t, conns)
	eventually(t, func() error { // what was parked may just be tried again
		names, _ := objects(t, broker)
		if diff := cmp.Diff([]string{"github/e1"}, names); diff != "" {
			return fmt.Errorf("(-want +got):\n%s", diff)
		}
		return nil
	})
	if n := number(t, conns, "journal_parked_events"); n != 1 {
		t.Errorf("%v events are parked, want the one with another payload", n)
	}
}

// TestObjects_duplicateThatWasJournaledWhole is a sender's retry that came to a process which
// did not know yet how little the broker takes.
func TestObjects_duplicateThatWasJournaledWhole(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"structured", "binary"} {
		t.Run(mode, func(t *testing.T) {
			down := newOutage(t)
			broker := down.end(small)
			set := func() object {
				o := journaling(down.url(), t.TempDir())
				o["content_mode"] = mode
				return o
			}
			try := func() *pipeline.Delivery {
				d := large("e1")
				d.Event().Data = append(d.Event().Data, '\n')
				return d
			}
			first, _, _ := journalStage(t, set())
			eventually(t, func() error { return first.Ready(t.Context()) })
			if err := first.Handle(t.Context(), try()); err != nil {
				t.Fatal(err)
			}
			stop(broker)
			second, conns, _ := journalStage(t, set())
			if d := try(); second.Handle(t.Context(), d) != nil || d.Ack.By != pipeline.AckSpool {
				t.Fatal(d.Ack)
			}
			broker = down.end(small)
			drained(t, conns)
			if n := number(t, conns, "journal_parked_events"); n != 0 {
				t.Error("the retry is taken for another event")
			}
			names, _ := objects(t, broker)
			if diff := cmp.Diff([]string{"github/e1"}, names); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// BenchmarkLarge is an event of 4 MiB through the object store, beside the client
// alone.
func BenchmarkLarge(b *testing.B) {
	const size = 4 << 20
	data := []byte(`"` + strings.Repeat("x", size) + `"`)
	broker := startNATS(b, nil)
	set := creating(broker.ClientURL())
	set["ack_timeout_ms"] = 20_000
	stage, _ := readyStage(b, set)
	b.Run("stage", func(b *testing.B) {
		b.SetBytes(size)
		for i := 0; b.Loop(); i++ {
			d := delivery(fmt.Sprint("large", i))
			d.Event().Data = data
			if err := stage.Handle(b.Context(), d); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("bare", func(b *testing.B) {
		b.SetBytes(size)
		js := admin(b, broker.ClientURL(), nats.Name("bare"))
		store, err := js.ObjectStore(b.Context(), "WEBHOOKS_DATA")
		if err != nil {
			b.Fatal(err)
		}
		for i := 0; b.Loop(); i++ {
			meta := jetstream.ObjectMeta{Name: fmt.Sprint("bare", i), Opts: &jetstream.ObjectMetaOptions{ChunkSize: 256 << 10}}
			if _, err := store.Put(b.Context(), meta, bytes.NewReader(data)); err != nil {
				b.Fatal(err)
			}
		}
	})
}
