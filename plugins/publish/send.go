package publish

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/internal/bound"
	"webhookedge/plugins/publish/jsconn"
)

const (
	retryLow  = 50 * time.Millisecond
	retryHigh = 500 * time.Millisecond
	// attempts is into how many waits for an ack the broker's share of the time
	// is parted: an ack that is lost with its connection leaves room for one
	// more try.
	attempts = 2
)

// send publishes p and waits for its ack until ctx is done. It tries again, always
// under the same message id, while another attempt may help.
func (s *Stage) send(ctx context.Context, p *buffer) (ack *jetstream.PubAck, err error) {
	share := s.timeout
	if deadline, ok := ctx.Deadline(); ok {
		share = time.Until(deadline)
	}
	ack, err = s.attempt(ctx, p, share/attempts)
	if err == nil || !jsconn.Transient(err) {
		return ack, err
	}
	wait := backoff.NewExponentialBackOff()
	wait.InitialInterval, wait.MaxInterval, wait.Multiplier = retryLow, retryHigh, 2
	again := func() (*jetstream.PubAck, error) {
		s.conns.retries.Add(1)
		if ack, err = s.attempt(ctx, p, share/attempts); err != nil && !jsconn.Transient(err) {
			return nil, backoff.Permanent(err)
		}
		return ack, err
	}
	first := time.NewTimer(wait.NextBackOff())
	defer first.Stop()
	select {
	case <-first.C:
	case <-ctx.Done():
		return nil, err
	}
	// The error of ctx says less than that of the last attempt.
	_, _ = backoff.Retry(ctx, again, backoff.WithBackOff(wait))
	return ack, err
}

// attempt publishes p once, and waits for the ack no longer than wait.
func (s *Stage) attempt(ctx context.Context, p *buffer, wait time.Duration) (*jetstream.PubAck, error) {
	return s.conn.Guard(func() (*jetstream.PubAck, error) {
		ctx, cancel := bound.WithTimeout(ctx, wait)
		defer cancel()
		if _, err := s.conn.Client(ctx); err != nil {
			return nil, err
		}
		if p.values[streamValue] == s.cfg.Stream.Name {
			if err := s.conn.Fit(ctx); err != nil {
				return nil, err
			}
		}
		begun := time.Now()
		ack, err := s.conn.Publish(ctx, &p.msg)
		p.shared = p.shared || ctx.Err() != nil
		if err != nil && p.maybe.IsZero() && !jsconn.Unstored(err) {
			p.maybe = begun
		}
		if sequence, known := jsconn.LastSequence(err); known && p.exact {
			return &jetstream.PubAck{Stream: p.values[streamValue], Sequence: sequence, Duplicate: true}, nil
		}
		if errors.Is(err, jetstream.ErrNoStreamResponse) && !s.conn.MayHaveStream(ctx, p.msg.Subject) {
			err = fmt.Errorf("%w: %w", jsconn.ErrMissing, err)
		}
		return ack, err
	})
}
