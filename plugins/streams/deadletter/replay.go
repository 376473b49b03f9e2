package deadletter

import (
	"context"
	"errors"
	"fmt"

	"webhookedge/plugins/streams/replay"
)

// Replay says how letters are tried again.
type Replay struct {
	// Subject is where the messages go, with {subject} for their own; "" is their
	// own, on which every consumer of it sees them again.
	Subject string
	Run     string // name of the run, as in replay.Options
	Keep    bool   // leave the letters where they are
	DryRun  bool   // publish nothing and drop nothing
}

// Replay publishes the messages of letters again, marked as replayed and under
// message ids of their own, and drops each letter once a stream has its message.
// It tells each of every letter: the subject, and why its message was not
// published. The error is that of a broker that is gone.
func (b *Box) Replay(ctx context.Context, letters []*Letter, how Replay, each func(l *Letter, subject string, err error)) error {
	o := replay.Options{Run: how.Run, Subject: how.Subject}
	if err := o.Validate(); err != nil {
		return err
	}
	for _, l := range letters {
		subject, err := b.again(ctx, l, how)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		each(l, subject, err)
	}
	return nil
}

func (b *Box) again(ctx context.Context, l *Letter, how Replay) (subject string, err error) {
	o, err := b.Original(ctx, l)
	if err != nil {
		return "", err
	}
	subject = o.Subject
	if how.Subject != "" {
		subject = replay.Target(how.Subject, o.Subject)
	}
	msg, err := replay.Copy(o, subject, how.Run)
	if err != nil || how.DryRun {
		return subject, err
	}
	if _, err := b.js.PublishMsg(ctx, msg); err != nil {
		return subject, fmt.Errorf("publish on %s: %w", subject, err)
	}
	if how.Keep {
		return subject, nil
	}
	if err := b.Drop(ctx, l.Sequence); err != nil {
		return subject, errors.Join(errors.New("it is published, and the letter is still there"), err)
	}
	return subject, nil
}
