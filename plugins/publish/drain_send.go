package publish

import (
	"context"
	"errors"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/journal"
)

// publisher publishes in order, many under way at once.
type publisher interface {
	PublishMsgAsync(msg *nats.Msg, opts ...jetstream.PublishOpt) (jetstream.PubAckFuture, error)
	CleanupPublisher()
}

// publisher returns a client of conn's own for the drain.
func (d *depot) publisher(ctx context.Context, conn *connection) (publisher, error) {
	l, err := conn.client(ctx)
	if err != nil {
		return nil, err
	}
	if l.nc == d.drain.nc {
		return d.drain.js, nil
	}
	d.release()
	// The client forgets an ack that does not come.
	opts := []jetstream.JetStreamOpt{jetstream.WithPublishAsyncTimeout(ackWait), jetstream.WithPublishAsyncMaxPending(2 * roundRecords)}
	js, err := jetstream.New(l.nc, opts...)
	if conn.cfg.JetStreamDomain != "" {
		js, err = jetstream.NewWithDomain(l.nc, conn.cfg.JetStreamDomain, opts...)
	}
	if err != nil {
		return nil, err
	}
	d.drain.nc, d.drain.js = l.nc, js
	return js, nil
}

// release gives the client up.
func (d *depot) release() {
	if d.drain.js != nil {
		d.drain.js.CleanupPublisher()
	}
	d.drain.nc, d.drain.js = nil, nil
}

// parcelled is a record on its way to the broker.
type parcelled struct {
	record *journal.Record
	entry  *journal.Entry // nil for one that was parked
	future jetstream.PubAckFuture
	tried  bool
	ack    *jetstream.PubAck
	err    error
}

// id tells an event at one place from others.
func (w *parcelled) id() string {
	return w.record.Subject + " " + nats.Header(w.record.Header).Get(nats.MsgIdHdr)
}

// publishAll publishes records in their order. One with a key goes out only after
// the one of the same key before it was acknowledged, and one that a sender's retry
// put in twice after the other: a cluster refuses two of an id at once. Others wait
// for nobody. It stops when the broker does not answer.
func publishAll(ctx context.Context, conn *connection, js publisher, waiting []*parcelled) {
	blocked := map[string]bool{} // keys with a record that failed
	for len(waiting) > 0 {
		var wave, rest []*parcelled
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
func publishWave(ctx context.Context, conn *connection, js publisher, wave []*parcelled) (answered bool) {
	for _, w := range wave {
		w.tried = true
		w.publish(ctx, conn, js)
	}
	for _, w := range wave {
		if w.err == nil {
			w.await(ctx)
		}
		if isTooLarge(w.err) && w.outsource(&conn.cfg) {
			if w.publish(ctx, conn, js); w.err == nil {
				w.await(ctx)
			}
		}
		answered = answered || w.err == nil || !transient(w.err)
	}
	return answered
}

func (w *parcelled) publish(ctx context.Context, conn *connection, js publisher) {
	if load := cargoOf(w.record); load != nil {
		if w.err = w.upload(ctx, conn, load); w.err != nil {
			return
		}
	}
	if w.entry != nil && w.entry.Forgotten() {
		w.record.Header[republishedHeader] = []string{"true"}
	}
	w.future, w.err = js.PublishMsgAsync(messageOf(w.record), jetstream.WithRetryAttempts(0))
}

// upload does not wait for the whole round: the client waits for acks that were lost
// with a connection until ctx is done (nats.go v1.55, jetstream/object.go, Put).
func (w *parcelled) upload(ctx context.Context, conn *connection, load *cargo) error {
	wait := ackWait + time.Duration(len(load.data)>>20)*time.Second
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	return conn.upload(ctx, load)
}

// outsource makes the payload of a record a cargo: a process that starts during an
// outage does not know yet how much the broker takes.
func (w *parcelled) outsource(cfg *Config) bool {
	r := w.record
	e, err := event.Parse(r.Header, r.Data)
	if err != nil || !cfg.Objects.on() || r.Object != nil || e.DataRef != "" {
		return false
	}
	_, binary := r.Header["ce-specversion"]
	light, load := cfg.Objects.outsource(e)
	r.Object, r.Bucket, r.Name, r.Data = load.data, load.bucket, load.name, nil
	if !binary {
		r.Data = light.AppendJSON(nil)
		return true
	}
	for key, value := range light.Headers() {
		r.Header[key] = []string{value}
	}
	return true
}

func (w *parcelled) await(ctx context.Context) {
	select {
	case w.ack = <-w.future.Ok():
	case w.err = <-w.future.Err():
	case <-ctx.Done():
		w.err = ctx.Err()
	}
	header := nats.Header(w.record.Header)
	if sequence, known := lastSequence(w.err); known && header.Get(jetstream.ExpectedLastSubjSeqHeader) != "" {
		w.ack, w.err = &jetstream.PubAck{Stream: header.Get(jetstream.ExpectedStreamHeader), Sequence: sequence, Duplicate: true}, nil
	}
}

// hasSame reports whether the event that the broker has in place of r is r.
func (c *connection) hasSame(ctx context.Context, ack *jetstream.PubAck, r *journal.Record) (bool, error) {
	if r.Final {
		return true, nil
	}
	e, err := event.Parse(r.Header, r.Data)
	if err != nil {
		return false, nil
	}
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	there, err := c.find(ctx, ack, messageOf(r))
	if err != nil {
		return false, err
	}
	if load := cargoOf(r); load != nil {
		if there != nil && there.DataRef != load.ref() {
			c.discard(ctx, load)
		}
		if there != nil { // to be compared, whichever form the one there has
			e.Data, e.Binary = load.data, there.Binary
		}
	}
	if there == nil || !sameBody(there, e) {
		return there == nil, nil
	}
	return true, c.restore(ctx, there, e)
}

// refusedForGood reports whether the broker will not take an event as it is.
func refusedForGood(ctx context.Context, conn *connection, err error, r *journal.Record) bool {
	var api *jetstream.APIError
	switch {
	case takesNothing(err) && conn.cfg.isOwn(r.Subject) && nats.Header(r.Header).Get(jetstream.ExpectedStreamHeader) == conn.cfg.Stream.Name:
		return false // it is made again, or put right
	case errors.Is(err, nats.ErrMaxPayload), errors.Is(err, nats.ErrBadSubject), errors.Is(err, nats.ErrInvalidMsg), errors.Is(err, jetstream.ErrBucketNotFound):
		return true
	case errors.Is(err, jetstream.ErrNoStreamResponse):
		return !conn.mayHaveStream(ctx, r.Subject)
	case errors.As(err, &api):
		return api.Code != codeUnavailable && !inProcess(err)
	default:
		return false
	}
}
