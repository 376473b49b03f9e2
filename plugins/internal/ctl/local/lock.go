package local

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// lockName is the file in a data directory that the process which uses it has locked.
const lockName = "webhookctl.lock"

// maxLock bounds what is read of another process's lock, in bytes.
const maxLock = 256

// lockData makes a data directory and takes it for this process, until the file that it
// returns is closed. Two NATS on one directory lose each other's events.
func lockData(dir string) (*os.File, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("data directory: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(dir, lockName), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("data directory: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		if errors.Is(err, syscall.EWOULDBLOCK) {
			err = fmt.Errorf("in use by %s; give this one another --data, or end that one", holder(f))
		}
		return nil, errors.Join(fmt.Errorf("data directory %s: %w", dir, err), f.Close())
	}
	if err := errors.Join(f.Truncate(0), sign(f)); err != nil {
		return nil, errors.Join(fmt.Errorf("data directory: %w", err), f.Close())
	}
	return f, nil
}

// sign writes who has the lock.
func sign(f *os.File) error {
	_, err := f.WriteAt(fmt.Appendf(nil, "webhookctl, process %d\n", os.Getpid()), 0)
	return err
}

// holder is what the process that has the lock wrote.
func holder(f *os.File) string {
	text := make([]byte, maxLock)
	n, _ := f.ReadAt(text, 0) // io.EOF: it is shorter
	if who := strings.TrimSpace(strings.ToValidUTF8(string(text[:n]), "")); who != "" {
		return who
	}
	return "another process"
}
