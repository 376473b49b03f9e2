package telemetry_test

import (
	"testing"
	"time"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/telemetry"
)

// deliver makes the span of a delivery that no stage looks at.
func deliver(t *testing.T, traces *telemetry.Traces) {
	t.Helper()
	_, end := traces.Of("github").Delivery(t.Context(), &pipeline.Delivery{})
	end(&pipeline.Outcome{Code: pipeline.Accepted, Status: 200})
}

// comes waits until n spans have come, for less than five seconds, which is how long the
// SDK would wait by itself.
func comes(t *testing.T, r *receiver, n int) {
	t.Helper()
	for deadline := time.Now().Add(4 * time.Second); ; time.Sleep(time.Millisecond) {
		if got := len(r.told(map[string]string{})); got == n {
			return
		} else if time.Now().After(deadline) {
			t.Fatalf("%d spans came, want %d", got, n)
		}
	}
}

func TestTraces_spanIsExportedSoon(t *testing.T) {
	r := newReceiver(t)
	traces, err := openTraces(t, r.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	deliver(t, traces)
	comes(t, r, 1)
	if err := traces.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestTraces_exportAtOnceDoesNotWait is what happens in the 50 ms before Kong kills the
// process.
func TestTraces_exportAtOnceDoesNotWait(t *testing.T) {
	const delay = "OTEL_BSP_SCHEDULE_DELAY"
	t.Setenv(delay, "600000")
	r := newReceiver(t)
	traces, err := openTraces(t, r.URL, map[string]string{delay: "600000"})
	if err != nil {
		t.Fatal(err)
	}
	deliver(t, traces)
	ended := make(chan struct{})
	go func() { traces.ExportAtOnce(); close(ended) }()
	comes(t, r, 1)
	deliver(t, traces) // finished during the drain
	comes(t, r, 2)
	if err := traces.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	<-ended
	var none *telemetry.Traces
	none.ExportAtOnce()
}
