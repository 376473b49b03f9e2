package publish_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/consumer"
	"webhookedge/plugins/internal/natstest"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/publish"
)

// holding is settings for a journal that holds what the broker acknowledged, for as
// long as a test takes.
func holding(url, dir string) object {
	set := creating(url)
	set["broker_sync"], set["journal"] = "interval", object{"directory": dir}
	return set
}

// powerCut stops a broker and starts it again with the files of then.
func powerCut(t *testing.T, o *outage, then string) *server.Server {
	t.Helper()
	stop(o.now)
	o.dir = then
	return o.end()
}

// files is a copy of a broker's directory.
func (o *outage) files() string {
	o.t.Helper()
	to := filepath.Join(o.t.TempDir(), "store")
	if err := os.CopyFS(to, os.DirFS(o.dir)); err != nil {
		o.t.Fatal(err)
	}
	return to
}

func isNumber(t *testing.T, conns *publish.Connections, metric string, want float64) func() error {
	return func() error {
		if got := number(t, conns, metric); got != want {
			return fmt.Errorf("%s is %v, want %v", metric, got, want)
		}
		return nil
	}
}

func TestHeld_untilTheBrokerHasSynced(t *testing.T) {
	t.Parallel()
	broker := startNATS(t, nil)
	set := holding(broker.ClientURL(), t.TempDir())
	set["broker_sync_interval_seconds"] = 1
	s, conns, _ := journalStage(t, set)
	handle(t, s, pipeline.AckBroker, "e1", "e2")
	if n := number(t, conns, "journal_held_events"); n != 2 {
		t.Errorf("%v events are held, want 2", n)
	}
	handle(t, s, pipeline.AckDuplicate, "e1")
	eventually(t, isNumber(t, conns, "journal_held_events", 0))
	eventually(t, isNumber(t, conns, "journal_bytes", 0))
	if n := number(t, conns, "journal_republished_total"); n != 0 || len(stored(t, broker, "WEBHOOKS")) != 2 {
		t.Errorf("%v are published again", n)
	}
}

func TestHeld_isPublishedAgainWhenTheBrokerForgot(t *testing.T) {
	t.Parallel()
	for _, dedupe := range []string{"window", "exact"} {
		t.Run(dedupe, func(t *testing.T) {
			down := newOutage(t)
			down.end()
			set := holding(down.url(), t.TempDir())
			set["dedupe"] = dedupe
			s, conns, out := journalStage(t, set)
			eventually(t, func() error { return s.Ready(t.Context()) })
			before, _ := names("before", 20)
			handle(t, s, pipeline.AckBroker, before...)
			then := down.files()
			ids, _ := names("lost", 40)
			handle(t, s, pipeline.AckBroker, ids...)
			broker := powerCut(t, down, then)
			eventually(t, isNumber(t, conns, "journal_republished_total", 40))
			drained(t, conns)
			eventually(t, func() error {
				if out.count("were missing and were published again") != 1 {
					return errors.New("no alarm")
				}
				return nil
			})
			_, want := names("before", 20)
			_, lost := names("lost", 40)
			if diff := cmp.Diff(append(want, lost...), inOrder(t, broker, "WEBHOOKS")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			st, err := admin(t, broker.ClientURL()).Stream(t.Context(), "WEBHOOKS")
			if err != nil {
				t.Fatal(err)
			}
			for seq, want := range map[uint64]string{20: "", 21: "true", 60: "true"} {
				m, err := st.GetMsg(t.Context(), seq)
				if err != nil || m.Header.Get("Webhook-Republished") != want {
					t.Errorf("event %d: marked %q, want %q: %v", seq, m.Header.Get("Webhook-Republished"), want, err)
				}
			}
			handle(t, s, pipeline.AckBroker, "after")
		})
	}
}

// TestHeld_isPublishedAgainByTheNextProcess has a gateway and a broker that
// lose power together.
func TestHeld_isPublishedAgainByTheNextProcess(t *testing.T) {
	t.Parallel()
	down := newOutage(t)
	down.end()
	dir := t.TempDir()
	s, _, _ := journalStage(t, holding(down.url(), dir))
	eventually(t, func() error { return s.Ready(t.Context()) })
	then := down.files()
	ids, want := names("e", 10)
	handle(t, s, pipeline.AckBroker, ids...)
	copied := filepath.Join(t.TempDir(), "journal")
	if err := os.CopyFS(copied, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	s.Close()
	broker := powerCut(t, down, then)
	_, conns, _ := journalStage(t, holding(down.url(), copied))
	eventually(t, func() error {
		if n := len(stored(t, broker, "WEBHOOKS")); n != 10 {
			return fmt.Errorf("%d events", n)
		}
		return nil
	})
	if diff := cmp.Diff(want, inOrder(t, broker, "WEBHOOKS")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	drained(t, conns)
}

func TestHeld_largePayloadsAreStoredAgain(t *testing.T) {
	t.Parallel()
	down := newOutage(t)
	down.end()
	set := holding(down.url(), t.TempDir())
	set["ack_timeout_ms"] = 20_000 // an upload that is cut off leaves an object
	s, conns, _ := journalStage(t, set)
	eventually(t, func() error { return s.Ready(t.Context()) })
	then := down.files()
	data := []byte(`{"x":"` + strings.Repeat("x", 3<<20) + `"}`)
	d := delivery("large")
	d.Event().Data = data
	if err := s.Handle(t.Context(), d); err != nil || d.Ack.By != pipeline.AckBroker {
		t.Fatal(err, d.Ack)
	}
	broker := powerCut(t, down, then)
	eventually(t, isNumber(t, conns, "journal_republished_total", 1))
	store, err := admin(t, broker.ClientURL()).ObjectStore(t.Context(), "WEBHOOKS_DATA")
	if err != nil {
		t.Fatal(err)
	}
	list, err := natstest.Objects(t.Context(), store)
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	if got, err := store.GetBytes(t.Context(), list[0].Name); err != nil || !bytes.Equal(got, data) {
		t.Errorf("the payload is another, or %v", err)
	}
}

func TestHeld_isPublishedAgainWhenTheStreamIsMadeAnew(t *testing.T) {
	t.Parallel()
	broker := startNATS(t, nil)
	s, conns, out := journalStage(t, holding(broker.ClientURL(), t.TempDir()))
	eventually(t, func() error { return s.Ready(t.Context()) })
	ids, want := names("e", 10)
	handle(t, s, pipeline.AckBroker, ids...)
	eventually(t, func() error { return looked(conns) })
	js := admin(t, broker.ClientURL())
	st, err := js.Stream(t.Context(), "WEBHOOKS")
	if err != nil {
		t.Fatal(err)
	}
	cfg := st.CachedInfo().Config
	if err := js.DeleteStream(t.Context(), "WEBHOOKS"); err != nil {
		t.Fatal(err)
	}
	if _, err := js.CreateStream(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	eventually(t, isNumber(t, conns, "journal_republished_total", 10))
	if diff := cmp.Diff(want, inOrder(t, broker, "WEBHOOKS")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if out.count("the stream was made anew") != 1 {
		t.Errorf("not said:\n%s", out)
	}
}

// looked is nil once the stream's identity is known.
func looked(conns *publish.Connections) error {
	if conns.Compared() {
		return nil
	}
	return errors.New("not compared yet")
}

// TestHeld_isMarkedForConsumers reads what came again as a service does.
func TestHeld_isMarkedForConsumers(t *testing.T) {
	t.Parallel()
	down := newOutage(t)
	down.end()
	s, conns, _ := journalStage(t, holding(down.url(), t.TempDir()))
	handle(t, s, pipeline.AckBroker, "before")
	then := down.files()
	handle(t, s, pipeline.AckBroker, "lost")
	broker := powerCut(t, down, then)
	eventually(t, isNumber(t, conns, "journal_republished_total", 1))
	marks := map[string]any{}
	for _, e := range consume(t, broker, 2) {
		marks[e.ID()] = e.Extensions()[consumer.Republished]
	}
	if diff := cmp.Diff(map[string]any{"before": nil, "lost": "true"}, marks); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestHeld_inAWorkQueueIsNotDoubled(t *testing.T) {
	t.Parallel()
	down := newOutage(t)
	first := down.end()
	addStream(t, first, jetstream.StreamConfig{Name: "WEBHOOKS", Subjects: []string{"webhooks.>"}, Retention: jetstream.WorkQueuePolicy})
	s, conns, _ := journalStage(t, holding(down.url(), t.TempDir()))
	handle(t, s, pipeline.AckBroker, "e1", "e2")
	st, err := admin(t, first.ClientURL()).Stream(t.Context(), "WEBHOOKS")
	if err != nil {
		t.Fatal(err)
	}
	if err := st.DeleteMsg(t.Context(), 1); err != nil { // as a consumer's ack does
		t.Fatal(err)
	}
	broker := powerCut(t, down, down.files())
	eventually(t, func() error { return s.Handle(t.Context(), delivery("e3")) })
	eventually(t, func() error { return looked(conns) })
	drained(t, conns)
	if diff := cmp.Diff([]string{"github:e2", "github:e3"}, idsOf(stored(t, broker, "WEBHOOKS"))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// idsOf are the message ids of what stored lists.
func idsOf(lines []string) (ids []string) {
	for _, line := range lines {
		id, _, _ := strings.Cut(line, " ")
		ids = append(ids, id)
	}
	return ids
}

func TestAck_ofTheJournalIsPublishedBehind(t *testing.T) {
	t.Parallel()
	broker := startNATS(t, nil)
	set := journaling(broker.ClientURL(), t.TempDir())
	set["ack"] = publish.AckJournal
	s, conns, _ := journalStage(t, set)
	ids, want := names("e", 20)
	handle(t, s, pipeline.AckSpool, ids...)
	drained(t, conns)
	if diff := cmp.Diff(want, inOrder(t, broker, "WEBHOOKS")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAck_ofTheBrokerLeavesTheJournalAlone(t *testing.T) {
	t.Parallel()
	broker := startNATS(t, nil)
	set := holding(broker.ClientURL(), t.TempDir())
	set["ack"] = publish.AckBroker
	s, conns, _ := journalStage(t, set)
	handle(t, s, pipeline.AckBrokerMemory, "e1")
	if n := number(t, conns, "journal_held_events"); n != 0 {
		t.Errorf("%v events are held", n)
	}
}

func TestAck_ofBothWaitsForTheDisk(t *testing.T) {
	t.Parallel()
	broker := startNATS(t, nil)
	conns, _ := connections(t)
	disk := newDisk(0)
	conns.JournalsOn(disk.create)
	s, err := publish.New(settings(t, holding(broker.ClientURL(), t.TempDir())), conns)
	if err != nil {
		t.Fatal(err)
	}
	journalReady(t, conns)
	handle(t, s, pipeline.AckBroker, "e1")
	release := disk.hang()
	answered := make(chan error, 1)
	go func() { answered <- s.Handle(t.Context(), delivery("e2")) }()
	eventually(t, func() error {
		if n := len(stored(t, broker, "WEBHOOKS")); n != 2 {
			return fmt.Errorf("the broker has %d events", n)
		}
		return nil
	})
	select {
	case err := <-answered:
		t.Errorf("answered before the disk had it: %v", err)
	case <-time.After(100 * time.Millisecond):
	}
	release()
	if err := <-answered; err != nil {
		t.Error(err)
	}
}

func TestAck_ofBothSharesSyncs(t *testing.T) {
	t.Parallel()
	broker := startNATS(t, nil)
	conns, _ := connections(t)
	disk := newDisk(2 * time.Millisecond)
	conns.JournalsOn(disk.create)
	s, err := publish.New(settings(t, holding(broker.ClientURL(), t.TempDir())), conns)
	if err != nil {
		t.Fatal(err)
	}
	journalReady(t, conns)
	ids, _ := names("e", 640)
	work := make(chan string, len(ids))
	for _, id := range ids {
		work <- id
	}
	close(work)
	done := make(chan error, senders)
	for range senders {
		go func() {
			var fault error
			for id := range work {
				fault = errors.Join(fault, s.Handle(t.Context(), delivery(id)))
			}
			done <- fault
		}()
	}
	for range senders {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if n := disk.syncs.Load(); n > int64(len(ids))/4 {
		t.Errorf("%d syncs for %d deliveries of %d senders", n, len(ids), senders)
	}
}
