package consumer

import (
	"errors"
	"time"
)

// permanent marks an error that no further try can mend.
type permanent struct{ err error }

// Error implements error.
func (p *permanent) Error() string { return p.err.Error() }

// Unwrap returns the reason.
func (p *permanent) Unwrap() error { return p.err }

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
	err  error
	wait time.Duration
}

// Error implements error.
func (l *later) Error() string { return l.err.Error() }

// Unwrap returns the reason.
func (l *later) Unwrap() error { return l.err }

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

// waitOf returns what RetryAfter asked for.
func waitOf(err error) (time.Duration, bool) {
	var l *later
	if !errors.As(err, &l) {
		return 0, false
	}
	return l.wait, true
}
