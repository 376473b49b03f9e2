package publish

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/pipeline"
)

// ErrIDReused is an id that came before for another event.
var ErrIDReused = errors.New("another event of this id is stored")

// errMoved is an answer from before the broker lost events: at the place that it
// named stands another event by now, or nothing yet. The same event gets another
// answer when it is published again.
var errMoved = errors.New("the broker lost the event that it named")

// How often, and how long after, a stored event is asked for that is not found:
// a replica may answer that has not got it yet.
const (
	findTries = 3
	findWait  = 50 * time.Millisecond
)

// duplicate answers for an event whose id the stream has. The event that is there
// is looked at: where it is the same this is a sender's retry; where it is another the
// second would be lost without a word, so it is held. A payload of p that the event there
// does not refer to is removed; where no event is found it is left to its age, since
// a new leader may not have the event yet that refers to it.
func (s *Stage) duplicate(ctx context.Context, d *pipeline.Delivery, j *job, p *parcel, ack *jetstream.PubAck) (pipeline.Ack, error) {
	there, err := s.conn.find(ctx, ack, &p.msg)
	if err != nil {
		return pipeline.Ack{}, &pipeline.Reject{Code: pipeline.BrokerUnavailable, Err: fmt.Errorf("%w: the event of the same id cannot be read: %w", ErrDisconnected, err)}
	}
	if load := p.cargo; load != nil && there != nil && there.DataRef != load.ref() {
		s.conn.discard(ctx, load)
	}
	e := j.message.event
	by := pipeline.AckDuplicate
	switch {
	case there == nil: // it was taken out of the stream
	case !s.sameEvent(there, e):
		return s.reused(ctx, d, j)
	case e.RequestID != "" && there.RequestID == e.RequestID:
		by = pipeline.AckBroker // an attempt of ours whose ack was lost
	}
	if err := s.conn.restore(ctx, there, e); err != nil {
		return pipeline.Ack{}, &pipeline.Reject{Code: pipeline.BrokerUnavailable, Err: fmt.Errorf("%w: the payload of the event of the same id: %w", ErrDisconnected, err)}
	}
	return pipeline.Ack{By: by, Stream: ack.Stream, Sequence: ack.Sequence}, nil
}

// find reads the event that the broker has in place of m. It returns nil when there is
// none any more, an empty event for what is no event, and errMoved when the broker
// cannot have meant what is there.
func (c *connection) find(ctx context.Context, ack *jetstream.PubAck, m *nats.Msg) (*event.Event, error) {
	l, err := c.client(ctx)
	if err != nil {
		return nil, err
	}
	stream, err := l.js.Stream(ctx, ack.Stream)
	if err != nil {
		return nil, err
	}
	for try := 1; ; try++ {
		stored, err := stream.GetMsg(ctx, ack.Sequence)
		if err == nil {
			if !inPlaceOf(stored, m) {
				return nil, errMoved
			}
			there, err := event.Parse(stored.Header, stored.Data)
			if err != nil {
				return &event.Event{}, nil //nolint:nilerr // it is not the one that we have
			}
			return there, nil
		}
		if !errors.Is(err, jetstream.ErrMsgNotFound) {
			return nil, err
		}
		switch {
		case stream.CachedInfo().State.LastSeq < ack.Sequence:
			return nil, errMoved
		case try == findTries:
			return nil, nil
		}
		select {
		case <-time.After(findWait):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// inPlaceOf reports whether stored is what keeps m out of the stream: by its subject,
// or by its message id.
func inPlaceOf(stored *jetstream.RawStreamMsg, m *nats.Msg) bool {
	if m.Header.Get(jetstream.ExpectedLastSubjSeqHeader) != "" {
		return stored.Subject == m.Subject
	}
	return stored.Header.Get(nats.MsgIdHdr) == m.Header.Get(nats.MsgIdHdr)
}

// sameEvent reports whether two events of one id are one: whether they say the same of
// themselves and have the same payload, but for what changes when the sender tries
// again.
func (s *Stage) sameEvent(there, e *event.Event) bool {
	if there.FullType() != e.FullType() || there.Subject != e.Subject || there.Tenant != e.Tenant || there.Source != e.Source {
		return false
	}
	if sameBody(there, e) {
		return true
	}
	return s.lasting != nil && !there.Binary && !e.Binary && there.DataSHA256 == "" && e.DataSHA256 == "" &&
		bytes.Equal(s.lasting(payload(there)), s.lasting(payload(e)))
}

// sameBody compares payloads, by their hashes where one of them is kept elsewhere.
func sameBody(there, e *event.Event) bool {
	if there.DataSHA256 == "" && e.DataSHA256 == "" {
		return there.Binary == e.Binary && bytes.Equal(payload(there), payload(e))
	}
	return digest(there) == digest(e)
}

// payload is what a reader of an event gets of its data: white space around JSON is
// the envelope's own in structured mode.
func payload(e *event.Event) []byte {
	if e.Binary {
		return e.Data
	}
	return bytes.TrimSpace(e.Data)
}

// digest is the SHA-256 of e's payload in hex, wherever that is kept.
func digest(e *event.Event) string {
	if e.DataSHA256 != "" {
		return e.DataSHA256
	}
	sum := sha256.Sum256(payload(e))
	return hex.EncodeToString(sum[:])
}

// reused holds the event of j back and raises an alarm.
func (s *Stage) reused(ctx context.Context, d *pipeline.Delivery, j *job) (pipeline.Ack, error) {
	s.conn.reused.Add(1)
	e := j.message.event
	s.conn.log.LogAttrs(ctx, slog.LevelError, "a sender uses an id again for another event: the second one is held back",
		slog.String("request_id", d.RequestID), slog.String("provider", e.Provider), slog.String("event_type", e.FullType()), slog.String("code", pipeline.IDReused.String()))
	if s.keeper == nil {
		return pipeline.Ack{}, &pipeline.Reject{Code: pipeline.IDReused, Err: ErrIDReused}
	}
	return s.hold(ctx, d, j.item, pipeline.IDReused)
}
