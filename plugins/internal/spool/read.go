package spool

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// readTimeout bounds a question to the embedded server.
const readTimeout = 10 * time.Second

// refresh reads the numbers from the disk.
func (s *Spool) refresh(d *disk) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(s.ctx), readTimeout)
	defer cancel()
	s.counting.Lock()
	defer s.counting.Unlock()
	pages, err := d.pages.Info(ctx, jetstream.WithSubjectFilter(pagesPrefix+">"))
	if err != nil {
		return fmt.Errorf("read the spool: %w", err)
	}
	parked, err := d.parked.Info(ctx)
	if err != nil {
		return fmt.Errorf("read the spool: %w", err)
	}
	var depth int64
	for subject, n := range pages.State.Subjects {
		records, err := strconv.ParseInt(strings.TrimPrefix(subject, pagesPrefix), 10, 32)
		if err == nil {
			depth += records * int64(n)
		}
	}
	s.depth.Store(depth)
	s.bytes.Store(int64(pages.State.Bytes + parked.State.Bytes))
	s.parked.Store(int64(parked.State.Msgs))
	s.oldest.Store(0)
	if pages.State.Msgs > 0 {
		s.oldest.Store(pages.State.FirstTime.UnixNano())
	}
	return nil
}

// tick keeps numbers and limits up to date.
func (s *Spool) tick(d *disk) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(s.ctx), readTimeout)
	defer cancel()
	if err := d.resize(ctx, s.limits.Load().MaxBytes); err != nil {
		return err
	}
	return s.refresh(d)
}

// Page is what was written at once.
type Page struct {
	Number  uint64
	Records []Record
	raw     []byte
}

// Next reads the first page behind the page after. It has no records when there
// is no more. A page that cannot be read is an ErrRecord, with its number.
func (s *Spool) Next(ctx context.Context, after uint64) (Page, error) {
	d := s.disk.Load()
	if d == nil {
		return Page{}, *s.fault.Load()
	}
	return read(ctx, d.pages, pagesPrefix, after)
}

// Parked is Next for what was parked, one record a page.
func (s *Spool) Parked(ctx context.Context, after uint64) (Page, error) {
	d := s.disk.Load()
	if d == nil {
		return Page{}, *s.fault.Load()
	}
	return read(ctx, d.parked, parkedPrefix, after)
}

func read(ctx context.Context, stream jetstream.Stream, prefix string, after uint64) (Page, error) {
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	m, err := stream.GetMsg(ctx, after+1, jetstream.WithGetMsgSubject(prefix+">"))
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return Page{}, nil
	}
	if err != nil {
		return Page{}, fmt.Errorf("read the spool: %w", err)
	}
	records, err := parsePage(m.Data)
	if err != nil {
		return Page{Number: m.Sequence, raw: m.Data}, fmt.Errorf("page %d: %w", m.Sequence, err)
	}
	for i := range records {
		records[i].Stored = m.Time
	}
	return Page{Number: m.Sequence, Records: records, raw: m.Data}, nil
}

// Done takes a page out, after all of its records were published or parked.
func (s *Spool) Done(ctx context.Context, page Page) error {
	d := s.disk.Load()
	if d == nil {
		return *s.fault.Load()
	}
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	s.counting.Lock()
	defer s.counting.Unlock()
	if err := d.pages.DeleteMsg(ctx, page.Number); err != nil {
		return fmt.Errorf("take a page out of the spool: %w", err)
	}
	s.depth.Add(-int64(len(page.Records)))
	s.taken.Add(uint64(len(page.Records)))
	return nil
}

// Park sets a record aside that cannot be published as it is. It is on disk when
// Park returns nil.
func (s *Spool) Park(ctx context.Context, r *Record, why string) error {
	d := s.disk.Load()
	if d == nil {
		return *s.fault.Load()
	}
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	one := *r
	one.Why = why
	return s.park(ctx, d, appendRecord([]byte{formatVersion}, &one))
}

func (s *Spool) park(ctx context.Context, d *disk, page []byte) error {
	s.counting.Lock()
	defer s.counting.Unlock()
	if _, err := d.js.PublishMsg(ctx, &nats.Msg{Subject: parkedPrefix + "1", Data: page}); err != nil {
		return fmt.Errorf("park an event: %w", err)
	}
	s.parked.Add(1)
	return nil
}

// ParkPage parks a page as it is: one that cannot be read, or one that another
// spool had parked.
func (s *Spool) ParkPage(ctx context.Context, page Page) error {
	d := s.disk.Load()
	if d == nil {
		return *s.fault.Load()
	}
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	return s.park(ctx, d, page.raw)
}

// Unpark takes a parked page out.
func (s *Spool) Unpark(ctx context.Context, page Page) error {
	d := s.disk.Load()
	if d == nil {
		return *s.fault.Load()
	}
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	s.counting.Lock()
	defer s.counting.Unlock()
	if err := d.parked.DeleteMsg(ctx, page.Number); err != nil {
		return fmt.Errorf("take a parked event out: %w", err)
	}
	s.parked.Add(-1)
	return nil
}
