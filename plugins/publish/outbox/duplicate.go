package outbox

import (
	"context"
	"errors"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/journal"
	"webhookedge/plugins/publish/jsconn"
)

// ErrIDReused is an id that came before for another event.
var ErrIDReused = errors.New("another event of this id is stored")

// hasSame reports whether the event that the broker has in place of r is r.
func hasSame(ctx context.Context, conn *jsconn.Conn, ack *jetstream.PubAck, r *journal.Record) (bool, error) {
	if r.Final {
		return true, nil
	}
	e, err := event.Parse(r.Header, r.Data)
	if err != nil {
		return false, nil
	}
	ctx, cancel := context.WithTimeout(ctx, jsconn.AskTimeout)
	defer cancel()
	there, err := conn.Find(ctx, ack, messageOf(r))
	if err != nil {
		return false, err
	}
	if obj := objectOf(r); obj != nil {
		if there != nil && there.DataRef != obj.Ref() {
			conn.Discard(ctx, obj)
		}
		if there != nil { // to be compared, whichever form the one there has
			e.Data, e.Binary = obj.Data, there.Binary
		}
	}
	if there == nil || !jsconn.SameBody(there, e) {
		return there == nil, nil
	}
	return true, conn.Restore(ctx, there, e)
}

// refusedForGood reports whether the broker will not take an event as it is.
func refusedForGood(ctx context.Context, conn *jsconn.Conn, err error, r *journal.Record) bool {
	var api *jetstream.APIError
	switch {
	case jsconn.TakesNothing(err) && conn.Settings().IsOwn(r.Subject) && nats.Header(r.Header).Get(jetstream.ExpectedStreamHeader) == conn.Settings().Stream.Name:
		return false // it is made again, or put right
	case errors.Is(err, nats.ErrMaxPayload), errors.Is(err, nats.ErrBadSubject), errors.Is(err, nats.ErrInvalidMsg), errors.Is(err, jetstream.ErrBucketNotFound):
		return true
	case errors.Is(err, jetstream.ErrNoStreamResponse):
		return !conn.MayHaveStream(ctx, r.Subject)
	case errors.As(err, &api):
		return api.Code != jsconn.CodeUnavailable && !jsconn.InProcess(err)
	default:
		return false
	}
}
