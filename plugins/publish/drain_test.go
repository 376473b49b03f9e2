package publish_test

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/spool"
	"webhookedge/plugins/publish"
)

// TestAnOutageLongerThanTheWindowDoublesNothing has events whose acks were lost, and
// a broker that is reached again when the stream does not know their ids any more.
func TestAnOutageLongerThanTheWindowDoublesNothing(t *testing.T) {
	t.Parallel()
	broker := startNATS(t, nil)
	addStream(t, broker, jetstream.StreamConfig{Name: "WEBHOOKS", Subjects: []string{"webhooks.>"}, Duplicates: 3 * time.Second})
	link := startCutter(t, broker)
	set := spooling(link.url, t.TempDir())
	set["ack_timeout_ms"] = 1000 // much less than the window, as always
	s, conns, _ := spoolStage(t, set)
	eventually(t, func() error { return s.Ready(t.Context()) })
	link.cut.Store(1 << 20)
	handle(t, s, pipeline.AckSpool, "e1", "e2")
	forgotten(t, broker)
	link.cut.Store(0)
	drained(t, conns)
	var ids []string
	for _, id := range inOrder(t, broker, "WEBHOOKS") {
		if strings.HasPrefix(id, "github:") {
			ids = append(ids, id)
		}
	}
	if diff := cmp.Diff([]string{"github:e1", "github:e2"}, ids); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestOneThatIsParkedHoldsNothingUp has a page of the spool with an event that the
// broker never takes, in front of others of its key.
func TestOneThatIsParkedHoldsNothingUp(t *testing.T) {
	t.Parallel()
	down := newOutage(t)
	set := spooling(down.url(), t.TempDir())
	set["ordering_key"], set["ack_timeout_ms"] = "tenant", 4000
	s, conns, out := spoolStage(t, set)
	d := batch(20) // which go into a page together, or nearly
	for i := range d.Items {
		d.Items[i].Event.Tenant = fmt.Sprint("tenant", i%2)
		if i%5 == 0 {
			d.Items[i].Targets = []pipeline.Target{{Subject: "elsewhere.x"}}
		}
	}
	if err := s.Handle(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	broker := down.end()
	drained(t, conns)
	var want []string
	for i, item := range d.Items {
		if i%5 != 0 {
			want = append(want, item.Event.MsgID())
		}
	}
	got := inOrder(t, broker, "WEBHOOKS")
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if n := number(t, conns, "spool_parked_events"); n != 4 || out.count("is parked") != 4 {
		t.Errorf("%v are parked, and it is said %d times, want 4", n, out.count("is parked"))
	}
}

// TestWhatIsParkedIsTakenOverToo has a part with an event that the broker does not
// take and a page that nobody can read.
func TestWhatIsParkedIsTakenOverToo(t *testing.T) {
	t.Parallel()
	broker := startNATS(t, nil)
	dir := t.TempDir()
	gone := spool.Open(spool.Config{Dir: dir, Part: "edge-1", Limits: spool.Limits{MaxBytes: 1 << 20, MaxAge: time.Hour}}, slog.New(slog.DiscardHandler), time.Now)
	<-gone.Filled()
	astray := &spool.Record{Subject: "elsewhere.x", Header: map[string][]string{"Nats-Msg-Id": {"github:e1"}}, Data: []byte("{}")}
	if err := errors.Join(gone.Park(t.Context(), astray, "no stream"), gone.ParkPage(t.Context(), spool.Page{}), gone.Close(t.Context())); err != nil {
		t.Fatal(err)
	}
	conns, _ := connections(t)
	if _, err := publish.New(settings(t, spooling(broker.ClientURL(), dir)), conns); err != nil {
		t.Fatal(err)
	}
	eventually(t, func() error {
		parts, err := spool.Parts(dir, "edge")
		if err != nil || len(parts) != 1 || number(t, conns, "spool_parked_events") != 2 {
			return fmt.Errorf("parts %q and %v events, %w", parts, number(t, conns, "spool_parked_events"), err)
		}
		return nil
	})
}
