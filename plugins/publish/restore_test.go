package publish_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/internal/natstest"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/publish"
)

// losePayloads takes the payloads out of the bucket, or the bucket itself.
func losePayloads(t *testing.T, broker *server.Server, whole bool) {
	t.Helper()
	js := admin(t, broker.ClientURL())
	if whole {
		if err := js.DeleteObjectStore(t.Context(), "WEBHOOKS_DATA"); err != nil {
			t.Fatal(err)
		}
		return
	}
	s, err := js.Stream(t.Context(), "OBJ_WEBHOOKS_DATA")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Purge(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// TestRestore_ofAPayloadThatIsGone has an event in the stream whose payload a power
// cut took, and the sender's retry.
func TestRestore_ofAPayloadThatIsGone(t *testing.T) {
	t.Parallel()
	for name, whole := range map[string]bool{"the payload": false, "the whole bucket": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			broker := startNATS(t, small)
			conns, _ := connections(t)
			s, err := publish.New(settings(t, creating(broker.ClientURL())), conns)
			if err != nil {
				t.Fatal(err)
			}
			want := large("e1")
			for _, by := range []string{pipeline.AckBroker, pipeline.AckDuplicate} {
				d := large("e1")
				if err := s.Handle(t.Context(), d); err != nil || d.Ack.By != by {
					t.Fatalf("%v, %s, want %s", err, d.Ack.By, by)
				}
				if by == pipeline.AckBroker {
					losePayloads(t, broker, whole)
				}
			}
			if got := consume(t, broker, 1)[0]; !bytes.Equal(got.Data(), want.Event().Data) {
				t.Errorf("the payload has %d bytes", len(got.Data()))
			}
			if names, _ := objects(t, broker); len(names) != 1 {
				t.Errorf("%d objects", len(names))
			}
		})
	}
}

// TestRestore_byTheJournal has a broker that lost the payload and not the event, and a
// double in the journal.
func TestRestore_byTheJournal(t *testing.T) {
	t.Parallel()
	down := newOutage(t)
	broker := down.end(small)
	s, conns, _ := journalStage(t, journaling(down.url(), t.TempDir()))
	eventually(t, func() error { return s.Ready(t.Context()) })
	if err := s.Handle(t.Context(), large("e1")); err != nil {
		t.Fatal(err)
	}
	losePayloads(t, broker, false)
	stop(broker)
	d := large("e1")
	if err := s.Handle(t.Context(), d); err != nil || d.Ack.By != pipeline.AckSpool {
		t.Fatal(err, d.Ack)
	}
	broker = down.end(small)
	drained(t, conns)
	if got := consume(t, broker, 1)[0]; !bytes.Equal(got.Data(), d.Event().Data) {
		t.Errorf("the payload has %d bytes", len(got.Data()))
	}
}

// TestBucket_thatDropsPayloadsTakesNone of a large event, and the others go on.
func TestBucket_thatDropsPayloadsTakesNone(t *testing.T) {
	t.Parallel()
	broker := startNATS(t, small)
	conns, _ := connections(t)
	s, err := publish.New(settings(t, creating(broker.ClientURL())), conns)
	if err != nil {
		t.Fatal(err)
	}
	handle(t, s, pipeline.AckBroker, "e1")
	js := admin(t, broker.ClientURL())
	st, err := js.Stream(t.Context(), "OBJ_WEBHOOKS_DATA")
	if err != nil {
		t.Fatal(err)
	}
	cfg := st.CachedInfo().Config
	cfg.Discard, cfg.MaxBytes = jetstream.DiscardOld, 1<<20
	if _, err := js.UpdateStream(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	eventually(t, func() error { return risk(t, conns, "OBJ_WEBHOOKS_DATA drops its oldest") })
	wantReject(t, s.Handle(t.Context(), large("e2")), pipeline.NoStream, publish.ErrUnfit)
	handle(t, s, pipeline.AckBroker, "e3")
}

// TestKeep_isAsSafeAsAnEvent stores a message of another stream, which the broker
// forgets, and one while it is away.
func TestKeep_isAsSafeAsAnEvent(t *testing.T) {
	t.Parallel()
	down := newOutage(t)
	broker := down.end()
	addStream(t, broker, jetstream.StreamConfig{Name: "HELD", Subjects: []string{"held.>"}, Duplicates: 5 * time.Minute})
	s, conns, _ := journalStage(t, holding(down.url(), t.TempDir()))
	eventually(t, func() error { return s.Ready(t.Context()) })
	before := down.files()
	message := func(id string) *nats.Msg {
		return &nats.Msg{Subject: "held.x", Data: []byte(strings.Repeat(id, 9)), Header: nats.Header{
			jetstream.MsgIDHeader: {id}, jetstream.ExpectedStreamHeader: {"HELD"},
		}}
	}
	if err := s.Keep(t.Context(), message("one")); err != nil {
		t.Fatal(err)
	}
	powerCut(t, down, before)
	eventually(t, isNumber(t, conns, "journal_republished_total", 1))
	stop(down.now)
	for range 2 { // the sender tries again, and it is sealed anew
		if err := s.Keep(t.Context(), message("two")); err != nil {
			t.Fatal(err)
		}
	}
	broker = down.end()
	drained(t, conns)
	if n := len(stored(t, broker, "HELD")); n != 2 || number(t, conns, "journal_parked_events") != 0 {
		t.Errorf("%d messages are held, want 2", n)
	}
}

// TestHeld_payloadsOfABucketThatIsGone are stored again while their event is where
// it was, and no sender tries again.
func TestHeld_payloadsOfABucketThatIsGone(t *testing.T) {
	t.Parallel()
	broker := startNATS(t, small)
	s, conns, _ := journalStage(t, holding(broker.ClientURL(), t.TempDir()))
	want := large("e1")
	if err := s.Handle(t.Context(), large("e1")); err != nil {
		t.Fatal(err)
	}
	eventually(t, func() error { return looked(conns) })
	losePayloads(t, broker, true)
	eventually(t, func() error {
		names, err := objectNames(t, broker)
		if err == nil && len(names) != 1 {
			err = fmt.Errorf("%d payloads", len(names))
		}
		return err
	})
	if got := consume(t, broker, 1)[0]; !bytes.Equal(got.Data(), want.Event().Data) {
		t.Errorf("the payload has %d bytes", len(got.Data()))
	}
	if n := len(stored(t, broker, "WEBHOOKS")); n != 1 {
		t.Errorf("%d events are stored", n)
	}
}

// objectNames lists the bucket, which may not be there.
func objectNames(t *testing.T, broker *server.Server) (names []string, err error) {
	t.Helper()
	store, err := admin(t, broker.ClientURL()).ObjectStore(t.Context(), "WEBHOOKS_DATA")
	if err != nil {
		return nil, err
	}
	infos, err := natstest.Objects(t.Context(), store)
	for _, info := range infos {
		names = append(names, info.Name)
	}
	return names, err
}
