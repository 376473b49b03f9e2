package publish_test

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/publish"
)

// cutter passes bytes between clients and a broker, and ends the connection in
// place of an ack when it is told to.
type cutter struct {
	url      string
	cut      atomic.Int32 // acks still to be cut off
	searches atomic.Int64 // of the stream that are to break the connection
}

func startCutter(t *testing.T, broker *server.Server) *cutter {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	c := &cutter{url: "nats://" + l.Addr().String()}
	go func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			up, err := net.Dial("tcp", broker.Addr().String()) //nolint:noctx // ends with the broker
			if err != nil {
				_ = client.Close()
				continue
			}
			go c.up(client, up)
			go c.down(client, up)
		}
	}()
	return c
}

// up breaks the connection at a search of the stream, as often as searches says.
func (c *cutter) up(client, up net.Conn) {
	defer func() { _, _ = client.Close(), up.Close() }()
	buf := make([]byte, 64<<10)
	for {
		n, err := client.Read(buf)
		if bytes.Contains(buf[:n], []byte("$JS.API.CONSUMER.CREATE.")) && c.searches.Add(-1) >= 0 {
			return
		}
		if _, werr := up.Write(buf[:n]); err != nil || werr != nil {
			return
		}
	}
}

func (c *cutter) down(client, up net.Conn) {
	defer func() { _, _ = client.Close(), up.Close() }()
	buf := make([]byte, 64<<10)
	for {
		n, err := up.Read(buf)
		if at := bytes.Index(buf[:n], []byte(`{"stream":"WEBHOOKS"`)); at >= 0 && c.cut.Add(-1) >= 0 {
			_, _ = client.Write(buf[:at+5]) // a part of it arrives
			return
		}
		if _, werr := client.Write(buf[:n]); err != nil || werr != nil {
			return
		}
	}
}

func TestRetry_ackThatIsCutOffIsAskedForAgain(t *testing.T) {
	t.Parallel()
	broker := startNATS(t, nil)
	link := startCutter(t, broker)
	set := creating(link.url)
	set["ack_timeout_ms"] = 4000
	conns, _ := connections(t)
	stage, err := publish.New(settings(t, set), conns)
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, func() error { return stage.Ready(t.Context()) })
	for i := range 3 {
		link.cut.Store(1)
		d := delivery(fmt.Sprint("e", i))
		d.Event().RequestID = fmt.Sprint("request ", i)
		if err := stage.Handle(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		if d.Ack.By != pipeline.AckBroker || d.Ack.Sequence != uint64(i+1) {
			t.Errorf("ack %+v: the event was stored by this delivery", d.Ack)
		}
	}
	if diff := cmp.Diff(3, len(stored(t, broker, "WEBHOOKS"))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if err := testutil.CollectAndCompare(conns.Metrics(), strings.NewReader(""), "webhook_edge_publish_retries_total"); err == nil {
		t.Error("no retry is counted")
	}
}

// TestRetry_deadBrokerCostsNoWait counts what can be refused in the time that one
// delivery may wait for an ack.
func TestRetry_deadBrokerCostsNoWait(t *testing.T) {
	for name, url := range map[string]func(*testing.T) string{
		"nobody listens":   func(t *testing.T) string { return fmt.Sprintf("nats://127.0.0.1:%d", freePort(t)) },
		"it says nothing":  silentServer,
		"it has no answer": mute,
	} {
		t.Run(name, func(t *testing.T) {
			stage, _ := newStage(t, object{"servers": []string{url(t)}, "ack_timeout_ms": 400, "stream": object{"ensure": "off"}})
			var best, quick int
			deadline := time.Now().Add(10 * time.Second)
			for i := 0; best < 100 && time.Now().Before(deadline); i++ {
				start := time.Now()
				err := stage.Handle(t.Context(), delivery(fmt.Sprint(i)))
				var reject *pipeline.Reject
				if !errors.As(err, &reject) || !reject.Code.Info().Retry {
					t.Fatalf("got %v, want a refusal that is tried again", err)
				}
				if quick++; time.Since(start) > 20*time.Millisecond {
					quick = 0
				}
				best = max(best, quick)
			}
			if best < 100 {
				t.Errorf("at most %d deliveries in a row did not wait", best)
			}
		})
	}
}

// mute is a NATS server where nobody acknowledges.
func mute(t *testing.T) string {
	t.Helper()
	broker := startNATS(t, func(o *server.Options) { o.JetStream = false })
	nc := admin(t, broker.ClientURL()).Conn()
	if _, err := nc.SubscribeSync("webhooks.>"); err != nil {
		t.Fatal(err)
	}
	if err := nc.Flush(); err != nil {
		t.Fatal(err)
	}
	return broker.ClientURL()
}

// BenchmarkDeadBroker is what a delivery costs while the broker is left alone.
func BenchmarkDeadBroker(b *testing.B) {
	stage, _ := newStage(b, object{"servers": []string{"nats://127.0.0.1:1"}, "ack_timeout_ms": 100})
	d := delivery("e1")
	for range 100 {
		_ = stage.Handle(b.Context(), d)
	}
	b.ReportAllocs()
	for b.Loop() {
		_ = stage.Handle(b.Context(), d)
	}
}
