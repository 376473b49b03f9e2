package journal

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// maxParts is how many processes of one name can have a part of a directory at
// once: Kong's, and those that finish after a reload.
const maxParts = 16

const lockName = "lock"

// ErrInUse is a directory, or a part of one, that other processes have.
var ErrInUse = errors.New("another process uses it")

// part is a part of a directory, locked for this process.
type part struct {
	path string
	lock *os.File
}

// takePart takes the part only, or with "" the first one of name that is free. The
// kernel frees it when the process is killed.
func takePart(dir, name, only string) (*part, error) {
	if only != "" {
		return lockPart(filepath.Join(dir, only))
	}
	for n := range maxParts {
		p, err := lockPart(filepath.Join(dir, name+"-"+strconv.Itoa(n)))
		if !errors.Is(err, ErrInUse) {
			return p, err
		}
	}
	return nil, fmt.Errorf("all %d parts: %w", maxParts, ErrInUse)
}

// lockPart makes the directory where it is missing.
func lockPart(path string) (*part, error) {
	for {
		if err := makeDirs(path); err != nil {
			return nil, err
		}
		f, err := os.OpenFile(filepath.Join(path, lockName), os.O_CREATE|os.O_RDWR, 0o600)
		if errors.Is(err, os.ErrNotExist) {
			continue // it was removed meanwhile
		}
		if err != nil {
			return nil, err
		}
		if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
			_ = f.Close()
			if errors.Is(err, syscall.EWOULDBLOCK) {
				err = ErrInUse
			}
			return nil, err
		}
		if isAt(f, path) {
			return &part{path: path, lock: f}, nil
		}
		_ = f.Close() // the one before us removed the part after we had opened it
	}
}

// makeDirs is os.MkdirAll, after which the new directories outlive a power cut.
func makeDirs(path string) error {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return nil
	}
	parent := filepath.Dir(path)
	if parent != path {
		if err := makeDirs(parent); err != nil {
			return err
		}
	}
	if err := os.Mkdir(path, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	return syncDir(parent)
}

func isAt(f *os.File, path string) bool {
	have, err := f.Stat()
	if err != nil {
		return false
	}
	want, err := os.Stat(filepath.Join(path, lockName))
	return err == nil && os.SameFile(have, want)
}

func (p *part) close() { _ = p.lock.Close() }

// Parts lists the parts of dir by their names, those of one name, or all with "".
func Parts(dir, name string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var parts []string
	for _, e := range entries {
		at := strings.LastIndexByte(e.Name(), '-')
		if !e.IsDir() || at < 1 || name != "" && e.Name()[:at] != name {
			continue
		}
		if n, err := strconv.Atoi(e.Name()[at+1:]); err == nil && n >= 0 && n < maxParts {
			parts = append(parts, e.Name())
		}
	}
	return parts, nil
}

// Left lists the parts of name that no process has: what a process left that is
// gone.
func Left(dir, name string) ([]string, error) {
	parts, err := Parts(dir, name)
	if err != nil {
		return nil, err
	}
	var left []string
	for _, one := range parts {
		p, err := lockPart(filepath.Join(dir, one))
		if err != nil {
			continue // in use, or not ours to read
		}
		p.close()
		left = append(left, one)
	}
	return left, nil
}

// ErrOlder is a directory that an older version wrote.
var ErrOlder = errors.New("it holds the spool of an older version: publish it with `webhookctl spool drain` of that version, or remove it")

// begin makes p the part of the journal. What the process before left in it is read
// behind, since it may be gigabytes and senders wait.
func (j *Journal) begin(p *part) error {
	if _, err := os.Stat(filepath.Join(p.path, "jetstream")); err == nil {
		return ErrOlder
	}
	ids, parked, size, err := list(p.path)
	if err != nil {
		return err
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
			j.depth.Add(int64(s.count[waiting]))
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
