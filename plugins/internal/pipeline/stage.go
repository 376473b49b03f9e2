package pipeline

import (
	"context"
	"fmt"
	"time"
)

// Stage is one step on the way of a delivery. Handle returns nil to pass the
// delivery on, a *Reject to refuse it, a *Reply to end its way with success;
// any other error is a fault of ours and answered as Internal. Handle is called
// by many goroutines at once and must return soon after ctx is done.
type Stage interface {
	Name() string
	Handle(ctx context.Context, d *Delivery) error
}

// Step is what a stage took for a delivery.
type Step struct {
	Stage string
	Took  time.Duration
}

// Reject refuses a delivery.
type Reject struct {
	Code Code // one that is no success, or the delivery is refused as a fault of ours
	// RetryAfter overrides the code's own Retry-After; it is rounded up to
	// whole seconds.
	RetryAfter time.Duration
	// Status overrides the code's own HTTP status where it is from 400 to 599.
	Status int
	// Allow lists methods for an Allow header, with MethodNotAllowed.
	Allow string
	// Headers are further headers of the answer, names in lower case.
	Headers []Header
	// Err is the reason for the log. It must not hold a secret, a signature
	// or a body.
	Err error
	// Cause is a sentence for the log on what is most likely behind Err, "" where
	// nothing was found. What holds for Err holds for it.
	Cause string
}

// Error implements error.
func (r *Reject) Error() string {
	if r.Err == nil {
		return r.Code.String()
	}
	return fmt.Sprintf("%s: %v", r.Code, r.Err)
}

// Unwrap returns the reason.
func (r *Reject) Unwrap() error { return r.Err }

// Reply ends the way of a delivery with success, as fs.SkipDir ends a walk: it
// is an error so that no stage behind it runs. Handshakes use it.
type Reply struct {
	Code        Code // Handshake, or the delivery is refused as a fault of ours
	Status      int  // 0 means the code's own
	ContentType string
	Headers     []Header // further headers, names in lower case
	Body        []byte
}

// fields are the headers of r with its content type.
func (r *Reply) fields() (headers []Header) {
	if r.ContentType != "" {
		headers = append(headers, Header{"content-type", r.ContentType})
	}
	return append(headers, r.Headers...)
}

// Error implements error.
func (r *Reply) Error() string { return "answered: " + r.Code.String() }
