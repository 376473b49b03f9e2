package jsconn

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/streams"
)

// ErrUnfit is a stream that does not keep what an answer of 200 promises.
var ErrUnfit = streams.ErrUnfit

// errAbsent is an unfit stream that is not there: the broker says so of each event,
// and not any more once the stream is made.
var errAbsent = errors.New("there is no stream")

// apiTimeout bounds one question to the JetStream API.
const apiTimeout = 5 * time.Second

// AskTimeout bounds a question, whose answer may be lost with a connection.
const AskTimeout = 2 * time.Second

// inspect creates the stream where that is wanted, checks it and logs when the
// verdict is another than before.
func (c *Conn) inspect() error {
	if c.Settings.Stream.Ensure == EnsureOff {
		return nil
	}
	defer c.looked.Do(func() { close(c.inspected) })
	defer c.creating.Store(false)
	ctx, cancel := context.WithTimeout(c.ctx, apiTimeout)
	defer cancel()
	var err error
	if c.Settings.Stream.Ensure == EnsureCreate {
		err = c.create(ctx)
	}
	if err == nil {
		err = c.look(ctx)
	}
	if c.ctx.Err() != nil {
		return nil
	}
	c.note(err)
	if err == nil {
		c.readyMu.Lock()
		c.readyAt = time.Time{} // an answer from before the stream was made stands no more
		c.readyMu.Unlock()
		c.Log.Info("stream is fit", "subjects", c.Settings.subjects())
		c.widen(ctx)
	}
	return err
}

// note takes a verdict on the stream and logs another one than before.
func (c *Conn) note(err error) {
	if err == nil {
		c.WasFit.Store(true)
	}
	if c.streamErr.set(err) {
		c.Log.Error("stream is not fit, deliveries will be refused", "err", err.Error())
	}
}

// Fit is nil unless the stream is known not to keep what it takes. It waits for
// the first look at it.
func (c *Conn) Fit(ctx context.Context) error {
	if c.Settings.Stream.Ensure == EnsureOff {
		return nil
	}
	select {
	case <-c.inspected:
	case <-ctx.Done():
		return ctx.Err()
	}
	failure := c.streamErr.get()
	if !errors.Is(failure, ErrUnfit) || errors.Is(failure, errAbsent) {
		return nil
	}
	// Somebody may have put it right: it is looked at again, once a second, for a
	// later event.
	now := time.Now().Unix()
	if last := c.lookedAt.Load(); last < now && c.lookedAt.CompareAndSwap(last, now) {
		signal(c.nudge)
	}
	return failure
}

// specs are the streams to create: those of the file, or the one that cfg
// describes itself.
func (c *Conn) specs() ([]streams.Spec, error) {
	cfg := &c.Settings.Stream
	if cfg.File != "" {
		return streams.Load(cfg.File)
	}
	return []streams.Spec{{
		Name: cfg.Name, Description: "Events of the webhook edge", Subjects: []string{c.Settings.subjects()}, Replicas: cfg.Replicas,
		MaxAge: time.Duration(cfg.MaxAgeHours) * time.Hour, MaxBytes: cfg.MaxBytes, DuplicateWindow: c.wantedWindow(),
	}}, nil
}

func (c *Conn) create(ctx context.Context) error {
	specs, err := c.specs()
	if err != nil {
		return fmt.Errorf("stream.file: %w", err)
	}
	for i := range specs {
		created, err := streams.Ensure(ctx, c.js, &specs[i])
		if err != nil {
			return err
		}
		if created {
			c.Log.Info("stream created", "created", specs[i].Name)
		}
	}
	if err := c.createBucket(ctx); err != nil && c.ctx.Err() == nil && c.Complaints.Allow("bucket", time.Now()) {
		// The other events are not the worse for it.
		c.Log.Error("large events are refused", "err", err.Error())
	}
	return nil
}

// check reports everything about the stream that breaks the promise.
func (c *Conn) check(ctx context.Context, js jetstream.JetStream) (*jetstream.StreamInfo, error) {
	cfg := &c.Settings
	stream, err := js.Stream(ctx, cfg.Stream.Name)
	switch {
	case errors.Is(err, jetstream.ErrStreamNotFound):
		advice := cfg.Advice()
		if c.WasFit.Load() {
			advice += "; NATS keeps the files of a stream whose description a power cut spoiled: with the same name its events are back"
		}
		return nil, fmt.Errorf("%w: %w %s; %s", ErrUnfit, errAbsent, cfg.Stream.Name, advice)
	case err != nil:
		return nil, fmt.Errorf("ask for stream %s: %w", cfg.Stream.Name, err)
	}
	info := stream.CachedInfo()
	has := &info.Config
	c.maxMsg.Store(max(int64(has.MaxMsgSize), 0))
	c.window.Store(int64(has.Duplicates))
	c.atomic.Store(has.AllowAtomicPublish)
	if risk := errors.Join(streams.Risks(has), c.checkBucket(ctx, js)); c.risk.set(risk) {
		c.Log.Error("what is stored can be lost", "err", risk.Error())
	}
	return info, streams.Check(has, cfg.SubjectPrefix)
}

// checkBucket looks at the stream of the bucket, where there is one. What would lose
// payloads keeps large events from being stored; the others are not the worse for it.
func (c *Conn) checkBucket(ctx context.Context, js jetstream.JetStream) error {
	if !c.Settings.Objects.On() {
		return nil
	}
	stream, err := js.Stream(ctx, streams.OfBucket(c.Settings.Objects.Bucket))
	if err != nil {
		c.bucketErr.set(nil)
		return nil //nolint:nilerr // there is none, or the user may not ask: nothing is known
	}
	has := &stream.CachedInfo().Config
	fault := streams.CheckBucket(has)
	c.bucketErr.set(fault)
	return errors.Join(fault, streams.Risks(has))
}

// Demand raises the duplicate window that the users of the connection need.
func (c *Conn) Demand(window time.Duration) {
	if window > 0 && raise(&c.needs, uint64(window)) {
		signal(c.nudge)
	}
}

func (c *Conn) wantedWindow() time.Duration { return time.Duration(c.needs.Load()) }

// widen makes the duplicate window long enough where the stream is ours, and
// says so where it is not.
func (c *Conn) widen(ctx context.Context) {
	wanted := c.wantedWindow()
	has, err := streams.Widen(ctx, c.js, c.Settings.Stream.Name, wanted)
	switch {
	case c.ctx.Err() != nil:
	case err != nil:
		c.Log.Warn("the stream's duplicate window is not known to be long enough", "err", err.Error())
	case has < wanted && c.Complaints.Allow("window "+wanted.String(), time.Now()):
		c.Log.Warn("the stream forgets message ids before the sender stops trying: a late retry is stored twice",
			"duplicate_window", has.String(), "wanted", wanted.String())
	}
}
