package consumer

import (
	"errors"
	"testing"

	"github.com/nats-io/nats.go"

	"webhookedge/plugins/event"
)

func TestDecode_structuredMode(t *testing.T) {
	e := push("1")
	structured, header := e.AppendJSON(nil), nats.Header{"Webhook-Republished": {"true"}}
	ce, err := Decode(header, structured)
	if err != nil {
		t.Fatal(err)
	}
	if ce.ID() != e.ID || ce.Type() != e.FullType() || string(ce.Data()) != string(e.Data) || ce.Extensions()[Republished] != "true" {
		t.Errorf("got %s", ce)
	}
	if _, err := Decode(nil, []byte("hello")); !errors.Is(err, event.ErrNotEvent) {
		t.Errorf("no event: %v", err)
	}
}
