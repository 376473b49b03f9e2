package publish

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/nats-io/nats.go"

	"webhookedge/plugins/internal/spool"
)

const (
	// roundRecords and roundBytes are what is under way at once.
	roundRecords = 256
	roundBytes   = 4 << 20
	// roundTimeout bounds a round; its acks have ackWait.
	roundTimeout = 30 * time.Second
	ackWait      = 5 * time.Second
	lastAcks     = 2 * time.Second
	// askTimeout bounds a question, whose answer may be lost with a connection.
	askTimeout = 2 * time.Second

	drainLow  = 100 * time.Millisecond
	drainHigh = 2 * time.Second
	// adoptEvery is how often the depot looks for what ended processes left.
	adoptEvery = 2 * time.Second
	// parkedEvery is how often parked events are tried again, beside after each
	// connect: what kept them may have been put right.
	parkedEvery = 10 * time.Minute
	// strikesOut is how often an event may fail beside others that do not.
	strikesOut = 8
)

// drainState belongs to the run goroutine.
type drainState struct {
	adopted, unparked time.Time
	reconnects        uint64               // when that was
	strikes           map[string]int       // by message id and subject
	maybe             map[string]time.Time // first try that was not answered, likewise
	settled           map[place]bool       // records of pages that hold others which wait
	nc                *nats.Conn           // that js publishes on
	js                publisher
}

// run publishes what is in the spools until close.
func (d *depot) run() {
	defer close(d.done)
	defer d.release()
	wait := backoff.NewExponentialBackOff()
	wait.InitialInterval, wait.MaxInterval, wait.Multiplier = drainLow, drainHigh, 2
	for d.ctx.Err() == nil {
		if d.own.Part() != "" && d.now().Sub(d.drain.adopted) >= adoptEvery {
			d.drain.adopted = d.now()
			d.adopt()
		}
		progress, err := d.protected()
		switch {
		case err != nil:
			if d.complaints.allow("drain", d.now()) {
				d.log.Info("events wait in the spool", "events", d.depth(), "err", err.Error())
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
func (d *depot) protected() (progress bool, err error) {
	defer func() {
		if p := recover(); p != nil { // its value may hold a piece of an event
			err = fmt.Errorf("panic of type %T", p)
			if d.complaints.allow("panic", d.now()) {
				d.log.Error("publishing from the spool panics", "err", err.Error(), "stack", string(debug.Stack()))
			}
		}
	}()
	return d.step()
}

// pause waits, or until there is a signal.
func (d *depot) pause(wait time.Duration, signal <-chan struct{}) {
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
func (d *depot) step() (progress bool, err error) {
	for _, s := range d.leftovers() {
		stats := s.Stats()
		switch {
		case !stats.Open && errors.Is(s.Ready(), spool.ErrInUse):
			return true, d.finish(s, false) // another process was first
		case !stats.Open: // it is being opened, or cannot be
		case stats.Depth > 0:
			return d.round(s)
		default:
			return true, d.takeOver(s)
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
		d.drain.strikes, d.drain.maybe = nil, nil
		d.idle.Store(!d.drain.adopted.IsZero() && len(d.leftovers()) == 0 && (stats.Parked == 0 || !d.drain.unparked.IsZero()))
		return false, nil
	}
}

// takeOver moves what is parked in a leftover, and removes it.
func (d *depot) takeOver(s *spool.Spool) error {
	for after := uint64(0); ; {
		page, err := s.Parked(d.ctx, after)
		if err != nil && !errors.Is(err, spool.ErrRecord) {
			return err
		}
		if page.Number == 0 {
			return d.finish(s, true)
		}
		if err := d.own.ParkPage(d.ctx, page); err != nil {
			return err
		}
		if err := s.Unpark(d.ctx, page); err != nil {
			return err
		}
		after = page.Number
	}
}

// round publishes some pages of s and takes out those of which nothing is left to
// do. An error says that the broker is not ready for the rest.
func (d *depot) round(s *spool.Spool) (progress bool, err error) {
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
	pages, err := d.read(ctx, s)
	if err != nil || len(pages) == 0 {
		return false, err
	}
	waiting := d.waiting(s, pages)
	d.recognize(ctx, conn, waiting)
	publishAll(ctx, conn, js, waiting)
	progress, failure := d.settle(ctx, conn, s, waiting)
	for _, page := range pages {
		if !d.allSettled(s, page) {
			continue
		}
		if err := s.Done(context.WithoutCancel(ctx), page); err != nil {
			return progress, err
		}
		for i := range page.Records {
			delete(d.drain.settled, placeOf(s, page, i))
		}
	}
	return progress, failure
}

// place is where a record stands. Numbers begin anew in a directory that somebody
// emptied, times do not.
type place struct {
	spool  *spool.Spool
	page   uint64
	stored int64
	index  int
}

func placeOf(s *spool.Spool, page spool.Page, index int) place {
	return place{s, page.Number, page.Records[index].Stored.UnixNano(), index}
}

// waiting are the records of pages that are not settled yet.
func (d *depot) waiting(s *spool.Spool, pages []spool.Page) (all []*parcelled) {
	for _, page := range pages {
		for i := range page.Records {
			w := &parcelled{record: &page.Records[i], place: placeOf(s, page, i)}
			if !d.drain.settled[w.place] {
				all = append(all, w)
			}
		}
	}
	return all
}

func (d *depot) allSettled(s *spool.Spool, page spool.Page) bool {
	for i := range page.Records {
		if !d.drain.settled[placeOf(s, page, i)] {
			return false
		}
	}
	return true
}

// ready returns what to publish with, once the stream takes events.
func (d *depot) ready(ctx context.Context) (*connection, publisher, error) {
	conn := d.owner.Load()
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	if err := conn.ready(ctx); err != nil {
		return nil, nil, err
	}
	js, err := d.publisher(ctx, conn)
	return conn, js, err
}

// read returns pages for one round. One that cannot be read is parked as it is.
func (d *depot) read(ctx context.Context, s *spool.Spool) (pages []spool.Page, err error) {
	records, bytes, after := 0, 0, uint64(0)
	for records < roundRecords && bytes < roundBytes {
		page, err := s.Next(ctx, after)
		if errors.Is(err, spool.ErrRecord) {
			d.log.Error("a page of the spool cannot be read and is parked", "page", page.Number, "err", err.Error())
			if err = s.ParkPage(ctx, page); err == nil {
				err = s.Done(ctx, page)
			}
		}
		if err != nil {
			return nil, err
		}
		if page.Number == 0 {
			break
		}
		after = page.Number
		if len(page.Records) == 0 {
			continue
		}
		pages = append(pages, page)
		records += len(page.Records)
		for i := range page.Records {
			bytes += len(page.Records[i].Data) + len(page.Records[i].Object)
		}
	}
	return pages, nil
}
