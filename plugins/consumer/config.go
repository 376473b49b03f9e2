package consumer

import (
	"cmp"
	"errors"
	"fmt"
	"time"

	"webhookedge/plugins/streams/deadletter"
)

// ErrConfig is a Config that cannot be used.
var ErrConfig = errors.New("invalid setting")

// Config says what is consumed and how failures are retried. Only Stream and Name are
// required; a zero value of the others is the default.
type Config struct {
	Stream   string   // to read from
	Name     string   // durable name: processes of one name share the events
	Subjects []string // patterns; none is every event of the stream
	// Tries is how often an event is handled before it is a dead letter. Default 8.
	Tries int
	// Backoff is the wait after the first failure; it doubles up to MaxBackoff.
	// Up to half of each wait is random. Defaults 1 s and 5 min.
	Backoff, MaxBackoff time.Duration
	// AckWait is how long the server waits for a sign of life of an event's
	// handler before it gives the event to another process. A handler may take
	// longer: signs are given while it runs. Default 30 s.
	AckWait time.Duration
	// Concurrency is how many events are handled at once. Default 8.
	Concurrency int
	// Drain is how long handlers may go on once Run's context is done; then
	// their own is done too. Default 30 s.
	Drain time.Duration
	// MaxData bounds a payload that is fetched from the object store, in bytes.
	// Default 100 MiB.
	MaxData int64
	// DeadPrefix is the first token of the subjects of dead letters. Default
	// deadletter.Prefix.
	DeadPrefix string
}

// The bounds of a Config.
const (
	maxTries       = 1000
	maxConcurrency = 4096
	minAckWait     = time.Second
)

// complete fills in defaults, or reports everything that is wrong.
func (c *Config) complete() error {
	c.Tries = cmp.Or(c.Tries, 8)
	c.Backoff, c.MaxBackoff = cmp.Or(c.Backoff, time.Second), cmp.Or(c.MaxBackoff, 5*time.Minute)
	c.AckWait, c.Drain = cmp.Or(c.AckWait, 30*time.Second), cmp.Or(c.Drain, 30*time.Second)
	c.Concurrency = cmp.Or(c.Concurrency, 8)
	c.MaxData = cmp.Or(c.MaxData, 100<<20)
	c.DeadPrefix = cmp.Or(c.DeadPrefix, deadletter.Prefix)
	var faults []error
	check := func(ok bool, why string) {
		if !ok {
			faults = append(faults, fmt.Errorf("%w: %s", ErrConfig, why))
		}
	}
	check(c.Stream != "", "Stream is required")
	check(c.Name != "", "Name is required")
	check(c.Tries >= 1 && c.Tries <= maxTries, "Tries must be from 1 to 1000")
	check(c.Concurrency >= 1 && c.Concurrency <= maxConcurrency, "Concurrency must be from 1 to 4096")
	check(c.Backoff > 0 && c.Backoff <= c.MaxBackoff, "Backoff must be above 0 and at most MaxBackoff")
	check(c.AckWait >= minAckWait, "AckWait must be at least a second")
	check(c.Drain > 0, "Drain must be above 0")
	check(c.MaxData > 0, "MaxData must be above 0")
	return errors.Join(faults...)
}
