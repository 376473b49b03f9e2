package journal

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// output is the segment that is written.
type output struct {
	seg  *segment
	file File
	buf  []byte
}

// run opens the directory, writes until the disk fails, and tries again.
func (j *Journal) run() {
	defer close(j.ended)
	wait := reopenLow
	for first := true; ; first = false {
		err := j.open()
		if err != nil && j.ctx.Err() == nil {
			j.complain(err) // before those who wait for the first attempt go on
		}
		if first {
			close(j.opened)
		}
		if err == nil {
			wait = reopenLow
			err = j.serve()
		}
		if j.ctx.Err() != nil {
			j.readers.Wait()
			j.end()
			return
		}
		j.complain(err)
		j.refuse(time.After(wait), *j.fault.Load())
		wait = min(2*wait, reopenHigh)
	}
}

// open takes a part, whose records are read behind, or sees whether the one that is open
// can be written again.
func (j *Journal) open() error {
	p := j.part.Load()
	if p != nil && !isAt(p.lock, p.path) { // somebody emptied the directory
		j.part.Store(nil)
		p.close()
		p = nil
	}
	if p == nil {
		var err error
		if p, err = takePart(j.cfg.Dir, j.cfg.Name, j.cfg.Part); err != nil {
			return err
		}
		if err := j.begin(p); err != nil {
			p.close()
			return err
		}
	}
	// A disk that is full gets room by what is of no more use.
	if err := errors.Join(j.release(), probe(p.path)); err != nil {
		return err
	}
	j.fault.Store(nil)
	if j.unread.Load() == nil {
		j.signal()
	}
	return nil
}

// probe writes a little to the directory, which says at once that the disk is full
// or read-only.
func probe(dir string) error {
	f, err := os.Create(filepath.Join(dir, "probe"))
	if err != nil {
		return err
	}
	_, err = f.Write(make([]byte, 64<<10))
	return errors.Join(err, f.Sync(), f.Close(), os.Remove(f.Name()))
}

// serve writes what is put in until the disk fails or the journal is closed.
func (j *Journal) serve() error {
	out := &output{}
	defer out.end(j)
	tick := time.NewTicker(tickInterval)
	defer tick.Stop()
	var next <-chan time.Time // of the next batch; nil for at once
	for {
		select {
		case first := <-j.puts:
			await(next, j.ctx.Done())
			batch := j.collect(first)
			if next = nil; len(batch) >= busyBatch {
				next = time.After(batchInterval)
			}
			if err := j.write(out, batch); err != nil {
				return err
			}
		case <-tick.C:
			if p := j.part.Load(); !isAt(p.lock, p.path) {
				return errors.New("its directory was removed")
			}
			if err := j.tidy(out); err != nil {
				return err
			}
		case <-j.ctx.Done():
			return nil
		}
	}
}

// await returns when either has something, at once where the first is nil.
func await(next <-chan time.Time, end <-chan struct{}) {
	if next != nil {
		select {
		case <-next:
		case <-end:
		}
	}
}

// collect adds what else waits, as far as it fits into a batch.
func (j *Journal) collect(first *Entry) []*Entry {
	batch := append(make([]*Entry, 0, 64), first)
	for size := int(first.size); len(batch) < maxBatch && size < batchBytes; {
		select {
		case e := <-j.puts:
			batch, size = append(batch, e), size+int(e.size)
		default:
			return batch
		}
	}
	return batch
}

// write stores a batch under one sync, and answers for each of it. After a fault
// nothing is known of what the segment holds behind its last sync: it is not
// written again.
func (j *Journal) write(out *output, batch []*Entry) error {
	j.since.Store(j.now().UnixNano())
	err := j.append(out, batch)
	j.since.Store(0)
	if err != nil {
		err = fmt.Errorf("%w: %w", ErrUnavailable, err)
		j.fault.Store(&err)
	} else {
		j.told.Store(false)
		j.adopt(out.seg, batch)
		if out.seg.bytes >= segmentBytes {
			out.end(j)
		}
	}
	for _, e := range batch {
		e.answer(err)
	}
	return err
}

// append writes a batch to the segment, which it begins where there is none.
func (j *Journal) append(out *output, batch []*Entry) error {
	fresh := out.seg == nil
	if fresh {
		if err := j.roll(out); err != nil {
			return err
		}
	}
	for _, e := range batch {
		out.buf = append(out.buf, e.writing.Load().frame...)
	}
	_, err := out.file.Write(out.buf)
	out.buf = out.buf[:0]
	if err == nil {
		err = out.file.Sync()
	}
	if err == nil && fresh {
		err = syncDir(filepath.Dir(out.seg.path))
	}
	return err
}

// roll makes a segment.
func (j *Journal) roll(out *output) error {
	j.mu.Lock()
	j.lastID++
	id := j.lastID
	j.mu.Unlock()
	dir := j.part.Load().path
	s := &segment{id: id, path: segmentPath(dir, id), begun: j.now(), bytes: int64(len(segmentMagic))}
	f, err := j.cfg.Create(s.path)
	if err != nil {
		return err
	}
	out.seg, out.file, out.buf = s, f, append(out.buf[:0], segmentMagic...)
	j.mu.Lock()
	defer j.mu.Unlock()
	j.segments = append(j.segments, s)
	j.bytes.Add(s.bytes)
	return nil
}

// adopt takes the entries of a batch that is on disk into the segment, in the state
// that they have come into meanwhile.
func (j *Journal) adopt(s *segment, batch []*Entry) {
	j.mu.Lock()
	defer j.mu.Unlock()
	signal := false
	for _, e := range batch {
		e.seg, e.at, e.index = s, s.bytes, int32(len(s.entries))
		s.entries = append(s.entries, e)
		s.bytes += int64(e.size)
		s.count[e.state]++
		j.recount(e.state, 1)
		if e.state == held || e.state == done {
			j.marked = append(j.marked, e)
			s.lastAck = j.now()
		}
		signal = signal || e.state == waiting
		j.bytes.Add(int64(e.size))
	}
	if signal {
		j.signal()
	}
}

// tidy ends the segment where it is large or nothing in it waits, writes marks and
// removes the segments that are of no more use.
func (j *Journal) tidy(out *output) error {
	if s := out.seg; s != nil {
		j.mu.Lock()
		idle := s.count[waiting] == 0 && s.count[under] == 0
		enough := s.bytes >= j.limits.Load().MaxBytes/8 || idle && (s.count[held] == 0 || j.now().Sub(s.begun) >= rollAge)
		j.mu.Unlock()
		if enough {
			out.end(j)
		}
	}
	return errors.Join(j.writeMarks(), j.release())
}

// end closes the segment.
func (out *output) end(j *Journal) {
	if out.seg == nil {
		return
	}
	_ = out.file.Close() // all of it that counts is synced
	j.mu.Lock()
	out.seg.sealed = true
	j.mu.Unlock()
	*out = output{buf: out.buf[:0]}
}

// writeMarks appends what became of records to the files beside their segments.
func (j *Journal) writeMarks() error {
	j.mu.Lock()
	texts := map[string][]byte{}
	for _, e := range j.marked {
		if e.seg.removed {
			continue
		}
		kind := byte(markDone)
		switch e.state {
		case held:
			kind = markAcked
		case done:
		default:
			continue // it is to be published again
		}
		path := e.seg.marksPath()
		texts[path] = appendMark(texts[path], uint32(e.index), kind, e.sequence)
	}
	j.marked = nil
	j.mu.Unlock()
	var faults []error
	for path, text := range texts {
		f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
		if err == nil {
			_, err = f.Write(text)
			err = errors.Join(err, f.Close())
		}
		faults = append(faults, err)
	}
	return errors.Join(faults...)
}

// release removes the segments of which no record waits, and whose acks the broker
// cannot have lost.
func (j *Journal) release() error {
	limits := j.limits.Load()
	j.mu.Lock()
	var gone []*segment
	kept := j.segments[:0]
	for _, s := range j.segments {
		free := s.sealed && s.count[under] == 0 && s.count[waiting] == 0 && (s.count[held] == 0 || !s.lastAck.Add(limits.Hold).After(j.verified))
		if !free {
			kept = append(kept, s)
			continue
		}
		gone, s.removed = append(gone, s), true
		j.held.Add(-int64(s.count[held]))
		j.bytes.Add(-s.bytes)
	}
	clear(j.segments[len(kept):])
	j.segments = kept
	j.mu.Unlock()
	var faults []error
	for _, s := range gone {
		faults = append(faults, os.RemoveAll(s.marksPath())) // where there are any
		if s.damaged {
			faults = append(faults, os.Rename(s.path, s.path+".damaged"))
		} else {
			faults = append(faults, os.Remove(s.path))
		}
	}
	return errors.Join(faults...)
}

// refuse answers what comes until then for a disk that failed.
func (j *Journal) refuse(then <-chan time.Time, why error) {
	for {
		select {
		case e := <-j.puts:
			e.answer(why)
		case <-then:
			return
		case <-j.ctx.Done():
			return
		}
	}
}

// end leaves the part in order for the next process.
func (j *Journal) end() {
	closed := fmt.Errorf("%w: it is closed", ErrUnavailable)
	j.fault.Store(&closed)
	j.refuseAll(closed)
	p := j.part.Load()
	if p == nil {
		return
	}
	if err := errors.Join(j.writeMarks(), j.release()); err != nil {
		j.log.Warn("the journal is not in order", "err", err.Error())
	}
	if j.remove.Load() {
		_ = os.RemoveAll(p.path) // what is left of it is an empty part
	}
	j.part.Store(nil)
	p.close()
}

// refuseAll answers what is in the queue.
func (j *Journal) refuseAll(why error) {
	for {
		select {
		case e := <-j.puts:
			e.answer(why)
		default:
			return
		}
	}
}

// complain logs another fault than before.
func (j *Journal) complain(err error) {
	if !errors.Is(err, ErrUnavailable) {
		err = fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	before := j.fault.Swap(&err)
	if before != nil && (*before).Error() == err.Error() && j.told.Load() {
		return
	}
	j.told.Store(true)
	if errors.Is(err, ErrInUse) {
		j.log.Info("journal is in use by other processes, waiting for one of them")
		return
	}
	j.log.Error("journal cannot be used, events go to the broker alone", "err", err.Error())
}
