package deadletter

import (
	"errors"
	"fmt"
	"testing"

	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/internal/natstest"
)

func TestNewest_countsLettersBackwards(t *testing.T) {
	js := startNATS(t)
	box := NewBox(js, Stream, Prefix)
	if all, more, err := box.Newest(t.Context(), 3); err != nil || len(all) != 0 || more {
		t.Fatalf("an empty stream: %v %v %v", all, more, err)
	}
	for i := range 5 {
		giveUp(t, js, "billing", original(t, js, fmt.Sprintf("webhooks.%d", i)), "x")
	}
	exceed(t, js, "audit", "webhooks.0")
	eventually(t, "the advisory", func() bool { return len(list(t, box, Filter{})) == 6 })
	for range 20 { // what is no letter
		if _, err := js.Publish(t.Context(), Prefix+".junk.a", []byte("junk")); err != nil {
			t.Fatal(err)
		}
	}
	if err := box.Drop(t.Context(), 5); err != nil {
		t.Fatal(err)
	}
	for n, want := range map[int]string{2: "[6 4] true", 5: "[6 4 3 2 1] false", 4: "[6 4 3 2] true", 100: "[6 4 3 2 1] false"} {
		all, more, err := box.Newest(t.Context(), n)
		var sequences []uint64
		for _, l := range all {
			sequences = append(sequences, l.Sequence)
		}
		if got := fmt.Sprint(sequences, " ", more); err != nil || got != want {
			t.Errorf("the newest %d are %s, want %s (%v)", n, got, want, err)
		}
	}
}

func TestNewest_lettersAreNotReplayed(t *testing.T) {
	js := startNATS(t)
	box := NewBox(js, Stream, Prefix)
	giveUp(t, js, "billing", original(t, js, "webhooks.a"), "x")
	all, _, err := box.Newest(t.Context(), 1)
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	if err := box.Replay(t.Context(), all, Replay{Run: "r"}, func(_ *Letter, _ string, err error) {
		if err == nil {
			t.Error("a letter without its message was replayed")
		}
	}); err != nil {
		t.Fatal(err)
	}
}

func TestNewest_noStream(t *testing.T) {
	box := NewBox(natstest.JetStream(t), Stream, Prefix)
	if _, _, err := box.Newest(t.Context(), 1); !errors.Is(err, jetstream.ErrStreamNotFound) {
		t.Error(err)
	}
}
