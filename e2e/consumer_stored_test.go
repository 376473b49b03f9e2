package e2e

import (
	"fmt"
	"testing"

	"github.com/nats-io/nats.go/jetstream"
)

// isSettled waits until a consumer has acknowledged or given up all that it is given, and
// has so many letters.
func (g *gateway) isSettled(t *testing.T, consumer string, letters int) {
	t.Helper()
	g.withStream(t, func(js jetstream.JetStream, _ jetstream.Stream) {
		dead, err := js.Stream(t.Context(), "WEBHOOKS_DEAD")
		if err != nil {
			t.Fatal(err)
		}
		eventually(t, fmt.Sprint(consumer, " has settled all, with ", letters, " letters"), func() bool {
			info, err := dead.Info(t.Context(), jetstream.WithSubjectFilter("webhooks-dead."+consumer+".>"))
			n := uint64(0)
			if err == nil {
				for _, of := range info.State.Subjects {
					n += of
				}
			}
			c, err := js.Consumer(t.Context(), "WEBHOOKS", consumer)
			if err != nil {
				return false
			}
			is := c.CachedInfo()
			return n == uint64(letters) && is.NumPending == 0 && is.NumAckPending == 0
		})
	})
}

// forget removes what was replayed, so that the next example has what this one had.
func (g *gateway) forget(t *testing.T) {
	t.Helper()
	g.withStream(t, func(_ jetstream.JetStream, stream jetstream.Stream) {
		for _, m := range g.events() {
			if m.Header.Get("Webhook-Origin") == "" {
				continue
			}
			if err := stream.DeleteMsg(t.Context(), m.Sequence); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// withStream calls fn with the stream of events.
func (g *gateway) withStream(t *testing.T, fn func(jetstream.JetStream, jetstream.Stream)) {
	t.Helper()
	nc := g.nats.connect()
	defer nc.Close()
	js, err := jetstream.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	stream, err := js.Stream(t.Context(), "WEBHOOKS")
	if err != nil {
		t.Fatal(err)
	}
	fn(js, stream)
}
