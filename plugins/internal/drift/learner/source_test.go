package learner

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"webhookedge/plugins/internal/pipeline"
)

func TestSource_takesWhatIsStored(t *testing.T) {
	e := newEdge(t, nil)
	for name, change := range map[string]func(d *pipeline.Delivery){
		"a duplicate":           func(d *pipeline.Delivery) { d.Ack.By = pipeline.AckDuplicate },
		"a handshake":           func(d *pipeline.Delivery) { d.Ack.By, d.Items = "", nil },
		"an event that is held": func(d *pipeline.Delivery) { d.Items[0].Hold = pipeline.PayloadInvalid },
		"an item left out":      func(d *pipeline.Delivery) { d.Items[0].Drop = true },
		"bytes":                 func(d *pipeline.Delivery) { d.Event().Binary = true },
		"a large payload":       func(d *pipeline.Delivery) { d.Event().Data = make([]byte, maxPayload+1) },
	} {
		d := e.stored(`{}`)
		change(d)
		if e.Stored(d); len(e.jobs) != 0 {
			t.Errorf("%s is learnt", name)
		}
		e.wait(time.Second)
	}
	data := []byte(`{"a":1}`)
	d := e.stored("")
	d.Event().Data = data
	e.Stored(d)
	e.Stored(d) // at the same moment
	if len(e.jobs) != 1 {
		t.Fatalf("%d jobs", len(e.jobs))
	}
	copy(data, "       ") // its memory is used again
	if j := <-e.jobs; string(j.data) != `{"a":1}` || j.event != "pull_request.opened" {
		t.Errorf("%+v", j)
	}
}

// TestSource_neverBlocks holds that a flood is dropped, and that what waits is bounded.
func TestSource_neverBlocks(t *testing.T) {
	e := newEdge(t, nil)
	large := strings.Repeat(" ", maxPayload-2) + "{}"
	for i := range 1000 {
		d := e.stored(large)
		d.Event().Type = fmt.Sprint("event", i)
		e.Stored(d)
	}
	if got := e.waiting.Load(); got > maxWaiting || len(e.jobs) > maxQueue {
		t.Errorf("%d payloads of %d bytes wait", len(e.jobs), got)
	}
	if n := len(*e.gates.Load()); n != maxEvents {
		t.Errorf("%d events", n)
	}
	if e.drain(); e.waiting.Load() != 0 {
		t.Errorf("%d bytes wait in an empty queue", e.waiting.Load())
	}
}

func BenchmarkStored(b *testing.B) {
	data := `{"action":"opened","number":1,"pull_request":{"title":"` + strings.Repeat("x", 8<<10) + `"}}`
	for name, step := range map[string]time.Duration{"not sampled": 0, "sampled": time.Second} {
		b.Run(name, func(b *testing.B) {
			e := newEdge(b, nil)
			d := e.stored(data)
			b.ReportAllocs()
			for b.Loop() {
				d.ReceivedAt = d.ReceivedAt.Add(step)
				e.Stored(d)
				if step > 0 {
					e.waiting.Store(0)
					select {
					case <-e.jobs:
					default:
					}
				}
			}
		})
	}
}
