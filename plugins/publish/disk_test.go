package publish_test

import (
	"os"
	"sync"
	"sync/atomic"
	"time"

	"webhookedge/plugins/internal/journal"
)

// disk is one whose syncs take a while.
type disk struct {
	took  time.Duration
	syncs atomic.Int64
	mu    sync.RWMutex // held while it hangs
}

func newDisk(took time.Duration) *disk { return &disk{took: took} }

// hang lets no sync end until release is called.
func (d *disk) hang() (release func()) {
	d.mu.Lock()
	return d.mu.Unlock
}

func (d *disk) create(path string) (journal.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY|os.O_APPEND, 0o600)
	return &diskFile{f, d}, err
}

type diskFile struct {
	*os.File
	disk *disk
}

// Sync implements journal.File.
func (f *diskFile) Sync() error {
	f.disk.syncs.Add(1)
	f.disk.mu.RLock()
	defer f.disk.mu.RUnlock()
	time.Sleep(f.disk.took)
	return f.File.Sync()
}
