package publish_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/publish"
)

// each runs do n times from senders goroutines and returns how many a second.
func each(b *testing.B, n int, do func() error) float64 {
	b.Helper()
	return eachOf(b, senders, n, do)
}

// eachOf is each from another number of goroutines.
func eachOf(b *testing.B, senders, n int, do func() error) float64 {
	b.Helper()
	var left atomic.Int64
	left.Store(int64(n))
	start := time.Now()
	var wg sync.WaitGroup
	for range senders {
		wg.Go(func() {
			for left.Add(-1) >= 0 {
				if err := do(); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	return float64(n) / time.Since(start).Seconds()
}

func median(rates []float64) float64 {
	slices.Sort(rates)
	return rates[len(rates)/2]
}

// BenchmarkBesideTheBareClient publishes through the stage and with the client
// alone in turns, 64 at a time and to one broker, and reports the medians of both
// and of the ratios of neighbours. The aim is 0.8.
func BenchmarkBesideTheBareClient(b *testing.B) {
	const rounds, events = 25, 4000
	for name, more := range map[string]object{
		"alone":            {},
		"before a journal": {"journal": object{"directory": ""}},
		"in tenant order":  {"ordering_key": "json:n"},
	} {
		b.Run(name, func(b *testing.B) {
			broker := startNATS(b, nil)
			set := creating(broker.ClientURL())
			set["ack_timeout_ms"] = 20_000
			for key, value := range more {
				set[key] = value
			}
			if name == "before a journal" {
				set["journal"] = object{"directory": b.TempDir()}
			}
			stage, _ := readyStage(b, set)
			js := admin(b, broker.ClientURL())
			var n atomic.Int64
			rest := strings.Repeat("x", 2<<10)
			through := func() error {
				id := strconv.FormatInt(n.Add(1), 10)
				d := delivery(id)
				d.Event().Data = []byte(`{"n":"` + id + `","x":"` + rest + `"}`)
				return stage.Handle(b.Context(), d)
			}
			d := delivery("x")
			bare := func() error {
				id := strconv.FormatInt(n.Add(1), 10)
				d := *d.Event()
				d.Data = []byte(`{"n":"` + id + `","x":"` + rest + `"}`)
				_, err := js.PublishMsg(b.Context(), &nats.Msg{Subject: "webhooks.github.octo.issues.opened", Data: d.AppendJSON(nil), Header: nats.Header{
					jetstream.MsgIDHeader: {"github:" + id}, jetstream.ExpectedStreamHeader: {"WEBHOOKS"},
					"Content-Type": {"application/cloudevents+json"}, "traceparent": {d.TraceParent},
				}})
				return err
			}
			for b.Loop() {
				var ours, theirs, ratios []float64
				for range rounds {
					theirs = append(theirs, each(b, events, bare))
					ours = append(ours, each(b, events, through))
					ratios = append(ratios, ours[len(ours)-1]/theirs[len(theirs)-1])
				}
				b.ReportMetric(median(ours), "stage/s")
				b.ReportMetric(median(theirs), "bare/s")
				b.ReportMetric(median(ratios), "ratio")
			}
		})
	}
}

// BenchmarkJournal is a whole stage whose broker is away: 2 KB a delivery, on disk
// before it is answered, beside writes of the same bytes with a sync each. The aim
// is 2,000 a second.
func BenchmarkJournal(b *testing.B) {
	const events = 20_000
	set := journaling("nats://127.0.0.1:1", b.TempDir())
	set["journal"] = object{"directory": b.TempDir(), "max_bytes": int64(64) << 30}
	stage, _, _ := journalStage(b, set)
	for range 10 { // the broker is left alone from then on, but for its probes
		_ = stage.Handle(b.Context(), delivery("warm"))
	}
	var n atomic.Int64
	data := body()
	f, err := os.Create(filepath.Join(b.TempDir(), "file"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	for b.Loop() {
		rate := each(b, events, func() error {
			d := delivery(strconv.FormatInt(n.Add(1), 10))
			d.Event().Data = data
			err := stage.Handle(b.Context(), d)
			if err == nil && d.Ack.By != pipeline.AckSpool {
				err = fmt.Errorf("stored by %s", d.Ack.By)
			}
			return err
		})
		const writes = 500
		start := time.Now()
		for range writes {
			if _, err := f.Write(data); err != nil {
				b.Fatal(err)
			}
			if err := f.Sync(); err != nil {
				b.Fatal(err)
			}
		}
		single := writes / time.Since(start).Seconds()
		b.ReportMetric(rate, "events/s")
		b.ReportMetric(single, "syncs/s")
		b.ReportMetric(rate/single, "ratio")
	}
}

// BenchmarkAck is a whole stage, 2 KB a delivery, by what the answer waits for and how
// many deliveries are under way at once: the broker, the broker and the journal on
// this machine's disk, on one whose sync takes 0.1 ms and on one whose takes 2 ms, and
// a broker that syncs always, on this machine's. They take turns, and the medians are
// reported, so that all of them have the same noise. The aim is 4,000 a second from 64
// senders on the slow one.
func BenchmarkAck(b *testing.B) {
	const rounds = 5
	kinds := []struct {
		name, ack string
		sync      time.Duration // of the journal's disk, 0 for this machine's
		always    bool
	}{
		{"broker", publish.AckBroker, 0, false}, {"both", publish.AckBoth, 0, false}, {"always", publish.AckBroker, 0, true},
		{"both-100us", publish.AckBoth, 100 * time.Microsecond, false}, {"both-2ms", publish.AckBoth, 2 * time.Millisecond, false},
	}
	for _, senders := range []int{1, 8, 64, 256} {
		b.Run(strconv.Itoa(senders), func(b *testing.B) {
			var stages []*publish.Stage
			for _, kind := range kinds {
				broker := startNATS(b, func(o *server.Options) { o.SyncAlways = kind.always })
				conns, _ := connections(b)
				dir := b.TempDir()
				if kind.sync > 0 {
					conns.JournalsOn(newDisk(kind.sync).create)
					dir = memoryDir(b)
				}
				set := holding(broker.ClientURL(), dir)
				set["ack"], set["ack_timeout_ms"] = kind.ack, 20_000
				set["journal"].(object)["max_bytes"] = int64(64) << 30
				stage, err := publish.New(settings(b, set), conns)
				if err != nil {
					b.Fatal(err)
				}
				journalReady(b, conns)
				eventually(b, func() error { return stage.Ready(b.Context()) })
				stages = append(stages, stage)
			}
			var n atomic.Int64
			data := body()
			rates := make([][]float64, len(kinds))
			for b.Loop() {
				for range rounds {
					for i, stage := range stages {
						rates[i] = append(rates[i], eachOf(b, senders, min(200*senders, 8000), func() error {
							d := delivery(strconv.FormatInt(n.Add(1), 10))
							d.Event().Data = data
							return stage.Handle(b.Context(), d)
						}))
					}
				}
			}
			for i, kind := range kinds {
				b.ReportMetric(median(rates[i]), kind.name+"/s")
			}
		})
	}
}

// memoryDir is a directory whose disk is memory, so that a sync takes as long as it is
// told to.
func memoryDir(b *testing.B) string {
	b.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "journal")
	if err != nil {
		if os.Getenv("CI") != "" {
			b.Fatalf("no disk in memory, and CI must measure on one: %v", err)
		}
		b.Skipf("NOT MEASURED: no disk in memory, so that a sync takes longer than it is told to: %v", err)
	}
	b.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// BenchmarkDrain is how fast the journal gets empty.
func BenchmarkDrain(b *testing.B) {
	const events = 20_000
	for b.Loop() {
		b.StopTimer()
		port := freePort(b)
		set := journaling(fmt.Sprintf("nats://127.0.0.1:%d", port), b.TempDir())
		stage, conns, _ := journalStage(b, set)
		var n atomic.Int64
		each(b, events, func() error { return stage.Handle(b.Context(), delivery(strconv.FormatInt(n.Add(1), 10))) })
		startNATS(b, func(o *server.Options) { o.Port = port })
		eventually(b, func() error {
			if gathered(b, conns)["webhook_edge_publish_journal_drained_total"] == 0 {
				return errors.New("it has not begun")
			}
			return nil
		})
		b.StartTimer()
		start := time.Now()
		drained(b, conns)
		b.ReportMetric(events/time.Since(start).Seconds(), "events/s")
	}
}

// TestCost_waitingDeliveryIsOneGoroutine counts goroutines while a broker says
// nothing: that of the delivery itself, and one more at most.
func TestCost_waitingDeliveryIsOneGoroutine(t *testing.T) {
	const waiting = 300
	broker := startNATS(t, func(o *server.Options) { o.JetStream = false })
	nc := admin(t, broker.ClientURL()).Conn()
	silent, err := nc.SubscribeSync("webhooks.>")
	if err != nil {
		t.Fatal(err)
	}
	if err := nc.Flush(); err != nil {
		t.Fatal(err)
	}
	set := object{"servers": []string{broker.ClientURL()}, "ack_timeout_ms": 30_000, "stream": object{"ensure": "off"}}
	set["journal"] = object{"directory": t.TempDir(), "broker_percent": 90}
	stage, _, _ := journalStage(t, set)
	eventually(t, func() error { return stage.Ready(t.Context()) })
	before := runtime.NumGoroutine()
	var wg sync.WaitGroup
	defer wg.Wait()
	for i := range waiting {
		wg.Go(func() {
			if err := stage.Handle(t.Context(), delivery(strconv.Itoa(i))); err != nil {
				t.Error(err)
			}
		})
	}
	eventually(t, func() error {
		if n, _, err := silent.Pending(); n < waiting {
			return fmt.Errorf("%d are under way, %w", n, err)
		}
		return nil
	})
	if extra := runtime.NumGoroutine() - before - waiting; extra > waiting {
		t.Errorf("%d goroutines beside those of %d deliveries", extra, waiting)
	}
	for m := range pending(silent, waiting) { // let them go
		if err := m.Respond([]byte(`{"stream":"WEBHOOKS","seq":1}`)); err != nil {
			t.Error(err)
		}
	}
}

func pending(s *nats.Subscription, n int) func(yield func(*nats.Msg) bool) {
	return func(yield func(*nats.Msg) bool) {
		for range n {
			m, err := s.NextMsg(time.Second)
			if err != nil || !yield(m) {
				return
			}
		}
	}
}

// TestCost_memoryIsFlatDuringAnOutage fills a journal while the broker is away and goes
// on delivering: thousands that are refused in CI, ten minutes of them by `make
// soak`.
func TestCost_memoryIsFlatDuringAnOutage(t *testing.T) {
	long := 0 * time.Second
	if text := os.Getenv("OUTAGE"); text != "" {
		var err error
		if long, err = time.ParseDuration(text); err != nil {
			t.Fatal(err)
		}
	}
	set := journaling("nats://127.0.0.1:1", t.TempDir())
	set["journal"] = object{"directory": t.TempDir(), "max_bytes": 4 << 20}
	stage, conns, _ := journalStage(t, set)
	deliver := func(n int) (refused int) {
		var count atomic.Int64
		var wg sync.WaitGroup
		for range 16 {
			wg.Go(func() {
				for i := range n / 16 {
					d := delivery(strconv.Itoa(i))
					d.Event().Data = body()
					if stage.Handle(t.Context(), d) != nil {
						count.Add(1)
					}
				}
			})
		}
		wg.Wait()
		return int(count.Load())
	}
	for deliver(800) < 800 { // until it is full and the broker is left alone
	}
	if gathered(t, conns)[`webhook_edge_publish_journals{state="full"}`] != 1 {
		t.Fatal("the journal is not full")
	}
	first, goroutines := heap(), runtime.NumGoroutine()
	start := time.Now()
	for done := 0; done < 20_000 || time.Since(start) < long; done += 2000 {
		deliver(2000)
	}
	last := heap()
	t.Logf("%d KiB with a full journal, %d KiB after %s", first>>10, last>>10, time.Since(start).Round(time.Second))
	if last > first+4<<20 {
		t.Errorf("the heap grew from %d to %d bytes", first, last)
	}
	if n := runtime.NumGoroutine(); n > goroutines+20 {
		t.Errorf("%d goroutines, %d before", n, goroutines)
	}
}

// heap is what is in use after a collection.
func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
