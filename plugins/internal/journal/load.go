package journal

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// ErrOlder is a directory that an older version wrote.
var ErrOlder = errors.New("it holds the spool of an older version: publish it with `webhookctl spool drain` of that version, or remove it")

// begin makes p the part of the journal. What the process before left in it is read
// behind, since it may be gigabytes and senders wait.
func (j *Journal) begin(p *part) error {
	if _, err := os.Stat(filepath.Join(p.path, "jetstream")); err == nil {
		return ErrOlder
	}
	ids, err := segmentIDs(p.path)
	if err != nil {
		return err
	}
	parked, err := parkedFiles(p.path)
	if err != nil {
		return err
	}
	var size int64
	for _, id := range ids {
		info, err := os.Stat(segmentPath(p.path, id))
		if err != nil {
			return err
		}
		size += info.Size()
	}
	j.mu.Lock()
	j.segments, j.marked, j.parked, j.verified = nil, nil, parked, time.Time{}
	j.lastID = max(j.lastID, uint64(j.now().Unix()))
	if n := len(ids); n > 0 {
		j.lastID = max(j.lastID, ids[n-1])
	}
	j.depth.Store(0)
	j.held.Store(0)
	j.bytes.Store(size)
	j.mu.Unlock()
	j.broken.Store(nil)
	j.unread.Store(p)
	j.part.Store(p)
	if len(ids) == 0 {
		j.join(p, nil)
		return nil
	}
	j.readers.Go(func() { j.read(p, ids) })
	return nil
}

// read reads the segments of p until it can, or p is given up.
func (j *Journal) read(p *part, ids []uint64) {
	for wait := reopenLow; ; wait = min(2*wait, reopenHigh) {
		segments, err := j.readSegments(p, ids)
		if err == nil || j.ctx.Err() != nil || j.part.Load() != p {
			if err == nil && j.ctx.Err() == nil {
				j.join(p, segments)
			}
			return
		}
		err = fmt.Errorf("%w: %w", ErrUnavailable, err)
		if j.broken.Swap(&err) == nil {
			j.log.Error("what is in the journal cannot be read, events go to the broker alone", "err", err.Error())
		}
		select {
		case <-time.After(wait):
		case <-j.ctx.Done():
			return
		}
	}
}

func (j *Journal) readSegments(p *part, ids []uint64) (segments []*segment, err error) {
	var room bytes.Buffer
	for _, id := range ids {
		if err := j.ctx.Err(); err != nil {
			return nil, err
		}
		s, err := loadSegment(j, p.path, id, &room)
		if err != nil {
			return nil, err
		}
		if s.damaged {
			j.log.Error("a part of the journal cannot be read; its file is kept", "file", s.path)
		}
		segments = append(segments, s)
	}
	return segments, nil
}

// join puts what was in p before what was put in since, unless p is gone.
func (j *Journal) join(p *part, segments []*segment) {
	j.mu.Lock()
	gone := j.part.Load() != p
	parked := len(j.parked)
	if !gone {
		j.segments = append(segments, j.segments...)
		for _, s := range segments {
			j.depth.Add(int64(s.waiting))
		}
		j.broken.Store(nil)
		j.unread.Store(nil)
	}
	j.mu.Unlock()
	if gone {
		return
	}
	j.log.Info("journal is open", "part", p.path, "events", j.depth.Load(), "parked", parked)
	j.signal()
}
