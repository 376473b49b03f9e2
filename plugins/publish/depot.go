package publish

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"webhookedge/plugins/internal/journal"
)

// errElsewhere keeps events of one broker out of a journal whose events go to
// another one.
var errElsewhere = errors.New("the journal's directory is in use for another broker or user: give this one its own")

// broker is what tells one broker from another, and an account on it. A password
// may change without that.
type broker struct {
	servers, domain, username, seed, credsFile string
}

func (c *connection) broker() broker {
	k := c.cfg.key()
	return broker{k.servers, k.domain, k.username, k.seed, k.credsFile}
}

// depot is a directory of journals: the one that this process writes, and those that
// others left. Its run goroutine publishes what is in them, once it has an owner.
type depot struct {
	cfg journal.Config
	log *slog.Logger
	now func() time.Time
	*counters
	complaints throttle

	own    *journal.Journal
	claims []*connection // a stage each; guarded by Connections.mu
	// owner is the connection to publish on. It outlives the claims, so that
	// the journal gets empty.
	owner atomic.Pointer[connection]

	leftMu sync.Mutex
	left   []*journal.Journal // those of processes that are gone, oldest first

	ctx    context.Context // ends with close
	cancel context.CancelFunc
	done   chan struct{}
	drain  drainState
	idle   atomic.Bool // everything was taken over, published or tried
	acks   acks
}

func openDepot(cfg journal.Config, log *slog.Logger, counters *counters) *depot {
	log = log.With("stage", name)
	ctx, cancel := context.WithCancel(context.Background())
	return &depot{
		cfg: cfg, log: log.With("journal", cfg.Dir), now: time.Now, counters: counters,
		own: journal.Open(cfg, log, time.Now), ctx: ctx, cancel: cancel, done: make(chan struct{}),
	}
}

// claim makes conn a user of the directory's depot, whose limits are from now on
// those of cfg. It is called with mu held.
func (c *Connections) claim(conn *connection, cfg *Config) *depot {
	dir := cfg.Journal.Directory
	d, ok := c.depots[dir]
	if !ok {
		d = openDepot(journal.Config{Dir: dir, Name: c.process, Create: c.create, Limits: cfg.limits()}, c.log, &c.counters)
		c.depots[dir] = d
	}
	d.own.Limit(cfg.limits())
	d.claims = append(d.claims, conn)
	c.choose(d)
	if !ok {
		go d.run()
	}
	return d
}

func (c *Connections) unclaim(conn *connection, d *depot) {
	if at := slices.Index(d.claims, conn); at >= 0 {
		d.claims = slices.Delete(d.claims, at, at+1)
	}
	c.choose(d)
}

// choose gives the depot to the newest connection of the broker that has it, or,
// when that has no users any more, to that of the next.
func (c *Connections) choose(d *depot) {
	if len(d.claims) == 0 {
		return
	}
	owner := d.owner.Load()
	has := d.claims[0].broker()
	if owner != nil && slices.ContainsFunc(d.claims, func(c *connection) bool { return c.broker() == owner.broker() }) {
		has = owner.broker()
	}
	var next *connection
	for _, one := range d.claims {
		switch one.broker() {
		case has:
			next = one
		default:
			d.log.Error("events of these servers are not journaled", "servers", one.cfg.Servers, "err", errElsewhere.Error())
		}
	}
	if next == owner {
		return
	}
	next.users++ // the depot's own use
	d.owner.Store(next)
	if owner != nil {
		if next.broker() != owner.broker() {
			d.log.Warn("no instance uses the servers of this journal any more: it goes to others, with the events that wait in it",
				"before", owner.cfg.Servers, "servers", next.cfg.Servers, "events", d.depth())
		}
		c.giveUp(owner)
	}
}

// put stores r, which conn's broker did not take.
func (d *depot) put(ctx context.Context, conn *connection, r *journal.Record) error {
	err := errElsewhere
	if d.isFor(conn) {
		err = d.own.Put(ctx, r)
	}
	if err != nil {
		d.journalRefused.Add(1)
		return err
	}
	d.journaled.Add(1)
	return nil
}

// begin is put for an event that is published at the same time. The entry says
// when it is on disk.
func (d *depot) begin(ctx context.Context, conn *connection, r *journal.Record) (*journal.Entry, error) {
	if !d.isFor(conn) {
		return nil, errElsewhere
	}
	return d.own.Begin(ctx, r)
}

// takes is nil when events of conn can be put in.
func (d *depot) takes(conn *connection) error {
	if !d.isFor(conn) {
		return errElsewhere
	}
	return d.own.Ready()
}

// isFor reports whether the depot's events go to conn's broker.
func (d *depot) isFor(conn *connection) bool {
	owner := d.owner.Load()
	return owner == conn || owner.broker() == conn.broker()
}

// depth is how many events wait, those included that other processes left.
func (d *depot) depth() int64 {
	n := d.own.Depth()
	for _, s := range d.leftovers() {
		n += s.Depth()
	}
	return n
}

func (d *depot) leftovers() []*journal.Journal {
	d.leftMu.Lock()
	defer d.leftMu.Unlock()
	return slices.Clone(d.left)
}

// adopt opens what processes left that are gone. The own journal is open: otherwise its
// part would look like a leftover.
func (d *depot) adopt() {
	parts, err := journal.Left(d.cfg.Dir, d.cfg.Name)
	if err != nil {
		return // the own journal says what is wrong with the directory
	}
	for _, part := range parts {
		cfg := d.cfg
		cfg.Part = part
		d.log.Info("events of a process that is gone are taken over", "part", part)
		s := journal.Open(cfg, d.log, d.now)
		d.leftMu.Lock()
		d.left = append(d.left, s)
		d.leftMu.Unlock()
	}
}

// finish ends a leftover: with its part, where remove is set.
func (d *depot) finish(s *journal.Journal, remove bool) error {
	d.leftMu.Lock()
	d.left = slices.DeleteFunc(d.left, func(one *journal.Journal) bool { return one == s })
	d.leftMu.Unlock()
	if remove {
		return s.Remove(d.ctx)
	}
	return s.Close(d.ctx)
}

// close stops publishing and waits until the disk has everything, or ctx is done.
func (d *depot) close(ctx context.Context) error {
	d.cancel()
	select {
	case <-d.done:
	case <-ctx.Done():
	}
	faults := []error{d.own.Close(ctx)}
	for _, s := range d.leftovers() {
		faults = append(faults, s.Close(ctx))
	}
	if err := errors.Join(faults...); err != nil {
		return fmt.Errorf("journal %s: %w", d.cfg.Dir, err)
	}
	return nil
}
