package publish_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/telemetry"
	"webhookedge/plugins/publish"
)

// outage is a broker that is not there yet, at an address of its own.
type outage struct {
	t    testing.TB
	port int
	dir  string
	now  *server.Server
}

func newOutage(t *testing.T) *outage { return &outage{t: t, port: freePort(t), dir: t.TempDir()} }

func (o *outage) url() string { return fmt.Sprintf("nats://127.0.0.1:%d", o.port) }

func (o *outage) end(change ...func(*server.Options)) *server.Server {
	o.now = startNATS(o.t, func(opts *server.Options) {
		opts.Port, opts.StoreDir = o.port, o.dir
		for _, f := range change {
			f(opts)
		}
	})
	return o.now
}

// journaling is settings for a broker at url and a journal in dir.
func journaling(url, dir string) object {
	set := creating(url)
	set["ack_timeout_ms"] = 3000
	set["broker_sync"], set["journal"] = "always", object{"directory": dir} // an ack is the end of it
	return set
}

func journalReady(t testing.TB, conns *publish.Connections) {
	t.Helper()
	eventually(t, func() error { return conns.JournalReady(t.Context()) })
}

// journalStage is a stage whose journal takes events.
func journalStage(t testing.TB, set object) (*publish.Stage, *publish.Connections, *logs) {
	t.Helper()
	conns, out := connections(t)
	s, err := publish.New(settings(t, set), conns)
	if err != nil {
		t.Fatal(err)
	}
	journalReady(t, conns)
	return s, conns, out
}

// handle stores events of ids and fails unless by has all of them.
func handle(t testing.TB, s *publish.Stage, by string, ids ...string) {
	t.Helper()
	for _, id := range ids {
		d := delivery(id)
		if err := s.Handle(t.Context(), d); err != nil || d.Ack.By != by {
			t.Fatalf("%s: %v, stored by %q, want %q", id, err, d.Ack.By, by)
		}
	}
}

func number(t testing.TB, conns *publish.Connections, metric string) float64 {
	t.Helper()
	reg := testutil.CollectAndCount(conns.Metrics(), "webhook_edge_publish_"+metric)
	if reg == 0 {
		t.Fatalf("no metric %s", metric)
	}
	return gathered(t, conns)["webhook_edge_publish_"+metric]
}

// drained waits until the journal is empty.
func drained(t testing.TB, conns *publish.Connections) {
	t.Helper()
	eventually(t, func() error {
		if n := number(t, conns, "journal_events"); n != 0 {
			return fmt.Errorf("%v events wait", n)
		}
		return nil
	})
}

// inOrder lists the message ids of a stream as they are stored.
func inOrder(t testing.TB, b *server.Server, stream string) (ids []string) {
	t.Helper()
	s, err := admin(t, b.ClientURL()).Stream(t.Context(), stream)
	if err != nil {
		t.Fatal(err)
	}
	for seq := uint64(1); seq <= s.CachedInfo().State.LastSeq; seq++ {
		m, err := s.GetMsg(t.Context(), seq)
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, m.Header.Get("Nats-Msg-Id"))
	}
	return ids
}

func names(prefix string, n int) (ids, msgIDs []string) {
	for i := range n {
		ids = append(ids, fmt.Sprint(prefix, i))
		msgIDs = append(msgIDs, fmt.Sprint("github:", prefix, i))
	}
	return ids, msgIDs
}

func TestJournal_publishesInOrderAfterAnOutage(t *testing.T) {
	t.Parallel()
	down := newOutage(t)
	s, conns, _ := journalStage(t, journaling(down.url(), t.TempDir()))
	ids, want := names("e", 40)
	handle(t, s, pipeline.AckSpool, ids...)
	if n := number(t, conns, "journal_events"); n != 40 {
		t.Errorf("%v events wait, want 40", n)
	}
	broker := down.end()
	drained(t, conns)
	if diff := cmp.Diff(want, inOrder(t, broker, "WEBHOOKS")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	eventually(t, func() error {
		d := delivery("after")
		if err := s.Handle(t.Context(), d); err != nil || d.Ack.By == pipeline.AckSpool {
			return fmt.Errorf("%w, by %s", err, d.Ack.By)
		}
		return nil
	})
	// A sender's retry of what was journaled.
	d := delivery("e7")
	if err := s.Handle(t.Context(), d); err != nil || d.Ack.By != pipeline.AckDuplicate {
		t.Errorf("%v, stored by %q", err, d.Ack.By)
	}
	if n := number(t, conns, "journal_drained_total"); n < 40 {
		t.Errorf("%v are counted as drained", n)
	}
}

func TestJournal_eventIsUnchanged(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"structured", "binary"} {
		t.Run(mode, func(t *testing.T) {
			down := newOutage(t)
			set := journaling(down.url(), t.TempDir())
			set["content_mode"], set["dedupe"] = mode, "exact"
			s, conns, _ := journalStage(t, set)
			d := delivery("e1")
			d.Items[0].Targets = []pipeline.Target{{Subject: "webhooks.a"}, {Subject: "webhooks.b"}}
			d.Items[0].Headers = []pipeline.Header{{Name: "team", Value: "red"}}
			if err := s.Handle(t.Context(), d); err != nil || d.Ack.By != pipeline.AckSpool {
				t.Fatal(err, d.Ack)
			}
			broker := down.end()
			drained(t, conns)
			want := []string{"github:e1 webhooks.a.e1", "github:e1@webhooks.b webhooks.b.e1"}
			if diff := cmp.Diff(want, stored(t, broker, "WEBHOOKS")); diff != "" {
				t.Fatalf("(-want +got):\n%s", diff)
			}
			st, err := admin(t, broker.ClientURL()).Stream(t.Context(), "WEBHOOKS")
			if err != nil {
				t.Fatal(err)
			}
			m, err := st.GetMsg(t.Context(), 1)
			if err != nil {
				t.Fatal(err)
			}
			got, err := event.Parse(m.Header, m.Data)
			if diff := cmp.Diff(d.Event(), got); err != nil || diff != "" {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
			if m.Header.Get("team") != "red" || m.Header.Get(jetstream.ExpectedStreamHeader) != "WEBHOOKS" {
				t.Errorf("headers %v", m.Header)
			}
		})
	}
}

func TestJournal_brokerGoesAwayAndComesBack(t *testing.T) {
	t.Parallel()
	down := newOutage(t)
	broker := down.end()
	s, conns, _ := journalStage(t, journaling(down.url(), t.TempDir()))
	eventually(t, func() error { return s.Ready(t.Context()) })
	var want []string
	for round := range 3 {
		ids, msgIDs := names(fmt.Sprint("up", round, "-"), 5)
		eventually(t, func() error { // the first may still find the breaker open
			d := delivery(ids[0])
			return errors.Join(s.Handle(t.Context(), d), by(d, pipeline.AckBroker, pipeline.AckDuplicate))
		})
		handle(t, s, pipeline.AckBroker, ids[1:]...)
		stop(broker)
		ids, more := names(fmt.Sprint("down", round, "-"), 5)
		handle(t, s, pipeline.AckSpool, ids...)
		broker = down.end()
		drained(t, conns)
		want = append(append(want, msgIDs...), more...)
	}
	got := inOrder(t, broker, "WEBHOOKS")
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func by(d *pipeline.Delivery, want ...string) error {
	if !slices.Contains(want, d.Ack.By) {
		return fmt.Errorf("stored by %q, want one of %q", d.Ack.By, want)
	}
	return nil
}

func TestJournal_neitherBrokerNorJournalTakesIt(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		journal func(t *testing.T) object
		want    string
	}{
		"no journal": {func(*testing.T) object { return object{"directory": ""} }, "no connection"},
		"a directory that cannot be": {func(t *testing.T) object {
			file := filepath.Join(t.TempDir(), "file")
			if err := os.WriteFile(file, nil, 0o600); err != nil {
				t.Fatal(err)
			}
			return object{"directory": filepath.Join(file, "journal")}
		}, "not a directory"},
		"a full one": {func(t *testing.T) object {
			return object{"directory": t.TempDir(), "max_bytes": 1 << 20}
		}, "the journal is full"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			set := creating(newOutage(t).url())
			set["ack_timeout_ms"], set["journal"] = 1000, tt.journal(t)
			s, _ := newStage(t, set)
			eventually(t, func() error {
				d := delivery("e")
				d.Event().Data = []byte(`"` + strings.Repeat("x", 300<<10) + `"`)
				err := s.Handle(t.Context(), d)
				var reject *pipeline.Reject
				if !errors.As(err, &reject) || reject.Code != pipeline.BrokerUnavailable || !strings.Contains(err.Error(), tt.want) {
					return fmt.Errorf("got %w, want a refusal with %q", err, tt.want)
				}
				return nil
			})
		})
	}
}

func TestJournal_brokenIsReportedAndTheBrokerGoesOn(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	broker := startNATS(t, nil)
	conns, out := connections(t)
	s, err := publish.New(settings(t, journaling(broker.ClientURL(), filepath.Join(file, "journal"))), conns)
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, func() error { return s.Ready(t.Context()) })
	handle(t, s, pipeline.AckBroker, "e1")
	var degraded *telemetry.Degraded
	eventually(t, func() error {
		if err := conns.JournalReady(t.Context()); !errors.As(err, &degraded) || !strings.Contains(err.Error(), "not a directory") {
			return fmt.Errorf("got %w", err)
		}
		return nil
	})
	if err := conns.Ready(t.Context()); err != nil {
		t.Errorf("with a working broker: %v", err)
	}
	if n := gathered(t, conns)[`webhook_edge_publish_journals{state="failed"}`]; n != 1 {
		t.Errorf("%v journals are counted as failed", n)
	}
	if out.count("journal cannot be used") != 1 {
		t.Errorf("said other than once:\n%s", out)
	}
}

func TestJournal_readiness(t *testing.T) {
	t.Parallel()
	down := newOutage(t)
	_, conns, _ := journalStage(t, journaling(down.url(), t.TempDir()))
	var degraded *telemetry.Degraded
	if err := conns.Ready(t.Context()); !errors.As(err, &degraded) || !errors.Is(err, publish.ErrDisconnected) {
		t.Errorf("the broker is down and the journal takes: %v", err)
	}
	down.end()
	eventually(t, func() error { return conns.Ready(t.Context()) })
}

func TestJournal_eventsOfAKilledProcessArePublished(t *testing.T) {
	t.Parallel()
	down := newOutage(t)
	dir, copied := t.TempDir(), t.TempDir()
	s, _, _ := journalStage(t, journaling(down.url(), dir))
	ids, want := names("e", 20)
	handle(t, s, pipeline.AckSpool, ids...)
	// The files as they are at a kill -9.
	if err := os.CopyFS(copied, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	_, conns, _ := journalStage(t, journaling(down.url(), copied))
	broker := down.end()
	drained(t, conns)
	eventually(t, func() error { // the first process publishes them too
		if diff := cmp.Diff(want, inOrder(t, broker, "WEBHOOKS")); diff != "" {
			return fmt.Errorf("(-want +got):\n%s", diff)
		}
		return nil
	})
}

func TestJournal_eventsOfAnotherProcessAreTakenOver(t *testing.T) {
	t.Parallel()
	down := newOutage(t)
	dir := t.TempDir()
	set := journaling(down.url(), dir)
	old, oldConns, _ := journalStage(t, set)
	handle(t, old, pipeline.AckSpool, "old1", "old2")
	// A reload: the new process starts while the old one is there.
	next, conns, _ := journalStage(t, set)
	handle(t, next, pipeline.AckSpool, "new1")
	handle(t, old, pipeline.AckSpool, "old3")
	old.Close()
	if err := oldConns.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	eventually(t, func() error {
		if n := number(t, conns, "journal_events"); n != 4 {
			return fmt.Errorf("%v events wait, want 4", n)
		}
		return nil
	})
	broker := down.end()
	drained(t, conns)
	want := []string{"github:old1", "github:old2", "github:old3", "github:new1"}
	if diff := cmp.Diff(want, inOrder(t, broker, "WEBHOOKS")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	eventually(t, func() error {
		if _, err := os.Stat(filepath.Join(dir, "edge-0")); !os.IsNotExist(err) {
			return fmt.Errorf("the old part is still there: %w", err)
		}
		return nil
	})
}

func TestJournal_isForOneBroker(t *testing.T) {
	t.Parallel()
	down, other := newOutage(t), newOutage(t)
	dir := t.TempDir()
	s, conns, out := journalStage(t, journaling(down.url(), dir))
	stranger, err := publish.New(settings(t, journaling(other.url(), dir)), conns)
	if err != nil {
		t.Fatal(err)
	}
	if err := stranger.Handle(t.Context(), delivery("e1")); err == nil || !strings.Contains(err.Error(), "in use for another broker") {
		t.Errorf("got %v", err)
	}
	if out.count("events of these servers are not journaled") == 0 {
		t.Error("it is not logged")
	}
	handle(t, s, pipeline.AckSpool, "e2")
	s.Close() // a change of the servers' URL: the new ones get what waits
	handle(t, stranger, pipeline.AckSpool, "e3")
	broker := other.end()
	drained(t, conns)
	if diff := cmp.Diff([]string{"github:e2", "github:e3"}, inOrder(t, broker, "WEBHOOKS")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestJournal_duplicateIsStoredOnce(t *testing.T) {
	t.Parallel()
	for name, set := range map[string]func(string) object{"window": creating, "exact": exact} {
		t.Run(name, func(t *testing.T) {
			down := newOutage(t)
			broker := down.end()
			with := set(down.url())
			with["journal"], with["ack_timeout_ms"] = object{"directory": t.TempDir()}, 1000
			s, conns, out := journalStage(t, with)
			eventually(t, func() error { return s.Ready(t.Context()) })
			handle(t, s, pipeline.AckBroker, "same", "other")
			stop(broker)
			handle(t, s, pipeline.AckSpool, "same")
			d := delivery("other")
			d.Event().Data = []byte(`{"n":2}`)
			if err := s.Handle(t.Context(), d); err != nil || d.Ack.By != pipeline.AckSpool {
				t.Fatal(err, d.Ack)
			}
			handle(t, s, pipeline.AckSpool, "new")
			broker = down.end()
			drained(t, conns)
			if diff := cmp.Diff([]string{"github:same", "github:other", "github:new"}, inOrder(t, broker, "WEBHOOKS")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if n := number(t, conns, "journal_parked_events"); n != 1 {
				t.Errorf("%v events are parked, want the one with another body", n)
			}
			if n := number(t, conns, "id_reused_total"); n != 1 {
				t.Errorf("counted %v times", n)
			}
			if out.count("is parked") != 1 {
				t.Errorf("logged other than once:\n%s", out)
			}
		})
	}
}

func TestJournal_refusedEventIsParkedUntilTheBrokerTakesIt(t *testing.T) {
	t.Parallel()
	down := newOutage(t)
	set := journaling(down.url(), t.TempDir())
	set["objects"] = object{"bucket": ""}
	s, conns, _ := journalStage(t, set)
	handle(t, s, pipeline.AckSpool, "first")
	astray := delivery("astray")
	astray.Items[0].Targets = []pipeline.Target{{Subject: "elsewhere.x", Stream: "ELSEWHERE"}}
	large := delivery("large")
	large.Event().Data = []byte(`"` + strings.Repeat("x", 600<<10) + `"`)
	for _, d := range []*pipeline.Delivery{astray, large} {
		if err := s.Handle(t.Context(), d); err != nil || d.Ack.By != pipeline.AckSpool {
			t.Fatal(err, d.Ack)
		}
	}
	handle(t, s, pipeline.AckSpool, "last")
	broker := down.end(func(o *server.Options) { o.MaxPayload = 512 << 10 })
	drained(t, conns)
	if diff := cmp.Diff([]string{"github:first", "github:last"}, inOrder(t, broker, "WEBHOOKS")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	var degraded *telemetry.Degraded
	if err := conns.JournalReady(t.Context()); !errors.As(err, &degraded) || !strings.Contains(err.Error(), "2 events cannot be published") {
		t.Errorf("health says %v", err)
	}
	// The engineer puts it right.
	addStream(t, broker, jetstream.StreamConfig{Name: "ELSEWHERE", Subjects: []string{"elsewhere.>"}})
	stop(broker)
	broker = down.end()
	eventually(t, func() error {
		if n := number(t, conns, "journal_parked_events"); n != 0 {
			return fmt.Errorf("%v are parked", n)
		}
		return nil
	})
	if diff := cmp.Diff([]string{"github:first", "github:last", "github:large"}, inOrder(t, broker, "WEBHOOKS")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"github:astray"}, inOrder(t, broker, "ELSEWHERE")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestJournal_missingStreamIsReportedNotJournaled(t *testing.T) {
	t.Parallel()
	broker := startNATS(t, nil)
	s, _, _ := journalStage(t, journaling(broker.ClientURL(), t.TempDir()))
	eventually(t, func() error { return s.Ready(t.Context()) })
	d := delivery("e1")
	d.Items[0].Targets = []pipeline.Target{{Subject: "elsewhere.x"}}
	wantReject(t, s.Handle(t.Context(), d), pipeline.NoStream, publish.ErrNoStream)
}

func TestJournal_takesOverForAFullStream(t *testing.T) {
	t.Parallel()
	broker := startNATS(t, nil)
	addStream(t, broker, jetstream.StreamConfig{Name: "WEBHOOKS", Subjects: []string{"webhooks.>"}, Discard: jetstream.DiscardNew, MaxMsgs: 2})
	s, conns, _ := journalStage(t, journaling(broker.ClientURL(), t.TempDir()))
	eventually(t, func() error { return s.Ready(t.Context()) })
	handle(t, s, pipeline.AckBroker, "e1", "e2")
	handle(t, s, pipeline.AckSpool, "e3")
	st, err := admin(t, broker.ClientURL()).Stream(t.Context(), "WEBHOOKS")
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Purge(t.Context()); err != nil {
		t.Fatal(err)
	}
	drained(t, conns)
}

func TestJournal_batchIsStoredByBoth(t *testing.T) {
	t.Parallel()
	down := newOutage(t)
	s, conns, _ := journalStage(t, journaling(down.url(), t.TempDir()))
	d := batch(30)
	if err := s.Handle(t.Context(), d); err != nil || d.Ack.By != pipeline.AckSpool {
		t.Fatal(err, d.Ack)
	}
	broker := down.end()
	drained(t, conns)
	if n := len(inOrder(t, broker, "WEBHOOKS")); n != 30 {
		t.Errorf("%d events are stored, want 30", n)
	}
}

// TestJournal_lostAckMakesNoDuplicate stores an event whose ack never comes, so that it
// is journaled as well.
func TestJournal_lostAckMakesNoDuplicate(t *testing.T) {
	t.Parallel()
	broker := startNATS(t, nil)
	link := startCutter(t, broker)
	set := journaling(link.url, t.TempDir())
	s, conns, _ := journalStage(t, set)
	eventually(t, func() error { return s.Ready(t.Context()) })
	var want []string
	for round := range 2 { // the second finds the drain as the first left it
		link.cut.Store(1 << 20)
		ids, msgIDs := names(fmt.Sprint("e", round, "-"), 2)
		handle(t, s, pipeline.AckSpool, ids...)
		before := number(t, conns, "disconnects_total")
		eventually(t, func() error { // its acks are lost too
			if n := number(t, conns, "disconnects_total"); n < before+2 {
				return fmt.Errorf("%v times disconnected after %v", n, before)
			}
			return nil
		})
		link.cut.Store(0)
		drained(t, conns)
		want = append(want, msgIDs...)
	}
	if diff := cmp.Diff(want, inOrder(t, broker, "WEBHOOKS")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
