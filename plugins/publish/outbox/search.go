package outbox

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/publish/jsconn"
	"webhookedge/plugins/streams/read"
)

const (
	// before and after are how far from an attempt the broker may have stored an
	// event by its own clock.
	searchBefore = time.Minute
	searchAfter  = 5 * time.Minute
	// searchTimeout bounds the search of a round.
	searchTimeout = 15 * time.Second
	// searchTries is how many searches in a row may fail before the stream counts as
	// one that cannot be searched: a user without the right to does not get an answer.
	searchTries = 5
)

// remember notes when w may have been stored without an ack. One that the broker has is
// among them: it may have to wait until it could be compared. That stays until it is
// settled: an attempt that stored nothing says nothing of those before it.
func (w *outgoing) remember() {
	if !jsconn.Unstored(w.err) && w.record.Tried.IsZero() {
		w.record.Tried = time.Now()
		w.entry.Tried(w.record.Tried)
	}
}

// errUnsearched keeps an event back that the stream may have.
var errUnsearched = errors.New("the stream could not be searched for the event")

// recognize finds those of waiting in the stream that may have been stored before
// an outage which was longer than the duplicate window: nothing else would keep
// them from being stored twice. Where the stream cannot be searched they are
// published, and where only this search failed they wait. connected ends with the
// connection.
func (d *Outbox) recognize(connected context.Context, conn *jsconn.Conn, waiting []*outgoing) {
	ctx, cancel := context.WithTimeout(connected, searchTimeout)
	defer cancel()
	type at struct{ stream, subject string }
	groups := map[at][]*outgoing{}
	for _, w := range waiting {
		header := nats.Header(w.record.Header)
		exact := header.Get(jetstream.ExpectedLastSubjSeqHeader) != ""
		if since := w.record.Tried; !exact && !since.IsZero() && time.Since(since) > conn.ForgetsAfter() {
			if w.isStill(ctx, conn) {
				continue
			}
			key := at{header.Get(jetstream.ExpectedStreamHeader), w.record.Subject}
			groups[key] = append(groups[key], w)
		}
	}
	for key, group := range groups {
		err := d.search(ctx, conn, key.stream, key.subject, group)
		switch {
		case err == nil:
			d.drain.unsearched = 0
		case connected.Err() != nil, jsconn.Transient(err) && d.drain.unsearched < searchTries:
			if connected.Err() == nil {
				d.drain.unsearched++
			}
			for _, w := range group {
				if !w.tried {
					w.tried, w.err = true, fmt.Errorf("%w: %s", errUnsearched, err.Error())
				}
			}
		case d.complaints.Allow("search", time.Now()):
			d.log.Warn("events that may be in the stream already are published again, since it cannot be searched", "subject", key.subject, "err", err.Error())
		}
	}
}

// isStill reports whether the event stands where the broker acknowledged it.
func (w *outgoing) isStill(ctx context.Context, conn *jsconn.Conn) bool {
	sequence := w.entry.Sequence()
	js, err := conn.Client(ctx)
	if err != nil || sequence == 0 {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, jsconn.AskTimeout)
	defer cancel()
	header := nats.Header(w.record.Header)
	name := header.Get(jetstream.ExpectedStreamHeader)
	stream, err := js.Stream(ctx, name)
	if err != nil {
		return false
	}
	m, err := stream.GetMsg(ctx, sequence)
	if err != nil || m.Header.Get(nats.MsgIdHdr) != header.Get(nats.MsgIdHdr) {
		return false
	}
	w.tried, w.ack = true, &jetstream.PubAck{Stream: name, Sequence: sequence, Duplicate: true}
	return true
}

func (d *Outbox) search(ctx context.Context, conn *jsconn.Conn, stream, subject string, group []*outgoing) error {
	js, err := conn.Client(ctx)
	if err != nil {
		return err
	}
	byID := map[string]*outgoing{}
	first, last := time.Now(), time.Time{}
	for _, w := range group {
		byID[nats.Header(w.record.Header).Get(nats.MsgIdHdr)] = w
		since := w.record.Tried
		if since.Before(first) {
			first = since
		}
		if since.After(last) {
			last = since
		}
	}
	part := read.Range{Subjects: []string{subject}, From: first.Add(-searchBefore), To: last.Add(searchAfter), HeadersOnly: true}
	for m, err := range read.All(ctx, js, stream, part) {
		if err != nil {
			return err
		}
		if w := byID[m.Headers().Get(nats.MsgIdHdr)]; w != nil {
			w.tried, w.ack = true, &jetstream.PubAck{Stream: stream, Sequence: m.Sequence, Duplicate: true}
		}
	}
	return nil
}
