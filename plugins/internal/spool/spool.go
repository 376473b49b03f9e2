package spool

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"
)

// The reasons for which a record is not put in.
var (
	ErrFull        = errors.New("the spool is full")
	ErrUnavailable = errors.New("the spool cannot be written")
	ErrTooLarge    = errors.New("larger than the spool takes")
)

const (
	// maxBatch is how many records share a page.
	maxBatch = 256
	// pageBytes ends a page before the next record, so that a drain reads
	// little at a time.
	pageBytes = 4 << 20
	// spare is the part of the bytes, one of so many, at which the spool counts as
	// full: a page is written as a whole, and the last one would not fit.
	spare = 64
	// writeTimeout is how long a write may take before the disk counts as
	// broken: a store that met a fault of the disk answers nothing any more,
	// and no sender waits longer.
	writeTimeout = 3 * time.Second
	reopenLow    = 200 * time.Millisecond
	reopenHigh   = 10 * time.Second
	refreshEvery = time.Second
)

// Config says where a spool is, and bounds it.
type Config struct {
	// Dir holds a part for each process, so that one which starts need not
	// wait for one which ends.
	Dir string
	// Name is the first half of the parts' names: processes of one name take
	// over what another of them left.
	Name string
	// Part is the part to open, "" for the first one that is free.
	Part string

	Limits
}

// Limits bound a spool.
type Limits struct {
	MaxBytes int64
	// MaxAge is the age of the oldest record at which new ones are refused.
	MaxAge time.Duration
}

// Spool is a spool that opens its directory by itself, and again after a fault
// of the disk. It is safe for concurrent use.
type Spool struct {
	cfg    Config
	log    *slog.Logger
	now    func() time.Time
	ctx    context.Context // ends with Close
	cancel context.CancelFunc
	done   chan struct{}

	puts   chan *put
	filled chan struct{} // something was put in
	disk   atomic.Pointer[disk]
	fault  atomic.Pointer[error] // why disk is nil
	limits atomic.Pointer[Limits]
	remove atomic.Bool // the part with the last of it

	// counting keeps the numbers together while the disk is asked for them.
	counting                     sync.Mutex
	depth, bytes, oldest, parked atomic.Int64 // oldest in Unix nanoseconds, 0 for none
	stored, taken                atomic.Uint64
}

// put is a record on its way to the disk.
type put struct {
	page []byte     // of this record alone
	done chan error // takes one answer without waiting
}

// Stats are the numbers of a spool.
type Stats struct {
	Open   bool
	Depth  int64 // records that wait
	Parked int64 // records that cannot be published as they are
	Bytes  int64
	Oldest time.Duration // age of the oldest record that waits
	Stored uint64        // records that were put in since the start
	Taken  uint64        // records that were taken out since the start
}

// Open returns a spool at once. It is usable when its directory could be opened,
// which goes on in the background until Close.
func Open(cfg Config, log *slog.Logger, now func() time.Time) *Spool {
	ctx, cancel := context.WithCancel(context.Background())
	s := &Spool{
		cfg: cfg, log: log.With("spool", cfg.Dir), now: now, ctx: ctx, cancel: cancel, done: make(chan struct{}),
		puts: make(chan *put, maxBatch), filled: make(chan struct{}, 1),
	}
	s.limits.Store(&cfg.Limits)
	opening := fmt.Errorf("%w: it is being opened", ErrUnavailable)
	s.fault.Store(&opening)
	go s.run()
	return s
}

// Close stops the spool and waits until the disk has all of it, or ctx is done.
// Puts that wait are refused.
func (s *Spool) Close(ctx context.Context) error {
	s.cancel()
	select {
	case <-s.done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Limit sets other limits, which hold within a second.
func (s *Spool) Limit(l Limits) { s.limits.Store(&l) }

// Remove closes a spool and takes its part away, with all that is in it.
func (s *Spool) Remove(ctx context.Context) error {
	s.remove.Store(true)
	return s.Close(ctx)
}

// Part is the name of the part that is open, "" while none is.
func (s *Spool) Part() string {
	d := s.disk.Load()
	if d == nil {
		return ""
	}
	return filepath.Base(d.part.path)
}

// Filled gives a signal after something was put in, and after the part was
// opened. Several may be one.
func (s *Spool) Filled() <-chan struct{} { return s.filled }

// Ready is nil when records can be put in.
func (s *Spool) Ready() error {
	if s.disk.Load() == nil {
		return *s.fault.Load()
	}
	return s.room()
}

// room is nil unless the spool is full.
func (s *Spool) room() error {
	limits := s.limits.Load()
	if oldest := s.oldest.Load(); oldest > 0 {
		if age := s.now().Sub(time.Unix(0, oldest)); age > limits.MaxAge {
			return fmt.Errorf("%w: its oldest event has waited for %s", ErrFull, age.Round(time.Second))
		}
	}
	if s.bytes.Load() >= limits.MaxBytes-limits.MaxBytes/spare {
		return fmt.Errorf("%w: %d bytes", ErrFull, s.limits.Load().MaxBytes)
	}
	return nil
}

// Stats returns the numbers as they were a second ago at most.
func (s *Spool) Stats() Stats {
	stats := Stats{
		Open: s.disk.Load() != nil, Depth: s.depth.Load(), Parked: s.parked.Load(), Bytes: s.bytes.Load(),
		Stored: s.stored.Load(), Taken: s.taken.Load(),
	}
	if oldest := s.oldest.Load(); oldest > 0 {
		stats.Oldest = max(s.now().Sub(time.Unix(0, oldest)), 0)
	}
	return stats
}

// Depth is how many records wait. A record counts from before Put returns.
func (s *Spool) Depth() int64 { return s.depth.Load() }

// Put returns nil when r is on disk. When ctx is done first it may be there or
// not. It keeps nothing of r.
func (s *Spool) Put(ctx context.Context, r *Record) error {
	if r.size() > maxRecord {
		return fmt.Errorf("%w: %d bytes", ErrTooLarge, r.size())
	}
	if err := s.Ready(); err != nil {
		return err
	}
	page := append(make([]byte, 0, 1+r.size()), formatVersion)
	p := &put{page: appendRecord(page, r), done: make(chan error, 1)}
	select {
	case s.puts <- p:
	case <-ctx.Done():
		return fmt.Errorf("%w: %w", ErrUnavailable, ctx.Err())
	case <-s.ctx.Done():
		return fmt.Errorf("%w: it is closed", ErrUnavailable)
	}
	select {
	case err := <-p.done:
		return err
	case <-ctx.Done():
		return fmt.Errorf("%w: %w", ErrUnavailable, ctx.Err())
	}
}

// run opens the directory, writes until the disk fails, and opens it again.
func (s *Spool) run() {
	defer close(s.done)
	wait := reopenLow
	for s.ctx.Err() == nil {
		d, err := s.open()
		if err == nil {
			wait = reopenLow
			s.disk.Store(d)
			s.log.Info("spool is open", "part", d.part.path, "events", s.depth.Load(), "parked", s.parked.Load())
			s.signal()
			err = s.serve(d)
			s.disk.Store(nil)
			d.close(s.remove.Load() && s.ctx.Err() != nil)
		}
		if s.ctx.Err() != nil {
			return
		}
		s.complain(err)
		select {
		case <-time.After(wait):
			wait = min(2*wait, reopenHigh)
		case <-s.ctx.Done():
		}
	}
}

// open takes a part and reads what is there.
func (s *Spool) open() (*disk, error) {
	p, err := takePart(s.cfg.Dir, s.cfg.Name, s.cfg.Part)
	if err != nil {
		return nil, err
	}
	d, err := openDisk(s.ctx, p, s.limits.Load().MaxBytes)
	if err != nil {
		return nil, err
	}
	if err := s.refresh(d); err != nil {
		d.close(false)
		return nil, err
	}
	return d, nil
}

// complain logs another fault than before.
func (s *Spool) complain(err error) {
	fault := fmt.Errorf("%w: %w", ErrUnavailable, err)
	before := s.fault.Swap(&fault)
	if (*before).Error() == fault.Error() {
		return
	}
	if errors.Is(err, ErrInUse) {
		s.log.Info("spool is in use by other processes, waiting for one of them")
		return
	}
	s.log.Error("spool cannot be used, events go to the broker alone", "err", err.Error())
}
