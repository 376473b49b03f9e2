package site_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"webhookedge/plugins/internal/ctl/inspector/site"
)

func TestCache_asksOnceForAll(t *testing.T) {
	var c site.Cache[int]
	asked := 0
	var all sync.WaitGroup
	for range 5 {
		all.Go(func() {
			if got, err := c.Get(t.Context(), func(context.Context) (int, error) { asked++; return asked, nil }); got != 1 || err != nil {
				t.Error(got, err)
			}
		})
	}
	all.Wait()
}

func TestCache_asksAgainLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c site.Cache[time.Time]
		ask := func(context.Context) (time.Time, error) { return time.Now(), nil }
		first, _ := c.Get(t.Context(), ask)
		time.Sleep(site.CacheTTL - time.Nanosecond) // of the bubble's clock
		if again, _ := c.Get(t.Context(), ask); !again.Equal(first) {
			t.Error("asked again at once")
		}
		time.Sleep(time.Nanosecond)
		if again, _ := c.Get(t.Context(), ask); again.Equal(first) {
			t.Error("the answer stays for ever")
		}
	})
}

func TestCache_outlivesItsCaller(t *testing.T) {
	var c site.Cache[bool]
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if ok, err := c.Get(ctx, func(ctx context.Context) (bool, error) { return true, ctx.Err() }); !ok || err != nil {
		t.Error(ok, err)
	}
}

func TestCache_keepsNoError(t *testing.T) {
	var c site.Cache[bool]
	want := errors.New("away")
	if _, err := c.Get(t.Context(), func(context.Context) (bool, error) { return false, want }); !errors.Is(err, want) {
		t.Error(err)
	}
	if ok, err := c.Get(t.Context(), func(context.Context) (bool, error) { return true, nil }); !ok || err != nil {
		t.Error(ok, err)
	}
}
