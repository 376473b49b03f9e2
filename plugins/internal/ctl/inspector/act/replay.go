package act

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/ctl/inspector/api"
	"webhookedge/plugins/internal/ctl/inspector/site"
	"webhookedge/plugins/streams/replay"
)

// replay prepares the publication of a stored event again.
func (d *Desk) replay(ctx context.Context, o *api.Order, fix *fixed) (*prepared, error) {
	of, err := d.delivery(o)
	if err != nil {
		return nil, err
	}
	if o.Event < 0 || o.Event >= len(of.Stored) {
		return nil, fmt.Errorf("%w: delivery %d has no such stored event", ErrOrder, o.N)
	}
	at := of.Stored[o.Event]
	js, err := d.site.JetStream(ctx)
	if err != nil {
		return nil, err
	}
	raw, err := message(ctx, js, at.Stream, at.Sequence)
	if err != nil {
		return nil, err
	}
	e, err := event.Parse(raw.Header, raw.Data)
	if err != nil {
		return nil, err
	}
	origin := &replay.Original{Stream: at.Stream, Sequence: raw.Sequence, Subject: raw.Subject, Header: raw.Header, Data: raw.Data}
	subject := replay.Target(o.Subject, origin.Subject)
	p := &prepared{plan: api.Plan{
		Title:   fmt.Sprintf("Replay %s of delivery %d", e.FullType(), o.N),
		Undo:    "This cannot be taken back: what is published stays published.",
		Command: replayCommand(o, at.Stream, raw, e.Replayed),
	}}
	if _, err := replay.Copy(origin, subject, fix.run); err != nil {
		return p.denied("It cannot be replayed: " + err.Error() + "."), nil //nolint:nilerr // the plan says it
	}
	stream, why, err := d.takes(ctx, js, subject)
	switch {
	case err != nil:
		return nil, err
	case why != "":
		return p.denied(why), nil
	}
	p.plan.Steps = again(fmt.Sprintf("event %d of stream %s", raw.Sequence, at.Stream), subject, stream)
	p.seen = []any{at.Stream, raw.Sequence, raw.Time, raw.Subject, sha256.Sum256(raw.Data), raw.Header.Get(jetstream.MsgIDHeader), subject, stream}
	p.run = func(ctx context.Context) (*api.Done, error) {
		res := replay.One(ctx, js, origin, o.Subject, fix.run)
		if res.Err != nil {
			return nil, fmt.Errorf("not replayed: %w", res.Err)
		}
		return &api.Done{OK: true, Title: "The event is published again", Lines: []string{
			fmt.Sprintf("Stored in %s as %d, on %s", res.Stream, res.Sequence, res.Subject),
		}}, nil
	}
	return p, nil
}

// again says what comes of a message that is published once more.
func again(what, subject, stream string) []string {
	return []string{
		"Publish " + what + " once more on " + subject + ", with the attribute replayed and a message id of its own.",
		"The stream " + stream + " takes it, and each consumer of that subject sees it again.",
	}
}

// message reads a stored message. The error is site.ErrUnknown where it is gone.
func message(ctx context.Context, js jetstream.JetStream, stream string, seq uint64) (*jetstream.RawStreamMsg, error) {
	s, err := js.Stream(ctx, stream)
	if err != nil {
		return nil, fmt.Errorf("stream %s: %w", stream, err)
	}
	raw, err := s.GetMsg(ctx, seq)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		err = fmt.Errorf("event %d of stream %s: %w", seq, stream, site.ErrUnknown)
	}
	return raw, err
}

// replayCommand picks the message by the time at which it was stored.
func replayCommand(o *api.Order, stream string, raw *jetstream.RawStreamMsg, replayed bool) string {
	words := []string{
		"webhookctl", "replay", "--stream", stream, "--match", raw.Subject,
		"--from", raw.Time.UTC().Format(time.RFC3339Nano), "--to", raw.Time.UTC().Add(1).Format(time.RFC3339Nano),
	}
	words = append(words, flag("--subject", o.Subject)...)
	if replayed {
		words = append(words, "--again")
	}
	return command(words...)
}
