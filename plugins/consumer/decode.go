package consumer

import (
	"context"
	"errors"
	"fmt"
	"strings"

	cloudevents "github.com/cloudevents/sdk-go/v2/event"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/event"
	"webhookedge/plugins/streams/claimcheck"
)

// The reasons for which a payload is not what the event says.
var (
	ErrTooLarge = claimcheck.ErrTooLarge
	ErrPayload  = claimcheck.ErrPayload
)

// Decode reads an event of either mode. Attributes that this package does not
// know are extensions of the result in structured mode. It fetches nothing.
func Decode(header nats.Header, data []byte) (cloudevents.Event, error) {
	e, doc, err := parse(header, data)
	if err != nil {
		return cloudevents.Event{}, err
	}
	return convert(header, e, doc)
}

// republishedHeader is what the edge marks an event with that the broker had
// acknowledged and lost; Republished is the extension for it.
const republishedHeader = "Webhook-Republished"

// Republished is the extension "true" of an event that a broker had acknowledged and
// lost, in a power cut, and that the edge published again under its id: a consumer may
// have had it before, and events that came after it.
const Republished = "republished"

// parse returns the event and its structured form.
func parse(header nats.Header, data []byte) (*event.Event, []byte, error) {
	for name := range header {
		if strings.EqualFold(name, "ce-specversion") { // binary mode
			e, err := event.ParseBinary(header, data)
			if err != nil {
				return nil, nil, err
			}
			return e, e.AppendJSON(nil), nil
		}
	}
	e, err := event.ParseJSON(data)
	return e, data, err
}

func convert(header nats.Header, e *event.Event, doc []byte) (cloudevents.Event, error) {
	var ce cloudevents.Event
	if err := ce.UnmarshalJSON(doc); err != nil {
		return ce, fmt.Errorf("%w: the CloudEvents SDK does not read it", event.ErrNotEvent)
	}
	if !e.Binary && len(e.Data) > 0 {
		ce.DataEncoded = e.Data // the bytes as they came: the SDK may write JSON anew
	}
	if header.Get(republishedHeader) == "true" {
		ce.SetExtension(Republished, "true")
	}
	return ce, nil
}

// resolve puts the payload of e, which lies in the object store, into ce.
func resolve(ctx context.Context, js jetstream.JetStream, e *event.Event, ce *cloudevents.Event, most int64) error {
	data, err := claimcheck.Fetch(ctx, js, e, most)
	if errors.Is(err, event.ErrDataRef) || errors.Is(err, ErrTooLarge) {
		return Permanent(err)
	}
	ce.DataEncoded = data
	return err
}
