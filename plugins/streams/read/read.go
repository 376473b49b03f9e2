// Package read reads what a JetStream stream holds, once and in order, for
// commands that list or copy it.
//
// It ends at what was the last message when it began, so that a command may
// publish into the stream that it reads. It keeps no position and acknowledges
// nothing, and is no consumer for a service.
package read

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// The reasons for which a stream is not read to its end.
var (
	ErrNoStream = errors.New("there is no such stream")
	// ErrGap is a message that was lost on the way; nothing says which.
	ErrGap = errors.New("a message of the stream was lost on the way")
)

const (
	// idle is how long the server keeps the reader's consumer without a question,
	// which is how long a caller may take over one batch.
	idle = 10 * time.Minute
	// maxBatch is how many messages are asked for at once, below the client's own
	// bounds and small enough for the memory of large events.
	maxBatch = 64
	// messageTimeout is how long the server may take over one message of a batch.
	messageTimeout = 10 * time.Second
)

// Range is a part of a stream. The zero value is all of it.
type Range struct {
	Subjects []string  // patterns; none is all
	From, To time.Time // by when the stream stored it, To exclusive; zero is no bound
	FirstSeq uint64    // From by sequence; not together with From
	// HeadersOnly leaves the data out. Its size is in the header Nats-Msg-Size.
	HeadersOnly bool
	// Batch is how many messages are fetched at once, 0 for as many as is good.
	// A caller that takes long over a message asks for fewer.
	Batch int
}

// Message is a stored message.
type Message struct {
	jetstream.Msg
	Sequence uint64
	StoredAt time.Time
}

// All yields the messages of r in their order. An error ends it.
func All(ctx context.Context, js jetstream.JetStream, stream string, r Range) iter.Seq2[*Message, error] {
	return func(yield func(*Message, error) bool) {
		if err := read(ctx, js, stream, r, func(m *Message) bool { return yield(m, nil) }); err != nil {
			yield(nil, err)
		}
	}
}

// Follow yields the messages of r in their order, and goes on with what comes until ctx
// is done, which is no error. It makes a new consumer where the old one is lost, so that
// nothing is missing; r.To and r.Batch have no meaning.
func Follow(ctx context.Context, js jetstream.JetStream, stream string, r Range) iter.Seq2[*Message, error] {
	return func(yield func(*Message, error) bool) {
		if err := follow(ctx, js, stream, r, yield); err != nil && ctx.Err() == nil {
			yield(nil, fmt.Errorf("follow stream %s: %w", stream, err))
		}
	}
}

func follow(ctx context.Context, js jetstream.JetStream, name string, r Range, yield func(*Message, error) bool) error {
	c := r.consumer()
	consumer, err := js.OrderedConsumer(ctx, name, jetstream.OrderedConsumerConfig{
		FilterSubjects: c.FilterSubjects, DeliverPolicy: c.DeliverPolicy, OptStartSeq: c.OptStartSeq, OptStartTime: c.OptStartTime, HeadersOnly: c.HeadersOnly,
	})
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		return ErrNoStream
	}
	if err != nil {
		return err
	}
	messages, err := consumer.Messages(jetstream.PullMaxMessages(maxBatch))
	if err != nil {
		return err
	}
	defer messages.Stop()
	for {
		msg, err := messages.Next(jetstream.NextContext(ctx))
		if err != nil {
			return err
		}
		meta, err := msg.Metadata()
		if err != nil {
			continue // not a message of the stream
		}
		if !yield(&Message{Msg: msg, Sequence: meta.Sequence.Stream, StoredAt: meta.Timestamp}, nil) {
			return nil
		}
	}
}

func read(ctx context.Context, js jetstream.JetStream, name string, r Range, yield func(*Message) bool) error {
	stream, err := js.Stream(ctx, name)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		return fmt.Errorf("%w: %s", ErrNoStream, name)
	}
	if err != nil {
		return fmt.Errorf("ask for stream %s: %w", name, err)
	}
	last := stream.CachedInfo().State.LastSeq
	consumer, err := stream.CreateConsumer(ctx, r.consumer())
	if err != nil {
		return fmt.Errorf("read stream %s: %w", name, err)
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		_ = stream.DeleteConsumer(ctx, consumer.CachedInfo().Name) // the server ends it after idle anyway
	}()
	left := consumer.CachedInfo().NumPending
	batch := min(cmp.Or(r.Batch, maxBatch), maxBatch)
	for next := uint64(1); left > 0; {
		n, got, err := fetch(ctx, consumer, min(batch, int(min(left, maxBatch))), next, func(m *Message) bool {
			return m.Sequence <= last && (r.To.IsZero() || m.StoredAt.Before(r.To)) && yield(m)
		})
		if err != nil || !got {
			return err
		}
		next += n
		left -= min(n, left)
	}
	return nil
}

// fetch yields up to size messages. more is false when yield wanted no more.
func fetch(ctx context.Context, c jetstream.Consumer, size int, next uint64, yield func(*Message) bool) (n uint64, more bool, err error) {
	batch, err := c.Fetch(size, jetstream.FetchMaxWait(messageTimeout))
	if err != nil {
		return 0, false, fmt.Errorf("fetch: %w", err)
	}
	for msg := range batch.Messages() {
		meta, err := msg.Metadata()
		switch {
		case err != nil:
			return n, false, fmt.Errorf("fetch: %w", err)
		case meta.Sequence.Consumer != next+n:
			return n, false, ErrGap
		case ctx.Err() != nil:
			return n, false, ctx.Err()
		}
		n++
		if !yield(&Message{Msg: msg, Sequence: meta.Sequence.Stream, StoredAt: meta.Timestamp}) {
			return n, false, nil
		}
	}
	if err := batch.Error(); err != nil {
		return n, false, fmt.Errorf("fetch: %w", err)
	}
	// Fewer than were asked for: what was pending has been removed meanwhile.
	return n, n > 0, nil
}

func (r *Range) consumer() jetstream.ConsumerConfig {
	c := jetstream.ConsumerConfig{
		Description: "webhookctl reads", AckPolicy: jetstream.AckNonePolicy, DeliverPolicy: jetstream.DeliverAllPolicy,
		FilterSubjects: r.Subjects, HeadersOnly: r.HeadersOnly, InactiveThreshold: idle, MemoryStorage: true,
	}
	switch {
	case !r.From.IsZero():
		c.DeliverPolicy, c.OptStartTime = jetstream.DeliverByStartTimePolicy, &r.From
	case r.FirstSeq > 0:
		c.DeliverPolicy, c.OptStartSeq = jetstream.DeliverByStartSequencePolicy, r.FirstSeq
	}
	return c
}
