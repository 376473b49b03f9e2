package ctltest

import (
	"fmt"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/event"
)

// Publish stores e as the edge does, in binary or structured mode, as an event of a route.
func (b *Broker) Publish(t testing.TB, e *event.Event, route string, binary bool) {
	t.Helper()
	m := &nats.Msg{Subject: e.NATSSubject("webhooks"), Header: nats.Header{}, Data: e.AppendJSON(nil)}
	if binary {
		m.Data = e.Data
		for name, value := range e.Headers() {
			m.Header[name] = []string{value}
		}
	}
	m.Header.Set(jetstream.MsgIDHeader, fmt.Sprintf("%s:%s:%s", e.Provider, event.EscapeToken(route), e.ID))
	if _, err := b.JS.PublishMsg(t.Context(), m); err != nil {
		t.Fatal(err)
	}
}

// Stream makes the stream of events.
func (b *Broker) Stream(t testing.TB) {
	t.Helper()
	if _, err := b.JS.CreateStream(t.Context(), jetstream.StreamConfig{Name: "WEBHOOKS", Subjects: []string{"webhooks.>"}}); err != nil {
		t.Fatal(err)
	}
}
