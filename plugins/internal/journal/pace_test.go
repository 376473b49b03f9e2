package journal_test

import (
	"log/slog"
	"os"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"webhookedge/plugins/internal/journal"
)

// timedFile notes when it is written, and how much.
type timedFile struct {
	*os.File
	note func(bytes int)
}

func (f timedFile) Write(b []byte) (int, error) {
	f.note(len(b))
	return f.File.Write(b)
}

// TestJournal_batchesFollowTheLoad puts records in from one goroutine, which waits for
// nobody, and then from many, whose batches come two milliseconds after each other.
func TestJournal_batchesFollowTheLoad(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		type write struct {
			at    time.Time
			bytes int
		}
		var mu sync.Mutex
		var writes []write
		create := func(path string) (journal.File, error) {
			f, err := os.Create(path)
			return timedFile{f, func(bytes int) {
				mu.Lock()
				defer mu.Unlock()
				writes = append(writes, write{time.Now(), bytes})
			}}, err
		}
		limits := journal.Limits{MaxBytes: 64 << 20, MaxAge: time.Hour}
		s := journal.Open(journal.Config{Dir: dir, Name: "edge", Create: create, Limits: limits}, slog.New(slog.DiscardHandler), time.Now)
		defer closeJournal(t, s)
		ready(t, s)

		const senders, each = 16, 10
		begun := time.Now()
		put(t, s, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9)
		if took := time.Since(begun); len(writes) != each || took > 0 {
			t.Errorf("%d records one after the other took %d writes and %s, want no wait", each, len(writes), took)
		}
		one := writes[each-1].bytes
		writes = nil
		var wg sync.WaitGroup
		for n := range senders {
			wg.Go(func() {
				for i := range each {
					if err := s.Put(t.Context(), record(100+n*each+i)); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		busy := 0
		for i := 1; i < len(writes); i++ {
			gap := writes[i].at.Sub(writes[i-1].at)
			if writes[i-1].bytes >= 5*one { // four records, whose numbers are longer
				busy++
				if gap != 2*time.Millisecond {
					t.Errorf("a batch came %s after one of %d bytes", gap, writes[i-1].bytes)
				}
			}
		}
		if busy == 0 {
			t.Errorf("no batch of %d held several records", len(writes))
		}
	})
}
