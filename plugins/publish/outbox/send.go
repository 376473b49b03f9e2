package outbox

import (
	"context"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/journal"
	"webhookedge/plugins/publish/jsconn"
)

// publisher returns a client for the drain alone, which publishes in order, many events
// under way at once.
func (d *Outbox) publisher(ctx context.Context, conn *jsconn.Conn) (jetstream.Publisher, error) {
	own, err := conn.Client(ctx)
	if err != nil {
		return nil, err
	}
	nc := own.Conn()
	if nc == d.drain.nc {
		return d.drain.js, nil
	}
	d.release()
	// The client forgets an ack that does not come.
	js, err := conn.NewJetStream(nc, jetstream.WithPublishAsyncTimeout(ackWait), jetstream.WithPublishAsyncMaxPending(2*roundRecords))
	if err != nil {
		return nil, err
	}
	d.drain.nc, d.drain.js = nc, js
	return js, nil
}

// release gives the client up.
func (d *Outbox) release() {
	if d.drain.js != nil {
		d.drain.js.CleanupPublisher()
	}
	d.drain.nc, d.drain.js = nil, nil
}

// outgoing is a record on its way to the broker.
type outgoing struct {
	record *journal.Record
	entry  *journal.Entry // nil for one that was parked
	future jetstream.PubAckFuture
	tried  bool
	ack    *jetstream.PubAck
	err    error
}

// id tells an event at one place from others.
func (w *outgoing) id() string {
	return w.record.Subject + " " + nats.Header(w.record.Header).Get(nats.MsgIdHdr)
}

// publishAll publishes records in their order. One with a key goes out only after
// the one of the same key before it was acknowledged, and one that a sender's retry
// put in twice after the other: a cluster refuses two of an id at once. Others wait
// for nobody. It stops when the broker does not answer.
func publishAll(ctx context.Context, conn *jsconn.Conn, js jetstream.Publisher, waiting []*outgoing) {
	blocked := map[string]bool{} // keys with a record that failed
	for len(waiting) > 0 {
		var wave, rest []*outgoing
		busy, twice := map[string]bool{}, map[string]bool{}
		for _, w := range waiting {
			id := w.id()
			switch key := w.record.Key; {
			case w.tried: // it was found in the stream, or has to wait
				blocked[key] = blocked[key] || w.err != nil
			case key != "" && blocked[key]:
			case key != "" && busy[key], twice[id]:
				rest = append(rest, w)
			default:
				busy[key], twice[id] = true, true
				wave = append(wave, w)
			}
		}
		if !publishWave(ctx, conn, js, wave) {
			return
		}
		for _, w := range wave {
			blocked[w.record.Key] = blocked[w.record.Key] || w.err != nil
		}
		waiting = rest
	}
}

// publishWave reports whether the broker answered at least once.
func publishWave(ctx context.Context, conn *jsconn.Conn, js jetstream.Publisher, wave []*outgoing) (answered bool) {
	for _, w := range wave {
		w.tried = true
		w.publish(ctx, conn, js)
	}
	for _, w := range wave {
		if w.err == nil {
			w.await(ctx)
		}
		if jsconn.IsTooLarge(w.err) && w.checkIn(&conn.Settings) {
			if w.publish(ctx, conn, js); w.err == nil {
				w.await(ctx)
			}
		}
		answered = answered || w.err == nil || !jsconn.Transient(w.err)
	}
	return answered
}

func (w *outgoing) publish(ctx context.Context, conn *jsconn.Conn, js jetstream.Publisher) {
	if obj := objectOf(w.record); obj != nil {
		if w.err = w.upload(ctx, conn, obj); w.err != nil {
			return
		}
	}
	if w.entry != nil && w.entry.Forgotten() {
		w.record.Header[RepublishedHeader] = []string{"true"}
	}
	w.future, w.err = js.PublishMsgAsync(messageOf(w.record), jetstream.WithRetryAttempts(0))
}

// upload does not wait for the whole round: the client waits for acks that were lost
// with a connection until ctx is done (nats.go v1.55, jetstream/object.go, Put).
func (w *outgoing) upload(ctx context.Context, conn *jsconn.Conn, obj *jsconn.Object) error {
	wait := ackWait + time.Duration(len(obj.Data)>>20)*time.Second
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	return conn.Upload(ctx, obj)
}

// checkIn makes the payload of a record an object: a process that starts during an
// outage does not know yet how much the broker takes.
func (w *outgoing) checkIn(cfg *jsconn.Settings) bool {
	r := w.record
	e, err := event.Parse(r.Header, r.Data)
	if err != nil || !cfg.Objects.On() || r.Object != nil || e.DataRef != "" {
		return false
	}
	_, binary := r.Header["ce-specversion"]
	light, obj := cfg.Objects.CheckIn(e)
	r.Object, r.Bucket, r.Name, r.Data = obj.Data, obj.Bucket, obj.Name, nil
	if !binary {
		r.Data = light.AppendJSON(nil)
		return true
	}
	for key, value := range light.Headers() {
		r.Header[key] = []string{value}
	}
	return true
}

func (w *outgoing) await(ctx context.Context) {
	select {
	case w.ack = <-w.future.Ok():
	case w.err = <-w.future.Err():
	case <-ctx.Done():
		w.err = ctx.Err()
	}
	header := nats.Header(w.record.Header)
	if sequence, known := jsconn.LastSequence(w.err); known && header.Get(jetstream.ExpectedLastSubjSeqHeader) != "" {
		w.ack, w.err = &jetstream.PubAck{Stream: header.Get(jetstream.ExpectedStreamHeader), Sequence: sequence, Duplicate: true}, nil
	}
}

// objectOf is what a record's message refers to, nil for nothing.
func objectOf(r *journal.Record) *jsconn.Object {
	if r.Object == nil {
		return nil
	}
	return &jsconn.Object{Bucket: r.Bucket, Name: r.Name, Data: r.Object}
}

// messageOf is the message of a record.
func messageOf(r *journal.Record) *nats.Msg {
	return &nats.Msg{Subject: r.Subject, Header: r.Header, Data: r.Data}
}
