package replay_test

import (
	"errors"
	"testing"

	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/event"
	"webhookedge/plugins/streams/replay"
)

func TestOne_publishesOnceARun(t *testing.T) {
	js := startNATS(t)
	seq := store(t, js, push("d-1"), true)
	raw := get(t, js, "WEBHOOKS", seq)
	origin := &replay.Original{Stream: "WEBHOOKS", Sequence: seq, Subject: raw.Subject, Header: raw.Header, Data: raw.Data}
	first := replay.One(t.Context(), js, origin, "other.{subject}", "r1")
	if first.Err != nil || first.Stream != "OTHER" || first.Duplicate || first.Subject != "other."+raw.Subject {
		t.Fatalf("%+v", first)
	}
	copied := get(t, js, "OTHER", first.Sequence)
	if e, err := event.Parse(copied.Header, copied.Data); err != nil || !e.Replayed || e.ID != "d-1" {
		t.Errorf("%+v, %v", e, err)
	}
	if again := replay.One(t.Context(), js, origin, "other.{subject}", "r1"); again.Err != nil || !again.Duplicate || again.Sequence != first.Sequence {
		t.Errorf("the same run: %+v", again)
	}
	if other := replay.One(t.Context(), js, origin, "other.{subject}", "r2"); other.Err != nil || other.Duplicate {
		t.Errorf("another run: %+v", other)
	}
	if none := replay.One(t.Context(), js, origin, "nobody.{subject}", "r1"); !errors.Is(none.Err, jetstream.ErrNoStreamResponse) {
		t.Errorf("a subject of no stream: %+v", none)
	}
	if wild := replay.One(t.Context(), js, origin, "other.>", "r1"); !errors.Is(wild.Err, replay.ErrSubject) {
		t.Errorf("a pattern: %+v", wild)
	}
}
