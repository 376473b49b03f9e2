package deadletter

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/event"
	"webhookedge/plugins/streams/read"
	"webhookedge/plugins/streams/replay"
)

// ErrGone is a letter about a message that its stream has no more.
var ErrGone = errors.New("the message is gone from its stream")

// Box is the stream of letters.
type Box struct {
	js             jetstream.JetStream
	stream, prefix string
}

// NewBox returns the box of a stream whose letters of consumers begin with prefix.
func NewBox(js jetstream.JetStream, stream, prefix string) *Box {
	return &Box{js: js, stream: stream, prefix: prefix}
}

// Filter picks letters. The zero value picks all.
type Filter struct {
	Consumer string
	Stream   string // of the messages
	From, To time.Time
}

// List yields letters in the order of their storage; what is none is passed over.
// With follow it does not end, and yields what comes until ctx is done.
func (b *Box) List(ctx context.Context, f Filter, follow bool) iter.Seq2[*Letter, error] {
	return func(yield func(*Letter, error) bool) {
		messages := read.All
		if follow {
			messages = read.Follow
		}
		for m, err := range messages(ctx, b.js, b.stream, b.read(f)) {
			if err != nil {
				yield(nil, err)
				return
			}
			if l, err := parse(m.Sequence, m.StoredAt, m.Subject(), m.Headers(), m.Data()); err == nil && f.picks(l) && !yield(l, nil) {
				return
			}
		}
	}
}

func (b *Box) read(f Filter) read.Range {
	consumer := "*"
	if f.Consumer != "" {
		consumer = event.EscapeToken(f.Consumer)
	}
	advisories := Advisories + ".*.*"
	if f.Stream != "" || f.Consumer != "" {
		advisories = Advisories + "." + cmp.Or(f.Stream, "*") + "." + cmp.Or(f.Consumer, "*")
	}
	return read.Range{Subjects: []string{b.prefix + "." + consumer + ".>", advisories}, From: f.From, To: f.To}
}

func (f *Filter) picks(l *Letter) bool {
	return (f.Consumer == "" || l.Consumer == f.Consumer) && (f.Stream == "" || l.Stream == f.Stream)
}

// Get returns the letter with a sequence. The error is ErrLetter where there is
// none.
func (b *Box) Get(ctx context.Context, seq uint64) (*Letter, error) {
	stream, err := b.js.Stream(ctx, b.stream)
	if err != nil {
		return nil, fmt.Errorf("stream %s: %w", b.stream, err)
	}
	raw, err := stream.GetMsg(ctx, seq)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return nil, fmt.Errorf("%w: %d", ErrLetter, seq)
	}
	if err != nil {
		return nil, fmt.Errorf("letter %d: %w", seq, err)
	}
	return parse(raw.Sequence, raw.Time, raw.Subject, raw.Header, raw.Data)
}

// Original returns the message that a letter is about, as it was stored. The
// error is ErrGone where it is no more.
func (b *Box) Original(ctx context.Context, l *Letter) (*replay.Original, error) {
	if l.Cause == GivenUp {
		o := &replay.Original{Stream: l.Stream, Sequence: l.Message, Subject: l.Subject, Header: nats.Header{}, Data: l.data}
		for name, values := range l.header {
			own := strings.HasPrefix(name, headerPrefix) || name == replay.OriginHeader || name == jetstream.MsgIDHeader
			if !own {
				o.Header[name] = values
			}
		}
		return o, nil
	}
	stream, err := b.js.Stream(ctx, l.Stream)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		return nil, fmt.Errorf("%w: there is no stream %s", ErrGone, l.Stream)
	}
	if err != nil {
		return nil, fmt.Errorf("stream %s: %w", l.Stream, err)
	}
	raw, err := stream.GetMsg(ctx, l.Message)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return nil, fmt.Errorf("%w: %s/%d", ErrGone, l.Stream, l.Message)
	}
	if err != nil {
		return nil, fmt.Errorf("message %s/%d: %w", l.Stream, l.Message, err)
	}
	return &replay.Original{Stream: l.Stream, Sequence: l.Message, Subject: raw.Subject, Header: raw.Header, Data: raw.Data}, nil
}

// Drop removes a letter.
func (b *Box) Drop(ctx context.Context, seq uint64) error {
	stream, err := b.js.Stream(ctx, b.stream)
	if err != nil {
		return fmt.Errorf("stream %s: %w", b.stream, err)
	}
	if err := stream.DeleteMsg(ctx, seq); err != nil {
		return fmt.Errorf("letter %d: %w", seq, err)
	}
	return nil
}

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
	subject = replay.Target(how.Subject, o.Subject)
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
