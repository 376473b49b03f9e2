package journal

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Item is a record as it is read.
type Item struct {
	Entry  *Entry
	Record Record
}

// Next reads the first record behind the number after that waits for the broker, nil
// when there is none. One that cannot be read comes with an ErrRecord.
func (j *Journal) Next(after uint64) (*Item, error) {
	j.mu.Lock()
	e := j.next(after)
	j.mu.Unlock()
	if e == nil {
		return nil, nil
	}
	r, err := e.read()
	if err != nil {
		return &Item{Entry: e}, fmt.Errorf("record %d: %w", e.Number(), errors.Join(ErrRecord, err))
	}
	return &Item{Entry: e, Record: r}, nil
}

// next is called with mu held.
func (j *Journal) next(after uint64) *Entry {
	for _, s := range j.segments {
		if s.id < after>>32 || s.count[waiting] == 0 {
			continue
		}
		from := 0
		if s.id == after>>32 {
			from = int(after & 0xFFFFFFFF)
		}
		for _, e := range s.entries[min(from, len(s.entries)):] {
			if e.state == waiting {
				return e
			}
		}
	}
	return nil
}

// Acknowledged is how many of the records that wait the broker acknowledged before,
// as those do that another process held.
func (j *Journal) Acknowledged() (n int64) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, s := range j.segments {
		for _, e := range s.entries {
			if e.state == waiting && e.acked {
				n++
			}
		}
	}
	return n
}

// Again makes what the broker acknowledged and could have lost wait for it again:
// the records of a stream, of sequences from first on. It returns how many these are.
func (j *Journal) Again(stream string, first uint64) (n int) {
	j.mu.Lock()
	for _, s := range j.segments {
		if s.count[held] == 0 {
			continue
		}
		for _, e := range s.entries {
			if e.state == held && e.stream == stream && e.sequence >= first {
				if e.tried == 0 {
					e.tried = e.stored
				}
				e.become(waiting)
				n++
			}
		}
	}
	j.mu.Unlock()
	if n > 0 {
		j.signal()
	}
	return n
}

// Verified says that at a time the broker had everything that it had acknowledged.
func (j *Journal) Verified(at time.Time) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.verified = at
}

const parkedSuffix = ".parked"

// Park sets a record aside that cannot be published as it is. It is on disk when
// Park returns nil.
func (j *Journal) Park(r *Record, why string) error {
	p := j.part.Load()
	if p == nil {
		return fmt.Errorf("%w: it is not open", ErrUnavailable)
	}
	one := *r
	one.Why = why
	now := j.now()
	name := fmt.Sprintf("%020d", now.UnixNano()) + parkedSuffix
	path := filepath.Join(p.path, name)
	if err := writeSynced(path, appendFrame(nil, &one, now)); err != nil {
		return fmt.Errorf("park an event: %w", err)
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.parked = append(j.parked, name)
	return nil
}

// writeSynced writes a file of which there is all or nothing.
func writeSynced(path string, text []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), "new")
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return syncDir(filepath.Dir(path))
}

// Parked reads the first parked record behind the one of the name after, "" being
// the start, and its own name, "" for none.
func (j *Journal) Parked(after string) (name string, r Record, err error) {
	p := j.part.Load()
	if p == nil {
		return "", r, fmt.Errorf("%w: it is not open", ErrUnavailable)
	}
	j.mu.Lock()
	if at := slices.IndexFunc(j.parked, func(one string) bool { return one > after }); at >= 0 {
		name = j.parked[at]
	}
	j.mu.Unlock()
	if name == "" {
		return "", r, nil
	}
	text, err := os.ReadFile(filepath.Join(p.path, name))
	if err != nil {
		return name, r, err
	}
	body, _, err := parseFrame(text)
	if err == nil {
		r, err = parseBody(body)
	}
	return name, r, err
}

// Unpark takes a parked record out.
func (j *Journal) Unpark(name string) error {
	p := j.part.Load()
	if p == nil {
		return fmt.Errorf("%w: it is not open", ErrUnavailable)
	}
	if err := os.Remove(filepath.Join(p.path, name)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("take a parked event out: %w", err)
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.parked = slices.DeleteFunc(j.parked, func(one string) bool { return one == name })
	return nil
}

// MoveParked gives what is parked to another journal of the same directory, also what
// cannot be read.
func (j *Journal) MoveParked(to *Journal) error {
	from, there := j.part.Load(), to.part.Load()
	if from == nil || there == nil {
		return fmt.Errorf("%w: it is not open", ErrUnavailable)
	}
	j.mu.Lock()
	names := slices.Clone(j.parked)
	j.mu.Unlock()
	for _, name := range names {
		moved := strings.TrimSuffix(name, parkedSuffix) + "-" + filepath.Base(from.path) + parkedSuffix
		if err := os.Rename(filepath.Join(from.path, name), filepath.Join(there.path, moved)); err != nil {
			return fmt.Errorf("take over a parked event: %w", err)
		}
		to.mu.Lock()
		to.parked = append(to.parked, moved)
		slices.Sort(to.parked)
		to.mu.Unlock()
		j.mu.Lock()
		j.parked = slices.DeleteFunc(j.parked, func(one string) bool { return one == name })
		j.mu.Unlock()
	}
	return syncDir(there.path)
}
