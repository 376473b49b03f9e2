package publish_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/publish"
)

// exact are settings under which no window is needed.
func exact(url string) object {
	set := creating(url)
	set["dedupe"] = "exact"
	return set
}

func TestDuplicate_withAnotherBodyIsHeld(t *testing.T) {
	for name, set := range map[string]func(string) object{"window": creating, "exact": exact} {
		for _, mode := range []string{"structured", "binary"} {
			t.Run(name+", "+mode, func(t *testing.T) {
				broker := startNATS(t, nil)
				conns, out := connections(t)
				k := &keeper{}
				cfg := set(broker.ClientURL())
				cfg["content_mode"] = mode
				stage, err := publish.New(settings(t, cfg), conns, publish.WithKeeper(k))
				if err != nil {
					t.Fatal(err)
				}
				eventually(t, func() error { return stage.Ready(t.Context()) })
				handle := func(body, request string) string {
					t.Helper()
					d := delivery("e1")
					d.Event().Data, d.Event().RequestID = []byte(body), request
					if err := stage.Handle(t.Context(), d); err != nil {
						t.Fatal(err)
					}
					return d.Ack.By
				}
				first := `{"secret-body": 1}`
				got := []string{handle(first, "r1"), handle(first, "r2"), handle(" "+first+"\n", "r3"), handle(`{"secret-body": 2}`, "r4"), handle(first, "r1")}
				want := []string{pipeline.AckBroker, pipeline.AckDuplicate, pipeline.AckDuplicate, pipeline.AckQuarantine, pipeline.AckBroker}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
				if diff := cmp.Diff([]string{"e1 id_reused"}, k.held); diff != "" {
					t.Errorf("held (-want +got):\n%s", diff)
				}
				if out.count("uses an id again") != 1 || strings.Contains(out.String(), "secret-body") {
					t.Errorf("the alarm:\n%s", out)
				}
				if n := len(stored(t, broker, "WEBHOOKS")); n != 1 {
					t.Errorf("%d events are stored", n)
				}
				count := "# HELP webhook_edge_publish_id_reused_total Events whose id came before with another body.\n# TYPE webhook_edge_publish_id_reused_total counter\nwebhook_edge_publish_id_reused_total 1\n"
				if err := testutil.CollectAndCompare(conns.Metrics(), strings.NewReader(count), "webhook_edge_publish_id_reused_total"); err != nil {
					t.Error(err)
				}
			})
		}
	}
}

func TestDuplicate_withAnotherBodyIsRefusedWithoutQuarantine(t *testing.T) {
	broker := startNATS(t, nil)
	stage, _ := readyStage(t, creating(broker.ClientURL()))
	if err := stage.Handle(t.Context(), delivery("e1")); err != nil {
		t.Fatal(err)
	}
	d := delivery("e1")
	d.Event().Data = []byte(`1`)
	wantReject(t, stage.Handle(t.Context(), d), pipeline.IDReused, publish.ErrIDReused)
}

func TestDuplicate_ofAnEventThatWasTakenOut(t *testing.T) {
	broker := startNATS(t, nil)
	stage, _ := readyStage(t, creating(broker.ClientURL()))
	if err := stage.Handle(t.Context(), delivery("e1")); err != nil {
		t.Fatal(err)
	}
	s, err := admin(t, broker.ClientURL()).Stream(t.Context(), "WEBHOOKS")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.DeleteMsg(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	d := delivery("e1")
	if err := stage.Handle(t.Context(), d); err != nil || d.Ack.By != pipeline.AckDuplicate {
		t.Errorf("%v, %+v", err, d.Ack)
	}
}

// TestExact_knowsAnIDBeyondTheWindow uses the shortest window that a stream can
// have, and a restart, which forgets what is older than it.
func TestExact_knowsAnIDBeyondTheWindow(t *testing.T) {
	t.Parallel()
	const window = 100 * time.Millisecond
	for name, tt := range map[string]struct {
		set  func(string) object
		want []string
	}{
		"window": {creating, []string{pipeline.AckBroker, pipeline.AckBroker}},
		"exact":  {exact, []string{pipeline.AckBroker, pipeline.AckDuplicate}},
	} {
		t.Run(name, func(t *testing.T) {
			broker := startNATS(t, nil)
			addStream(t, broker, jetstream.StreamConfig{Name: "WEBHOOKS", Subjects: []string{"webhooks.>"}, Duplicates: window})
			stage, _ := readyStage(t, tt.set(broker.ClientURL()))
			var got []string
			for range 2 {
				d := delivery("e1")
				if err := stage.Handle(t.Context(), d); err != nil {
					t.Fatal(err)
				}
				got = append(got, d.Ack.By)
				forgotten(t, broker)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// forgotten waits until the stream's window knows no id any more, which shows in
// a probe's id.
func forgotten(t *testing.T, broker *server.Server) {
	t.Helper()
	js := admin(t, broker.ClientURL())
	probe := nats.NewMsg("webhooks.probe.forgotten")
	publishProbe := func() (bool, error) {
		ack, err := js.PublishMsg(t.Context(), probe, jetstream.WithMsgID("probe:"+t.Name()))
		return err == nil && ack.Duplicate, err
	}
	if _, err := publishProbe(); err != nil {
		t.Fatal(err)
	}
	eventually(t, func() error {
		known, err := publishProbe()
		if known {
			return fmt.Errorf("the id is still known")
		}
		return err
	})
}

func TestExact_subjectHoldsTheID(t *testing.T) {
	broker := startNATS(t, nil)
	stage, _ := readyStage(t, exact(broker.ClientURL()))
	long := strings.Repeat("x", 200)
	for _, d := range []*pipeline.Delivery{delivery("a.b"), delivery(long), delivery("plain"), delivery("routed")} {
		if d.Event().ID == "plain" {
			d.Event().Action = ""
		}
		if d.Event().ID == "routed" {
			d.Items[0].Targets = []pipeline.Target{{Subject: "webhooks.copies"}, {Subject: "webhooks.others"}}
		}
		if err := stage.Handle(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{
		"github:a.b webhooks.github.octo.issues.opened.a%2Eb",
		"github:plain webhooks.github.octo.issues._.plain",
		"github:routed webhooks.copies.routed",
		"github:routed@webhooks.others webhooks.others.routed",
		"github:" + long + " webhooks.github.octo.issues.opened." + event.EscapeToken(long),
	}
	if diff := cmp.Diff(want, stored(t, broker, "WEBHOOKS")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestBinaryMode_isThePayloadAlone(t *testing.T) {
	broker := startNATS(t, nil)
	set := creating(broker.ClientURL())
	set["content_mode"] = "binary"
	stage, _ := readyStage(t, set)
	d := delivery("e1")
	if err := stage.Handle(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	s, err := admin(t, broker.ClientURL()).Stream(t.Context(), "WEBHOOKS")
	if err != nil {
		t.Fatal(err)
	}
	m, err := s.GetMsg(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	got, err := event.Parse(m.Header, m.Data)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(d.Event(), got); diff != "" || string(m.Data) != string(d.Event().Data) {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestDuplicate_thatTheBrokerLostIsNone has a broker that names a place where another
// event stands by now, or none: it lost what it named in a cut of power.
func TestDuplicate_thatTheBrokerLostIsNone(t *testing.T) {
	t.Parallel()
	for name, sequence := range map[string]int{"another event stands there": 1, "it is behind the end": 7} {
		t.Run(name, func(t *testing.T) {
			broker := startNATS(t, nil)
			addStream(t, broker, jetstream.StreamConfig{Name: "WEBHOOKS", Subjects: []string{"elsewhere.>"}})
			js := admin(t, broker.ClientURL())
			if _, err := js.Publish(t.Context(), "elsewhere.x", []byte("{}"), jetstream.WithMsgID("github:other")); err != nil {
				t.Fatal(err)
			}
			_, err := js.Conn().Subscribe("webhooks.>", func(m *nats.Msg) {
				_ = m.Respond(fmt.Appendf(nil, `{"stream":"WEBHOOKS","seq":%d,"duplicate":true}`, sequence))
			})
			if err = errors.Join(err, js.Conn().Flush()); err != nil { // the broker knows of it now
				t.Fatal(err)
			}
			set := creating(broker.ClientURL())
			set["stream"] = object{"ensure": "off"}
			conns, _ := connections(t)
			k := &keeper{}
			stage, err := publish.New(settings(t, set), conns, publish.WithKeeper(k))
			if err != nil {
				t.Fatal(err)
			}
			var reject *pipeline.Reject
			if err := stage.Handle(t.Context(), delivery("e1")); !errors.As(err, &reject) || reject.Code != pipeline.BrokerUnavailable {
				t.Errorf("got %v", err)
			}
			if len(k.held) > 0 {
				t.Errorf("held: %q", k.held)
			}
		})
	}
}
