package telemetry

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"sync"

	"github.com/prometheus/client_golang/prometheus"
)

// maxQueuedLog bounds the bytes of a LogQueue that are not written yet: some two
// thousand refusals.
const maxQueuedLog = 1 << 20

// LogQueue is a writer of log lines that never waits for the one behind it. Kong
// reads a plugin's stderr with one nginx worker; while that is stopped, a plugin that
// writes to the full pipe itself answers nobody. Lines that find the queue full are
// dropped and counted, and the log says how many once it goes on.
type LogQueue struct {
	out     io.Writer
	dropped prometheus.Counter
	ended   chan struct{} // closed when everything is written

	mu      sync.Mutex
	filled  sync.Cond // pending, or closed
	pending []byte
	writing int // bytes that are being written
	lost    int // lines dropped since the log last said so
	closed  bool
}

// NewLogQueue returns a queue of at most 1 MiB before out, which counts in m.
// [LogQueue.Close] ends it.
func NewLogQueue(out io.Writer, m *Metrics) *LogQueue {
	q := &LogQueue{out: out, ended: make(chan struct{}), dropped: m.droppedLines}
	q.filled.L = &q.mu
	go q.run()
	return q
}

// Write queues a whole line. It neither waits nor fails.
func (q *LogQueue) Write(line []byte) (int, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed || len(q.pending)+q.writing+len(line) > maxQueuedLog {
		q.lost++
		q.dropped.Inc()
		return len(line), nil
	}
	q.pending = append(q.pending, line...)
	q.filled.Signal()
	return len(line), nil
}

// Close writes what is queued, as far as that goes until ctx is done; its error is
// ctx's. Lines that come later are dropped.
func (q *LogQueue) Close(ctx context.Context) error {
	q.mu.Lock()
	q.closed = true
	q.filled.Signal()
	q.mu.Unlock()
	select {
	case <-q.ended:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("the last log lines: %w", ctx.Err())
	}
}

func (q *LogQueue) run() {
	defer close(q.ended)
	own := NewLogger(q.out, slog.LevelWarn)
	var written []byte
	for {
		batch, lost := q.take(written[:0])
		if len(batch) == 0 && lost == 0 {
			return
		}
		if n, err := q.out.Write(batch); err != nil { // nobody can be told but by the metric
			q.dropped.Add(float64(bytes.Count(batch[n:], []byte("\n"))))
		}
		if lost > 0 {
			own.Warn("log lines were dropped, since nobody read them in time", "count", lost)
		}
		written = batch
	}
}

// take waits for lines and returns them, with the number of those that were lost
// meanwhile. It leaves spare for the next ones. No line of either kind is the end.
func (q *LogQueue) take(spare []byte) (batch []byte, lost int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.writing = 0
	for len(q.pending) == 0 && q.lost == 0 && !q.closed {
		q.filled.Wait()
	}
	batch, lost = q.pending, q.lost
	q.pending, q.lost, q.writing = spare, 0, len(batch)
	return batch, lost
}

var _ io.Writer = (*LogQueue)(nil)
