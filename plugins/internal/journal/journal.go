package journal

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"
)

// The reasons for which a record is not put in.
var (
	ErrFull        = errors.New("the journal is full")
	ErrUnavailable = errors.New("the journal cannot be written")
	ErrTooLarge    = errors.New("larger than the journal takes")
)

const (
	// maxBatch is how many records share a sync at most.
	maxBatch = 1024
	// busyBatch is how many records a batch has at least after which the next one waits
	// until batchInterval after its beginning: more records share a sync then, and with
	// fewer nobody waits.
	busyBatch     = 4
	batchInterval = 2 * time.Millisecond
	// batchBytes ends a batch.
	batchBytes = 4 << 20
	// spare is the part of the bytes, one of so many, at which the journal counts
	// as full: what is under way must still fit.
	spare = 64
	// writeTimeout is how long a write may take before the disk counts as broken:
	// no sender waits longer.
	writeTimeout = 3 * time.Second
	reopenLow    = 200 * time.Millisecond
	reopenHigh   = 10 * time.Second
	tickInterval = time.Second
	// rollAge ends a segment in which nothing waits, so that it can be removed.
	rollAge = 10 * time.Second
)

// Config says where a journal is, and bounds it.
type Config struct {
	// Dir holds a part for each process, so that one which starts need not
	// wait for one which ends.
	Dir string
	// Name is the first half of the parts' names: processes of one name take
	// over what another of them left.
	Name string
	// Part is the part to open, "" for the first one that is free.
	Part string
	// Create makes a segment's file at a path that is free, nil for the system's.
	// It must be on the disk, but for its directory, when it is synced.
	Create func(path string) (File, error)

	Limits
}

// Limits bound a journal.
type Limits struct {
	MaxBytes int64
	// MaxAge is the age of the oldest record that waits for the broker at which
	// new ones are refused.
	MaxAge time.Duration
	// Hold is for how long the broker may lose what it acknowledged; 0 is never.
	Hold time.Duration
}

// Journal is a journal that opens its directory by itself, and again after a fault
// of the disk. It is safe for concurrent use.
type Journal struct {
	cfg    Config
	log    *slog.Logger
	now    func() time.Time
	ctx    context.Context // ends with Close
	cancel context.CancelFunc
	ended  chan struct{}

	puts   chan *Entry
	filled chan struct{} // something waits for the broker
	opened chan struct{} // closed after the first attempt to open the directory
	part   atomic.Pointer[part]
	unread atomic.Pointer[part]  // whose records are being read, nil for none
	broken atomic.Pointer[error] // why they cannot be, nil for no reason
	fault  atomic.Pointer[error] // why nothing can be put in, nil for no reason
	limits atomic.Pointer[Limits]
	told   atomic.Bool  // a fault is in the log
	remove atomic.Bool  // the part with the last of it
	since  atomic.Int64 // when the write that is under way began, in Unix nanoseconds, 0 for none

	readers  sync.WaitGroup
	mu       sync.Mutex // guards the segments, their entries and what follows
	segments []*segment // oldest first; the last one is written
	lastID   uint64     // of a segment: none is used twice, whose marks may be left
	marked   []*Entry   // whose marks are not written yet
	verified time.Time
	parked   []string // names of files, oldest first

	depth, held, bytes atomic.Int64
}

// Stats are the numbers of a journal.
type Stats struct {
	Open   bool  // everything that was there is read
	Depth  int64 // records that wait for the broker
	Held   int64 // records that the broker has and could lose
	Parked int64 // records that cannot be published as they are
	Bytes  int64
	Oldest time.Duration // age of the oldest record that waits
}

// Open returns a journal at once. It is usable when its directory could be opened,
// which goes on in the background until Close.
func Open(cfg Config, log *slog.Logger, now func() time.Time) *Journal {
	ctx, cancel := context.WithCancel(context.Background())
	if cfg.Create == nil {
		cfg.Create = func(path string) (File, error) {
			return os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY|os.O_APPEND, 0o600)
		}
	}
	j := &Journal{
		cfg: cfg, log: log.With("journal", cfg.Dir), now: now, ctx: ctx, cancel: cancel, ended: make(chan struct{}),
		puts: make(chan *Entry, maxBatch), filled: make(chan struct{}, 1), opened: make(chan struct{}),
	}
	j.limits.Store(&cfg.Limits)
	opening := fmt.Errorf("%w: it is being opened", ErrUnavailable)
	j.fault.Store(&opening)
	go j.run()
	return j
}

// Close stops the journal and waits until the disk has all of it, or ctx is done.
// Records on their way are refused.
func (j *Journal) Close(ctx context.Context) error {
	j.cancel()
	select {
	case <-j.ended:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Remove closes a journal and takes its part away, with all that is in it.
func (j *Journal) Remove(ctx context.Context) error {
	j.remove.Store(true)
	return j.Close(ctx)
}

// Limit sets other limits.
func (j *Journal) Limit(l Limits) { j.limits.Store(&l) }

// Part is the name of the part that is open, "" while none is.
func (j *Journal) Part() string {
	p := j.part.Load()
	if p == nil {
		return ""
	}
	return filepath.Base(p.path)
}

// Filled gives a signal after something began to wait for the broker, and after
// the part was opened and read. Several may be one.
func (j *Journal) Filled() <-chan struct{} { return j.filled }

func (j *Journal) signal() {
	select {
	case j.filled <- struct{}{}:
	default:
	}
}

// Ready is nil when records can be put in.
func (j *Journal) Ready() error {
	if fault := j.fault.Load(); fault != nil {
		return *fault
	}
	if broken := j.broken.Load(); broken != nil {
		return *broken
	}
	if since := j.since.Load(); since > 0 && j.now().UnixNano()-since > int64(writeTimeout) {
		return fmt.Errorf("%w: the disk does not answer", ErrUnavailable)
	}
	limits := j.limits.Load()
	if j.bytes.Load() >= limits.MaxBytes-limits.MaxBytes/spare {
		return fmt.Errorf("%w: %d bytes", ErrFull, limits.MaxBytes)
	}
	if j.depth.Load() > 0 {
		if age := j.oldest(); age > limits.MaxAge {
			return fmt.Errorf("%w: its oldest event has waited for %s", ErrFull, age.Round(time.Second))
		}
	}
	return nil
}

// oldest is the age of the oldest record that waits, 0 for none.
func (j *Journal) oldest() time.Duration {
	j.mu.Lock()
	defer j.mu.Unlock()
	if e := j.next(0); e != nil {
		return max(j.now().Sub(time.Unix(0, e.stored)), 0)
	}
	return 0
}

// Stats returns the numbers.
func (j *Journal) Stats() Stats {
	stats := Stats{
		Open: j.part.Load() != nil && j.unread.Load() == nil, Depth: j.depth.Load(), Held: j.held.Load(), Bytes: j.bytes.Load(),
		Oldest: j.oldest(),
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	stats.Parked = int64(len(j.parked))
	return stats
}

// Depth is how many records wait for the broker, at least one while nobody knows.
func (j *Journal) Depth() int64 {
	if j.unread.Load() != nil {
		return max(1, j.depth.Load())
	}
	return j.depth.Load()
}

// Begin puts r in, and is done with it when it returns. What becomes of it is said
// by the entry, which the caller must end with Acked, Leave or Drop, whatever Wait
// returns.
func (j *Journal) Begin(ctx context.Context, r *Record) (*Entry, error) {
	if r.size() > maxRecord {
		return nil, fmt.Errorf("%w: %d bytes", ErrTooLarge, r.size())
	}
	select {
	case <-j.opened:
	case <-ctx.Done():
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, ctx.Err())
	}
	if err := j.Ready(); err != nil {
		return nil, err
	}
	now := j.now()
	w := &writing{frame: appendFrame(make([]byte, 0, frameHeader+r.size()), r, now), ended: make(chan struct{})}
	e := &Entry{j: j, stored: now.UnixNano(), size: int32(len(w.frame))}
	e.writing.Store(w)
	select {
	case j.puts <- e:
		return e, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, ctx.Err())
	case <-j.ctx.Done():
		return nil, fmt.Errorf("%w: it is closed", ErrUnavailable)
	}
}

// Put returns nil when r is on disk, to be published later. When ctx is done first it
// may be there or not.
func (j *Journal) Put(ctx context.Context, r *Record) error {
	e, err := j.Begin(ctx, r)
	if err != nil {
		return err
	}
	e.Leave(time.Time{})
	return e.Wait(ctx)
}
