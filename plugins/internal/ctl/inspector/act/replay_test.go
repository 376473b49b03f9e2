package act

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/ctl/inspector/api"
	"webhookedge/plugins/internal/ctl/inspector/site"
	"webhookedge/plugins/streams/deadletter"
	"webhookedge/plugins/streams/replay"
)

func TestReplay_ofAStoredEvent(t *testing.T) {
	b := newBench(t)
	b.nats.Publish(t, &event.Event{ID: "d1", Source: "/s", Provider: "github", Type: "push", Data: []byte(`{"a":1}`), DataContentType: "application/json"}, "gh", true)
	b.all[1] = site.Delivery{Row: api.Row{N: 1}, Stored: []site.Stored{{Stream: "WEBHOOKS", Sequence: 1}, {Stream: "WEBHOOKS", Sequence: 7}}}
	plan := b.preview(t, api.Order{Act: api.ActReplay, N: 1})
	if !strings.Contains(strings.Join(plan.Steps, " "), "webhooks.github._.push") || !strings.Contains(plan.Command, "--match webhooks.github._.push --from 20") {
		t.Errorf("%+v", plan)
	}
	done := b.runs(t, api.Order{Act: api.ActReplay, N: 1, Subject: "other.{subject}"})
	all := b.nats.Read(t, "OTHER")
	if !done.OK || len(all) != 1 || all[0].Subject() != "other.webhooks.github._.push" {
		t.Fatalf("%+v, %d messages", done, len(all))
	}
	if e, err := event.Parse(all[0].Headers(), all[0].Data()); err != nil || !e.Replayed || e.ID != "d1" || all[0].Headers().Get(replay.OriginHeader) != "WEBHOOKS/1" {
		t.Errorf("%+v %v", e, err)
	}
	for subject, want := range map[string]string{
		"nobody.x": "No stream takes", "other.>": "not a subject", "$JS.API.STREAM.DELETE.WEBHOOKS": "not a subject", deadletter.Prefix + ".a.b": "not for events",
	} {
		if plan := b.preview(t, api.Order{Act: api.ActReplay, N: 1, Subject: subject}); plan.Key != "" || !strings.Contains(plan.Denied, want) {
			t.Errorf("%s: %+v", subject, plan)
		}
	}
	if _, err := b.Preview(t.Context(), api.Order{Act: api.ActReplay, N: 1, Event: 1}); !errors.Is(err, site.ErrUnknown) {
		t.Errorf("one that is gone: %v", err)
	}
	if _, err := b.Preview(t.Context(), api.Order{Act: api.ActReplay, N: 1, Event: 2}); !errors.Is(err, ErrOrder) {
		t.Errorf("one that is none: %v", err)
	}
}

func TestLetters_listRetryDiscard(t *testing.T) {
	b := newBench(t)
	for i := range 3 {
		id := fmt.Sprint("d", i+1)
		b.nats.Publish(t, &event.Event{ID: id, Source: "/s", Provider: "github", Type: "push", Data: []byte(`{}`), DataContentType: "application/json"}, "gh", true)
		m := b.nats.Read(t, "WEBHOOKS")[i]
		o := &replay.Original{Stream: "WEBHOOKS", Sequence: m.Sequence, Subject: m.Subject(), Header: m.Headers(), Data: m.Data()}
		if _, err := b.nats.JS.PublishMsg(t.Context(), deadletter.Message(deadletter.Prefix, "billing", o, 3, "no money")); err != nil {
			t.Fatal(err)
		}
	}
	all, err := b.Letters(t.Context())
	if err != nil || len(all.Letters) != 3 || all.More || all.Letters[0].Sequence != 3 || all.Letters[0].Consumer != "billing" {
		t.Fatalf("%+v %v", all, err)
	}
	done := b.runs(t, api.Order{Act: api.ActRetry, Sequence: 1, Subject: "other.{subject}"})
	if !done.OK || len(b.nats.Read(t, "OTHER")) != 1 || len(b.nats.Read(t, deadletter.Stream)) != 2 {
		t.Errorf("%+v", done)
	}
	if plan := b.preview(t, api.Order{Act: api.ActRetry, Sequence: 2, Subject: "nobody.x"}); plan.Key != "" || plan.Denied == "" {
		t.Errorf("%+v", plan)
	}
	b.wait(time.Hour)
	done = b.runs(t, api.Order{Act: api.ActDiscard, Sequence: 2})
	if _, err := b.Preview(t.Context(), api.Order{Act: api.ActRetry, Sequence: 2}); !errors.Is(err, ErrWaiting) {
		t.Errorf("a retry of what is about to go: %v", err)
	}
	if _, err := b.Undo(t.Context(), api.Undo{Key: done.Undo}); err != nil {
		t.Fatal(err)
	}
	b.wait(20 * time.Millisecond)
	b.runs(t, api.Order{Act: api.ActDiscard, Sequence: 2})
	eventually(t, "the removal", func() bool { return len(b.nats.Read(t, deadletter.Stream)) == 1 })
	if _, err := b.Preview(t.Context(), api.Order{Act: api.ActDiscard, Sequence: 2}); !errors.Is(err, site.ErrUnknown) {
		t.Errorf("one that is gone: %v", err)
	}
	if err := b.nats.JS.DeleteStream(t.Context(), deadletter.Stream); err != nil {
		t.Fatal(err)
	}
	if all, err := b.Letters(t.Context()); err != nil || all.Absent == "" || all.Letters == nil {
		t.Errorf("no stream: %+v %v", all, err)
	}
}
