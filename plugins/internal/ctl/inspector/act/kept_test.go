package act

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/ctl/inspector/api"
	"webhookedge/plugins/internal/ctl/inspector/site"
	"webhookedge/plugins/internal/pipeline"
)

func TestRelease_previewsAndPublishes(t *testing.T) {
	b := newBench(t)
	forged := signed(t, "d2")
	forged.Body = []byte(`{"n":2}`)
	gone := signed(t, "d3")
	gone.Route = "gone"
	n := b.keep(t, pipeline.SignatureInvalid, signed(t, "d1"), forged, gone)
	plan := b.preview(t, api.Order{Act: api.ActRelease, N: n})
	if want := fmt.Sprintf("webhookctl quarantine release 1 --config %s", b.site.Config); plan.Command != want || !strings.Contains(strings.Join(plan.Steps, " "), "webhooks.github._.octo") {
		t.Errorf("%+v", plan)
	}
	done := b.runs(t, api.Order{Act: api.ActRelease, N: n})
	if !done.OK || len(done.Lines) != 1 {
		t.Errorf("%+v", done)
	}
	all := b.nats.Read(t, "WEBHOOKS")
	if len(all) != 1 || len(b.nats.Read(t, "WEBHOOKS_REJECTED")) != 2 {
		t.Fatalf("%d events", len(all))
	}
	if e, err := event.Parse(all[0].Headers(), all[0].Data()); err != nil || e.ID != "d1" || !e.Replayed {
		t.Errorf("%+v %v", e, err)
	}
	for n, want := range map[uint64]string{n + 1: "would not be released", n + 2: `no route "gone"`} {
		if plan := b.preview(t, api.Order{Act: api.ActRelease, N: n}); plan.Key != "" || !strings.Contains(plan.Denied, want) {
			t.Errorf("%+v", plan)
		}
	}
	if _, err := b.Preview(t.Context(), api.Order{Act: api.ActRelease, N: n}); !errors.Is(err, site.ErrUnknown) {
		t.Errorf("a released one: %v", err)
	}
	b.all[9] = site.Delivery{}
	if _, err := b.Preview(t.Context(), api.Order{Act: api.ActRelease, N: 9}); !errors.Is(err, ErrOrder) {
		t.Errorf("one that is not kept: %v", err)
	}
}

func TestRelease_ofNoOtherRecord(t *testing.T) {
	b := newBench(t)
	b.keep(t, pipeline.SignatureInvalid, signed(t, "d1"))
	b.site.Kept, b.keeping = site.Place{Stream: "ELSEWHERE", Prefix: "elsewhere"}, 0
	n := b.keep(t, pipeline.SignatureInvalid, signed(t, "d2")) // of the same sequence
	plan := b.preview(t, api.Order{Act: api.ActRelease, N: n})
	if plan.Key != "" || !strings.Contains(plan.Denied, "elsewhere") {
		t.Errorf("%+v", plan)
	}
}

func TestRelease_previewCreatesNoStream(t *testing.T) {
	b := newBench(t)
	n := b.keep(t, pipeline.SignatureInvalid, signed(t, "d1"))
	if err := b.nats.JS.DeleteStream(t.Context(), "WEBHOOKS"); err != nil {
		t.Fatal(err)
	}
	b.preview(t, api.Order{Act: api.ActRelease, N: n}) // which compares the streams
	if _, err := b.nats.JS.Stream(t.Context(), "WEBHOOKS"); !errors.Is(err, jetstream.ErrStreamNotFound) {
		t.Error(err)
	}
}

func TestDrop_canBeTakenBack(t *testing.T) {
	b := newBench(t)
	n := b.keep(t, pipeline.SignatureInvalid, signed(t, "d1"), signed(t, "d2"))
	b.wait(time.Hour)
	done := b.runs(t, api.Order{Act: api.ActDrop, N: n})
	if done.Undo == "" || done.Until == nil || len(b.nats.Read(t, "WEBHOOKS_REJECTED")) != 2 {
		t.Fatalf("%+v", done)
	}
	for _, act := range []string{api.ActDrop, api.ActRelease} {
		if _, err := b.Preview(t.Context(), api.Order{Act: act, N: n}); !errors.Is(err, ErrWaiting) {
			t.Errorf("%s of one that is about to go: %v", act, err)
		}
	}
	if back, err := b.Undo(t.Context(), api.Undo{Key: done.Undo}); err != nil || !back.OK {
		t.Fatal(err)
	}
	if _, err := b.Undo(t.Context(), api.Undo{Key: done.Undo}); !errors.Is(err, ErrUndo) {
		t.Errorf("a second undo: %v", err)
	}
	b.wait(20 * time.Millisecond)
	done = b.runs(t, api.Order{Act: api.ActDrop, N: n})
	eventually(t, "the removal", func() bool { return len(b.nats.Read(t, "WEBHOOKS_REJECTED")) == 1 })
	if _, err := b.Undo(t.Context(), api.Undo{Key: done.Undo}); !errors.Is(err, ErrLate) {
		t.Errorf("too late: %v", err)
	}
}

func TestDrop_closingKeeps(t *testing.T) {
	b := newBench(t)
	n := b.keep(t, pipeline.SignatureInvalid, signed(t, "d1"))
	b.wait(time.Hour)
	b.runs(t, api.Order{Act: api.ActDrop, N: n})
	b.Close()
	b.removals.run(b.removals.all[0]) // a timer that fired in that moment
	if len(b.nats.Read(t, "WEBHOOKS_REJECTED")) != 1 {
		t.Error("removed by closing")
	}
	o := api.Order{Act: api.ActDrop, N: n}
	if _, err := b.Preview(t.Context(), o); !errors.Is(err, ErrWaiting) {
		t.Errorf("a drop after closing: %v", err)
	}
}
