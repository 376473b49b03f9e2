package publish_test

import (
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/nats-io/nats-server/v2/server"

	"webhookedge/plugins/internal/pipeline"
)

// TestCost_largeEventIsCopiedOnce bounds what the stage allocates for an event beside
// the client's and the embedded broker's own buffers, which a warm-up has grown.
func TestCost_largeEventIsCopiedOnce(t *testing.T) {
	broker := startNATS(t, func(o *server.Options) { o.MaxPayload = 32 << 20; o.MaxPending = 128 << 20 })
	set := creating(broker.ClientURL())
	set["ack_timeout_ms"], set["objects"] = 20_000, object{"bucket": ""}
	stage, _ := readyStage(t, set)
	const size = 16 << 20
	d := func(id string) *pipeline.Delivery {
		d := delivery(id)
		d.Event().Data = []byte(`"` + strings.Repeat("x", size) + `"`)
		return d
	}
	if err := stage.Handle(t.Context(), d("warm")); err != nil {
		t.Fatal(err)
	}
	next := d("counted")
	need := uint64(next.Event().Size())
	tooLarge := d("too large")
	tooLarge.Event().Data = []byte(`"` + strings.Repeat("x", 2*size) + `"`)

	if got := allocated(func() { _ = stage.Handle(t.Context(), tooLarge) }); got > 1<<20 {
		t.Errorf("refusing a large event allocates %d bytes, want no copy of it", got)
	}
	var err error
	got := allocated(func() { err = stage.Handle(t.Context(), next) })
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d bytes allocated for an event of %d, the broker's included", got, need)
	if got < need || got > 6*need {
		t.Errorf("an event of %d bytes allocates %d", need, got)
	}
}

func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

func TestCost_allocationsOfASmallEvent(t *testing.T) {
	broker := startNATS(t, nil)
	stage, _ := readyStage(t, creating(broker.ClientURL()))
	n, d := 0, delivery("")
	d.Event().Data = body()
	got := testing.AllocsPerRun(500, func() {
		n++
		d.Event().ID = strconv.Itoa(n)
		if err := stage.Handle(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	})
	// Those of the embedded broker count too. The whole chain may have 120.
	if t.Logf("%v allocations, the broker's included", got); got > 80 {
		t.Errorf("%v allocations, want at most 80", got)
	}
}
