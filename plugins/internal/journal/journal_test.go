package journal_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"webhookedge/plugins/internal/journal"
)

func open(t testing.TB, cfg journal.Config) *journal.Journal {
	t.Helper()
	if cfg.Name == "" {
		cfg.Name = "edge"
	}
	if cfg.MaxBytes == 0 {
		cfg.MaxBytes = 64 << 20
	}
	if cfg.MaxAge == 0 {
		cfg.MaxAge = time.Hour
	}
	s := journal.Open(cfg, slog.New(slog.DiscardHandler), time.Now)
	t.Cleanup(func() { closeJournal(t, s) })
	return s
}

func closeJournal(t testing.TB, s *journal.Journal) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err := s.Close(ctx); err != nil {
		t.Error(err)
	}
}

func ready(t testing.TB, s *journal.Journal) {
	t.Helper()
	eventually(t, func() error {
		if err := s.Ready(); err != nil {
			return err
		}
		if !s.Stats().Open {
			return errors.New("it is being read")
		}
		return nil
	})
}

func eventually(t testing.TB, f func() error) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		err := f()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("not in time: %v", err)
		}
		<-tick.C
	}
}

func record(n int) *journal.Record {
	return &journal.Record{
		Subject: fmt.Sprint("webhooks.github._.push.", n),
		Header:  map[string][]string{"Nats-Msg-Id": {fmt.Sprint("github:", n)}, "team": {"a", "b"}},
		Data:    fmt.Appendf(nil, `{"n":%d}`, n),
	}
}

// all reads everything that waits, in order.
func all(t testing.TB, s *journal.Journal) (subjects []string) {
	t.Helper()
	for _, item := range items(t, s) {
		subjects = append(subjects, item.Record.Subject)
	}
	return subjects
}

func items(t testing.TB, s *journal.Journal) (list []*journal.Item) {
	t.Helper()
	for after := uint64(0); ; {
		item, err := s.Next(after)
		if err != nil {
			t.Fatal(err)
		}
		if item == nil {
			return list
		}
		list, after = append(list, item), item.Entry.Number()
	}
}

func put(t testing.TB, s *journal.Journal, numbers ...int) (want []string) {
	t.Helper()
	for _, n := range numbers {
		if err := s.Put(t.Context(), record(n)); err != nil {
			t.Fatal(err)
		}
		want = append(want, record(n).Subject)
	}
	return want
}

func TestJournal_givesBackInOrder(t *testing.T) {
	s := open(t, journal.Config{Dir: t.TempDir()})
	with := record(0)
	with.Object, with.Bucket, with.Name = bytes.Repeat([]byte("x"), 9<<20), "OBJECTS", "github/1"
	if err := s.Put(t.Context(), with); err != nil { // it waits for the journal to be open
		t.Fatal(err)
	}
	put(t, s, 1, 2, 3)
	item, err := s.Next(0)
	if err != nil {
		t.Fatal(err)
	}
	got := item.Record
	if time.Since(got.Stored) > time.Minute {
		t.Errorf("stored at %s", got.Stored)
	}
	if !bytes.Equal(got.Object, with.Object) {
		t.Error("the object is another")
	}
	got.Stored, got.Object, with.Object = time.Time{}, nil, nil
	if diff := cmp.Diff(*with, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	item.Entry.Drop()
	if diff := cmp.Diff([]string{record(1).Subject, record(2).Subject, record(3).Subject}, all(t, s)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if stats := s.Stats(); stats.Depth != 3 || !stats.Open {
		t.Errorf("%+v", stats)
	}
}

// counting counts the syncs of files whose sync takes a while.
func counting(syncs *atomic.Int64, took time.Duration) func(string) (journal.File, error) {
	return func(path string) (journal.File, error) {
		f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY|os.O_APPEND, 0o600)
		return &slowFile{f, syncs, took}, err
	}
}

type slowFile struct {
	*os.File
	syncs *atomic.Int64
	took  time.Duration
}

func (f *slowFile) Sync() error {
	f.syncs.Add(1)
	time.Sleep(f.took) // the disk
	return f.File.Sync()
}

func TestJournal_sharesASyncAmongAllThatWait(t *testing.T) {
	var syncs atomic.Int64
	s := open(t, journal.Config{Dir: t.TempDir(), Create: counting(&syncs, 2*time.Millisecond)})
	const senders, each = 64, 10
	var wg sync.WaitGroup
	for i := range senders {
		wg.Go(func() {
			for j := range each {
				if err := s.Put(t.Context(), record(i*each+j)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	seen := map[string]int{}
	for _, subject := range all(t, s) {
		seen[subject]++
	}
	for n := range senders * each {
		if seen[record(n).Subject] != 1 {
			t.Fatalf("record %d is there %d times", n, seen[record(n).Subject])
		}
	}
	if n := syncs.Load(); n > senders*each/4 {
		t.Errorf("%d syncs for %d records", n, senders*each)
	}
}

func TestJournal_forgetsNothingOverARestart(t *testing.T) {
	dir := t.TempDir()
	s := open(t, journal.Config{Dir: dir})
	want := put(t, s, 1, 2, 3, 4)
	first := items(t, s)[0]
	if err := s.Park(&first.Record, "too large"); err != nil {
		t.Fatal(err)
	}
	first.Entry.Drop()
	closeJournal(t, s)
	if err := s.Put(t.Context(), record(5)); !errors.Is(err, journal.ErrUnavailable) {
		t.Errorf("put into a closed journal: %v", err)
	}

	again := open(t, journal.Config{Dir: dir})
	ready(t, again)
	if stats := again.Stats(); stats.Depth != 3 || stats.Parked != 1 || stats.Oldest <= 0 || stats.Bytes <= 0 {
		t.Errorf("%+v", stats)
	}
	if diff := cmp.Diff(want[1:], all(t, again)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	name, r, err := again.Parked("")
	if err != nil || r.Subject != want[0] || r.Why != "too large" {
		t.Fatalf("%+v, %v", r, err)
	}
	if err := again.Unpark(name); err != nil {
		t.Fatal(err)
	}
	if name, _, err := again.Parked(""); err != nil || name != "" {
		t.Errorf("%q, %v", name, err)
	}
}

// segments are the files of records in a part.
func segments(t testing.TB, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "edge-0", "*.log"))
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestJournal_leavesOutWhatACrashCutOff(t *testing.T) {
	for name, spoil := range map[string]func(f *os.File, size int64) error{
		"cut in the last record": func(f *os.File, size int64) error { return f.Truncate(size - 7) },
		"zeros behind the last":  func(f *os.File, size int64) error { return f.Truncate(size + 4096) },
		"noise behind the last": func(f *os.File, size int64) error {
			_, err := f.WriteAt(bytes.Repeat([]byte{0xA5}, 100), size)
			return err
		},
		"a flipped byte in it":     func(f *os.File, size int64) error { _, err := f.WriteAt([]byte{0xFF}, size-12); return err },
		"the first half of a next": func(f *os.File, size int64) error { _, err := f.WriteAt([]byte{0x40, 0, 0, 0, 9}, size); return err },
		"nothing but zeros": func(f *os.File, size int64) error {
			return errors.Join(f.Truncate(0), f.Truncate(size))
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s := open(t, journal.Config{Dir: dir})
			want := put(t, s, 1, 2, 3)
			crash(t, dir, t.TempDir(), func(copied string) {
				files := segments(t, copied)
				if len(files) != 1 {
					t.Fatal(files)
				}
				f, err := os.OpenFile(files[0], os.O_RDWR, 0)
				if err != nil {
					t.Fatal(err)
				}
				defer f.Close()
				info, err := f.Stat()
				if err != nil {
					t.Fatal(err)
				}
				if err := spoil(f, info.Size()); err != nil {
					t.Fatal(err)
				}
				again := open(t, journal.Config{Dir: copied})
				ready(t, again)
				got := all(t, again)
				if name != "nothing but zeros" && len(got) < 2 || cmp.Diff(want[:len(got)], append([]string{}, got...)) != "" {
					t.Errorf("got %q, want %q with or without the last", got, want)
				}
				put(t, again, 9)
			})
		})
	}
}

func TestJournal_keepsTheFileOfARecordThatIsDamaged(t *testing.T) {
	dir := t.TempDir()
	s := open(t, journal.Config{Dir: dir})
	want := put(t, s, 1, 2, 3)
	crash(t, dir, t.TempDir(), func(copied string) {
		path := segments(t, copied)[0]
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		at := bytes.Index(text, []byte(record(2).Subject))
		text[at] ^= 1
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		again := open(t, journal.Config{Dir: copied})
		ready(t, again)
		if diff := cmp.Diff([]string{want[0], want[2]}, all(t, again)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		for _, item := range items(t, again) {
			item.Entry.Drop()
		}
		eventually(t, func() error {
			_, err := os.Stat(path + ".damaged")
			return err
		})
	})
}

// crash copies the files as they are while the spool is open, as a kill -9 leaves
// them.
func crash(t *testing.T, from, to string, f func(copied string)) {
	t.Helper()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	f(to)
}

func TestJournal_survivesACrash(t *testing.T) {
	dir := t.TempDir()
	s := open(t, journal.Config{Dir: dir})
	want := put(t, s, 1, 2, 3, 4, 5)
	items(t, s)[0].Entry.Drop()
	crash(t, dir, t.TempDir(), func(copied string) {
		again := open(t, journal.Config{Dir: copied})
		ready(t, again)
		got := strings.Join(all(t, again), " ")
		if !strings.HasSuffix(got, strings.Join(want[1:], " ")) {
			t.Errorf("got %s, want %s", got, want[1:])
		}
	})
}

func TestJournal_holdsWhatTheBrokerCouldLose(t *testing.T) {
	clock := newClock()
	dir := t.TempDir()
	s := journal.Open(journal.Config{Dir: dir, Name: "edge", Limits: journal.Limits{MaxBytes: 64 << 20, MaxAge: time.Hour, Hold: 4 * time.Minute}}, slog.New(slog.DiscardHandler), clock.now)
	defer closeJournal(t, s)
	var entries []*journal.Entry
	for n := range 4 {
		e, err := s.Begin(t.Context(), record(n))
		if err != nil {
			t.Fatal(err)
		}
		if n > 0 { // one is still with its delivery
			e.Acked("A", uint64(n))
		}
		if err := e.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
		entries = append(entries, e)
	}
	if stats := s.Stats(); stats.Held != 3 || stats.Depth != 0 {
		t.Errorf("%+v", stats)
	}
	if n := s.Again("B", 0); n != 0 {
		t.Errorf("%d of another stream", n)
	}
	if n := s.Again("A", 2); n != 2 {
		t.Errorf("%d are to be published again, want 2", n)
	}
	again := items(t, s)
	if len(again) != 2 || !again[0].Entry.Forgotten() || again[0].Record.Tried.IsZero() || again[0].Record.Subject != record(2).Subject {
		t.Fatalf("%+v", again)
	}
	for _, item := range again {
		item.Entry.Acked("A", 9)
	}
	entries[0].Acked("A", 10)
	gone := func() error {
		if stats := s.Stats(); stats.Held != 0 || len(segments(t, dir)) != 0 {
			return fmt.Errorf("%+v", stats)
		}
		return nil
	}
	clock.add(5 * time.Minute) // the time alone says nothing of the broker
	eventually(t, func() error {
		if marks, err := os.Stat(strings.TrimSuffix(segments(t, dir)[0], ".log") + ".acks"); err != nil || marks.Size() == 0 {
			return fmt.Errorf("no marks: %w", err)
		}
		return nil
	})
	s.Verified(clock.now().Add(-3 * time.Minute))
	if gone() == nil {
		t.Error("removed before the broker was there for long enough")
	}
	s.Verified(clock.now())
	eventually(t, gone)
}

func TestJournal_knowsAfterARestartWhatTheBrokerHad(t *testing.T) {
	dir := t.TempDir()
	s := open(t, journal.Config{Dir: dir, Limits: journal.Limits{Hold: time.Hour}})
	for n := range 3 {
		e, err := s.Begin(t.Context(), record(n))
		if err != nil {
			t.Fatal(err)
		}
		switch n {
		case 0:
			e.Drop()
		case 1:
			e.Acked("A", 7)
		}
		if err := e.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	closeJournal(t, s)
	again := open(t, journal.Config{Dir: dir, Limits: journal.Limits{Hold: time.Hour}})
	ready(t, again)
	list := items(t, again)
	if len(list) != 2 || !list[0].Entry.Forgotten() || list[0].Entry.Sequence() != 7 || list[1].Entry.Forgotten() || again.Acknowledged() != 1 {
		t.Errorf("%d records, %d acknowledged", len(list), again.Acknowledged())
	}
	for _, item := range list {
		if item.Record.Tried.IsZero() {
			t.Error("the process before may have published it, which is not known")
		}
	}
}

// TestJournal_takesNoMarksOfAnotherFile ends records at any moment of the
// journal's housekeeping, over and over: marks that came late were taken for those of
// the next file, whose records then were done before they were published.
func TestJournal_takesNoMarksOfAnotherFile(t *testing.T) {
	dir := t.TempDir()
	s := open(t, journal.Config{Dir: dir})
	ids := map[string]bool{}
	for begun := time.Now(); time.Since(begun) < 4*time.Second || len(ids) < 2 && time.Since(begun) < time.Minute; {
		put(t, s, 1)
		for _, file := range segments(t, dir) {
			ids[file] = true
		}
		for _, item := range items(t, s) {
			item.Entry.Drop()
		}
		time.Sleep(rand.N(4 * time.Millisecond)) // on a slow disk something always waits otherwise
	}
	eventually(t, func() error {
		if left := segments(t, dir); len(left) > 0 {
			return fmt.Errorf("%q are left", left)
		}
		return nil
	})
	put(t, s, 2)
	last := segments(t, dir)
	if len(ids) < 2 || len(last) != 1 || ids[last[0]] {
		t.Errorf("%d files, and then %q, whose name was used before or is not alone", len(ids), last)
	}
	if marks, err := filepath.Glob(filepath.Join(dir, "edge-0", "*.acks")); err != nil || len(marks) != 0 {
		t.Errorf("marks without a file: %q, %v", marks, err)
	}
}

// failing makes files whose sync fails while bad is set, or hangs until it is not.
func failing(bad *atomic.Bool, hang bool) func(string) (journal.File, error) {
	return func(path string) (journal.File, error) {
		f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY|os.O_APPEND, 0o600)
		return &badFile{f, bad, hang}, err
	}
}

type badFile struct {
	*os.File
	bad  *atomic.Bool
	hang bool
}

func (f *badFile) Sync() error {
	for f.hang && f.bad.Load() {
		time.Sleep(time.Millisecond) // the disk
	}
	if f.bad.Load() {
		return syscall.EIO
	}
	return f.File.Sync()
}

func TestJournal_goesOnAfterAFaultOfTheDisk(t *testing.T) {
	var bad atomic.Bool
	s := open(t, journal.Config{Dir: t.TempDir(), Create: failing(&bad, false)})
	want := put(t, s, 1)
	bad.Store(true)
	if err := s.Put(t.Context(), record(2)); !errors.Is(err, journal.ErrUnavailable) || !errors.Is(err, syscall.EIO) {
		t.Errorf("got %v", err)
	}
	bad.Store(false)
	ready(t, s)
	want = append(want, put(t, s, 3)...)
	if diff := cmp.Diff(want, all(t, s)); diff != "" {
		t.Errorf("what was answered before the fault, and after it (-want +got):\n%s", diff)
	}
}

// TestJournal_makesRoomWhileTheDiskTakesNothing has a disk that is full of what
// the broker took meanwhile.
func TestJournal_makesRoomWhileTheDiskTakesNothing(t *testing.T) {
	t.Parallel()
	var bad atomic.Bool
	dir := t.TempDir()
	s := open(t, journal.Config{Dir: dir, Create: failing(&bad, false)})
	put(t, s, 1)
	full := filepath.Join(dir, s.Part(), "probe") // in the way of what looks whether the disk takes something
	if err := os.Mkdir(full, 0o700); err != nil {
		t.Fatal(err)
	}
	bad.Store(true)
	if err := s.Put(t.Context(), record(2)); !errors.Is(err, journal.ErrUnavailable) {
		t.Fatal(err)
	}
	bad.Store(false)
	for _, item := range items(t, s) {
		item.Entry.Acked("S", 1)
	}
	eventually(t, func() error {
		if left := segments(t, dir); len(left) > 0 {
			return fmt.Errorf("there are %q", left)
		}
		return nil
	})
	if err := s.Ready(); !errors.Is(err, journal.ErrUnavailable) {
		t.Errorf("ready: %v", err)
	}
	if err := os.Remove(full); err != nil {
		t.Fatal(err)
	}
	ready(t, s)
}

func TestJournal_saysWhenTheDiskHangs(t *testing.T) {
	var bad atomic.Bool
	clock := newClock()
	s := journal.Open(journal.Config{Dir: t.TempDir(), Name: "edge", Create: failing(&bad, true), Limits: journal.Limits{MaxBytes: 1 << 20, MaxAge: time.Hour}}, slog.New(slog.DiscardHandler), clock.now)
	defer closeJournal(t, s)
	put(t, s, 1)
	bad.Store(true)
	defer bad.Store(false)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := s.Put(ctx, record(2)); !errors.Is(err, journal.ErrUnavailable) {
		t.Errorf("got %v", err)
	}
	clock.add(4 * time.Second)
	if err := s.Ready(); !errors.Is(err, journal.ErrUnavailable) {
		t.Errorf("a disk that has not answered for 4 s is ready: %v", err)
	}
	bad.Store(false)
	ready(t, s)
}

func TestJournal_refusesTheSpoolOfAnOlderVersion(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "edge-0", "jetstream"), 0o700); err != nil {
		t.Fatal(err)
	}
	s := open(t, journal.Config{Dir: dir})
	if err := s.Put(t.Context(), record(1)); !errors.Is(err, journal.ErrOlder) {
		t.Errorf("got %v", err)
	}
}

// clock is a time that a test moves.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Now()} }

func (c *clock) now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.at }

func (c *clock) add(d time.Duration) { c.mu.Lock(); defer c.mu.Unlock(); c.at = c.at.Add(d) }

func TestJournal_fullRefusesAndDropsNothing(t *testing.T) {
	s := open(t, journal.Config{Dir: t.TempDir(), Limits: journal.Limits{MaxBytes: 1 << 20}})
	ready(t, s)
	var want []string
	var err error
	for n := 0; err == nil && n < 10_000; n++ {
		r := record(n)
		r.Data = make([]byte, 10_000)
		if err = s.Put(t.Context(), r); err == nil {
			want = append(want, r.Subject)
		}
	}
	if !errors.Is(err, journal.ErrFull) {
		t.Fatalf("got %v, want ErrFull", err)
	}
	if len(want) < 50 {
		t.Errorf("full after %d records", len(want))
	}
	if diff := cmp.Diff(want, all(t, s)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, item := range items(t, s) {
		item.Entry.Drop()
	}
	eventually(t, func() error { return s.Put(t.Context(), record(1)) })
	if err := s.Put(t.Context(), &journal.Record{Subject: "x", Data: make([]byte, 31<<20)}); !errors.Is(err, journal.ErrTooLarge) {
		t.Errorf("31 MiB: %v", err)
	}
}

func TestJournal_oldRefusesAndDropsNothing(t *testing.T) {
	clock := newClock()
	s := journal.Open(journal.Config{Dir: t.TempDir(), Name: "edge", Limits: journal.Limits{MaxBytes: 1 << 20, MaxAge: time.Hour}}, slog.New(slog.DiscardHandler), clock.now)
	defer closeJournal(t, s)
	ready(t, s)
	put(t, s, 1)
	clock.add(61 * time.Minute)
	if err := s.Put(t.Context(), record(2)); !errors.Is(err, journal.ErrFull) || s.Ready() == nil {
		t.Errorf("got %v, want ErrFull", err)
	}
	if got := all(t, s); len(got) != 1 {
		t.Errorf("there are %q", got)
	}
	if age := s.Stats().Oldest; age < time.Hour || age > 2*time.Hour {
		t.Errorf("the oldest is %s old", age)
	}
}

func TestJournal_hasAPartForEachProcess(t *testing.T) {
	dir := t.TempDir()
	first := open(t, journal.Config{Dir: dir})
	ready(t, first)
	want := put(t, first, 1)
	second := open(t, journal.Config{Dir: dir})
	ready(t, second) // it need not wait for the first
	put(t, second, 2)
	other := open(t, journal.Config{Dir: dir, Name: "publish"})
	ready(t, other)
	if diff := cmp.Diff([]string{"edge-0", "edge-1", "publish-0"}, []string{first.Part(), second.Part(), other.Part()}); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	is := func(want ...string) {
		t.Helper()
		left, err := journal.Left(dir, "edge")
		if diff := cmp.Diff(want, left); err != nil || diff != "" {
			t.Errorf("left are %v (-want +got):\n%s", err, diff)
		}
	}
	is()
	closeJournal(t, first)
	is("edge-0")

	taken := open(t, journal.Config{Dir: dir, Part: "edge-0"})
	ready(t, taken)
	again := open(t, journal.Config{Dir: dir, Part: "edge-0"})
	eventually(t, func() error {
		if err := again.Ready(); !errors.Is(err, journal.ErrInUse) {
			return fmt.Errorf("got %w, want ErrInUse", err)
		}
		return nil
	})
	if err := again.Put(t.Context(), record(3)); !errors.Is(err, journal.ErrUnavailable) {
		t.Errorf("put without a part: %v", err)
	}
	if diff := cmp.Diff(want, all(t, taken)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	closeJournal(t, again)
	if err := taken.Remove(t.Context()); err != nil {
		t.Fatal(err)
	}
	is()
	parts, err := journal.Parts(dir, "")
	if diff := cmp.Diff([]string{"edge-1", "publish-0"}, parts); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

func TestJournal_takesOtherLimits(t *testing.T) {
	s := open(t, journal.Config{Dir: t.TempDir(), Limits: journal.Limits{MaxBytes: 1 << 20, MaxAge: time.Hour}})
	ready(t, s)
	fill := func() (n int) {
		r := record(0)
		r.Data = make([]byte, 100_000)
		for n < 100 && s.Put(t.Context(), r) == nil {
			n++
		}
		return n
	}
	if n := fill(); n > 11 {
		t.Errorf("%d records of 100 kB in a journal of 1 MiB", n)
	}
	s.Limit(journal.Limits{MaxBytes: 8 << 20, MaxAge: time.Hour})
	more := 0
	eventually(t, func() error {
		if more += fill(); more < 50 {
			return fmt.Errorf("only %d more in a journal of 8 MiB", more)
		}
		return nil
	})
}

func TestJournal_inADirectoryThatCannotBeUsed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s := open(t, journal.Config{Dir: filepath.Join(file, "journal")})
	eventually(t, func() error {
		if err := s.Ready(); err == nil || !strings.Contains(err.Error(), "not a directory") {
			return fmt.Errorf("got %w", err)
		}
		return nil
	})
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	ready(t, s) // it comes back by itself
	put(t, s, 1)
}

func TestJournal_signalsWhatWaits(t *testing.T) {
	s := open(t, journal.Config{Dir: t.TempDir()})
	<-s.Filled() // it is open
	put(t, s, 1)
	<-s.Filled()
	if s.Depth() != 1 {
		t.Errorf("the depth is %d", s.Depth())
	}
}

// TestJournal_memoryOfWhatIsHeld has the broker take records that it could still lose, for
// minutes and at thousands a second: what is kept of each in memory must be little.
func TestJournal_memoryOfWhatIsHeld(t *testing.T) {
	s := open(t, journal.Config{Dir: t.TempDir(), Limits: journal.Limits{Hold: time.Hour}})
	ready(t, s)
	record := &journal.Record{Subject: "webhooks.x", Data: make([]byte, 1<<10)}
	keep := func(n int) {
		all := make([]*journal.Entry, n)
		for i := range all {
			var err error
			if all[i], err = s.Begin(t.Context(), record); err != nil {
				t.Fatal(err)
			}
		}
		for i, e := range all {
			if err := e.Wait(t.Context()); err != nil {
				t.Fatal(err)
			}
			e.Acked("WEBHOOKS", uint64(i+1))
		}
	}
	live := func() int {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return int(m.HeapAlloc)
	}
	const n = 20_000
	keep(1000) // the buffers that it goes on with
	before := live()
	keep(n)
	if each := (live() - before) / n; each > 180 {
		t.Errorf("%d bytes are kept of each", each)
	}
}

// BenchmarkPut is 2 KB a record, synced to disk, 64 senders at once, beside as
// many writes of the same bytes to a file, one sync each.
func BenchmarkPut(b *testing.B) {
	data := make([]byte, 2<<10)
	b.Run("journal", func(b *testing.B) {
		s := open(b, journal.Config{Dir: b.TempDir(), Limits: journal.Limits{MaxBytes: 16 << 30}})
		ready(b, s)
		b.SetParallelism(32)
		b.ReportAllocs()
		b.ResetTimer()
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				if err := s.Put(b.Context(), &journal.Record{Subject: "webhooks.x", Data: data}); err != nil {
					b.Error(err)
					return
				}
			}
		})
	})
	b.Run("file", func(b *testing.B) {
		f, err := os.Create(filepath.Join(b.TempDir(), "file"))
		if err != nil {
			b.Fatal(err)
		}
		defer f.Close()
		for b.Loop() {
			if _, err := f.Write(data); err != nil {
				b.Fatal(err)
			}
			if err := f.Sync(); err != nil {
				b.Fatal(err)
			}
		}
	})
}
