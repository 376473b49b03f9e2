package publish

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestQueue_keepsTheOrderOfArrival(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var q queues
		var got []string
		all := map[string]*place{}
		take := func(name, key string) *place {
			mine, err := q.take(key)
			if err != nil {
				t.Fatal(err)
			}
			all[name] = mine
			go func() {
				if mine.wait(t.Context()) == nil {
					got = append(got, name)
				}
			}()
			synctest.Wait()
			return mine
		}
		for i := range 4 {
			take(fmt.Sprint("a", i), "a")
		}
		take("b0", "b")
		q.leave(all["a2"]) // its deadline passed before it was the first
		for _, name := range []string{"a0", "a1", "b0"} {
			q.leave(all[name])
			synctest.Wait()
		}
		if diff := cmp.Diff([]string{"a0", "b0", "a1", "a3"}, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		q.leave(all["a3"])
		if len(q.waiting) != 0 {
			t.Errorf("%d keys are still known", len(q.waiting))
		}
	})
}

func TestQueue_isBounded(t *testing.T) {
	var q queues
	for range maxWaiting + 1 {
		if _, err := q.take("a"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := q.take("a"); !errors.Is(err, ErrQueueFull) {
		t.Errorf("got %v, want ErrQueueFull", err)
	}
	mine, err := q.take("b")
	if err != nil || mine.wait(t.Context()) != nil {
		t.Error("another key has to wait")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := q.waiting["a"][1].wait(ctx); !errors.Is(err, ErrQueueTimeout) {
		t.Errorf("got %v, want ErrQueueTimeout", err)
	}
}

func TestAnswerTimeout_leavesTheProviderHalfOfItsTime(t *testing.T) {
	for wait, want := range map[time.Duration]time.Duration{
		0: 1500 * time.Millisecond, 10 * time.Second: 1500 * time.Millisecond, 3 * time.Second: 1500 * time.Millisecond, 2 * time.Second: time.Second, time.Second: 500 * time.Millisecond,
	} {
		s := &Stage{timeout: 1500 * time.Millisecond}
		WithAnswerTimeout(wait)(s)
		if s.timeout != want {
			t.Errorf("a provider that waits %s leaves %s, want %s", wait, s.timeout, want)
		}
	}
}
