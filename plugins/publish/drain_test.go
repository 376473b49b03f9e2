package publish_test

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/internal/journal"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/publish"
)

// TestOutbox_outageLongerThanTheWindowStoresNothingTwice has events whose acks were lost, and
// a broker that is reached again when the stream does not know their ids any more.
func TestOutbox_outageLongerThanTheWindowStoresNothingTwice(t *testing.T) {
	t.Parallel()
	for name, broken := range map[string]int64{"at once": 0, "when the connection breaks in a search": 2} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			broker := startNATS(t, nil)
			addStream(t, broker, jetstream.StreamConfig{Name: "WEBHOOKS", Subjects: []string{"webhooks.>"}, Duplicates: 3 * time.Second})
			link := startCutter(t, broker)
			set := journaling(link.url, t.TempDir())
			set["ack_timeout_ms"] = 1000 // much less than the window, as always
			s, conns, _ := journalStage(t, set)
			eventually(t, func() error { return s.Ready(t.Context()) })
			link.cut.Store(1 << 20)
			handle(t, s, pipeline.AckSpool, "e1", "e2")
			forgotten(t, broker)
			link.searches.Store(broken)
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
		})
	}
}

// TestOutbox_parkedEventHoldsNothingUp has a journal with an event that the
// broker never takes, in front of others of its key.
func TestOutbox_parkedEventHoldsNothingUp(t *testing.T) {
	t.Parallel()
	down := newOutage(t)
	set := journaling(down.url(), t.TempDir())
	set["ordering_key"], set["ack_timeout_ms"] = "tenant", 4000
	s, conns, out := journalStage(t, set)
	d := batch(20) // which go in together, or nearly
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
	if n := number(t, conns, "journal_parked_events"); n != 4 || out.count("is parked") != 4 {
		t.Errorf("%v are parked, and it is said %d times, want 4", n, out.count("is parked"))
	}
}

// TestOutbox_parkedEventsAreTakenOver has a part with an event that the broker does not
// take and one that nobody can read.
func TestOutbox_parkedEventsAreTakenOver(t *testing.T) {
	t.Parallel()
	broker := startNATS(t, nil)
	dir := t.TempDir()
	gone := journal.Open(journal.Config{Dir: dir, Part: "edge-1", Limits: journal.Limits{MaxBytes: 1 << 20, MaxAge: time.Hour}}, slog.New(slog.DiscardHandler), time.Now)
	<-gone.Filled()
	astray := &journal.Record{Subject: "elsewhere.x", Header: map[string][]string{"Nats-Msg-Id": {"github:e1"}}, Data: []byte("{}")}
	unreadable := filepath.Join(dir, "edge-1", "00000000000000000001.parked")
	if err := errors.Join(gone.Park(astray, "no stream"), gone.Close(t.Context()), os.WriteFile(unreadable, nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	conns, _ := connections(t)
	if _, err := publish.New(settings(t, journaling(broker.ClientURL(), dir)), conns); err != nil {
		t.Fatal(err)
	}
	eventually(t, func() error {
		parts, err := journal.Parts(dir, "edge")
		if err != nil || len(parts) != 1 || number(t, conns, "journal_parked_events") != 2 {
			return fmt.Errorf("parts %q and %v events, %w", parts, number(t, conns, "journal_parked_events"), err)
		}
		return nil
	})
}
