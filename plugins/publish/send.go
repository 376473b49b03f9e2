package publish

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/sony/gobreaker/v2"
)

const (
	retryLow  = 50 * time.Millisecond
	retryHigh = 500 * time.Millisecond
	// attempts is into how many waits for an ack the broker's share of the time
	// is parted: an ack that is lost with its connection leaves room for one
	// more try.
	attempts = 2
)

const (
	// tripAfter is how many attempts in a row must fail before the broker is
	// left alone.
	tripAfter = 5
	// restFor is for how long; then a few deliveries try it again.
	restFor    = time.Second
	probesOnce = 3
)

// The error codes of the JetStream API that the client has no sentinel for
// (nats-server, server/errors.json).
const (
	errCodeStreamNotMatch    jetstream.ErrorCode = 10060
	errCodeWrongLastSequence jetstream.ErrorCode = 10071
	errCodeStoreFailed       jetstream.ErrorCode = 10077
	errCodeSameIDInProcess   jetstream.ErrorCode = 10158
	errCodeWrongLastConstant jetstream.ErrorCode = 10164
)

// codeUnavailable is the HTTP-like code of what may be otherwise a moment later:
// no leader, no resources, no room.
const codeUnavailable = 503

// newBreaker returns a breaker that leaves a broker alone which does not
// answer, so that a delivery costs no wait. What it says of one event alone is
// no sign of its health.
func newBreaker() *gobreaker.CircuitBreaker[*jetstream.PubAck] {
	return gobreaker.NewCircuitBreaker[*jetstream.PubAck](gobreaker.Settings{
		Name: name, MaxRequests: probesOnce, Timeout: restFor,
		ReadyToTrip:  func(c gobreaker.Counts) bool { return c.ConsecutiveFailures >= tripAfter },
		IsSuccessful: func(err error) bool { return err == nil || !transient(err) || inProcess(err) },
	})
}

// send publishes p and waits for its ack until ctx is done. It tries again, always
// under the same message id, while another attempt may help.
func (s *Stage) send(ctx context.Context, p *parcel) (ack *jetstream.PubAck, err error) {
	share := s.timeout
	if deadline, ok := ctx.Deadline(); ok {
		share = time.Until(deadline)
	}
	ack, err = s.attempt(ctx, p, share/attempts)
	if err == nil || !transient(err) {
		return ack, err
	}
	wait := backoff.NewExponentialBackOff()
	wait.InitialInterval, wait.MaxInterval, wait.Multiplier = retryLow, retryHigh, 2
	again := func() (*jetstream.PubAck, error) {
		s.conn.retries.Add(1)
		if ack, err = s.attempt(ctx, p, share/attempts); err != nil && !transient(err) {
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
func (s *Stage) attempt(ctx context.Context, p *parcel, wait time.Duration) (*jetstream.PubAck, error) {
	return s.conn.breaker.Load().Execute(func() (*jetstream.PubAck, error) {
		ctx, cancel := context.WithTimeout(ctx, wait)
		defer cancel()
		l, err := s.conn.client(ctx)
		if err != nil {
			return nil, err
		}
		if p.values[streamValue] == s.cfg.Stream.Name {
			if err := s.conn.fit(ctx); err != nil {
				return nil, err
			}
		}
		begun := time.Now()
		ack, err := l.js.PublishMsg(ctx, &p.msg, jetstream.WithRetryAttempts(0))
		if err != nil && p.maybe.IsZero() && !unstored(err) {
			p.maybe = begun
		}
		if sequence, known := lastSequence(err); known && p.exact {
			return &jetstream.PubAck{Stream: p.values[streamValue], Sequence: sequence, Duplicate: true}, nil
		}
		if errors.Is(err, jetstream.ErrNoStreamResponse) && !s.conn.mayHaveStream(ctx, p.msg.Subject) {
			err = fmt.Errorf("%w: %w", errMissing, err)
		}
		return ack, err
	})
}

// errMissing says that nobody answers because no stream takes the subject. A
// cluster that elects a leader does not answer either.
var errMissing = errors.New("known to be missing")

// lookupTimeout bounds the question for a subject's stream, which a user may not
// be allowed to ask.
const lookupTimeout = 250 * time.Millisecond

// mayHaveStream is false when it is known that no stream takes subject.
func (c *connection) mayHaveStream(ctx context.Context, subject string) bool {
	l, err := c.client(ctx)
	if err != nil || c.creating.Load() {
		return true
	}
	ctx, cancel := context.WithTimeout(ctx, lookupTimeout)
	defer cancel()
	_, err = l.js.StreamNameBySubject(ctx, subject)
	return !errors.Is(err, jetstream.ErrStreamNotFound)
}

// lastSequence reads the sequence of the message that keeps another one out of its
// subject.
func lastSequence(err error) (sequence uint64, known bool) {
	var api *jetstream.APIError
	if err == nil || !errors.As(err, &api) || api.ErrorCode != errCodeWrongLastSequence {
		return 0, false
	}
	_, digits, _ := strings.Cut(api.Description, ": ")
	sequence, err = strconv.ParseUint(digits, 10, 64)
	return sequence, err == nil && sequence > 0
}

// transient reports whether the same message may be stored a moment later: there
// is no connection, no ack or no leader. A stream that is full stays so.
func transient(err error) bool {
	var api *jetstream.APIError
	switch {
	case errors.Is(err, gobreaker.ErrOpenState), errors.Is(err, gobreaker.ErrTooManyRequests), errors.Is(err, ErrUnfit),
		errors.Is(err, errMissing), errors.Is(err, nats.ErrMaxPayload), errors.Is(err, jetstream.ErrInvalidJSAck), errors.Is(err, jetstream.ErrBucketNotFound):
		return false
	case errors.As(err, &api):
		return inProcess(err) || api.Code == codeUnavailable && api.ErrorCode != errCodeStoreFailed
	default: // no responders, no connection, a timeout
		return true
	}
}

// resting reports whether the broker is left alone.
func (c *connection) resting() bool { return c.breaker.Load().State() == gobreaker.StateOpen }

// inProcess reports whether the leader of a cluster has the same event on its way
// into the stream, from an attempt before: a moment later it says what became of it.
func inProcess(err error) bool {
	var api *jetstream.APIError
	return errors.As(err, &api) && (api.ErrorCode == errCodeSameIDInProcess || api.ErrorCode == errCodeWrongLastConstant)
}

// closedToUs says in words that the breaker is open.
func closedToUs() error {
	return fmt.Errorf("%w: it did not answer %d times in a row and is left alone for %s", ErrDisconnected, tripAfter, restFor)
}
