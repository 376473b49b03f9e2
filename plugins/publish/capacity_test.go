package publish_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/internal/pipeline"
)

// payload is an event whose data has so many bytes of JSON.
func payload(id string, size int) *pipeline.Delivery {
	d := delivery(id)
	d.Event().Data = fmt.Appendf(nil, `{"text": %q}`, strings.Repeat("x", max(size-12, 0)))
	return d
}

// onDisk are the bytes that the files below dir have.
func onDisk(tb testing.TB, dir string) (sum int64) {
	tb.Helper()
	err := filepath.WalkDir(dir, func(_ string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		info, err := e.Info()
		if err == nil {
			sum += info.Size()
		}
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	return sum
}

// journaled returns the bytes that an event takes in the journal while NATS is away.
func journaled(tb testing.TB, size, events int) float64 {
	tb.Helper()
	dir := tb.TempDir()
	set := creating("nats://127.0.0.1:1") // nobody there
	set["journal"] = object{"directory": dir}
	stage, _ := newStage(tb, set)
	before := onDisk(tb, dir)
	for i := range events {
		d := payload(fmt.Sprint("e", i), size)
		if err := stage.Handle(tb.Context(), d); err != nil || d.Ack.By != pipeline.AckSpool {
			tb.Fatal(err, d.Ack)
		}
	}
	return float64(onDisk(tb, dir)-before) / float64(events)
}

// streamed returns the bytes that an event takes in the stream.
func streamed(tb testing.TB, size, events int) float64 {
	tb.Helper()
	s := startNATS(tb, nil)
	stage, _ := readyStage(tb, creating(s.ClientURL()))
	for i := range events {
		if err := stage.Handle(tb.Context(), payload(fmt.Sprint("e", i), size)); err != nil {
			tb.Fatal(err)
		}
	}
	stream, err := admin(tb, s.ClientURL()).Stream(tb.Context(), "WEBHOOKS")
	if err != nil {
		tb.Fatal(err)
	}
	return float64(stream.CachedInfo().State.Bytes) / float64(events)
}

// TestCapacity_ofDisks holds what kong/README.md says: an event takes its payload and
// about half a kilobyte, in the journal as in the stream.
func TestCapacity_ofDisks(t *testing.T) {
	const size = 2 << 10
	for name, measure := range map[string]func(testing.TB, int, int) float64{"journal": journaled, "stream": streamed} {
		if more := measure(t, size, 10) - size; more < 300 || more > 700 {
			t.Errorf("in the %s an event takes %.0f bytes beside its payload", name, more)
		}
	}
}

// BenchmarkCapacityDisks gives the figures for more sizes.
func BenchmarkCapacityDisks(b *testing.B) {
	for _, size := range []int{2 << 10, 16 << 10, 64 << 10} {
		b.Run(fmt.Sprintf("payload=%dKiB", size>>10), func(b *testing.B) {
			for b.Loop() {
				b.ReportMetric(journaled(b, size, 200), "journal-B/event")
				b.ReportMetric(streamed(b, size, 200), "stream-B/event")
			}
		})
	}
}

// BenchmarkCapacityDuplicateWindow says what an id costs the memory of NATS while the
// duplicate window holds it: the heap with ids, less that without.
func BenchmarkCapacityDuplicateWindow(b *testing.B) {
	const events = 20000
	heap := func(ids bool) (bytesInUse uint64) {
		s := startNATS(b, func(o *server.Options) { o.StoreDir = b.TempDir() })
		defer stop(s)
		js := admin(b, s.ClientURL())
		if _, err := js.CreateStream(b.Context(), jetstream.StreamConfig{Name: "WEBHOOKS", Subjects: []string{"webhooks.>"}, Duplicates: time.Hour}); err != nil {
			b.Fatal(err)
		}
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		body := bytes.Repeat([]byte("x"), 64)
		for i := range events {
			m := nats.NewMsg("webhooks.github.octo.push")
			m.Data = body
			id := fmt.Sprintf("github:%08x-72d3-4f11-9a3c-4c5f0a9b8e21", i)
			if ids {
				m.Header.Set(nats.MsgIdHdr, id)
			} else {
				m.Header.Set("X", id)
			}
			if _, err := js.PublishMsgAsync(m); err != nil {
				b.Fatal(err)
			}
			if i%1000 == 999 {
				<-js.PublishAsyncComplete()
			}
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		return after.HeapAlloc - before.HeapAlloc
	}
	for b.Loop() {
		without := heap(false)
		b.ReportMetric((float64(heap(true))-float64(without))/events, "heap-B/id")
	}
}
