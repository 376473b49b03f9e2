package bucket_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

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
	b, err := bucket.OpenOrCreate(t.Context(), js, "WEBHOOKS")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := bucket.OpenOrCreate(t.Context(), js, "WEBHOOKS"); err != nil {
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
	b, err := bucket.OpenOrCreate(t.Context(), natstest.JetStream(t), "WEBHOOKS")
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
	b, err := bucket.OpenOrCreate(t.Context(), natstest.JetStream(t), "WEBHOOKS")
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

// TestBucket_theEdgeMay holds the shipped permissions against what the edge does.
func TestBucket_theEdgeMay(t *testing.T) {
	for _, name := range []string{"NATS_PASSWORD", "NATS_CONSUMER_PASSWORD", "NATS_OPERATOR_PASSWORD", "NATS_ADMIN_PASSWORD", "NATS_EDGE_PASSWORD", "NATS_CONSUMERS_PASSWORD", "NATS_NAME", "NATS_ROUTE_PASSWORD"} {
		t.Setenv(name, "of-the-test")
	}
	for i := range 3 {
		t.Setenv(fmt.Sprint("NATS_ROUTE_", i+1), "nats://127.0.0.1:1")
	}
	for file, user := range map[string]string{"nats.conf": "webhooks", "cluster/nats.conf": "edge"} {
		conf, err := server.ProcessConfigFile(filepath.Join("..", "..", "..", "..", "kong", file))
		if err != nil {
			t.Fatal(err)
		}
		s := natstest.Start(t, func(o *server.Options) { o.Users = conf.Users })
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second) // what is not allowed is not answered
		b, err := bucket.OpenOrCreate(ctx, natstest.Client(t, s, nats.UserInfo(user, "of-the-test")), "WEBHOOKS")
		for range 2 {
			if err == nil {
				err = add(ctx, b)
			}
		}
		if err != nil {
			t.Errorf("%s, %s: %v", file, user, err)
		}
		cancel()
	}
}
