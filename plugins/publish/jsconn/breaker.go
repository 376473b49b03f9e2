package jsconn

import (
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/sony/gobreaker/v2"
)

const (
	// tripAfter is how many attempts in a row must fail before the broker is
	// left alone.
	tripAfter = 5
	// restFor is for how long; then a few deliveries try it again.
	restFor    = time.Second
	probesOnce = 3
)

// newBreaker returns a breaker that leaves a broker alone which does not
// answer, so that a delivery costs no wait. What it says of one event alone is
// no sign of its health.
func newBreaker() *gobreaker.CircuitBreaker[*jetstream.PubAck] {
	return gobreaker.NewCircuitBreaker[*jetstream.PubAck](gobreaker.Settings{
		Name: stage, MaxRequests: probesOnce, Timeout: restFor,
		ReadyToTrip:  func(c gobreaker.Counts) bool { return c.ConsecutiveFailures >= tripAfter },
		IsSuccessful: func(err error) bool { return err == nil || !Transient(err) || InProcess(err) },
	})
}

// Resting reports whether the broker is left alone.
func (c *Conn) Resting() bool { return c.breaker.Load().State() == gobreaker.StateOpen }

// BreakerOpen says in words that the breaker is open.
func BreakerOpen() error {
	return fmt.Errorf("%w: it did not answer %d times in a row and is left alone for %s", ErrDisconnected, tripAfter, restFor)
}

// Guard does one attempt to publish, unless the breaker leaves the broker alone.
func (c *Conn) Guard(attempt func() (*jetstream.PubAck, error)) (*jetstream.PubAck, error) {
	return c.breaker.Load().Execute(attempt)
}
