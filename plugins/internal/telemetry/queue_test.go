package telemetry_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"webhookedge/plugins/internal/telemetry"
)

// fullPipe is a pipe that nobody reads and that takes nothing more.
func fullPipe(t *testing.T) (r, w *os.File) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close(); _ = w.Close() })
	if err := w.SetWriteDeadline(time.Now().Add(50 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	for err == nil {
		_, err = w.Write([]byte(strings.Repeat("x", 4095) + "\n"))
	}
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatal(err)
	}
	if err := w.SetWriteDeadline(time.Time{}); err != nil {
		t.Fatal(err)
	}
	return r, w
}

func droppedLines(t *testing.T, m *telemetry.Metrics) int {
	t.Helper()
	families, err := m.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() == "webhook_edge_log_lines_dropped_total" {
			return int(f.GetMetric()[0].GetCounter().GetValue())
		}
	}
	t.Fatal("dropped lines are not counted")
	return 0
}

func TestLogQueue_doesNotWaitForWhoReadsIt(t *testing.T) {
	r, w := fullPipe(t)
	m := newMetrics(t)
	q := telemetry.NewLogQueue(w, m)
	log := telemetry.NewLogger(q, slog.LevelInfo)
	const lines = 20_000 // some 3 MB, where 1 MiB is the limit
	var senders sync.WaitGroup
	for s := range 4 {
		senders.Go(func() {
			for i := range lines / 4 {
				log.Info("delivery refused", "sender", s, "n", i, "err", strings.Repeat("e", 64))
			}
		})
	}
	senders.Wait() // with a writer that waits, this is the test's end
	dropped := droppedLines(t, m)
	if dropped == 0 {
		t.Fatal("nothing was dropped: the queue has no bound")
	}
	var got, reported int
	next := map[int]int{}
	read := bufio.NewScanner(r)
	closed := make(chan error, 1)
	go func() {
		err := q.Close(t.Context())
		_ = w.Close()
		closed <- err
	}()
	for read.Scan() {
		line := read.Text()
		var s, n, count int
		switch {
		case strings.HasPrefix(line, "x"):
		case strings.Contains(line, "delivery refused"):
			got++
			if _, err := fmt.Sscanf(line[strings.Index(line, `"sender"`):], `"sender":%d,"n":%d,`, &s, &n); err != nil || n < next[s] {
				t.Fatalf("after %d: %s (%v)", next[s], line, err)
			}
			next[s] = n + 1
		case strings.Contains(line, "log lines were dropped"):
			if _, err := fmt.Sscanf(line[strings.Index(line, `"count"`):], `"count":%d}`, &count); err != nil {
				t.Fatalf("%s: %v", line, err)
			}
			reported += count
		default:
			t.Fatalf("a line that was never written: %s", line)
		}
	}
	if err := <-closed; err != nil {
		t.Error(err)
	}
	if reported != dropped || got+dropped != lines {
		t.Errorf("%d lines, %d of them dropped by the metric, %d by the log, %d came", lines, dropped, reported, got)
	}
}

func TestLogQueue_closeIsBounded(t *testing.T) {
	_, w := fullPipe(t)
	q := telemetry.NewLogQueue(w, newMetrics(t))
	if _, err := q.Write([]byte("a line\n")); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := q.Close(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}
