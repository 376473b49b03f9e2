package publish_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats-server/v2/server"

	"webhookedge/plugins/internal/pipeline"
)

// ordered is a delivery of n events of some keys in turn, key-0, key-1, ...
func ordered(prefix string, n int, keys ...string) *pipeline.Delivery {
	d := batch(n)
	for i := range d.Items {
		e := d.Items[i].Event
		key := keys[i%len(keys)]
		e.ID = fmt.Sprintf("%s-%s-%d", key, prefix, i)
		e.Tenant, e.Subject, e.Data = key, key, fmt.Appendf(nil, `{"object":{"id":%q}}`, key)
	}
	return d
}

// perKey gives the ids of a stream by key, in the order in which they are stored.
func perKey(t *testing.T, broker *server.Server) map[string][]string {
	t.Helper()
	got := map[string][]string{}
	for _, id := range inOrder(t, broker, "WEBHOOKS") {
		id = strings.TrimPrefix(id, "github:")
		key, _, _ := strings.Cut(id, "-")
		got[key] = append(got[key], id)
	}
	return got
}

// wanted adds what perKey has to give of d.
func wanted(want map[string][]string, d *pipeline.Delivery) {
	for _, item := range d.Items {
		want[item.Event.Tenant] = append(want[item.Event.Tenant], item.Event.ID)
	}
}

func TestOrder_ofAKeyIsKept(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"tenant", "subject", "json:object.id"} {
		t.Run(key, func(t *testing.T) {
			broker := startNATS(t, nil)
			set := creating(broker.ClientURL())
			set["ordering_key"], set["ack_timeout_ms"] = key, 20_000
			stage, _ := readyStage(t, set)
			want := map[string][]string{}
			for round := range 5 {
				d := ordered(fmt.Sprint(round), 60, "a", "b", "c")
				wanted(want, d)
				if err := stage.Handle(t.Context(), d); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(want, perKey(t, broker)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestOrder_outlivesAnOutage delivers before, during and after one, and while the
// journal is being emptied.
func TestOrder_outlivesAnOutage(t *testing.T) {
	t.Parallel()
	down := newOutage(t)
	broker := down.end()
	set := journaling(down.url(), t.TempDir())
	set["ordering_key"], set["ack_timeout_ms"] = "tenant", 2000
	stage, conns, _ := journalStage(t, set)
	eventually(t, func() error { return stage.Ready(t.Context()) })
	var mu sync.Mutex
	want := map[string][]string{}
	deliver := func(key, name string) {
		d := ordered(name, 6, key)
		if err := stage.Handle(t.Context(), d); err != nil {
			t.Errorf("%s of %s: %v", name, key, err)
		}
		mu.Lock()
		defer mu.Unlock()
		wanted(want, d)
	}
	round := func(name string) {
		var wg sync.WaitGroup
		for _, key := range []string{"a", "b", "c", "d"} {
			wg.Go(func() {
				for i := range 5 {
					deliver(key, fmt.Sprint(name, i))
				}
			})
		}
		wg.Wait()
	}
	for n := range 2 {
		round(fmt.Sprint("up", n, "."))
		stop(broker)
		round(fmt.Sprint("down", n, "."))
		broker = down.end()
		round(fmt.Sprint("back", n, "."))
		drained(t, conns)
		eventually(t, func() error { // so that the next round finds the broker
			d := ordered(fmt.Sprint("probe", n), 1, "probe")
			return errors.Join(stage.Handle(t.Context(), d), by(d, pipeline.AckBroker, pipeline.AckDuplicate))
		})
	}
	got := perKey(t, broker)
	delete(got, "probe")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestOrder_eventsWithoutAKeyDoNotWait(t *testing.T) {
	t.Parallel()
	broker := startNATS(t, nil)
	set := creating(broker.ClientURL())
	set["ordering_key"] = "json:no.such.place"
	stage, _ := readyStage(t, set)
	if err := stage.Handle(t.Context(), batch(20)); err != nil {
		t.Error(err)
	}
}
