package observe

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/prometheus/client_golang/prometheus"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/telemetry"
)

const (
	// maxQueued bounds the records that wait, 12 MiB at most.
	maxQueued = 1024
	// maxEachSecond bounds the records of a process: a flood must not become one of NATS.
	maxEachSecond = 2000
	// connectTimeout bounds the wait for a connection, on the goroutine that writes.
	connectTimeout = time.Second
)

// The values of Config.Refusals.
const (
	RefusalsAll     = "all"
	RefusalsSampled = "sampled"
	RefusalsNone    = "none"
)

// Config says what is recorded. The zero value records nothing.
type Config struct {
	Subject  string `json:"subject" format:"subject" maxlen:"200" doc:"NATS subject that a record of each delivery is published to, for webhookctl tail and whoever subscribes: verdict and time of each stage, the policy's rule, where the events are. No headers and no body. Without a subject there are no records."`
	Sample   int    `json:"sample" default:"100" min:"0" max:"100" doc:"Per cent of the deliveries that are recorded, spread evenly."`
	Refusals string `json:"refusals" enum:"all,sampled,none" default:"all" doc:"Refused deliveries: all are recorded, sampled as the others, or none."`
}

// ErrConfig is a setting that cannot be followed.
var ErrConfig = errors.New("invalid setting")

// Check returns what is wrong with c, where events are stored below the prefixes: a
// record there would be taken for one.
func (c Config) Check(prefixes ...string) error {
	for _, p := range prefixes {
		if p != "" && strings.HasPrefix(c.Subject+".", p+".") {
			return fmt.Errorf("subject: %w: %s lies below %s, where events are stored", ErrConfig, c.Subject, p)
		}
	}
	return nil
}

// Or returns c, and where it names no subject the setting that records every delivery on
// one, "" for none.
func (c Config) Or(subject string) Config {
	if c.Subject != "" || subject == "" {
		return c
	}
	return Config{Subject: subject, Sample: 100, Refusals: RefusalsAll}
}

// Writer writes the records of a process. It is safe for concurrent use.
type Writer struct {
	log     *slog.Logger
	now     func() time.Time
	queue   chan entry
	stop    chan struct{}
	stopped chan struct{}
	second  atomic.Int64 // that count is of
	count   atomic.Int64
	warn    telemetry.Throttle

	written, dropped prometheus.Counter
}

// entry is a record on its way.
type entry struct {
	to     *Recorder
	record *Record
}

// New starts a Writer, which [Writer.Close] ends. Its error is the registry's.
func New(log *slog.Logger, now func() time.Time, metrics *telemetry.Metrics) (*Writer, error) {
	records := prometheus.NewCounterVec(prometheus.CounterOpts{
		Namespace: telemetry.Namespace, Subsystem: "observe", Name: "records_total",
		Help: "Records of deliveries, by result: written to NATS, or dropped because the queue was full, NATS was away or too many came in a second.",
	}, []string{"result"})
	if err := metrics.Register(records); err != nil {
		return nil, err
	}
	w := &Writer{
		log: log, now: now, queue: make(chan entry, maxQueued), stop: make(chan struct{}), stopped: make(chan struct{}),
		written: records.WithLabelValues("written"), dropped: records.WithLabelValues("dropped"),
	}
	go w.run()
	return w, nil
}

// Close writes what is queued, as far as that goes until ctx is done. It is called once,
// after the last delivery.
func (w *Writer) Close(ctx context.Context) error {
	close(w.stop)
	select {
	case <-w.stopped:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Recorder records the deliveries of one config. Nil records none.
type Recorder struct {
	Config
	provider string
	client   func(context.Context) (jetstream.JetStream, error)
	writer   *Writer
	seen     atomic.Int64
}

// Recorder returns one that publishes by the connection of client; nil where cfg asks
// for no records.
func (w *Writer) Recorder(cfg Config, provider string, client func(context.Context) (jetstream.JetStream, error)) *Recorder {
	if cfg.Subject == "" {
		return nil
	}
	return &Recorder{Config: cfg, provider: provider, client: client, writer: w}
}

// Record queues a record of d, unless it is not to be sampled. It never waits.
func (r *Recorder) Record(d *pipeline.Delivery, out *pipeline.Outcome, took time.Duration) {
	if r == nil || !r.wants(out.Err != nil) {
		return
	}
	if len(r.writer.queue) == maxQueued || !r.writer.admit() { // before the work is done
		r.writer.dropped.Inc()
		return
	}
	select {
	case r.writer.queue <- entry{r, recordOf(r.provider, d, out, took)}:
	default:
		r.writer.dropped.Inc()
	}
}

// wants samples. The deliveries that count are spread evenly over all of them.
func (r *Recorder) wants(refused bool) bool {
	if refused && r.Refusals != RefusalsSampled {
		return r.Refusals == RefusalsAll
	}
	n, share := r.seen.Add(1), int64(r.Sample)
	return n*share/100 != (n-1)*share/100
}

// admit counts a record of this second.
func (w *Writer) admit() bool {
	now := w.now().Unix()
	if last := w.second.Load(); last != now && w.second.CompareAndSwap(last, now) {
		w.count.Store(0)
	}
	return w.count.Add(1) <= maxEachSecond
}

func (w *Writer) run() {
	defer close(w.stopped)
	for {
		select {
		case e := <-w.queue:
			w.write(e)
		case <-w.stop:
			for {
				select {
				case e := <-w.queue:
					w.write(e)
				default:
					return
				}
			}
		}
	}
}

// errAway is a connection that is being made again: what nats.go would keep until then
// has no bound of ours.
var errAway = errors.New("no connection to NATS")

func (w *Writer) write(e entry) {
	if err := w.publish(e); err != nil {
		w.dropped.Inc()
		if w.warn.Allow("", w.now()) { // the metric counts each
			w.log.Warn("records of deliveries are dropped", slog.String("subject", e.to.Subject), slog.String(telemetry.KeyErr, err.Error()))
		}
		return
	}
	w.written.Inc()
}

func (w *Writer) publish(e entry) error {
	text, err := json.Marshal(e.record)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), connectTimeout)
	defer cancel()
	js, err := e.to.client(ctx)
	if err != nil {
		return err
	}
	if !js.Conn().IsConnected() {
		return errAway
	}
	return js.Conn().Publish(e.to.Subject, text)
}
