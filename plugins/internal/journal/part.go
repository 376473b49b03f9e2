package journal

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
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
