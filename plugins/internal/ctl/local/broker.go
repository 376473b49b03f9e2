package local

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// brokerUser is the user that kong/kong.yml and kong/nats.conf name.
const brokerUser = "webhooks"

// brokerPayload is max_payload of kong/nats.conf, in bytes.
const brokerPayload = 8 << 20

// brokerStore is max_file_store of kong/nats.conf, in bytes. Without it NATS takes
// three quarters of the free disk, and refuses streams whose limits add up to more,
// although they hold nothing yet.
const brokerStore = 10 << 30

type broker struct {
	server   *server.Server
	started  time.Time
	password string
	conn     *nats.Conn
	js       jetstream.JetStream
}

// startBroker runs NATS on loopback with one user; port -1 takes a free one.
func startBroker(dir, password string, port int) (*broker, error) {
	s, err := server.NewServer(&server.Options{
		ServerName: "webhookctl", Host: "127.0.0.1", Port: port,
		JetStream: true, StoreDir: dir, MaxPayload: brokerPayload, JetStreamMaxStore: brokerStore,
		Username: brokerUser, Password: password,
		NoLog: true, NoSigs: true,
	})
	if err != nil {
		return nil, fmt.Errorf("embedded NATS: %w", err)
	}
	said := &lastWords{fatal: make(chan struct{})}
	s.SetLoggerV2(said, false, false, false)
	s.Start()
	if err := said.ready(s); err != nil {
		s.Shutdown()
		return nil, fmt.Errorf("embedded NATS on port %d: %w", port, err)
	}
	b := &broker{server: s, started: time.Now(), password: password}
	if b.conn, err = nats.Connect(s.ClientURL(), nats.UserInfo(brokerUser, password), nats.Name("webhookctl")); err == nil {
		b.js, err = jetstream.New(b.conn)
	}
	if err != nil {
		b.stop()
		return nil, fmt.Errorf("embedded NATS: %w", err)
	}
	return b, nil
}

// startTimeout bounds the start of the server, whose store may be large.
const startTimeout = 10 * time.Second

// lastWords keeps what a server says before it gives up. It says it to its log alone.
type lastWords struct {
	mu    sync.Mutex
	texts []string
	once  sync.Once
	fatal chan struct{} // closed with the first fatal fault
}

// ready waits until s takes connections, or says why it does not.
func (l *lastWords) ready(s *server.Server) error {
	listens := make(chan bool, 1)
	go func() { listens <- s.ReadyForConnections(startTimeout) }()
	select {
	case <-l.fatal:
	case ok := <-listens:
		if ok {
			return nil
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.texts) == 0 {
		return fmt.Errorf("it does not listen after %s", startTimeout)
	}
	return errors.New(strings.Join(l.texts, "; "))
}

// maxWords bounds what is kept.
const maxWords = 8

func (l *lastWords) add(format string, values []any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.texts) < maxWords {
		l.texts = append(l.texts, fmt.Sprintf(format, values...))
	}
}

// Fatalf implements server.Logger.
func (l *lastWords) Fatalf(format string, values ...any) {
	l.add(format, values)
	l.once.Do(func() { close(l.fatal) })
}

// Errorf implements server.Logger.
func (l *lastWords) Errorf(format string, values ...any) { l.add(format, values) }

// Noticef implements server.Logger.
func (*lastWords) Noticef(string, ...any) {}

// Warnf implements server.Logger.
func (*lastWords) Warnf(string, ...any) {}

// Debugf implements server.Logger.
func (*lastWords) Debugf(string, ...any) {}

// Tracef implements server.Logger.
func (*lastWords) Tracef(string, ...any) {}

var _ server.Logger = (*lastWords)(nil)

func (b *broker) url() string { return b.server.ClientURL() }

func (b *broker) stop() {
	if b.conn != nil {
		b.conn.Close()
	}
	b.server.Shutdown()
	b.server.WaitForShutdown()
}

// stored is an event as it lies in the stream.
type stored struct {
	subject   string
	sequence  uint64
	msgID     string
	requestID string // of the request that brought it, "" if it names none
	data      []byte
}

func storedAs(m jetstream.Msg) stored {
	s := stored{subject: m.Subject(), msgID: m.Headers().Get(nats.MsgIdHdr), data: m.Data(), requestID: m.Headers().Get("ce-requestid")}
	if meta, err := m.Metadata(); err == nil {
		s.sequence = meta.Sequence.Stream
	}
	if s.requestID != "" { // binary mode: the data are the payload alone
		return s
	}
	var event struct {
		RequestID string `json:"requestid"`
	}
	if json.Unmarshal(s.data, &event) == nil {
		s.requestID = event.RequestID
	}
	return s
}

// lookInterval is how often it is looked for streams that were made meanwhile.
const lookInterval = 100 * time.Millisecond

// follow calls fn with everything that any stream, of whatever name, stores from the
// broker's start on, but for those that skip names and the buckets of JetStream.
func (b *broker) follow(ctx context.Context, skip func(stream string) bool, fn func(stored)) {
	followed := map[string]bool{}
	tick := time.NewTicker(lookInterval)
	defer tick.Stop()
	for {
		for name := range b.js.StreamNames(ctx).Name() {
			bucket := strings.HasPrefix(name, "OBJ_") || strings.HasPrefix(name, "KV_")
			if !followed[name] && !bucket && !skip(name) {
				followed[name] = b.consume(ctx, name, fn) == nil // else it is tried again
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// consume goes on until ctx is done.
func (b *broker) consume(ctx context.Context, stream string, fn func(stored)) error {
	consumer, err := b.js.OrderedConsumer(ctx, stream, jetstream.OrderedConsumerConfig{DeliverPolicy: jetstream.DeliverByStartTimePolicy, OptStartTime: &b.started})
	if err != nil {
		return err
	}
	c, err := consumer.Consume(func(m jetstream.Msg) { fn(storedAs(m)) })
	if err != nil {
		return err
	}
	context.AfterFunc(ctx, c.Stop)
	return nil
}
