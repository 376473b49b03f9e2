package pool_test

import (
	"errors"
	"maps"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"webhookedge/plugins/internal/pool"
)

// ends counts the values that were ended.
type ends struct {
	mu  sync.Mutex
	all map[string]int
}

func (e *ends) end(v string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.all == nil {
		e.all = map[string]int{}
	}
	e.all[v]++
}

func (e *ends) of(v string) int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.all[v]
}

func hold(t *testing.T, p *pool.Pool[string, string], key string) *pool.Lease[string, string] {
	t.Helper()
	l, err := p.Acquire(key, func() (string, error) { return "value of " + key, nil })
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestPool_sharesAndKeeps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var gone ends
		p := pool.New[string](func(string) time.Duration { return time.Minute }, gone.end)
		a, b := hold(t, p, "a"), hold(t, p, "a")
		if got := maps.Collect(p.All()); !maps.Equal(got, map[string]int{"value of a": 2}) {
			t.Errorf("held: %v", got)
		}
		a.Release()
		a.Release() // counts once
		c := hold(t, p, "a")
		b.Release()
		time.Sleep(time.Hour)
		if n := gone.of("value of a"); n != 0 {
			t.Fatalf("ended %d times while it is held", n)
		}
		c.Release()
		time.Sleep(59 * time.Second)
		again := hold(t, p, "a") // taken up just before its end
		time.Sleep(time.Hour)
		if n := gone.of("value of a"); n != 0 {
			t.Fatalf("ended %d times although it was taken up again", n)
		}
		again.Release()
		time.Sleep(61 * time.Second)
		if n := gone.of("value of a"); n != 1 {
			t.Errorf("ended %d times", n)
		}
	})
}

func TestPool_buildsOutsideItsLock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := pool.New[string, string](nil, nil)
		ready := hold(t, p, "ready")
		building := make(chan struct{})
		var made atomic.Int32
		var both sync.WaitGroup
		for range 2 {
			both.Go(func() {
				l, err := p.Acquire("slow", func() (string, error) {
					made.Add(1)
					<-building
					return "slow", nil
				})
				if err != nil || l.Value() != "slow" {
					t.Errorf("got %v, %v", l, err)
				}
			})
		}
		synctest.Wait()
		// While "slow" is built, everything else goes on: a deadlock otherwise.
		hold(t, p, "other")
		ready.Release()
		for range p.All() {
			continue
		}
		close(building)
		both.Wait()
		if n := made.Load(); n != 1 {
			t.Errorf("built %d times", n)
		}
	})
}

func TestPool_failure(t *testing.T) {
	fault := errors.New("fault")
	var gone ends
	p := pool.New[string](nil, gone.end)
	if _, err := p.Acquire("a", func() (string, error) { return "half", fault }); !errors.Is(err, fault) {
		t.Errorf("got %v", err)
	}
	func() {
		defer func() { _ = recover() }()
		_, _ = p.Acquire("a", func() (string, error) { panic("fault") })
	}()
	hold(t, p, "a").Release() // the next one tries again
	if gone.of("half") != 0 || gone.of("value of a") != 1 {
		t.Errorf("ended: %v", gone.all)
	}
}

func TestPool_close(t *testing.T) {
	var gone ends
	p := pool.New[string](func(string) time.Duration { return time.Hour }, gone.end)
	held := hold(t, p, "held")
	hold(t, p, "unused").Release()
	p.Close()
	if gone.of("value of unused") != 1 || gone.of("value of held") != 0 {
		t.Errorf("ended: %v", gone.all)
	}
	if _, err := p.Acquire("held", nil); !errors.Is(err, pool.ErrClosed) {
		t.Errorf("got %v", err)
	}
	held.Release()
	if gone.of("value of held") != 1 {
		t.Errorf("ended: %v", gone.all)
	}
}
