package forward

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/internal/ctl/stored"
	"webhookedge/plugins/streams/read"
)

const (
	// markKey and markValue are metadata of the consumers that are ours.
	markKey, markValue = "webhookctl", "forward"
	// keepTime is how long the broker keeps a position that nobody asks for.
	keepTime = 30 * 24 * time.Hour
	// pollTime is how long the broker waits for an event before it is asked again.
	pollTime = 5 * time.Second
	// spareTime is what the broker waits for an ack beyond a try and the wait before it.
	spareTime = maxWait + 30*time.Second
	ackTime   = 5 * time.Second
)

// incoming is an event that is to be forwarded.
type incoming struct {
	*stored.Event
	durable bool
}

// working tells the broker that the event is being tried.
func (in *incoming) working() {
	if in.durable {
		_ = in.Message.InProgress() // the next one may get through
	}
}

// release lets the broker give the event again at once, to the next run.
func (in *incoming) release() {
	if in.durable {
		_ = in.Message.Nak() // otherwise it comes when its time is over
	}
}

// done lets the broker go on behind the event.
func (in *incoming) done(ctx context.Context) error {
	if !in.durable {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), ackTime)
	defer cancel()
	if err := in.Message.DoubleAck(ctx); err != nil {
		return fmt.Errorf("the broker did not hear that event %d was forwarded, and gives it again: %w", in.Message.Sequence, err)
	}
	return nil
}

func (f *forwarder) source(ctx context.Context, js jetstream.JetStream) (iter.Seq2[*incoming, error], error) {
	begin, err := f.begin(ctx, js)
	if err != nil {
		return nil, err
	}
	if f.durable != "" {
		consumer, err := f.consumer(ctx, js, begin)
		if err != nil {
			return nil, err
		}
		return func(yield func(*incoming, error) bool) {
			if err := f.pull(ctx, consumer, begin.To, yield); err != nil && ctx.Err() == nil {
				yield(nil, err)
			}
		}, nil
	}
	return func(yield func(*incoming, error) bool) {
		for e, err := range f.events.Events(ctx, js, begin, !f.once) {
			if !yield(&incoming{Event: e}, err) {
				return
			}
		}
	}, nil
}

// begin is where a source without a history of its own begins: with what comes, unless
// flags say otherwise.
func (f *forwarder) begin(ctx context.Context, js jetstream.JetStream) (read.Range, error) {
	begin, err := f.events.Begin(ctx, js)
	if err != nil || begin.FirstSeq > 0 || !begin.From.IsZero() {
		return begin, err
	}
	stream, err := js.Stream(ctx, f.events.Stream)
	if err != nil {
		return begin, err
	}
	begin.FirstSeq = stream.CachedInfo().State.LastSeq + 1
	if f.durable == "" && !f.once {
		fmt.Fprintf(f.complain, "waiting for what comes to %s; --last and --from begin earlier\n", f.events.Stream) //nolint:errcheck // the terminal is gone
	}
	return begin, nil
}

// consumer takes the durable consumer up, or makes it. One that is not ours is a
// service's, whose events would be taken from it.
func (f *forwarder) consumer(ctx context.Context, js jetstream.JetStream, begin read.Range) (jetstream.Consumer, error) {
	have, err := js.Consumer(ctx, f.events.Stream, f.durable)
	switch {
	case errors.Is(err, jetstream.ErrConsumerNotFound):
		config := jetstream.ConsumerConfig{
			Durable: f.durable, Description: "webhookctl forward", Metadata: map[string]string{markKey: markValue},
			AckPolicy: jetstream.AckExplicitPolicy, AckWait: f.timeout + spareTime, MaxAckPending: 1, InactiveThreshold: keepTime,
			FilterSubjects: begin.Subjects, DeliverPolicy: jetstream.DeliverByStartSequencePolicy, OptStartSeq: begin.FirstSeq,
		}
		if !begin.From.IsZero() {
			config.DeliverPolicy, config.OptStartSeq, config.OptStartTime = jetstream.DeliverByStartTimePolicy, 0, &begin.From
		}
		return js.CreateConsumer(ctx, f.events.Stream, config)
	case err != nil:
		return nil, fmt.Errorf("consumer %s of stream %s: %w", f.durable, f.events.Stream, err)
	case have.CachedInfo().Config.Metadata[markKey] != markValue:
		return nil, exit.Usagef("--durable: the stream has a consumer %s that is a service's; take another name", f.durable)
	}
	fmt.Fprintf(f.complain, "%s goes on where it was, %d events behind\n", f.durable, have.CachedInfo().NumPending+uint64(have.CachedInfo().NumAckPending)) //nolint:errcheck // the terminal is gone
	return have, nil
}

// pull yields one event after the other, until there is none or ctx is done. What the
// filters leave out is done at once.
func (f *forwarder) pull(ctx context.Context, c jetstream.Consumer, before time.Time, yield func(*incoming, error) bool) error {
	for ctx.Err() == nil {
		var batch jetstream.MessageBatch
		var err error
		if f.once {
			batch, err = c.FetchNoWait(1)
		} else {
			batch, err = c.Fetch(1, jetstream.FetchMaxWait(pollTime))
		}
		if err != nil {
			return fmt.Errorf("ask consumer %s: %w", f.durable, err)
		}
		n := 0
		for msg := range batch.Messages() {
			n++
			more, err := f.taken(ctx, msg, before, yield)
			if err != nil || !more {
				return err
			}
		}
		if err := batch.Error(); err != nil {
			return fmt.Errorf("ask consumer %s: %w", f.durable, err)
		}
		if n == 0 && f.once {
			return nil
		}
	}
	return nil
}

func (f *forwarder) taken(ctx context.Context, msg jetstream.Msg, before time.Time, yield func(*incoming, error) bool) (more bool, err error) {
	meta, err := msg.Metadata()
	if err != nil {
		return false, err
	}
	e, err := stored.Parse(&read.Message{Msg: msg, Sequence: meta.Sequence.Stream, StoredAt: meta.Timestamp})
	in := &incoming{Event: e, durable: true}
	if err != nil {
		return true, msg.Ack() // no event, for which nobody waits
	}
	if !f.events.Filter.Picks(e.Event) || !before.IsZero() && !meta.Timestamp.Before(before) {
		return true, in.done(ctx)
	}
	return yield(in, nil), nil
}
