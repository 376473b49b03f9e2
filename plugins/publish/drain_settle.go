package publish

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"webhookedge/plugins/internal/spool"
)

// settle decides about every record that was tried. It returns whether nothing is
// left to do for some, and why the rest has to wait.
func (d *depot) settle(ctx context.Context, conn *connection, s *spool.Spool, waiting []*parcelled) (some bool, failure error) {
	if d.drain.settled == nil {
		d.drain.settled = map[place]bool{}
	}
	if d.drain.maybe == nil {
		d.drain.maybe = map[string]time.Time{}
	}
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
		d.remember(w)
		why, err := d.verdict(ctx, conn, w)
		if why == "" && err != nil && acked > 0 && conn.state() == stateUp {
			why = d.strike(w, err)
		}
		if why != "" {
			err = d.park(ctx, s, w, why)
		}
		if err != nil {
			failure = err
			continue
		}
		d.drain.settled[w.place], some = true, true
		if why == "" {
			d.drained.Add(1)
		}
	}
	return some, failure
}

// verdict looks at what the broker said. why is for an event that it will never
// take as it is; an error is for one that has to wait; neither is for one that is
// safe.
func (d *depot) verdict(ctx context.Context, conn *connection, w *parcelled) (why string, err error) {
	switch {
	case w.err == nil && !w.ack.Duplicate:
		return "", nil
	case w.err == nil:
		same, err := conn.hasSame(ctx, w.ack, w.record)
		if err != nil || same {
			return "", err
		}
		d.reused.Add(1)
		return ErrIDReused.Error(), nil
	case refusedForGood(ctx, conn, w.err, w.record.Subject):
		return w.err.Error(), nil
	default:
		return "", w.err
	}
}

// strike counts a failure of an event beside others that the broker took, and
// gives a reason to park it when there were too many.
func (d *depot) strike(w *parcelled, err error) (why string) {
	if d.drain.strikes == nil {
		d.drain.strikes = map[string]int{}
	}
	id := w.id()
	if d.drain.strikes[id]++; d.drain.strikes[id] < strikesOut {
		return ""
	}
	delete(d.drain.strikes, id)
	return fmt.Sprintf("it failed %d times while others did not: %v", strikesOut, err)
}

func (d *depot) park(ctx context.Context, s *spool.Spool, w *parcelled, why string) error {
	if err := s.Park(context.WithoutCancel(ctx), w.record, why); err != nil {
		return err
	}
	d.drain.unparked = d.now() // it need not be tried at once
	d.log.LogAttrs(ctx, slog.LevelError, "an event in the spool cannot be published as it is and is parked",
		slog.String("subject", w.record.Subject), slog.String("err", why))
	return nil
}

// unparkNow reports whether it is time to try what is parked.
func (d *depot) unparkNow() bool {
	l := d.owner.Load().link.Load()
	if l == nil || !l.nc.IsConnected() {
		return false
	}
	n := l.nc.Stats().Reconnects
	if n == d.drain.reconnects && d.now().Sub(d.drain.unparked) < parkedEvery {
		return false
	}
	d.drain.reconnects = n
	return true
}

// unpark tries what was parked again.
func (d *depot) unpark() error {
	ctx, cancel := context.WithTimeout(d.ctx, roundTimeout)
	defer cancel()
	conn, js, err := d.ready(ctx)
	if err != nil {
		return err
	}
	d.drain.unparked = d.now()
	for after := uint64(0); ; {
		page, err := d.own.Parked(ctx, after)
		if err != nil && !errors.Is(err, spool.ErrRecord) || page.Number == 0 {
			return err
		}
		after = page.Number
		if len(page.Records) != 1 {
			continue
		}
		w := &parcelled{record: &page.Records[0]}
		publishAll(ctx, conn, js, []*parcelled{w})
		if w.err != nil {
			continue
		}
		if w.ack.Duplicate {
			if same, err := conn.hasSame(ctx, w.ack, w.record); err != nil || !same {
				continue
			}
		}
		if err := d.own.Unpark(ctx, page); err != nil {
			return err
		}
		d.drained.Add(1)
	}
}
