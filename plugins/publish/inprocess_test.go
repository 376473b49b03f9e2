package publish_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/internal/pipeline"
)

// What a broker answers to a publish.
const (
	inProcess = `{"stream":"WEBHOOKS","seq":0,"error":{"code":409,"err_code":10158,"description":"duplicate message id is in process"}}`
	noRoom    = `{"stream":"WEBHOOKS","seq":0,"error":{"code":503,"err_code":10077,"description":"maximum bytes exceeded"}}`
	stored7   = `{"stream":"WEBHOOKS","seq":7}`
)

// TestInProcess_eventIsAskedForAgain has a broker that answers as the leader of a
// cluster does while an attempt before is on its way into the stream.
func TestInProcess_eventIsAskedForAgain(t *testing.T) {
	broker := startNATS(t, func(o *server.Options) { o.JetStream = false })
	var answers atomic.Pointer[[]string] // the last one stays
	var asked atomic.Int64
	nc := admin(t, broker.ClientURL()).Conn()
	if _, err := nc.Subscribe("webhooks.>", func(m *nats.Msg) {
		left := *answers.Load()
		if len(left) > 1 {
			rest := left[1:]
			answers.Store(&rest)
		}
		asked.Add(1)
		_ = m.Respond([]byte(left[0]))
	}); err != nil {
		t.Fatal(err)
	}
	if err := nc.Flush(); err != nil {
		t.Fatal(err)
	}
	set := journaling(broker.ClientURL(), t.TempDir())
	set["stream"], set["ack_timeout_ms"] = object{"ensure": "off"}, 10_000
	s, conns, out := journalStage(t, set)
	eventually(t, func() error { return s.Ready(t.Context()) })

	answers.Store(&[]string{inProcess, inProcess, stored7})
	handle(t, s, pipeline.AckBroker, "delivered")

	before := asked.Load()
	answers.Store(&[]string{noRoom, inProcess, inProcess, stored7})
	handle(t, s, pipeline.AckSpool, "spooled")
	drained(t, conns)
	if n := asked.Load() - before; n != 4 || number(t, conns, "journal_parked_events") != 0 || out.count("is parked") != 0 {
		t.Errorf("asked %d times, want 4, and nothing parked:\n%s", n, out)
	}
}

// TestInProcess_twoOfAnIDAreNotUnderWayTogether has a broker that takes a moment for each
// event and refuses a second one of an id meanwhile.
func TestInProcess_twoOfAnIDAreNotUnderWayTogether(t *testing.T) {
	broker := startNATS(t, func(o *server.Options) { o.JetStream = false })
	var room atomic.Bool
	var refused atomic.Int64
	var under sync.Map
	nc := admin(t, broker.ClientURL()).Conn()
	if _, err := nc.Subscribe("webhooks.>", func(m *nats.Msg) {
		id := m.Header.Get(nats.MsgIdHdr)
		switch _, busy := under.LoadOrStore(id, true); {
		case busy:
			refused.Add(1)
			_ = m.Respond([]byte(inProcess))
		case !room.Load():
			under.Delete(id)
			_ = m.Respond([]byte(noRoom))
		default:
			time.AfterFunc(50*time.Millisecond, func() { under.Delete(id); _ = m.Respond([]byte(stored7)) })
		}
	}); err != nil {
		t.Fatal(err)
	}
	if err := nc.Flush(); err != nil {
		t.Fatal(err)
	}
	set := journaling(broker.ClientURL(), t.TempDir())
	set["stream"] = object{"ensure": "off"}
	s, conns, _ := journalStage(t, set)
	eventually(t, func() error { return s.Ready(t.Context()) })
	handle(t, s, pipeline.AckSpool, "twice", "once", "twice")
	room.Store(true)
	drained(t, conns)
	if n := refused.Load(); n != 0 {
		t.Errorf("%d were refused because another of their id was under way", n)
	}
}

// TestObjects_payloadIsKeptWhereAnAttemptIsInDoubt has a broker that stores the event and
// does not say so, and refuses the next attempt: nothing says then that no event
// refers to the payload.
func TestObjects_payloadIsKeptWhereAnAttemptIsInDoubt(t *testing.T) {
	t.Parallel()
	for name, answers := range map[string][]string{
		"no ack, then no room":    {"", noRoom},
		"no ack, then in process": {"", inProcess},
		"in process":              {inProcess},
	} {
		t.Run(name, func(t *testing.T) {
			broker := startNATS(t, small)
			js := admin(t, broker.ClientURL())
			if _, err := js.CreateObjectStore(t.Context(), jetstream.ObjectStoreConfig{Bucket: "WEBHOOKS_DATA"}); err != nil {
				t.Fatal(err)
			}
			var asked atomic.Int64
			if _, err := js.Conn().Subscribe("webhooks.>", func(m *nats.Msg) {
				n := min(int(asked.Add(1)), len(answers)) - 1
				if answers[n] != "" {
					_ = m.Respond([]byte(answers[n]))
				}
			}); err != nil {
				t.Fatal(err)
			}
			if err := js.Conn().Flush(); err != nil {
				t.Fatal(err)
			}
			stage, _ := newStage(t, object{"servers": []string{broker.ClientURL()}, "ack_timeout_ms": 1000, "stream": object{"ensure": "off"}})
			eventually(t, func() error { return stage.Ready(t.Context()) })
			if err := stage.Handle(t.Context(), large("e1")); err == nil {
				t.Error("it is accepted")
			}
			if asked.Load() < 2 {
				t.Errorf("asked %d times", asked.Load())
			}
			if names, _ := objects(t, broker); len(names) != 1 {
				t.Errorf("objects %v, want the one that an event may refer to", names)
			}
		})
	}
}
