package local

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
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
	s.Start()
	if !s.ReadyForConnections(10 * time.Second) {
		s.Shutdown()
		return nil, fmt.Errorf("embedded NATS does not listen on port %d: is another one there?", port)
	}
	b := &broker{server: s, password: password}
	if b.conn, err = nats.Connect(s.ClientURL(), nats.UserInfo(brokerUser, password), nats.Name("webhookctl")); err == nil {
		b.js, err = jetstream.New(b.conn)
	}
	if err != nil {
		b.stop()
		return nil, fmt.Errorf("embedded NATS: %w", err)
	}
	return b, nil
}

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
	s := stored{subject: m.Subject(), msgID: m.Headers().Get(nats.MsgIdHdr), data: m.Data()}
	if meta, err := m.Metadata(); err == nil {
		s.sequence = meta.Sequence.Stream
	}
	var event struct {
		RequestID string `json:"requestid"`
	}
	if json.Unmarshal(s.data, &event) == nil {
		s.requestID = event.RequestID
	}
	return s
}

// follow calls fn with every event from now on. It waits for the stream, made on demand.
func (b *broker) follow(ctx context.Context, stream string, fn func(stored)) error {
	for {
		consumer, err := b.js.OrderedConsumer(ctx, stream, jetstream.OrderedConsumerConfig{})
		if err == nil {
			return consume(ctx, consumer, fn)
		}
		if !errors.Is(err, jetstream.ErrStreamNotFound) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
}

func consume(ctx context.Context, consumer jetstream.Consumer, fn func(stored)) error {
	c, err := consumer.Consume(func(m jetstream.Msg) { fn(storedAs(m)) })
	if err != nil {
		return err
	}
	defer c.Stop()
	<-ctx.Done()
	return nil
}
