package outbox

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/internal/journal"
	"webhookedge/plugins/publish/jsconn"
)

const (
	// roundRecords and roundBytes are what is under way at once.
	roundRecords = 256
	roundBytes   = 4 << 20
	// roundTimeout bounds a round; its acks have ackWait.
	roundTimeout = 30 * time.Second
	ackWait      = 5 * time.Second
	lastAcks     = 2 * time.Second

	drainLow  = 100 * time.Millisecond
	drainHigh = 2 * time.Second
	// adoptEvery is how often the outbox looks for what ended processes left.
	adoptEvery = 2 * time.Second
	// parkedEvery is how often parked events are tried again, beside after each
	// connect: what kept them may have been put right.
	parkedEvery = 10 * time.Minute
	// maxFailures is how often an event may fail beside others that do not.
	maxFailures = 8
)

// drainState belongs to the run goroutine.
type drainState struct {
	adopted, unparked time.Time
	reconnects        uint64         // when that was
	failures          map[string]int // by message id and subject
	verified          time.Time      // when the broker was last asked for what it has
	restarts          uint64         // of the connection, then
	unsearched        int            // searches of the stream that failed in a row
	forgotten         int            // events that were missing, and are said when all are there again
	nc                *nats.Conn     // that js publishes on
	js                jetstream.Publisher
}

// run publishes what is in the journals until close.
func (d *Outbox) run() {
	defer close(d.done)
	defer d.release()
	wait := backoff.NewExponentialBackOff()
	wait.InitialInterval, wait.MaxInterval, wait.Multiplier = drainLow, drainHigh, 2
	for d.ctx.Err() == nil {
		if d.own.Part() != "" && time.Since(d.drain.adopted) >= adoptEvery {
			d.drain.adopted = time.Now()
			d.adopt()
		}
		progress, err := d.protected()
		switch {
		case err != nil:
			if d.complaints.Allow("drain", time.Now()) {
				d.log.Info("events wait in the journal", "events", d.Depth(), "err", err.Error())
			}
			if progress { // it is one event that has to wait, and not all
				wait.Reset()
			}
			d.pause(wait.NextBackOff(), nil)
		case progress:
			wait.Reset()
		default:
			wait.Reset()
			d.pause(adoptEvery, d.own.Filled())
		}
	}
}

// protected is step under a recover: an event that makes it panic must not take
// down the deliveries.
func (d *Outbox) protected() (progress bool, err error) {
	defer func() {
		if p := recover(); p != nil { // its value may hold a piece of an event
			err = fmt.Errorf("panic of type %T", p)
			if d.complaints.Allow("panic", time.Now()) {
				d.log.Error("publishing from the journal panics", "err", err.Error(), "stack", string(debug.Stack()))
			}
		}
	}()
	return d.step()
}

// pause waits, or until there is a signal.
func (d *Outbox) pause(wait time.Duration, signal <-chan struct{}) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-signal:
	case <-d.ctx.Done():
	}
}

// step does one thing that there is to do. What other processes left comes first:
// it is older.
func (d *Outbox) step() (progress bool, err error) {
	d.verify()
	for _, j := range d.leftovers() {
		stats := j.Stats()
		switch {
		case !stats.Open && errors.Is(j.Ready(), journal.ErrInUse):
			return true, d.finish(j, false) // another process was first
		case !stats.Open: // it is being opened, or cannot be
		case stats.Depth > 0:
			return d.round(j)
		case stats.Held == 0:
			return true, d.takeOver(j)
		}
	}
	stats := d.own.Stats()
	switch {
	case !stats.Open:
		return false, nil
	case stats.Depth > 0:
		return d.round(d.own)
	case stats.Parked > 0 && d.unparkNow():
		return false, d.unpark()
	default:
		d.drain.failures = nil
		d.sayForgotten()
		d.idle.Store(!d.drain.adopted.IsZero() && len(d.leftovers()) == 0 && (stats.Parked == 0 || !d.drain.unparked.IsZero()))
		return false, nil
	}
}

// takeOver moves what is parked in a leftover, and removes it.
func (d *Outbox) takeOver(j *journal.Journal) error {
	if err := j.MoveParked(d.own); err != nil {
		return err
	}
	return d.finish(j, true)
}

// round publishes some records of j. An error says that the broker is not ready for
// the rest.
func (d *Outbox) round(j *journal.Journal) (progress bool, err error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(d.ctx), roundTimeout)
	defer cancel()
	// What is under way when the process ends has a moment for its acks: without
	// them it would be published again.
	stop := context.AfterFunc(d.ctx, func() { time.AfterFunc(lastAcks, cancel) })
	defer stop()
	conn, js, err := d.ready(ctx)
	if err != nil {
		return false, err
	}
	waiting := d.read(j)
	if len(waiting) == 0 {
		return false, nil
	}
	ctx, release := conn.WhileConnected(ctx)
	defer release()
	d.recognize(ctx, conn, waiting)
	publishAll(ctx, conn, js, waiting)
	return d.settle(ctx, conn, j, waiting)
}

// ready returns what to publish with, once the stream takes events.
func (d *Outbox) ready(ctx context.Context) (*jsconn.Conn, jetstream.Publisher, error) {
	conn := d.owner.Load()
	ctx, cancel := context.WithTimeout(ctx, jsconn.AskTimeout)
	defer cancel()
	if err := conn.Ready(ctx); err != nil {
		return nil, nil, err
	}
	js, err := d.publisher(ctx, conn)
	return conn, js, err
}

// read returns records for one round. One that cannot be read is set aside with its
// file.
func (d *Outbox) read(j *journal.Journal) (waiting []*outgoing) {
	for bytes, after := 0, uint64(0); len(waiting) < roundRecords && bytes < roundBytes; {
		item, err := j.Next(after)
		if item == nil {
			break
		}
		after = item.Entry.Number()
		if err != nil {
			d.log.Error("an event in the journal cannot be read; its file is kept", "err", err.Error())
			item.Entry.SetAside()
			continue
		}
		waiting = append(waiting, &outgoing{record: &item.Record, entry: item.Entry})
		bytes += len(item.Record.Data) + len(item.Record.Object)
	}
	return waiting
}
