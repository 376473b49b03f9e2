package pluginserver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	protocol "github.com/Kong/go-pdk/server/kong_plugin_protocol"

	"webhookedge/plugins/internal/pipeline"
)

// held builds handlers, and counts what was built and closed.
func held(built, closed *atomic.Int64, handle func(context.Context, *pipeline.Delivery) error) builds {
	return func([]byte) (*Handler, error) {
		built.Add(1)
		chain, err := pipeline.NewChain([]pipeline.Stage{fnStage(handle)})
		return &Handler{Settings: usual("continue"), Chain: chain, Provider: "test", Close: func() { closed.Add(1) }}, err
	}
}

// clock is a time that a test moves on.
type clock struct{ passed atomic.Int64 }

func (c *clock) now() time.Time { return time.Unix(1_700_000_000, c.passed.Load()) }

func (c *clock) pass(d time.Duration) { c.passed.Add(int64(d)) }

// hasGone reports whether the server hangs up when it is asked for an instance.
func (k *kongEnd) hasGone(id int32) bool {
	k.t.Helper()
	k.call(&protocol.RpcCall{Call: &protocol.RpcCall_CmdHandleEvent{CmdHandleEvent: &protocol.CmdHandleEvent{InstanceId: id, EventName: "access"}}})
	_, err := k.in.Next()
	return errors.Is(err, io.EOF)
}

// TestIdle_instanceIsLetGoAndStartedAgain is what Kong sees of a route that nobody
// calls for a while: the connection ends, and Kong starts the instance and runs the
// handler again.
func TestIdle_instanceIsLetGoAndStartedAgain(t *testing.T) {
	var built, closed atomic.Int64
	s := testServer(t, io.Discard, held(&built, &closed, pass))
	var c clock
	s.instances.now = c.now
	first := kongWith(t, s)
	busy, idle := first.start("p", `{"n":1}`), first.start("p", `{"n":2}`)
	c.pass(DefaultIdleTimeout - time.Second)
	s.instances.closeIdle(s.idle)
	if exit := first.event(busy); exit != nil || closed.Load() != 0 {
		t.Fatalf("before the time is over: %v, %d closed", exit, closed.Load())
	}
	c.pass(time.Second)
	s.instances.closeIdle(s.idle)
	if exit := first.event(busy); exit != nil || closed.Load() != 1 {
		t.Errorf("the one in use: %v, %d closed", exit, closed.Load())
	}
	if !first.hasGone(idle) {
		t.Error("the idle one is there")
	}
	again := kongWith(t, s)
	if exit := again.event(again.start("p", `{"n":2}`)); exit != nil || built.Load() != 3 {
		t.Errorf("started again: %v, %d built", exit, built.Load())
	}
}

func TestIdle_deliveryUnderWayKeepsItsInstance(t *testing.T) {
	var built, closed atomic.Int64
	s := testServer(t, io.Discard, held(&built, &closed, pass))
	var c clock
	s.instances.now = c.now
	i, err := s.instances.start("p", []byte(`{}`))
	if err != nil {
		t.Fatal(err)
	}
	s.instances.use(i.id)
	c.pass(2 * DefaultIdleTimeout) // its body comes slowly
	s.instances.closeIdle(s.idle)
	if _, ok := s.instances.get(i.id); !ok || closed.Load() != 0 {
		t.Fatalf("there: %v, closed %d times in the middle of a delivery", ok, closed.Load())
	}
	i.done(c.now())
	s.instances.closeIdle(s.idle)
	if _, ok := s.instances.get(i.id); !ok {
		t.Error("let go right after a delivery")
	}
	c.pass(DefaultIdleTimeout)
	s.instances.closeIdle(s.idle)
	if _, ok := s.instances.get(i.id); ok || closed.Load() != 1 {
		t.Errorf("there: %v, closed %d times", ok, closed.Load())
	}
}

// TestIdle_deliveryThatJustArrivesIsNotCut lets everything go all the time: a
// delivery finds its instance whole, or not at all.
func TestIdle_deliveryThatJustArrivesIsNotCut(t *testing.T) {
	type guarded struct{ closed atomic.Bool }
	var live sync.Map // of handlers
	s := testServer(t, io.Discard, func([]byte) (*Handler, error) {
		g := &guarded{}
		h := &Handler{Close: func() { g.closed.Store(true) }}
		live.Store(h, g)
		return h, nil
	})
	stop := make(chan struct{})
	var letting, delivering sync.WaitGroup
	letting.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				s.instances.closeIdle(0)
			}
		}
	})
	for worker := range 4 {
		delivering.Go(func() {
			for range 500 {
				i, err := s.instances.start("p", fmt.Appendf(nil, `{"n":%d}`, worker%2))
				if err != nil {
					t.Error(err)
					return
				}
				_, ok := s.instances.use(i.id)
				if !ok {
					continue // Kong starts it again
				}
				if g, _ := live.Load(i.handler.Value()); g.(*guarded).closed.Load() {
					t.Error("a delivery runs in a handler that is closed")
				}
				i.done(time.Now())
			}
		})
	}
	delivering.Wait()
	close(stop)
	letting.Wait()
	s.instances.closeIdle(0)
	live.Range(func(_, g any) bool {
		if !g.(*guarded).closed.Load() {
			t.Error("a handler was never closed")
		}
		return true
	})
}

func TestIdle_sweepComesByItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var built, closed atomic.Int64
		s := testServer(t, io.Discard, held(&built, &closed, pass))
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		go s.sweep(ctx)
		if _, err := s.instances.start("p", []byte(`{}`)); err != nil {
			t.Fatal(err)
		}
		time.Sleep(DefaultIdleTimeout - time.Second)
		synctest.Wait()
		if closed.Load() != 0 {
			t.Error("let go before its time")
		}
		time.Sleep(DefaultIdleTimeout / 5)
		synctest.Wait()
		if closed.Load() != 1 {
			t.Error("never let go")
		}
	})
}
