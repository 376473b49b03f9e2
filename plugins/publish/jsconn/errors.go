package jsconn

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/sony/gobreaker/v2"
)

// ErrDisconnected is a broker that cannot be reached.
var ErrDisconnected = errors.New("no connection to NATS")

// IsAway reports whether the broker may take the event another time: it did
// not answer, or has no room. What is wrong with the event itself goes back to the
// sender.
func IsAway(err error) bool {
	var api *jetstream.APIError
	switch {
	case errors.Is(err, gobreaker.ErrOpenState), errors.Is(err, gobreaker.ErrTooManyRequests):
		return true
	case errors.As(err, &api):
		return api.Code == CodeUnavailable || InProcess(err)
	default:
		return Transient(err)
	}
}

// TakesNothing reports whether no stream, or another one, takes the subject.
func TakesNothing(err error) bool {
	var api *jetstream.APIError
	return errors.Is(err, jetstream.ErrNoStreamResponse) || errors.As(err, &api) && api.ErrorCode == errCodeStreamNotMatch
}

// Unstored reports whether err says for certain that an attempt stored nothing.
// Without an ack it may have.
func Unstored(err error) bool {
	var api *jetstream.APIError
	return errors.As(err, &api) && !InProcess(err) || errors.Is(err, nats.ErrMaxPayload) || errors.Is(err, jetstream.ErrNoStreamResponse)
}

// IsTooLarge reports whether err is about the size of a message.
func IsTooLarge(err error) bool {
	return errors.Is(err, nats.ErrMaxPayload) || errors.Is(err, jetstream.ErrStreamMessageExceedsMaximum)
}

// The error codes of the JetStream API that the client has no sentinel for
// (nats-server, server/errors.json).
const (
	errCodeStreamNotMatch    jetstream.ErrorCode = 10060
	errCodeWrongLastSequence jetstream.ErrorCode = 10071
	errCodeStoreFailed       jetstream.ErrorCode = 10077
	errCodeSameIDInProcess   jetstream.ErrorCode = 10158
	errCodeWrongLastConstant jetstream.ErrorCode = 10164
)

// CodeUnavailable is the HTTP-like code of what may be otherwise a moment later:
// no leader, no resources, no room.
const CodeUnavailable = 503

// ErrMissing says that nobody answers because no stream takes the subject. A
// cluster that elects a leader does not answer either.
var ErrMissing = errors.New("known to be missing")

// lookupTimeout bounds the question for a subject's stream, which a user may not
// be allowed to ask.
const lookupTimeout = 250 * time.Millisecond

// MayHaveStream is false when it is known that no stream takes subject.
func (c *Conn) MayHaveStream(ctx context.Context, subject string) bool {
	js, err := c.Client(ctx)
	if err != nil || c.creating.Load() {
		return true
	}
	ctx, cancel := context.WithTimeout(ctx, lookupTimeout)
	defer cancel()
	_, err = js.StreamNameBySubject(ctx, subject)
	return !errors.Is(err, jetstream.ErrStreamNotFound)
}

// LastSequence reads the sequence of the message that keeps another one out of its
// subject.
func LastSequence(err error) (sequence uint64, known bool) {
	var api *jetstream.APIError
	if err == nil || !errors.As(err, &api) || api.ErrorCode != errCodeWrongLastSequence {
		return 0, false
	}
	_, digits, _ := strings.Cut(api.Description, ": ")
	sequence, err = strconv.ParseUint(digits, 10, 64)
	return sequence, err == nil && sequence > 0
}

// Transient reports whether the same message may be stored a moment later: there
// is no connection, no ack or no leader. A stream that is full stays so.
func Transient(err error) bool {
	var api *jetstream.APIError
	switch {
	case errors.Is(err, gobreaker.ErrOpenState), errors.Is(err, gobreaker.ErrTooManyRequests), errors.Is(err, ErrUnfit),
		errors.Is(err, ErrMissing), errors.Is(err, nats.ErrMaxPayload), errors.Is(err, jetstream.ErrInvalidJSAck), errors.Is(err, jetstream.ErrBucketNotFound):
		return false
	case errors.As(err, &api):
		return InProcess(err) || api.Code == CodeUnavailable && api.ErrorCode != errCodeStoreFailed
	default: // no responders, no connection, a timeout
		return true
	}
}

// InProcess reports whether the leader of a cluster has the same event on its way
// into the stream, from an attempt before: a moment later it says what became of it.
func InProcess(err error) bool {
	var api *jetstream.APIError
	return errors.As(err, &api) && (api.ErrorCode == errCodeSameIDInProcess || api.ErrorCode == errCodeWrongLastConstant)
}
