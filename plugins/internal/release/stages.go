package release

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/streams/archive"
)

// recordProof proves the delivery of a record: by the secrets of today, or by what the
// record shows that was proved when it came.
type recordProof struct {
	verify pipeline.Stage
	proved *archive.Statement // nil where the record shows nothing
	used   bool               // proved was needed
}

// Name implements pipeline.Stage.
func (p *recordProof) Name() string { return p.verify.Name() }

// Handle implements pipeline.Stage.
func (p *recordProof) Handle(ctx context.Context, d *pipeline.Delivery) error {
	err := p.verify.Handle(ctx, d)
	var reject *pipeline.Reject
	if p.proved == nil || !errors.As(err, &reject) || reject.Code != pipeline.SignatureInvalid && reject.Code != pipeline.KeyUnavailable {
		return err
	}
	v := p.proved.Verification
	d.Verification, p.used = &v, true
	return nil
}

// adjust makes of a delivery's events those of a release.
type adjust struct {
	record  *archive.Record
	proof   *recordProof // nil for one by the secrets of today
	approve bool
}

// Name implements pipeline.Stage.
func (a *adjust) Name() string { return "release" }

// Handle implements pipeline.Stage.
func (a *adjust) Handle(_ context.Context, d *pipeline.Delivery) error {
	if a.record.Event != "" {
		// Of a batch, the other events were stored when it came.
		if d.Items = a.held(d.Items); len(d.Items) == 0 {
			return &pipeline.Reject{Code: pipeline.Malformed, Err: ErrNoSuchEvent}
		}
	}
	for i := range d.Items {
		item := &d.Items[i]
		if item.Event == nil {
			continue
		}
		if item.Hold != pipeline.Accepted && !item.Drop {
			if !a.approve {
				return &pipeline.Reject{Code: item.Hold, Err: ErrHeldAgain}
			}
			item.Hold = pipeline.Accepted
		}
		item.Event.Replayed = true
		if a.proof != nil && a.proof.used { // by a sealed record
			item.Event.Redacted = item.Event.Redacted || a.record.LacksPayload()
			if a.record.Event != "" {
				item.Event.ID = a.record.Event
			}
		}
		item.Key = cmp.Or(item.Key, item.Event.ID) + ":release:" + a.record.ID
	}
	return nil
}

// held returns the event that was held back: the one of its id or, where none has
// that any more, the one in its place of as many as there were then. An id can be
// another one than it was: one that is a hash of a body out of which a secret was
// removed, or that a later version makes in another way.
func (a *adjust) held(items []pipeline.Item) []pipeline.Item {
	is := func(item pipeline.Item) bool { return item.Event != nil && item.Event.ID == a.record.Event }
	var place []pipeline.Item
	if n := a.record.Item; n >= 1 && n <= len(items) && a.record.Items == len(items) {
		place = items[n-1 : n]
	}
	switch {
	case len(place) == 1 && is(place[0]):
		return place
	case slices.ContainsFunc(items, is):
		return slices.DeleteFunc(items, func(item pipeline.Item) bool { return !is(item) })
	case len(place) == 1 && place[0].Event != nil:
		return place
	}
	return nil
}

var (
	_ pipeline.Stage = (*recordProof)(nil)
	_ pipeline.Stage = (*adjust)(nil)
)
