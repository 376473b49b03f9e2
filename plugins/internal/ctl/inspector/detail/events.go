package detail

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/ctl/inspector/api"
	"webhookedge/plugins/internal/ctl/inspector/site"
	"webhookedge/plugins/internal/ctl/stored"
)

// stored shows the events of the delivery as the streams have them, where their
// attributes came from, and what the policies say of them.
func (v *view) stored(ctx context.Context) {
	places := v.given.Stored[:min(len(v.given.Stored), maxEvents)]
	left := maxTexts
	asking, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	for i, place := range places {
		out := api.StoredEvent{
			Stream: place.Stream, Sequence: place.Sequence, Subject: place.Subject, Duplicate: place.Duplicate,
			Attributes: [][2]string{}, Deliveries: v.others(place),
		}
		e, err := v.fetch(ctx, place)
		if err != nil {
			out.Error = sentence(err)
		}
		if e == nil {
			v.out.Stored = append(v.out.Stored, out)
			v.out.Decision = append(v.out.Decision, v.decided(i, ""))
			continue
		}
		v.by = cmp.Or(v.by, e.Verification)
		v.show(&out, e, &left)
		v.out.Stored = append(v.out.Stored, out)
		origins := v.origins(i, e.Event)
		clean := v.clean(e.Event)
		if i == 0 {
			v.first, v.read = clean, origins
		}
		d := v.decided(i, e.ID)
		v.live(asking, &d, v.asSent(clean, e.Event))
		v.out.Decision = append(v.out.Decision, d)
	}
	if len(places) == 0 {
		v.unstored(asking)
	}
}

// fetch returns the event of a place, with its payload where that is not too large. Without
// the payload there is an event and an error.
func (v *view) fetch(ctx context.Context, place site.Stored) (*stored.Event, error) {
	if v.js == nil {
		return nil, errAway
	}
	e, err := stored.Get(ctx, v.js, place.Stream, place.Sequence)
	if err != nil {
		return nil, err
	}
	if e.DataRef == "" || int(e.DataSize) > maxInline {
		return e, nil
	}
	if err := e.Inline(ctx, v.js); err != nil {
		return e, fmt.Errorf("the payload cannot be fetched: %w", err)
	}
	return e, nil
}

// others are the rows of the same event beside this one.
func (v *view) others(place site.Stored) []uint64 {
	var all []uint64
	for _, n := range v.site.Deliveries.Same(place.Stream, place.Sequence) {
		if n != v.given.Row.N {
			all = append(all, n)
		}
	}
	return all
}

// show fills in what the message says. left is how much text may still be shown.
func (v *view) show(out *api.StoredEvent, e *stored.Event, left *int) {
	out.StoredAt, out.Subject = e.Message.StoredAt, e.Message.Subject()
	out.MessageID = v.hide.text(e.Message.Headers().Get("Nats-Msg-Id"), maxHeader)
	for _, a := range attributesOf(e.Event) {
		out.Attributes = append(out.Attributes, [2]string{a[0], v.hide.text(a[1], maxHeader)})
	}
	shown, places, ok := v.hide.payload(e.Data)
	if !ok {
		out.Data = api.Body{Kind: kindBinary, Size: e.Size(), Cut: true}
		return
	}
	out.Data = bodyOf(shown, e.Size(), min(maxText, *left))
	out.Data.Masked = places
	out.Data.Cut = out.Data.Cut || len(e.Data) == 0 && e.Size() > 0
	*left -= len(out.Data.Text)
}

// attributesOf are the attributes of an event in the order of its JSON form.
func attributesOf(e *event.Event) [][2]string {
	bare := *e
	bare.Data = nil
	dec := json.NewDecoder(bytes.NewReader(bare.AppendJSON(nil)))
	dec.UseNumber()
	var all [][2]string
	for depth := 0; ; {
		token, err := dec.Token()
		if err != nil {
			return all
		}
		switch token := token.(type) {
		case json.Delim:
			depth++
		case string:
			var value any
			if err := dec.Decode(&value); err != nil {
				return all
			}
			all = append(all, [2]string{token, fmt.Sprint(value)})
		}
		if depth > 1 {
			return all
		}
	}
}

// clean is an event whose payload holds no secret, for what shows parts of it.
func (v *view) clean(e *event.Event) *event.Event {
	c := *e
	if e.Binary {
		return &c
	}
	c.Data = nil
	if v.hide.json == nil || len(e.Data) == 0 {
		c.Data = v.hide.sweep(e.Data)
		return &c
	}
	if left, _, err := v.hide.json.Apply(e.Data); err == nil {
		c.Data = v.hide.sweep(left)
	}
	return &c
}
