package publish

import (
	"context"
	"errors"
	"log/slog"
	"time"
)

// pollEvery is how often EmptyJournal looks how far it is.
const pollEvery = 50 * time.Millisecond

// closeTimeout bounds the end of connections and journals.
const closeTimeout = 15 * time.Second

// Emptied is what EmptyJournal did.
type Emptied struct {
	Published uint64
	Waiting   int64 // events that are still there
	Parked    int64 // those that the broker does not take as they are
}

// EmptyJournal publishes what processes of one plugin left that are gone, in the
// directory of cfg.Journal and over a connection of its own, until nothing waits and
// what is parked was tried, or ctx is done. The parts of processes that run are
// theirs. It is for an engineer whose plugins are stopped.
func EmptyJournal(ctx context.Context, cfg Config, plugin string, log *slog.Logger) (done Emptied, err error) {
	conns := NewConnections(log, 0, plugin)
	stage, err := New(cfg, conns)
	if err != nil {
		return done, err
	}
	if stage.outbox == nil {
		return done, errors.New("journal.directory is empty")
	}
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for !stage.outbox.Idle() && ctx.Err() == nil {
		select {
		case <-tick.C:
		case <-ctx.Done():
			err = ctx.Err()
		}
	}
	done = Emptied{Published: conns.boxes.Drained.Load(), Waiting: stage.outbox.Depth(), Parked: stage.outbox.Parked()}
	stage.Close()
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTimeout)
	defer cancel()
	return done, errors.Join(err, conns.Close(last))
}
