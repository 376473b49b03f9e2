package publish_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/telemetry"
	"webhookedge/plugins/publish"
	"webhookedge/plugins/publish/jsconn"
)

// noticed is how long the edge may take for what somebody did to the stream.
const noticed = 2 * time.Second

// within fails when what happened since is older than limit. The machine may be slow:
// it has twice that time.
func within(t *testing.T, since time.Time, limit time.Duration) {
	t.Helper()
	if took := time.Since(since); took > 2*limit {
		t.Errorf("noticed after %s", took)
	}
}

// TestWatch_aStreamThatIsDeletedIsMadeAgain holds that no delivery has to come
// for it, and that what the stream had acknowledged is said to be gone.
func TestWatch_aStreamThatIsDeletedIsMadeAgain(t *testing.T) {
	t.Parallel()
	broker := startNATS(t, nil)
	conns, out := connections(t)
	s, err := publish.New(settings(t, creating(broker.ClientURL())), conns)
	if err != nil {
		t.Fatal(err)
	}
	handle(t, s, pipeline.AckBroker, "e1", "e2")
	begun := time.Now()
	js := admin(t, broker.ClientURL())
	if err := js.DeleteStream(t.Context(), "WEBHOOKS"); err != nil {
		t.Fatal(err)
	}
	eventually(t, func() error { _, err := js.Stream(t.Context(), "WEBHOOKS"); return err })
	within(t, begun, noticed)
	eventually(t, isNumber(t, conns, "stream_went_back_total", 1))
	if out.count("ends before what it acknowledged") != 1 {
		t.Errorf("not said once:\n%s", out)
	}
	handle(t, s, pipeline.AckBroker, "e3")
}

// TestWatch_aStreamThatIsDeletedComesBackWithItsEvents has a journal.
func TestWatch_aStreamThatIsDeletedComesBackWithItsEvents(t *testing.T) {
	t.Parallel()
	broker := startNATS(t, nil)
	s, conns, _ := journalStage(t, holding(broker.ClientURL(), t.TempDir()))
	ids, want := names("e", 20)
	handle(t, s, pipeline.AckBroker, ids...)
	if err := admin(t, broker.ClientURL()).DeleteStream(t.Context(), "WEBHOOKS"); err != nil {
		t.Fatal(err)
	}
	eventually(t, isNumber(t, conns, "journal_republished_total", 20))
	if got := inOrder(t, broker, "WEBHOOKS"); strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("stored are %q", got)
	}
}

// TestWatch_aStreamThatIsEditedToDropEvents takes no more of them: they wait in
// the journal, and are refused without one.
func TestWatch_aStreamThatIsEditedToDropEvents(t *testing.T) {
	t.Parallel()
	cfg := jetstream.StreamConfig{Name: "WEBHOOKS", Subjects: []string{"webhooks.>"}, Duplicates: 5 * time.Minute}
	dropping := cfg
	dropping.Discard, dropping.MaxMsgs = jetstream.DiscardOld, 3
	for name, journal := range map[string]bool{"without a journal": false, "with a journal": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			broker := startNATS(t, nil)
			addStream(t, broker, cfg)
			js := admin(t, broker.ClientURL())
			set := creating(broker.ClientURL())
			if journal {
				set = journaling(broker.ClientURL(), t.TempDir())
			}
			conns, _ := connections(t)
			s, err := publish.New(settings(t, set), conns)
			if err != nil {
				t.Fatal(err)
			}
			if journal {
				journalReady(t, conns)
			}
			handle(t, s, pipeline.AckBroker, "e1")
			begun := time.Now()
			if _, err := js.UpdateStream(t.Context(), dropping); err != nil {
				t.Fatal(err)
			}
			unfit := func() error { // no delivery and no probe is needed for it
				if gathered(t, conns)[`webhook_edge_publish_connections{state="unfit"}`] != 1 {
					return errors.New("the stream counts as fit")
				}
				return nil
			}
			eventually(t, unfit)
			within(t, begun, noticed)
			var degraded *telemetry.Degraded
			if err := conns.Ready(t.Context()); !errors.Is(err, publish.ErrUnfit) || errors.As(err, &degraded) != journal {
				t.Errorf("Ready() = %v", err)
			}
			if !journal {
				wantReject(t, s.Handle(t.Context(), delivery("e2")), pipeline.NoStream, publish.ErrUnfit)
				return
			}
			handle(t, s, pipeline.AckSpool, "e2", "e3", "e4", "e5")
			if n := len(stored(t, broker, "WEBHOOKS")); n != 1 {
				t.Errorf("%d events are in a stream that drops them", n)
			}
			if _, err := js.UpdateStream(t.Context(), cfg); err != nil {
				t.Fatal(err)
			}
			drained(t, conns)
			if n := len(stored(t, broker, "WEBHOOKS")); n != 5 {
				t.Errorf("%d events are stored, want 5", n)
			}
		})
	}
}

// TestWatch_aStreamThatIsGoneAndNotOursToMake keeps what comes in the journal.
func TestWatch_aStreamThatIsGoneAndNotOursToMake(t *testing.T) {
	t.Parallel()
	broker := startNATS(t, nil)
	cfg := jetstream.StreamConfig{Name: "WEBHOOKS", Subjects: []string{"webhooks.>"}, Duplicates: 5 * time.Minute}
	addStream(t, broker, cfg)
	js := admin(t, broker.ClientURL())
	set := journaling(broker.ClientURL(), t.TempDir())
	set["stream"] = object{"ensure": jsconn.EnsureCheck}
	s, conns, _ := journalStage(t, set)
	handle(t, s, pipeline.AckBroker, "e1")
	if err := js.DeleteStream(t.Context(), "WEBHOOKS"); err != nil {
		t.Fatal(err)
	}
	handle(t, s, pipeline.AckSpool, "e2", "e3")
	if _, err := js.CreateStream(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	drained(t, conns)
	if n := len(stored(t, broker, "WEBHOOKS")); n != 2 || number(t, conns, "journal_parked_events") != 0 {
		t.Errorf("%d events are stored, want 2", n)
	}
}
