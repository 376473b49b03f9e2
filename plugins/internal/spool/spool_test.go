package spool_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"webhookedge/plugins/internal/spool"
)

func open(t testing.TB, cfg spool.Config) *spool.Spool {
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
	s := spool.Open(cfg, slog.New(slog.DiscardHandler), time.Now)
	t.Cleanup(func() { closeSpool(t, s) })
	return s
}

func closeSpool(t testing.TB, s *spool.Spool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err := s.Close(ctx); err != nil {
		t.Error(err)
	}
}

func ready(t testing.TB, s *spool.Spool) {
	t.Helper()
	eventually(t, s.Ready)
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

func record(n int) *spool.Record {
	return &spool.Record{
		Subject: fmt.Sprint("webhooks.github._.push.", n),
		Header:  map[string][]string{"Nats-Msg-Id": {fmt.Sprint("github:", n)}, "team": {"a", "b"}},
		Data:    fmt.Appendf(nil, `{"n":%d}`, n),
	}
}

// all reads everything that waits, in order.
func all(t testing.TB, s *spool.Spool) (subjects []string) {
	t.Helper()
	for after := uint64(0); ; {
		page, err := s.Next(t.Context(), after)
		if err != nil {
			t.Fatal(err)
		}
		if len(page.Records) == 0 {
			return subjects
		}
		for _, r := range page.Records {
			subjects = append(subjects, r.Subject)
		}
		after = page.Number
	}
}

func put(t testing.TB, s *spool.Spool, numbers ...int) (want []string) {
	t.Helper()
	for _, n := range numbers {
		if err := s.Put(t.Context(), record(n)); err != nil {
			t.Fatal(err)
		}
		want = append(want, record(n).Subject)
	}
	return want
}

func TestWhatIsPutInComesOutInOrder(t *testing.T) {
	s := open(t, spool.Config{Dir: t.TempDir()})
	ready(t, s)
	with := record(0)
	with.Object, with.Bucket, with.Name = bytes.Repeat([]byte("x"), 9<<20), "OBJECTS", "github/1"
	if err := s.Put(t.Context(), with); err != nil {
		t.Fatal(err)
	}
	put(t, s, 1, 2, 3)
	page, err := s.Next(t.Context(), 0)
	if err != nil || len(page.Records) != 1 {
		t.Fatal(page.Number, err)
	}
	got := page.Records[0]
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
	if err := s.Done(t.Context(), page); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{record(1).Subject, record(2).Subject, record(3).Subject}, all(t, s)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if stats := s.Stats(); stats.Depth != 3 || stats.Taken != 1 || stats.Stored != 4 || !stats.Open {
		t.Errorf("%+v", stats)
	}
}

func TestManyAtOnceShareTheirWrites(t *testing.T) {
	s := open(t, spool.Config{Dir: t.TempDir()})
	ready(t, s)
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
	seen, pages := map[string]int{}, 0
	for after := uint64(0); ; pages++ {
		page, err := s.Next(t.Context(), after)
		if err != nil {
			t.Fatal(err)
		}
		if len(page.Records) == 0 {
			break
		}
		for _, r := range page.Records {
			seen[r.Subject]++
		}
		after = page.Number
	}
	for n := range senders * each {
		if seen[record(n).Subject] != 1 {
			t.Fatalf("record %d is there %d times", n, seen[record(n).Subject])
		}
	}
	if pages > senders*each/2 {
		t.Errorf("%d writes for %d records", pages, senders*each)
	}
}

func TestARestartForgetsNothing(t *testing.T) {
	dir := t.TempDir()
	s := open(t, spool.Config{Dir: dir})
	ready(t, s)
	want := put(t, s, 1, 2, 3, 4)
	page, err := s.Next(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Park(t.Context(), &page.Records[0], "too large"); err != nil {
		t.Fatal(err)
	}
	if err := s.Done(t.Context(), page); err != nil {
		t.Fatal(err)
	}
	closeSpool(t, s)
	if err := s.Put(t.Context(), record(5)); !errors.Is(err, spool.ErrUnavailable) {
		t.Errorf("put into a closed spool: %v", err)
	}

	again := open(t, spool.Config{Dir: dir})
	ready(t, again)
	if stats := again.Stats(); stats.Depth != 3 || stats.Parked != 1 || stats.Oldest <= 0 || stats.Bytes <= 0 {
		t.Errorf("%+v", stats)
	}
	if diff := cmp.Diff(want[1:], all(t, again)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	parked, err := again.Parked(t.Context(), 0)
	if err != nil || len(parked.Records) != 1 || parked.Records[0].Subject != want[0] || parked.Records[0].Why != "too large" {
		t.Fatalf("%+v, %v", parked, err)
	}
	if err := again.Unpark(t.Context(), parked); err != nil {
		t.Fatal(err)
	}
	if parked, err = again.Parked(t.Context(), 0); err != nil || len(parked.Records) != 0 {
		t.Errorf("%+v, %v", parked, err)
	}
}

func TestAHalfWrittenTailIsLeftOut(t *testing.T) {
	for name, spoil := range map[string]func(f *os.File, size int64) error{
		"cut in the last record": func(f *os.File, size int64) error { return f.Truncate(size - 7) },
		"zeros behind the last":  func(f *os.File, size int64) error { return f.Truncate(size + 4096) },
		"noise behind the last": func(f *os.File, size int64) error {
			_, err := f.WriteAt(bytes.Repeat([]byte{0xA5}, 100), size)
			return err
		},
		"a flipped byte in it":     func(f *os.File, size int64) error { _, err := f.WriteAt([]byte{0xFF}, size-12); return err },
		"the first half of a next": func(f *os.File, size int64) error { _, err := f.WriteAt([]byte{0x40, 0, 0, 0, 9}, size); return err },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s := open(t, spool.Config{Dir: dir})
			ready(t, s)
			want := put(t, s, 1, 2, 3)
			crash(t, dir, t.TempDir(), func(copied string) {
				blocks, err := filepath.Glob(filepath.Join(copied, "edge-0", "jetstream", "*", "streams", "SPOOL", "msgs", "*.blk"))
				if err != nil || len(blocks) != 1 {
					t.Fatal(blocks, err)
				}
				f, err := os.OpenFile(blocks[0], os.O_RDWR, 0)
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
				again := open(t, spool.Config{Dir: copied})
				ready(t, again)
				got := all(t, again)
				if len(got) < 2 || cmp.Diff(want[:len(got)], got) != "" {
					t.Errorf("got %q, want %q with or without the last", got, want)
				}
				put(t, again, 9)
			})
		})
	}
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

func TestWhatWasAnsweredSurvivesACrash(t *testing.T) {
	dir := t.TempDir()
	s := open(t, spool.Config{Dir: dir})
	ready(t, s)
	want := put(t, s, 1, 2, 3, 4, 5)
	page, err := s.Next(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Done(t.Context(), page); err != nil {
		t.Fatal(err)
	}
	crash(t, dir, t.TempDir(), func(copied string) {
		again := open(t, spool.Config{Dir: copied})
		ready(t, again)
		got := strings.Join(all(t, again), " ")
		if !strings.HasSuffix(got, strings.Join(want[1:], " ")) {
			t.Errorf("got %s, want %s", got, want[1:])
		}
	})
}

func TestAFullSpoolRefusesAndDropsNothing(t *testing.T) {
	s := open(t, spool.Config{Dir: t.TempDir(), Limits: spool.Limits{MaxBytes: 1 << 20}})
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
	if !errors.Is(err, spool.ErrFull) {
		t.Fatalf("got %v, want ErrFull", err)
	}
	if len(want) < 50 {
		t.Errorf("full after %d records", len(want))
	}
	if diff := cmp.Diff(want, all(t, s)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	page, err := s.Next(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Done(t.Context(), page); err != nil {
		t.Fatal(err)
	}
	eventually(t, func() error { return s.Put(t.Context(), record(1)) })
	if err := s.Put(t.Context(), &spool.Record{Subject: "x", Data: make([]byte, 31<<20)}); !errors.Is(err, spool.ErrTooLarge) {
		t.Errorf("31 MiB: %v", err)
	}
}

func TestAnOldSpoolRefusesAndDropsNothing(t *testing.T) {
	var mu sync.Mutex
	now := time.Now()
	clock := func() time.Time { mu.Lock(); defer mu.Unlock(); return now }
	s := spool.Open(spool.Config{Dir: t.TempDir(), Name: "edge", Limits: spool.Limits{MaxBytes: 1 << 20, MaxAge: time.Hour}}, slog.New(slog.DiscardHandler), clock)
	defer closeSpool(t, s)
	ready(t, s)
	put(t, s, 1)
	mu.Lock()
	now = now.Add(61 * time.Minute)
	mu.Unlock()
	if err := s.Put(t.Context(), record(2)); !errors.Is(err, spool.ErrFull) || s.Ready() == nil {
		t.Errorf("got %v, want ErrFull", err)
	}
	if got := all(t, s); len(got) != 1 {
		t.Errorf("there are %q", got)
	}
	if age := s.Stats().Oldest; age < time.Hour || age > 2*time.Hour {
		t.Errorf("the oldest is %s old", age)
	}
}

func TestEveryProcessHasAPart(t *testing.T) {
	dir := t.TempDir()
	first := open(t, spool.Config{Dir: dir})
	ready(t, first)
	want := put(t, first, 1)
	second := open(t, spool.Config{Dir: dir})
	ready(t, second) // it need not wait for the first
	put(t, second, 2)
	other := open(t, spool.Config{Dir: dir, Name: "publish"})
	ready(t, other)
	if diff := cmp.Diff([]string{"edge-0", "edge-1", "publish-0"}, []string{first.Part(), second.Part(), other.Part()}); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	is := func(want ...string) {
		t.Helper()
		left, err := spool.Left(dir, "edge")
		if diff := cmp.Diff(want, left); err != nil || diff != "" {
			t.Errorf("left are %v (-want +got):\n%s", err, diff)
		}
	}
	is()
	closeSpool(t, first)
	is("edge-0")

	taken := open(t, spool.Config{Dir: dir, Part: "edge-0"})
	ready(t, taken)
	again := open(t, spool.Config{Dir: dir, Part: "edge-0"})
	eventually(t, func() error {
		if err := again.Ready(); !errors.Is(err, spool.ErrInUse) {
			return fmt.Errorf("got %w, want ErrInUse", err)
		}
		return nil
	})
	if err := again.Put(t.Context(), record(3)); !errors.Is(err, spool.ErrUnavailable) {
		t.Errorf("put without a part: %v", err)
	}
	if diff := cmp.Diff(want, all(t, taken)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	closeSpool(t, again)
	if err := taken.Remove(t.Context()); err != nil {
		t.Fatal(err)
	}
	is()
	parts, err := spool.Parts(dir, "")
	if diff := cmp.Diff([]string{"edge-1", "publish-0"}, parts); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

func TestLimitsCanChange(t *testing.T) {
	s := open(t, spool.Config{Dir: t.TempDir(), Limits: spool.Limits{MaxBytes: 1 << 20, MaxAge: time.Hour}})
	ready(t, s)
	fill := func() (n int) {
		r := record(0)
		r.Data = make([]byte, 100_000)
		for n < 100 && s.Put(t.Context(), r) == nil {
			n++
		}
		return n
	}
	if n := fill(); n > 10 {
		t.Errorf("%d records of 100 kB in a spool of 1 MiB", n)
	}
	s.Limit(spool.Limits{MaxBytes: 8 << 20, MaxAge: time.Hour})
	more := 0
	eventually(t, func() error {
		if more += fill(); more < 50 {
			return fmt.Errorf("only %d more in a spool of 8 MiB", more)
		}
		return nil
	})
}

func TestADirectoryThatCannotBeUsed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s := open(t, spool.Config{Dir: filepath.Join(file, "spool")})
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

func TestASignalWhenThereIsSomething(t *testing.T) {
	s := open(t, spool.Config{Dir: t.TempDir()})
	<-s.Filled() // it is open
	put(t, s, 1)
	<-s.Filled()
	if s.Depth() != 1 {
		t.Errorf("the depth is %d", s.Depth())
	}
}

// BenchmarkPut is 2 KB a record, synced to disk, 64 senders at once, beside as
// many writes of the same bytes to a file, one sync each.
func BenchmarkPut(b *testing.B) {
	data := make([]byte, 2<<10)
	b.Run("spool", func(b *testing.B) {
		s := open(b, spool.Config{Dir: b.TempDir(), Limits: spool.Limits{MaxBytes: 16 << 30}})
		ready(b, s)
		b.SetParallelism(32)
		b.ReportAllocs()
		b.ResetTimer()
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				if err := s.Put(b.Context(), &spool.Record{Subject: "webhooks.x", Data: data}); err != nil {
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
