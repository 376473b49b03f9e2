package quarantine

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/streams"
	"webhookedge/plugins/streams/archive"
)

func TestHold_returnsOnceTheEventIsStored(t *testing.T) {
	s := startNATS(t, func(o *server.Options) { o.MaxPayload = 128 << 10 })
	k := newKit(t, client(t, s), nil, object{"keys": []any{keyOf("a")}})
	for name, size := range map[string]int{"small": 10, "in several messages": 1 << 20} {
		t.Run(name, func(t *testing.T) {
			body := bytes.Repeat([]byte(name), size/len(name))
			d, item := held("evt "+name, body)
			for range 2 { // the sender tries again, its answer was lost
				if err := k.Hold(t.Context(), d, item, pipeline.PayloadInvalid); err != nil {
					t.Fatal(err)
				}
			}
			var mine []archive.Entry
			for _, e := range entries(t, k.archive(t), archive.Filter{Held: true, Provider: "github", Code: "payload_invalid"}) {
				if e.Size == len(body) {
					mine = append(mine, e)
				}
			}
			if len(mine) != 1 {
				t.Fatalf("stored %d times", len(mine))
			}
			r, _, err := k.archive(t).Get(t.Context(), mine[0].Sequence)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(r.Body, body) || !r.Held || r.Event != "evt "+name {
				t.Errorf("%d bytes, held: %v, event %q", len(r.Body), r.Held, r.Event)
			}
			if err := k.archive(t).Drop(t.Context(), mine[0].Sequence); err != nil {
				t.Fatal(err)
			}
			if _, _, err := k.archive(t).Get(t.Context(), mine[0].Sequence); !errors.Is(err, archive.ErrNotFound) {
				t.Errorf("after the drop: %v", err)
			}
		})
	}
	s.Shutdown()
	s.WaitForShutdown()
	d, item := held("late", []byte("{}"))
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if err := k.Hold(ctx, d, item, pipeline.PayloadInvalid); err == nil {
		t.Error("held by a dead broker")
	}
	if got := k.counted(kindHeld, resultFailed); got != 1 {
		t.Errorf("counted %d failures", got)
	}
}

func TestArchive_noticesAPartThatIsGoneOrForeign(t *testing.T) {
	k := newKit(t, client(t, startNATS(t, func(o *server.Options) { o.MaxPayload = 64 << 10 })), nil, object{})
	d, item := held("big", make([]byte, 200<<10))
	if err := k.Hold(t.Context(), d, item, pipeline.PayloadInvalid); err != nil {
		t.Fatal(err)
	}
	e := entries(t, k.archive(t), archive.Filter{})[0]
	rest := parts(t, k, e.Sequence)
	if err := stored(t, k).DeleteMsg(t.Context(), rest[1]); err != nil {
		t.Fatal(err)
	}
	if _, _, err := k.archive(t).Get(t.Context(), e.Sequence); !errors.Is(err, archive.ErrRecord) {
		t.Errorf("got %v", err)
	}
	if err := k.archive(t).Drop(t.Context(), rest[0]); !errors.Is(err, archive.ErrNotFound) {
		t.Errorf("a part was dropped by itself: %v", err)
	}
	if err := k.archive(t).Drop(t.Context(), e.Sequence); err != nil {
		t.Errorf("what is left cannot be dropped: %v", err)
	}
	info, err := stored(t, k).Info(t.Context())
	if err != nil || info.State.Msgs != 0 {
		t.Errorf("%d messages are left, %v", info.State.Msgs, err)
	}
}

func TestHold_hasTheLastQuarterOfTheStream(t *testing.T) {
	k := newKit(t, client(t, startNATS(t, nil)), nil, object{"max_bytes": 1 << 20})
	d, item := held("big", make([]byte, 800<<10))
	if err := k.Hold(t.Context(), d, item, pipeline.PolicyDenied); err != nil {
		t.Fatal(err)
	}
	k.writer.asked = at().Add(-askInterval) // it is time to ask again
	k.Refused(t.Context(), odd(), refused(pipeline.SignatureInvalid))
	k.flush(t)
	if got := k.counted(kindRefused, resultFull); got != 1 {
		t.Errorf("counted %d as full", got)
	}
	d, item = held("more", make([]byte, 100<<10))
	if err := k.Hold(t.Context(), d, item, pipeline.PolicyDenied); err != nil {
		t.Errorf("the reserve is not used: %v", err)
	}
}

func TestHold_refusesAStreamThatLosesEvents(t *testing.T) {
	js := client(t, startNATS(t, nil))
	if _, err := js.CreateStream(t.Context(), jetstream.StreamConfig{Name: "WEBHOOKS_REJECTED", Subjects: []string{"webhooks-rejected.>"}, MaxMsgs: 10, Discard: jetstream.DiscardOld}); err != nil {
		t.Fatal(err)
	}
	k := newKit(t, js, nil, object{})
	d, item := held("1", []byte("{}"))
	if err := k.Hold(t.Context(), d, item, pipeline.PolicyDenied); !errors.Is(err, streams.ErrUnfit) {
		t.Errorf("got %v", err)
	}
	k.Refused(t.Context(), odd(), refused(pipeline.SignatureInvalid))
	k.flush(t)
	if got := k.counted(kindRefused, resultStored); got != 1 {
		t.Errorf("%d refused deliveries are kept there", got)
	}
}

func TestHold_takesNoTwoEventsForOne(t *testing.T) {
	k := newKit(t, client(t, startNATS(t, nil)), nil, object{})
	hold := func(change func(d *pipeline.Delivery, e *event.Event)) {
		t.Helper()
		d, item := held("1", []byte("{}"))
		change(d, item.Event)
		if err := k.Hold(t.Context(), d, item, pipeline.PayloadInvalid); err != nil {
			t.Fatal(err)
		}
	}
	all := []func(d *pipeline.Delivery, e *event.Event){
		func(*pipeline.Delivery, *event.Event) {},
		func(d *pipeline.Delivery, _ *event.Event) { d.Route = "another" },
		func(_ *pipeline.Delivery, e *event.Event) { e.Type = "another" },
		func(_ *pipeline.Delivery, e *event.Event) { e.Action = "another" },
		func(_ *pipeline.Delivery, e *event.Event) { e.Tenant = "another" },
		func(_ *pipeline.Delivery, e *event.Event) { e.Source = "/another" },
		func(_ *pipeline.Delivery, e *event.Event) { e.Subject = "another" },
		func(d *pipeline.Delivery, _ *event.Event) { d.Body = []byte(`{"a":1}`) },
		func(d *pipeline.Delivery, _ *event.Event) { d.Items[0].Key = "another" },
	}
	for range 2 { // and each sender tries again
		for _, change := range all {
			hold(change)
		}
	}
	if n := len(entries(t, k.archive(t), archive.Filter{})); n != len(all) {
		t.Errorf("%d events are held as %d", len(all), n)
	}
}
