package act

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/internal/ctl/inspector/api"
	"webhookedge/plugins/internal/ctl/inspector/site"
	"webhookedge/plugins/streams/deadletter"
	"webhookedge/plugins/streams/replay"
)

// maxLetters bounds a list of letters.
const maxLetters = 500

// Letters returns the newest dead letters.
func (d *Desk) Letters(ctx context.Context) (*api.DeadLetters, error) {
	ctx, leave, err := d.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	all := &api.DeadLetters{Stream: d.site.Dead.Stream, Letters: []api.Letter{}}
	box, _, err := d.box(ctx)
	if err != nil {
		return nil, err
	}
	letters, more, err := box.Newest(ctx, maxLetters)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		all.Absent = "There is no stream " + all.Stream + ", so that nobody keeps what consumers gave up on."
		return all, nil
	}
	all.More = more
	for _, l := range letters {
		all.Letters = append(all.Letters, api.Letter{
			Sequence: l.Sequence, At: l.At, Cause: string(l.Cause), Consumer: l.Consumer, Stream: l.Stream, Message: l.Message,
			Subject: l.Subject, Deliveries: l.Deliveries, Reason: l.Reason,
		})
	}
	return all, err
}

func (d *Desk) box(ctx context.Context) (*deadletter.Box, jetstream.JetStream, error) {
	js, err := d.site.JetStream(ctx)
	if err != nil {
		return nil, nil, err
	}
	return deadletter.NewBox(js, d.site.Dead.Stream, d.site.Dead.Prefix), js, nil
}

func letterTarget(seq uint64) string { return "letter/" + strconv.FormatUint(seq, 10) }

// letter returns that of an order. The error is site.ErrUnknown where it is gone.
func (d *Desk) letter(ctx context.Context, o *api.Order) (*deadletter.Box, jetstream.JetStream, *deadletter.Letter, error) {
	if d.removals.waits(letterTarget(o.Sequence)) {
		return nil, nil, nil, ErrWaiting
	}
	box, js, err := d.box(ctx)
	if err != nil {
		return nil, nil, nil, err
	}
	l, err := box.Get(ctx, o.Sequence)
	if errors.Is(err, deadletter.ErrLetter) || errors.Is(err, jetstream.ErrStreamNotFound) {
		err = fmt.Errorf("dead letter %d: %w", o.Sequence, site.ErrUnknown)
	}
	return box, js, l, err
}

func seenOf(l *deadletter.Letter) []any {
	return []any{l.Sequence, l.At, l.Consumer, l.Stream, l.Message, l.Cause}
}

// retry prepares the publication of a letter's message, after which the letter is removed.
func (d *Desk) retry(ctx context.Context, o *api.Order, fix *fixed) (*prepared, error) {
	box, js, l, err := d.letter(ctx, o)
	if err != nil {
		return nil, err
	}
	words := append(d.letterCommand("replay", o.Sequence), flag("--subject", o.Subject)...)
	p := &prepared{plan: api.Plan{
		Title:   fmt.Sprintf("Retry dead letter %d of %s", o.Sequence, l.Consumer),
		Undo:    "This cannot be taken back: what is published stays published.",
		Command: command(words...),
	}}
	how := deadletter.Replay{Subject: o.Subject, Run: fix.run, DryRun: true}
	subject, why := "", error(nil)
	one := func(_ *deadletter.Letter, to string, err error) { subject, why = to, err }
	if err := box.Replay(ctx, []*deadletter.Letter{l}, how, one); errors.Is(err, replay.ErrOptions) {
		return p.denied("It cannot be retried: " + err.Error() + "."), nil
	} else if err != nil {
		return nil, err
	}
	if why != nil {
		return p.denied("It cannot be retried: " + why.Error() + "."), nil //nolint:nilerr // the plan says it
	}
	stream, no, err := d.takes(ctx, js, subject)
	switch {
	case err != nil:
		return nil, err
	case no != "":
		return p.denied(no), nil
	}
	p.plan.Steps = append(again(fmt.Sprintf("message %d of stream %s", l.Message, l.Stream), subject, stream), "Remove the letter.")
	p.seen = append(seenOf(l), subject, stream)
	p.run = func(ctx context.Context) (*api.Done, error) {
		how.DryRun = false
		if err := box.Replay(ctx, []*deadletter.Letter{l}, how, one); err != nil {
			return nil, err
		}
		if why != nil {
			return nil, why
		}
		return &api.Done{OK: true, Title: fmt.Sprintf("Dead letter %d is retried", o.Sequence), Lines: published([]string{subject})}, nil
	}
	return p, nil
}

// discard prepares the removal of a letter.
func (d *Desk) discard(ctx context.Context, o *api.Order) (*prepared, error) {
	box, _, l, err := d.letter(ctx, o)
	if err != nil {
		return nil, err
	}
	p := &prepared{seen: seenOf(l), plan: api.Plan{
		Title:   fmt.Sprintf("Discard dead letter %d of %s", o.Sequence, l.Consumer),
		Steps:   []string{fmt.Sprintf("Remove it from the stream %s for good.", d.site.Dead.Stream)},
		Undo:    fmt.Sprintf("This can be taken back for %d seconds. It is kept where the inspector ends before.", int(d.removals.wait.Seconds())),
		Command: command(d.letterCommand("drop", o.Sequence)...),
	}}
	if l.Cause == deadletter.GivenUp {
		p.plan.Warn = []string{"It may hold the last copy of its message."}
	}
	p.run = func(context.Context) (*api.Done, error) {
		return d.remove(letterTarget(o.Sequence), fmt.Sprintf("Dead letter %d", o.Sequence), func(ctx context.Context) error {
			now, err := box.Get(ctx, o.Sequence)
			if err != nil {
				return err
			}
			if !now.At.Equal(l.At) || now.Message != l.Message || now.Consumer != l.Consumer {
				return ErrChanged
			}
			return box.Drop(ctx, o.Sequence)
		})
	}
	return p, nil
}

func (d *Desk) letterCommand(verb string, seq uint64) []string {
	return []string{"webhookctl", "dlq", verb, strconv.FormatUint(seq, 10), "--stream", d.site.Dead.Stream, "--subject-prefix", d.site.Dead.Prefix}
}
