package publish_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/publish"
)

// silentServer accepts connections and never says a word.
func silentServer(t *testing.T) string {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return "nats://" + l.Addr().String()
}

// freePort is a port on which nobody listens now.
func freePort(t testing.TB) int {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().(*net.TCPAddr).Port
}

func TestOutage_downAtTheStart(t *testing.T) {
	port := freePort(t)
	stage, out := newStage(t, creating(fmt.Sprintf("nats://127.0.0.1:%d", port)))
	for range 20 {
		start := time.Now()
		wantReject(t, stage.Handle(t.Context(), delivery("e1")), pipeline.BrokerUnavailable, publish.ErrDisconnected)
		if took := time.Since(start); took > time.Second {
			t.Errorf("refused after %v", took)
		}
	}
	if err := stage.Ready(t.Context()); !errors.Is(err, publish.ErrDisconnected) {
		t.Errorf("Ready() = %v, want ErrDisconnected", err)
	}
	startNATS(t, func(o *server.Options) { o.Port = port })
	eventually(t, func() error { return stage.Handle(t.Context(), delivery("e1")) })
	eventually(t, func() error { return stage.Ready(t.Context()) })
	if n := out.count("nats connect failed"); n < 1 || n > 2 {
		t.Errorf("failures logged %d times, want once for each reason:\n%s", n, out)
	}
}

func TestOutage_killedWhilePublishing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	broker := startNATS(t, func(o *server.Options) { o.StoreDir = dir })
	port := broker.Addr().(*net.TCPAddr).Port
	set := creating(broker.ClientURL())
	set["ack_timeout_ms"] = 500
	stage, out := readyStage(t, set)

	stopped := make(chan struct{})
	go func() { stop(broker); close(stopped) }()
	stored := map[uint64]string{}
	for i := 0; ; i++ {
		id := "e" + strconv.Itoa(i)
		start := time.Now()
		d := delivery(id)
		err := stage.Handle(t.Context(), d)
		if took := time.Since(start); took > 1500*time.Millisecond {
			t.Errorf("answered after %v", took)
		}
		if err == nil {
			stored[d.Ack.Sequence] = id
			continue
		}
		var reject *pipeline.Reject
		if !errors.As(err, &reject) || reject.Code != pipeline.BrokerUnavailable && reject.Code != pipeline.NoStream {
			t.Fatalf("got %v, want a refusal that a sender tries again", err)
		}
		break
	}
	<-stopped
	wantReject(t, stage.Handle(t.Context(), delivery("while down")), pipeline.BrokerUnavailable, publish.ErrDisconnected)

	again := startNATS(t, func(o *server.Options) { o.StoreDir = dir; o.Port = port })
	eventually(t, func() error { return stage.Handle(t.Context(), delivery("after")) })
	stream, err := admin(t, again.ClientURL()).Stream(t.Context(), "WEBHOOKS")
	if err != nil {
		t.Fatal(err)
	}
	for seq, id := range stored {
		msg, err := stream.GetMsg(t.Context(), seq)
		if err != nil || msg.Header.Get("Nats-Msg-Id") != "github:"+id {
			t.Errorf("%s was acknowledged as %d and is not there: %v", id, seq, err)
		}
	}
	if n := out.count("nats disconnected"); n != 1 {
		t.Errorf("the disconnect is logged %d times:\n%s", n, out)
	}
}

func TestOutage_ackNeverComes(t *testing.T) {
	t.Parallel()
	broker := startNATS(t, func(o *server.Options) { o.JetStream = false })
	nc := admin(t, broker.ClientURL()).Conn()
	if _, err := nc.SubscribeSync("webhooks.>"); err != nil { // a responder that answers nothing
		t.Fatal(err)
	}
	if err := nc.Flush(); err != nil {
		t.Fatal(err)
	}
	stage, _ := newStage(t, object{"servers": []string{broker.ClientURL()}, "ack_timeout_ms": 1000, "stream": object{"ensure": "off"}})
	eventually(t, func() error { return stage.Ready(t.Context()) })
	start := time.Now()
	wantReject(t, stage.Handle(t.Context(), delivery("e1")), pipeline.BrokerUnavailable, publish.ErrAckTimeout)
	if took := time.Since(start); took < time.Second || took > 5*time.Second {
		t.Errorf("waited %v for the ack, want 1s", took)
	}
}

func TestConnections_deliveriesWaitForTheFirstConnect(t *testing.T) {
	t.Parallel()
	broker := startNATS(t, nil)
	first, _ := readyStage(t, creating(broker.ClientURL()))
	_ = first
	for i := range 20 { // each with a connection of its own, used at once
		conns, _ := connections(t)
		stage, err := publish.New(settings(t, object{"servers": []string{broker.ClientURL()}}), conns)
		if err != nil {
			t.Fatal(err)
		}
		if err := stage.Handle(t.Context(), delivery(strconv.Itoa(i))); err != nil {
			t.Fatalf("the first delivery: %v", err)
		}
	}
}

func TestConnections_areShared(t *testing.T) {
	broker := startNATS(t, nil)
	conns, out := connections(t)
	cfg := settings(t, creating(broker.ClientURL()))
	var stages []*publish.Stage
	for i := range 10 {
		cfg.AckTimeoutMS = 1000 + i // no part of the connection
		s, err := publish.New(cfg, conns)
		if err != nil {
			t.Fatal(err)
		}
		eventually(t, func() error { return s.Ready(t.Context()) })
		stages = append(stages, s)
	}
	if n := broker.NumClients(); n != 1 {
		t.Errorf("%d connections for one set of settings, want 1", n)
	}
	cfg.SubjectPrefix, cfg.Stream.Name = "others", "OTHERS"
	other, err := publish.New(cfg, conns)
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, func() error { return conns.Ready(t.Context()) })
	if n := broker.NumClients(); n != 2 {
		t.Errorf("%d connections for two sets of settings, want 2", n)
	}
	other.Close()
	other.Close() // gives back once
	for _, s := range stages[1:] {
		s.Close()
	}
	eventually(t, func() error { return clients(broker, 1) })
	if err := stages[0].Handle(t.Context(), delivery("e1")); err != nil {
		t.Errorf("the last user's connection: %v", err)
	}
	stages[0].Close()
	eventually(t, func() error { return clients(broker, 0) })
	if strings.Contains(out.String(), "disconnected") {
		t.Errorf("closing is no outage:\n%s", out)
	}
}

func TestConnections_outliveTheirUsersForAWhile(t *testing.T) {
	broker := startNATS(t, nil)
	conns := publish.NewConnections(slog.New(slog.DiscardHandler), time.Hour, "edge")
	cfg := settings(t, creating(broker.ClientURL()))
	var before uint64
	for i := range 5 { // Kong closes an instance before it starts the next
		stage, err := publish.New(cfg, conns)
		if err != nil {
			t.Fatal(err)
		}
		if err := stage.Handle(t.Context(), delivery(strconv.Itoa(i))); i > 0 && err != nil {
			t.Errorf("instance %d found no connection: %v", i, err)
		}
		eventually(t, func() error { return stage.Ready(t.Context()) })
		stage.Close()
		stats, err := broker.Varz(nil)
		if err != nil {
			t.Fatal(err)
		}
		if i > 0 && stats.TotalConnections != before {
			t.Errorf("instance %d made a new connection", i)
		}
		before = stats.TotalConnections
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := conns.Close(ctx); err != nil {
		t.Error(err)
	}
	eventually(t, func() error { return clients(broker, 0) })
	if _, err := publish.New(cfg, conns); !errors.Is(err, publish.ErrClosed) {
		t.Errorf("after Close: %v, want ErrClosed", err)
	}
}

func clients(broker *server.Server, want int) error {
	if n := broker.NumClients(); n != want {
		return fmt.Errorf("%d connections, want %d", n, want)
	}
	return nil
}
