package pluginserver

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	"webhookedge/kong/wire"

	protocol "github.com/Kong/go-pdk/server/kong_plugin_protocol"
	"google.golang.org/protobuf/proto"

	"webhookedge/plugins/internal/pipeline"
)

// scripted is one delivery as Kong says it, with all replies ahead of their
// questions, and the length of what the server answers. It is not the first of i.
func scripted(t testing.TB, s *Server, i *instance) (says []byte, hears int) {
	t.Helper()
	i.known.Store(&learned{until: s.now().Add(time.Hour)})
	p := s.plans[asked{route: true}]
	call, err := proto.Marshal(&protocol.RpcCall{Sequence: 1, Call: &protocol.RpcCall_CmdHandleEvent{
		CmdHandleEvent: &protocol.CmdHandleEvent{InstanceId: i.id, EventName: "access"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	says = wire.AppendFrame(nil, call)
	for _, q := range p.questions {
		says = wire.AppendFrame(says, usualReply(asks(q.method, q.arg)))
	}
	return says, len(p.request) + len(appendDone(nil, 1))
}

func descriptors(t testing.TB) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(entries)
}

// settles polls until measure is at most limit, because goroutines and
// descriptors of closed connections take a moment to go.
func settles(t testing.TB, what string, limit int, measure func() int) {
	t.Helper()
	deadline := time.Now().Add(10 * time.Second)
	for measure() > limit {
		if time.Now().After(deadline) {
			t.Errorf("%d %s, %d before", measure(), what, limit)
			return
		}
		runtime.Gosched()
		time.Sleep(time.Millisecond)
	}
}

func TestLeak_goroutinesAndDescriptorsStayFlat(t *testing.T) {
	deliveries, dropped := 100_000, 1_000
	if raceDetector {
		deliveries, dropped = 5_000, 200
	}
	s := testServer(t, io.Discard, plugin(usual("continue"), func(context.Context, *pipeline.Delivery) error { return nil }))
	l, err := net.Listen("unix", filepath.Join(t.TempDir(), "s"))
	if err != nil {
		t.Fatal(err)
	}
	goroutines := runtime.NumGoroutine() + 3 // Serve, what lets idle instances go, and what sums refusals up
	served := make(chan error, 1)
	go func() { served <- s.Serve(l) }()
	i, err := s.instances.start("p", []byte("{}"))
	if err != nil {
		t.Fatal(err)
	}
	says, hears := scripted(t, s, i)
	files := descriptors(t)

	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if err := play(l.Addr().String(), says, hears, deliveries/8); err != nil {
				t.Error(err)
			}
		})
	}
	for n := range dropped { // at every possible byte
		wg.Go(func() { drop(l.Addr().String(), says[:1+n*7%len(says)]) })
		if n%64 == 0 {
			wg.Wait()
		}
	}
	wg.Wait()
	settles(t, "goroutines", goroutines, runtime.NumGoroutine)
	settles(t, "descriptors", files, func() int { return descriptors(t) })

	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-served; err != nil {
		t.Error(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if n := s.Drain(ctx); n != 0 {
		t.Errorf("%d connections left", n)
	}
	if n := s.inFlight.Load(); n != 0 {
		t.Errorf("%d deliveries are counted as under way", n)
	}
}

// play has n deliveries on one connection.
func play(socket string, says []byte, hears, n int) error {
	c, err := net.Dial("unix", socket)
	if err != nil {
		return err
	}
	defer c.Close()
	answer := make([]byte, hears)
	for i := range n {
		if _, err := c.Write(says); err != nil {
			return err
		}
		if _, err := io.ReadFull(c, answer); err != nil {
			return fmt.Errorf("delivery %d: %w", i, err)
		}
	}
	if !bytes.HasSuffix(answer, appendDone(nil, 1)) {
		return fmt.Errorf("the last answer is %q", answer)
	}
	return nil
}

// drop says a part and hangs up.
func drop(socket string, part []byte) {
	if c, err := net.Dial("unix", socket); err == nil {
		_, _ = c.Write(part)
		_ = c.Close()
	}
}
