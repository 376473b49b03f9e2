package streams_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/streams"
)

// TestEnsure_bringsBackAStreamWhoseDescriptionIsSpoiled has what a power cut right
// after a change leaves: the files that say what the stream is are empty, gone or of two
// changes, because NATS does not sync them. It does not know the stream any more; made
// again, it has its events and their ids.
func TestEnsure_bringsBackAStreamWhoseDescriptionIsSpoiled(t *testing.T) {
	empty := func(path string) error { return os.WriteFile(path, nil, 0o600) }
	other := func(path string) error { return os.WriteFile(path, []byte("0123456789abcdef"), 0o600) }
	spoil := map[string]map[string]func(string) error{
		"the description is empty":  {server.JetStreamMetaFile: empty},
		"the description is gone":   {server.JetStreamMetaFile: os.Remove},
		"its sum is empty":          {server.JetStreamMetaFileSum: empty},
		"its sum is gone":           {server.JetStreamMetaFileSum: os.Remove},
		"its sum is of another one": {server.JetStreamMetaFileSum: other},
		"both are gone":             {server.JetStreamMetaFile: os.Remove, server.JetStreamMetaFileSum: os.Remove},
	}
	spec := streams.Spec{Name: "WEBHOOKS", Subjects: []string{"webhooks.>"}}
	const events = 100
	for name, files := range spoil {
		t.Run(name, func(t *testing.T) {
			first := t.TempDir()
			js, _ := serveDir(t, first)
			if _, err := streams.Ensure(t.Context(), js, &spec); err != nil {
				t.Fatal(err)
			}
			for i := range events {
				if _, err := js.Publish(t.Context(), "webhooks.x", nil, jetstream.WithMsgID(fmt.Sprint(i))); err != nil {
					t.Fatal(err)
				}
			}
			dir := killed(t, first)
			for file, change := range files {
				paths, err := filepath.Glob(filepath.Join(dir, "jetstream", "*", "streams", spec.Name, file))
				if err != nil || len(paths) != 1 {
					t.Fatal(paths, err)
				}
				if err := change(paths[0]); err != nil {
					t.Fatal(err)
				}
			}
			js, _ = serveDir(t, dir)
			if _, err := js.Stream(t.Context(), spec.Name); !errors.Is(err, jetstream.ErrStreamNotFound) {
				t.Fatalf("NATS brings the stream back by itself: %v", err)
			}
			if created, err := streams.Ensure(t.Context(), js, &spec); err != nil || !created {
				t.Fatal(created, err)
			}
			ack, err := js.Publish(t.Context(), "webhooks.x", nil, jetstream.WithMsgID("7"))
			if err != nil || !ack.Duplicate || ack.Sequence != 8 {
				t.Errorf("%+v, %v: the id is not known any more", ack, err)
			}
			s, err := js.Stream(t.Context(), spec.Name)
			if err != nil || s.CachedInfo().State.Msgs != events {
				t.Errorf("%d events, %v", s.CachedInfo().State.Msgs, err)
			}
		})
	}
}
