package jsconn

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/event"
)

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

// Find reads the event that the broker has in place of m. It returns nil when there is
// none any more, an empty event for what is no event, and errMoved when the broker
// cannot have meant what is there.
func (c *Conn) Find(ctx context.Context, ack *jetstream.PubAck, m *nats.Msg) (*event.Event, error) {
	js, err := c.Client(ctx)
	if err != nil {
		return nil, err
	}
	stream, err := js.Stream(ctx, ack.Stream)
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

// SameBody compares payloads, by their hashes where one of them is kept elsewhere.
func SameBody(there, e *event.Event) bool {
	if there.DataSHA256 == "" && e.DataSHA256 == "" {
		return there.Binary == e.Binary && bytes.Equal(Body(there), Body(e))
	}
	return digest(there) == digest(e)
}

// Body is what a reader of an event gets of its data: white space around JSON is
// the envelope's own in structured mode.
func Body(e *event.Event) []byte {
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
	sum := sha256.Sum256(Body(e))
	return hex.EncodeToString(sum[:])
}
