// Package natstest runs NATS servers for tests. Nothing but tests and their kits
// may import it.
package natstest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// MaxStore is what streams may reserve, in bytes. It is no part of the free disk, which
// NATS takes otherwise, so that no test depends on the machine's.
const MaxStore = 64 << 30

// readyTimeout bounds how long a server may take to listen.
const readyTimeout = 10 * time.Second

// Start runs a server with JetStream on a free port of the loopback address until
// the test ends. Changes of its options are made in their order; its files are in a
// temporary directory unless one of them names another.
func Start(t testing.TB, changes ...func(*server.Options)) *server.Server {
	t.Helper()
	s, err := Run(t.TempDir(), changes...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { Stop(s) })
	return s
}

// Run is Start for an example, which has no testing.TB: the server's files are in
// dir, and Stop ends it.
func Run(dir string, changes ...func(*server.Options)) (*server.Server, error) {
	opts := &server.Options{Host: "127.0.0.1", Port: server.RANDOM_PORT, JetStream: true, StoreDir: dir, JetStreamMaxStore: MaxStore, NoLog: true, NoSigs: true}
	for _, change := range changes {
		change(opts)
	}
	s, err := server.NewServer(opts)
	if err != nil {
		return nil, err
	}
	s.Start()
	if !s.ReadyForConnections(readyTimeout) {
		Stop(s)
		return nil, errors.New("the broker did not start")
	}
	return s, nil
}

// Stop ends a server before the test does.
func Stop(s *server.Server) {
	s.Shutdown()
	s.WaitForShutdown()
}

// Connect returns a connection that is closed when the test ends.
func Connect(t testing.TB, s *server.Server, opts ...nats.Option) *nats.Conn {
	t.Helper()
	nc, err := nats.Connect(s.ClientURL(), opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	return nc
}

// JetStream starts a server and returns a client of it.
func JetStream(t testing.TB, changes ...func(*server.Options)) jetstream.JetStream {
	t.Helper()
	return Client(t, Start(t, changes...))
}

// Client returns a client of s, whose connection is closed when the test ends.
func Client(t testing.TB, s *server.Server, opts ...nats.Option) jetstream.JetStream {
	t.Helper()
	js, err := jetstream.New(Connect(t, s, opts...))
	if err != nil {
		t.Fatal(err)
	}
	return js
}

// listTimeout bounds one attempt of Objects.
const listTimeout = time.Second

// Objects lists a bucket. A list of nats.go waits for ever when the last object it found
// is removed while it asks for it, so one without an answer is asked for again.
func Objects(ctx context.Context, store jetstream.ObjectStore) ([]*jetstream.ObjectInfo, error) {
	for attempt := 1; ; attempt++ {
		once, cancel := context.WithTimeout(ctx, listTimeout)
		list, err := store.List(once)
		cancel()
		if !errors.Is(err, context.DeadlineExceeded) || attempt == 5 {
			return list, err
		}
	}
}
