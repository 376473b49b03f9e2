package bucket_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"webhookedge/plugins/internal/drift"
	"webhookedge/plugins/internal/drift/bucket"
	"webhookedge/plugins/internal/natstest"
)

func touched(*drift.Model) bool { return true }

func TestBucket_keepsWhatIsKnown(t *testing.T) {
	js := natstest.JetStream(t)
	if _, err := bucket.Open(t.Context(), js); !errors.Is(err, bucket.ErrNone) {
		t.Errorf("got %v", err)
	}
	b, err := bucket.OpenOrCreate(t.Context(), js)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := bucket.OpenOrCreate(t.Context(), js); err != nil {
		t.Errorf("a second time: %v", err)
	}
	if _, err := b.Change(t.Context(), "github", "push", time.Now(), true, touched); !errors.Is(err, bucket.ErrUnknown) {
		t.Errorf("got %v", err)
	}
	events := []string{"push", "a.b", "a_b", "A b/ç*>", "$KV.x", strings.Repeat("long", 60), ""}
	for _, name := range events {
		for n := range 2 {
			m, err := b.Change(t.Context(), "github", name, time.Now(), false, func(m *drift.Model) bool {
				m.Deliveries++
				return true
			})
			if err != nil || m.Deliveries != uint64(n+1) {
				t.Errorf("%q: %+v, %v", name, m, err)
			}
		}
	}
	found := map[string]bool{}
	if err := b.Each(t.Context(), "github", false, func(m *drift.Model) error {
		found[m.Event] = true
		return nil
	}); err != nil || len(found) != len(events) {
		t.Errorf("%d events, %v", len(found), err)
	}
	if err := b.Each(t.Context(), "git", false, func(*drift.Model) error { return errors.New("another provider's") }); err != nil {
		t.Error(err)
	}
	if err := b.Forget(t.Context(), "github", "push"); err != nil {
		t.Error(err)
	}
	if _, err := b.Get(t.Context(), "github", "push"); !errors.Is(err, bucket.ErrUnknown) {
		t.Errorf("got %v", err)
	}
	if m, err := b.Change(t.Context(), "github", "push", time.Now(), false, touched); err != nil || m.Deliveries != 0 {
		t.Errorf("learnt anew: %+v, %v", m, err)
	}
}

func TestBucket_manyChangeOneEvent(t *testing.T) {
	b, err := bucket.OpenOrCreate(t.Context(), natstest.JetStream(t))
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 5 {
				for errors.Is(add(t.Context(), b), bucket.ErrBusy) { // it is tried again, as the edge does
				}
			}
		})
	}
	all.Wait()
	if m, err := b.Get(t.Context(), "github", "push"); err != nil || m.Deliveries != 20 {
		t.Errorf("%+v, %v", m, err)
	}
}

func add(ctx context.Context, b *bucket.Bucket) error {
	_, err := b.Change(ctx, "github", "push", time.Now(), false, func(m *drift.Model) bool {
		m.Deliveries++
		return true
	})
	return err
}

func TestBucket_isBounded(t *testing.T) {
	b, err := bucket.OpenOrCreate(t.Context(), natstest.JetStream(t))
	if err != nil {
		t.Fatal(err)
	}
	for i := range 257 {
		_, err = b.Change(t.Context(), "github", fmt.Sprint("event", i), time.Now(), false, touched)
		if err != nil && i < 256 {
			t.Fatal(i, err)
		}
	}
	if !errors.Is(err, bucket.ErrEvents) {
		t.Errorf("got %v", err)
	}
	if _, err := b.Change(t.Context(), "stripe", "x", time.Now(), false, touched); err != nil {
		t.Errorf("of another provider: %v", err)
	}
	_, err = b.Change(t.Context(), "stripe", "x", time.Now(), false, func(m *drift.Model) bool {
		m.Open = append(m.Open, drift.Change{Path: strings.Repeat("x", drift.MaxBytes)})
		return true
	})
	if !errors.Is(err, bucket.ErrLarge) {
		t.Errorf("got %v", err)
	}
}
