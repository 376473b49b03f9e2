package e2e

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// TestShutdown_exportsSpansBeforeTheDrain stops a process that cannot finish a delivery:
// Kong would kill it 50 ms later.
func TestShutdown_exportsSpansBeforeTheDrain(t *testing.T) {
	t.Setenv("OTEL_BSP_SCHEDULE_DELAY", "600000")
	var exports atomic.Int64
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		exports.Add(1)
	}))
	defer receiver.Close()
	d, broker, result := startUnderWay(t, "-traces-endpoint", receiver.URL)
	told := time.Now()
	if err := d.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the first delivery's spans come", func() bool { return exports.Load() > 0 })
	t.Logf("spans came %s after SIGTERM", time.Since(told))
	if len(result) > 0 {
		t.Error("the delivery under way was over by then")
	}
	broker.signal(syscall.SIGCONT)
	if o := <-result; o.err != nil || o.ack == "" {
		t.Errorf("the delivery under way: %+v", o)
	}
	if err := d.ended(); err != nil || exports.Load() < 2 {
		t.Errorf("exit: %v, %d exports\n%s", err, exports.Load(), d.log())
	}
}

// killPlugin kills the plugin process and waits for the next one.
func (g *gateway) killPlugin() {
	g.t.Helper()
	listening := func() int { return strings.Count(g.logged(), `"listening"`) }
	before := listening()
	for _, pid := range pidsOf(g.t, "webhook-edge", os.Getpid()) {
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			g.t.Fatal(err)
		}
	}
	eventually(g.t, "the next process listens", func() bool { return listening() > before })
}

// count is how many events the stream has.
func (g *gateway) count() uint64 {
	g.t.Helper()
	nc := g.nats.connect()
	defer nc.Close()
	js, err := jetstream.New(nc)
	if err != nil {
		g.t.Fatal(err)
	}
	stream, err := js.Stream(g.t.Context(), "WEBHOOKS")
	if err != nil {
		return 0 // the server is coming up
	}
	return stream.CachedInfo().State.Msgs
}

// TestKill_nextDeliveryIsJournaled kills the plugin while NATS is down and the journal is
// large.
func TestKill_nextDeliveryIsJournaled(t *testing.T) {
	const workers = 4
	events := 64
	if raceDetector {
		events = 16
	}
	g := startGateway(t, "", nil)
	s := senders()["github"]
	if _, r := g.deliver(s, "first"); r.status != 200 {
		t.Fatalf("%+v\n%s", r, g.logged())
	}
	g.nats.kill()
	var all sync.WaitGroup
	for worker := range workers {
		all.Go(func() {
			for n := range events / workers {
				id := fmt.Sprintf("k%d-%d", worker, n)
				body := strings.TrimSpace(s.body(id)) + strings.Repeat(" ", 500_000)
				if r := g.post(s, s.sign(s.secret, id, body, time.Now()), body); r.status != 200 {
					t.Errorf("%+v", r)
				}
			}
		})
	}
	all.Wait()
	g.killPlugin()
	if _, r := g.deliver(s, "after"); r.status != 200 || r.header.Get("Webhook-Ack") != "spool" {
		t.Errorf("the first delivery after the kill: %+v\n%s", r, g.logged())
	} else {
		t.Logf("answered after %s, with a journal of %d MB", r.took, events/2)
	}
	g.nats.start()
	eventually(t, "everything is in the stream", func() bool { return g.count() == uint64(events)+2 })
}

// TestKill_anyRequestDrainsTheJournal kills the plugin, after which no delivery comes: a
// request that is refused is enough.
func TestKill_anyRequestDrainsTheJournal(t *testing.T) {
	g := startGateway(t, "", nil)
	s := senders()["github"]
	if _, r := g.deliver(s, "stored"); r.status != 200 {
		t.Fatalf("%+v\n%s", r, g.logged())
	}
	g.nats.kill()
	eventually(t, "an event waits in the journal", func() bool {
		_, r := g.deliver(s, "waits")
		return r.status == 200 && r.header.Get("Webhook-Ack") == "spool"
	})
	g.killPlugin()
	g.nats.start()
	if n := g.count(); n != 1 {
		t.Fatalf("%d events in the stream before any request", n)
	}
	if r := g.do(http.MethodGet, s.path, nil, ""); r.status != 405 {
		t.Errorf("the probe: %+v", r)
	}
	eventually(t, "the journal is empty", func() bool { return g.count() == 2 })
}

func TestKill_answeredDeliveriesAreStored(t *testing.T) {
	g := startGateway(t, "", nil)
	s := senders()["github"]
	if _, r := g.deliver(s, "warm"); r.status != 200 {
		t.Fatalf("%+v\n%s", r, g.logged())
	}
	var answered sync.Map
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for worker := range 4 {
		wg.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				id := fmt.Sprintf("%d-%d", worker, i)
				if _, r := g.deliver(s, id); r.status == 200 {
					answered.Store(id, true)
				}
			}
		})
	}
	for range 3 {
		pids := pidsOf(t, "webhook-edge", os.Getpid())
		for _, pid := range pids {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
		eventually(t, "it is answered again", func() bool { _, r := g.deliver(s, fmt.Sprint("after ", pids)); return r.status == 200 })
	}
	close(stop)
	wg.Wait()
	stored := map[string]int{}
	for _, m := range g.events() {
		stored[strings.TrimPrefix(eventID(m), "github:")]++
	}
	n := 0
	answered.Range(func(id, _ any) bool {
		n++
		if stored[id.(string)] != 1 {
			t.Errorf("%v was answered 200 and is in the stream %d times", id, stored[id.(string)])
		}
		return true
	})
	if n < 10 {
		t.Errorf("only %d deliveries passed", n)
	}
}
