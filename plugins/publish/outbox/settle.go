package outbox

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/journal"
	"webhookedge/plugins/publish/jsconn"
	"webhookedge/plugins/streams"
)

// settle decides about every record that was tried. It returns whether nothing is
// left to do for some, and why the rest has to wait.
func (d *Outbox) settle(ctx context.Context, conn *jsconn.Conn, j *journal.Journal, waiting []*outgoing) (some bool, failure error) {
	acked := 0 // of events that the broker had not: also a full stream tells doubles
	for _, w := range waiting {
		if w.tried && w.err == nil && !w.ack.Duplicate {
			acked++
		}
	}
	for _, w := range waiting {
		if !w.tried {
			continue
		}
		w.remember()
		why, err := d.verdict(ctx, conn, w)
		if why == "" && err != nil && acked > 0 && conn.State() == jsconn.StateUp {
			why = d.countFailure(w, err)
		}
		switch {
		case why != "":
			err = d.park(j, w, why)
		case err == nil:
			d.published(w)
		}
		if err != nil {
			failure = err
			continue
		}
		some = true
	}
	return some, failure
}

// published takes an ack for a record. One that the broker has at another place than it
// acknowledged was lost, too: the ack of the first time that it came again was.
func (d *Outbox) published(w *outgoing) {
	if w.entry.Forgotten() {
		if !w.ack.Duplicate || w.ack.Sequence != w.entry.Sequence() {
			d.Republished.Add(1)
			d.drain.forgotten++
		}
	} else {
		d.Drained.Add(1)
	}
	w.entry.Acked(w.ack.Stream, w.ack.Sequence)
	d.Note(w.ack.Stream, w.ack.Sequence)
	if w.record.Object != nil {
		d.Note(streams.OfBucket(w.record.Bucket), 0)
	}
}

// verdict looks at what the broker said. why is for an event that it will never
// take as it is; an error is for one that has to wait; neither is for one that is
// safe.
func (d *Outbox) verdict(ctx context.Context, conn *jsconn.Conn, w *outgoing) (why string, err error) {
	switch {
	case w.err == nil && !w.ack.Duplicate:
		return "", nil
	case w.err == nil:
		same, err := hasSame(ctx, conn, w.ack, w.record)
		if err != nil || same {
			return "", err
		}
		d.Reused.Add(1)
		return ErrIDReused.Error(), nil
	case refusedForGood(ctx, conn, w.err, w.record):
		return w.err.Error(), nil
	default:
		return "", w.err
	}
}

// countFailure counts a failure of an event beside others that the broker took, and
// gives a reason to park it when there were too many. What is cancelled went down with
// its connection, which says nothing of the event.
func (d *Outbox) countFailure(w *outgoing, err error) (why string) {
	if errors.Is(err, context.Canceled) {
		return ""
	}
	if d.drain.failures == nil {
		d.drain.failures = map[string]int{}
	}
	id := w.id()
	if d.drain.failures[id]++; d.drain.failures[id] < maxFailures {
		return ""
	}
	delete(d.drain.failures, id)
	return fmt.Sprintf("it failed %d times while others did not: %v", maxFailures, err)
}

func (d *Outbox) park(j *journal.Journal, w *outgoing, why string) error {
	if err := j.Park(w.record, why); err != nil {
		return err
	}
	w.entry.Drop()
	d.drain.unparked = time.Now() // it need not be tried at once
	d.log.Error("an event in the journal cannot be published as it is and is parked", "subject", w.record.Subject, "err", why)
	return nil
}

// unparkNow reports whether it is time to try what is parked.
func (d *Outbox) unparkNow() bool {
	n, connected := d.owner.Load().Reconnects()
	if !connected {
		return false
	}
	if n == d.drain.reconnects && time.Since(d.drain.unparked) < parkedEvery {
		return false
	}
	d.drain.reconnects = n
	return true
}

// unpark tries what was parked again.
func (d *Outbox) unpark() error {
	ctx, cancel := context.WithTimeout(d.ctx, roundTimeout)
	defer cancel()
	conn, js, err := d.ready(ctx)
	if err != nil {
		return err
	}
	d.drain.unparked = time.Now()
	for after := ""; ; {
		name, r, err := d.own.Parked(after)
		if name == "" {
			return err
		}
		after = name
		if err != nil {
			continue // it stays for an engineer
		}
		w := &outgoing{record: &r}
		publishAll(ctx, conn, js, []*outgoing{w})
		if w.err != nil {
			continue
		}
		if w.ack.Duplicate {
			if same, err := hasSame(ctx, conn, w.ack, w.record); err != nil || !same {
				continue
			}
		}
		if err := d.own.Unpark(name); err != nil {
			return err
		}
		d.Drained.Add(1)
	}
}

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
	case jsconn.TakesNothing(err) && conn.Settings.IsOwn(r.Subject) && nats.Header(r.Header).Get(jetstream.ExpectedStreamHeader) == conn.Settings.Stream.Name:
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
