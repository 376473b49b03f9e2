package consumer

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	cloudevents "github.com/cloudevents/sdk-go/v2/event"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/streams/deadletter"
	"webhookedge/plugins/streams/replay"
)

// Handler processes one event. Nil acknowledges it. An error makes it come again
// after a backoff, or when RetryAfter says, until its tries are used up; with
// Permanent it does not. ctx is done when the process has to end.
type Handler func(ctx context.Context, e cloudevents.Event) error

// spare is how many deliveries there are beyond Tries, in which the handler does
// not run: to write the dead letter of an event whose handler never came back,
// and to try that again.
const spare = 16

// ackTimeout bounds an ack, and a dead letter.
const ackTimeout = 5 * time.Second

// Consumer hands the events of a stream to a handler.
type Consumer struct {
	js     jetstream.JetStream
	cfg    Config
	handle Handler
	log    *slog.Logger
}

// Option sets an optional part of a Consumer.
type Option func(*Consumer)

// WithLogger logs retries (info), dead letters (warn) and what fails otherwise
// (error), never a payload.
func WithLogger(log *slog.Logger) Option { return func(c *Consumer) { c.log = log } }

// New returns a consumer. Its error, an ErrConfig, names everything that is wrong
// with cfg. It does not ask the broker.
func New(js jetstream.JetStream, cfg Config, handle Handler, opts ...Option) (*Consumer, error) {
	if err := cfg.complete(); err != nil {
		return nil, err
	}
	if js == nil || handle == nil {
		return nil, fmt.Errorf("%w: a client and a handler are needed", ErrConfig)
	}
	c := &Consumer{js: js, cfg: cfg, handle: handle, log: slog.New(slog.DiscardHandler)}
	for _, opt := range opts {
		opt(c)
	}
	return c, nil
}

// Run creates the durable consumer, or takes it up, and handles events until ctx
// is done and the handlers have ended. Then it returns nil. Any other end is an
// error: the stream or the consumer is gone, or the connection is closed.
func (c *Consumer) Run(ctx context.Context) error {
	durable, err := c.js.CreateOrUpdateConsumer(ctx, c.cfg.Stream, jetstream.ConsumerConfig{
		Durable: c.cfg.Name, FilterSubjects: c.cfg.Subjects, AckPolicy: jetstream.AckExplicitPolicy,
		AckWait: c.cfg.AckWait, MaxDeliver: c.cfg.Tries + spare, MaxAckPending: 1000 + c.cfg.Concurrency,
	})
	if err != nil {
		return fmt.Errorf("consumer %s of stream %s: %w", c.cfg.Name, c.cfg.Stream, err)
	}
	// No more than what is handled at once: the rest would wait here, its ack
	// time running.
	messages, err := durable.Messages(jetstream.PullMaxMessages(c.cfg.Concurrency))
	if err != nil {
		return fmt.Errorf("consumer %s of stream %s: %w", c.cfg.Name, c.cfg.Stream, err)
	}
	stop := context.AfterFunc(ctx, messages.Drain) // what is here is handled
	defer stop()
	defer messages.Stop()
	work, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	err = c.pull(ctx, work, messages, end)
	if ctx.Err() != nil {
		return nil
	}
	return fmt.Errorf("consumer %s of stream %s: %w", c.cfg.Name, c.cfg.Stream, err)
}

// pull handles messages until there are no more, and waits for the handlers.
// After ctx is done they have the time to drain, then end is called.
func (c *Consumer) pull(ctx, work context.Context, messages jetstream.MessagesContext, end func()) error {
	slots := make(chan struct{}, c.cfg.Concurrency)
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(c.cfg.Drain, end) })
	defer stop() // behind the wait, which it bounds
	var running sync.WaitGroup
	defer running.Wait()
	for {
		slots <- struct{}{}
		msg, err := messages.Next()
		if err != nil {
			return err
		}
		running.Go(func() {
			defer func() { <-slots }()
			c.one(work, msg)
		})
	}
}

// one handles a message and says to the server what came of it.
func (c *Consumer) one(ctx context.Context, msg jetstream.Msg) {
	meta, err := msg.Metadata()
	if err != nil {
		c.log.Error("not a message of a stream", "err", err.Error())
		return
	}
	alive, still := context.WithCancel(ctx)
	var beat sync.WaitGroup
	beat.Go(func() { c.heartbeat(alive, msg) })
	err = c.try(ctx, msg, meta)
	still()
	beat.Wait() // a sign of life after the answer would undo it
	log := c.log.With("stream", meta.Stream, "sequence", meta.Sequence.Stream, "deliveries", meta.NumDelivered)
	switch {
	case err == nil:
		ack, cancel := context.WithTimeout(context.WithoutCancel(ctx), ackTimeout)
		defer cancel()
		if err := msg.DoubleAck(ack); err != nil {
			log.Error("ack of an event failed, it may be redelivered", "err", err.Error())
		}
	case ctx.Err() != nil && !isPermanent(err):
		_ = msg.Nak() // the process ends: somebody else's turn, at once
	case isPermanent(err) || meta.NumDelivered >= uint64(c.cfg.Tries):
		c.deadLetter(ctx, log, msg, meta, err)
	default:
		wait := c.wait(meta.NumDelivered, err)
		log.Info("event failed, it will be redelivered", "err", err.Error(), "wait_ms", wait.Milliseconds())
		if err := msg.NakWithDelay(wait); err != nil {
			log.Error("nak of an event failed, it is redelivered after AckWait", "err", err.Error())
		}
	}
}

// heartbeat tells the server that the handler is at work.
func (c *Consumer) heartbeat(ctx context.Context, msg jetstream.Msg) {
	tick := time.NewTicker(c.cfg.AckWait / 3)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			_ = msg.InProgress() // the next one may get through
		case <-ctx.Done():
			return
		}
	}
}

// errNeverFinished is an event whose handler did not come back in any of its tries.
var errNeverFinished = errors.New("its tries are used up, and its handler never returned")

// try decodes the event and runs the handler under a recover.
func (c *Consumer) try(ctx context.Context, msg jetstream.Msg, meta *jetstream.MsgMetadata) (err error) {
	if meta.NumDelivered > uint64(c.cfg.Tries) {
		return Permanent(errNeverFinished)
	}
	e, doc, err := parse(msg.Headers(), msg.Data())
	if err != nil {
		return Permanent(err)
	}
	ce, err := convert(msg.Headers(), e, doc)
	if err != nil {
		return Permanent(err)
	}
	if e.DataRef != "" {
		if err := resolve(ctx, c.js, e, &ce, c.cfg.MaxData); err != nil {
			return err
		}
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic of type %T", p) // its value may hold a piece of the event
		}
	}()
	return c.handle(ctx, ce)
}

// wait is the backoff after a delivery that failed.
func (c *Consumer) wait(delivered uint64, err error) time.Duration {
	var asked *later
	if errors.As(err, &asked) {
		return asked.wait
	}
	wait := c.cfg.MaxBackoff
	if doublings := delivered - 1; doublings < 32 && c.cfg.Backoff<<doublings>>doublings == c.cfg.Backoff {
		wait = min(c.cfg.Backoff<<doublings, c.cfg.MaxBackoff)
	}
	return wait - rand.N(wait/2+1) //nolint:gosec // spreading load needs no secrecy
}

// deadLetter writes the dead letter of a message, and only when a stream has it takes
// the message off the consumer. Where it cannot be written the message comes
// again, to try that once more.
func (c *Consumer) deadLetter(ctx context.Context, log *slog.Logger, msg jetstream.Msg, meta *jetstream.MsgMetadata, why error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), ackTimeout)
	defer cancel()
	o := &replay.Original{Stream: meta.Stream, Sequence: meta.Sequence.Stream, Subject: msg.Subject(), Header: msg.Headers(), Data: msg.Data()}
	letter := deadletter.Message(c.cfg.DeadPrefix, c.cfg.Name, o, int(meta.NumDelivered), why.Error())
	if _, err := c.js.PublishMsg(ctx, letter); err != nil {
		log.Error("dead letter could not be written; the event will be redelivered", "subject", letter.Subject, "err", err.Error())
		_ = msg.NakWithDelay(c.cfg.MaxBackoff) // without it the event comes after AckWait
		return
	}
	log.Warn("event became a dead letter", "subject", letter.Subject, "err", why.Error())
	if err := msg.TermWithReason("dead letter"); err != nil {
		log.Error("an event that became a dead letter may be redelivered", "err", err.Error())
	}
}

// permanent marks an error that no further try can mend.
type permanent struct{ error }

// Unwrap returns the reason.
func (p *permanent) Unwrap() error { return p.error }

// Permanent says that err will not go away: the event becomes a dead letter at
// once. Permanent(nil) is nil.
func Permanent(err error) error {
	if err == nil {
		return nil
	}
	return &permanent{err}
}

// later marks an error after which the handler knows when to try again.
type later struct {
	error
	wait time.Duration
}

// Unwrap returns the reason.
func (l *later) Unwrap() error { return l.error }

// RetryAfter says when the event is to be tried again, instead of the backoff. It
// still counts as a try. RetryAfter(nil, d) is nil.
func RetryAfter(err error, wait time.Duration) error {
	if err == nil {
		return nil
	}
	return &later{err, max(wait, 0)}
}

func isPermanent(err error) bool {
	var p *permanent
	return errors.As(err, &p)
}
