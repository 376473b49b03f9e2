package publish

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// ErrUnfit is a stream that does not keep what an answer of 200 promises.
var ErrUnfit = errors.New("stream is not fit")

// apiTimeout bounds one question to the JetStream API.
const apiTimeout = 5 * time.Second

// inspect creates the stream where that is wanted, checks it and logs when the
// verdict is another than before.
func (c *connection) inspect(l *link) error {
	if c.cfg.Stream.Ensure == EnsureOff {
		return nil
	}
	ctx, cancel := context.WithTimeout(c.ctx, apiTimeout)
	defer cancel()
	var err error
	if c.cfg.Stream.Ensure == EnsureCreate {
		err = createStream(ctx, l.js, &c.cfg)
	}
	if err == nil {
		err = checkStream(ctx, l.js, &c.cfg)
	}
	if c.ctx.Err() != nil {
		return nil
	}
	before := c.streamErr.Load()
	if err == nil {
		c.streamErr.Store(nil)
		c.doubt() // an answer from before the stream was made stands no more
		c.log.Info("stream is fit", "subjects", c.cfg.subjects())
		return nil
	}
	c.streamErr.Store(&err)
	if before == nil || (*before).Error() != err.Error() {
		c.log.Error("stream is not fit, deliveries will be refused", "err", err.Error())
	}
	return err
}

// subjects is the wildcard over everything that cfg publishes.
func (c *Config) subjects() string { return c.SubjectPrefix + ".>" }

// createStream makes the stream where there is none; one that is there stays as
// it is, since it is not ours to change.
func createStream(ctx context.Context, js jetstream.JetStream, cfg *Config) error {
	_, err := js.Stream(ctx, cfg.Stream.Name)
	if !errors.Is(err, jetstream.ErrStreamNotFound) {
		return nil // checkStream says what is wrong
	}
	limit := cfg.Stream.MaxBytes
	if limit == 0 {
		limit = -1
	}
	_, err = js.CreateStream(ctx, jetstream.StreamConfig{
		Name: cfg.Stream.Name, Subjects: []string{cfg.subjects()},
		Description: "Events of the webhook edge",
		Storage:     jetstream.FileStorage, Retention: jetstream.LimitsPolicy,
		// Dropping the oldest would lose events that were answered with 200.
		Discard:    jetstream.DiscardNew,
		Replicas:   cfg.Stream.Replicas,
		MaxAge:     time.Duration(cfg.Stream.MaxAgeHours) * time.Hour,
		MaxBytes:   limit,
		Duplicates: cfg.Stream.window(),
	})
	// Another edge may have been faster.
	if err != nil && !errors.Is(err, jetstream.ErrStreamNameAlreadyInUse) {
		return fmt.Errorf("create stream %s for %s: %w", cfg.Stream.Name, cfg.subjects(), err)
	}
	return nil
}

// checkStream reports everything about the stream that breaks the promise.
func checkStream(ctx context.Context, js jetstream.JetStream, cfg *Config) error {
	stream, err := js.Stream(ctx, cfg.Stream.Name)
	switch {
	case errors.Is(err, jetstream.ErrStreamNotFound):
		return fmt.Errorf("%w: there is no stream %s; %s", ErrUnfit, cfg.Stream.Name, cfg.advice())
	case err != nil:
		return fmt.Errorf("ask for stream %s: %w", cfg.Stream.Name, err)
	}
	var faults []error
	fault := func(format string, args ...any) {
		faults = append(faults, fmt.Errorf("%w: %s %s", ErrUnfit, cfg.Stream.Name, fmt.Sprintf(format, args...)))
	}
	have := stream.CachedInfo().Config
	if !covered(have.Subjects, cfg.SubjectPrefix) {
		fault("takes %s, not %s; add that subject to it", strings.Join(have.Subjects, " "), cfg.subjects())
	}
	if have.Storage != jetstream.FileStorage {
		fault("keeps events in memory; storage must be file")
	}
	if have.NoAck {
		fault("acknowledges nothing; no_ack must be off")
	}
	if have.Sealed {
		fault("is sealed and takes no more events")
	}
	if have.Duplicates <= 0 {
		fault("has no duplicate window, so that retries are stored twice")
	}
	return errors.Join(faults...)
}

// advice says what to create, and names no other tool than NATS's own.
func (c *Config) advice() string {
	return fmt.Sprintf("create a stream %s that takes %q, for instance: nats stream add %s --subjects %q --storage file --dupe-window %ds --defaults",
		c.Stream.Name, c.subjects(), c.Stream.Name, c.subjects(), c.Stream.DuplicateWindowSeconds)
}

// covered reports whether one of the patterns takes every subject of prefix.
func covered(patterns []string, prefix string) bool {
	for _, pattern := range patterns {
		if covers(strings.Split(pattern, "."), strings.Split(prefix, ".")) {
			return true
		}
	}
	return false
}

// levels is how many tokens every subject has behind the prefix: provider,
// tenant and event; an action may follow.
const levels = 3

func covers(pattern, prefix []string) bool {
	for i, token := range pattern {
		switch {
		case token == ">":
			return i < len(prefix)+levels
		case i < len(prefix) && (token == "*" || token == prefix[i]):
		case i < len(prefix) || token != "*":
			return false
		}
	}
	return false // without ">" it takes subjects of one length only
}
