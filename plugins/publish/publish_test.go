package publish_test

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/publish"
)

func TestHandle_storesTheEvent(t *testing.T) {
	broker := startNATS(t, nil)
	stage, _ := readyStage(t, creating(broker.ClientURL()))
	d := delivery("e1")
	if err := stage.Handle(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(pipeline.Ack{By: pipeline.AckBroker, Stream: "WEBHOOKS", Sequence: 1}, d.Ack); diff != "" {
		t.Errorf("ack (-want +got):\n%s", diff)
	}
	stream, err := admin(t, broker.ClientURL()).Stream(t.Context(), "WEBHOOKS")
	if err != nil {
		t.Fatal(err)
	}
	got, err := stream.GetMsg(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if got.Subject != "webhooks.github.octo.issues.opened" {
		t.Errorf("subject %s", got.Subject)
	}
	if want := d.Event().AppendJSON(nil); !bytes.Equal(got.Data, want) {
		t.Errorf("stored %s, want %s", got.Data, want)
	}
	for header, want := range map[string]string{
		"Nats-Msg-Id": "github:e1", "Content-Type": "application/cloudevents+json", "traceparent": d.Event().TraceParent,
	} {
		if v := got.Header.Get(header); v != want {
			t.Errorf("header %s is %q, want %q", header, v, want)
		}
	}
}

func TestHandle_leavesNoTraceOfAnEarlierEvent(t *testing.T) {
	broker := startNATS(t, nil)
	stage, _ := readyStage(t, creating(broker.ClientURL()))
	first, second := delivery("e1"), delivery("e2")
	second.Event().TraceParent, second.Event().Data = "", []byte(`1`)
	for _, d := range []*pipeline.Delivery{first, second} {
		if err := stage.Handle(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	}
	stream, err := admin(t, broker.ClientURL()).Stream(t.Context(), "WEBHOOKS")
	if err != nil {
		t.Fatal(err)
	}
	got, err := stream.GetMsg(t.Context(), 2)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := got.Header["traceparent"]; ok || !bytes.Equal(got.Data, second.Event().AppendJSON(nil)) {
		t.Errorf("stored %v %s", got.Header, got.Data)
	}
}

func TestHandle_reportsADuplicate(t *testing.T) {
	broker := startNATS(t, nil)
	stage, _ := readyStage(t, creating(broker.ClientURL()))
	for i, want := range []string{pipeline.AckBroker, pipeline.AckDuplicate, pipeline.AckDuplicate} {
		d := delivery("same")
		if err := stage.Handle(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		if d.Ack.By != want || d.Ack.Sequence != 1 {
			t.Errorf("delivery %d: ack %+v, want by %s", i+1, d.Ack, want)
		}
	}
}

func TestHandle_needsAWholeEvent(t *testing.T) {
	broker := startNATS(t, nil)
	stage, _ := newStage(t, creating(broker.ClientURL()))
	if err := stage.Handle(t.Context(), &pipeline.Delivery{}); !errors.Is(err, publish.ErrNoEvent) {
		t.Errorf("without an event: %v, want ErrNoEvent", err)
	}
	d := delivery("")
	if err := stage.Handle(t.Context(), d); !errors.Is(err, event.ErrIncomplete) {
		t.Errorf("without an id: %v, want ErrIncomplete", err)
	}
}

func TestHandle_refusesWhatTheBrokerWouldNotTake(t *testing.T) {
	broker := startNATS(t, func(o *server.Options) { o.MaxPayload = 4096; o.MaxPending = 8192 })
	set := creating(broker.ClientURL())
	set["objects"] = object{"bucket": ""}
	stage, _ := readyStage(t, set)
	largest := 0
	for size := 3000; size < 4097; size++ {
		d := delivery(strconv.Itoa(size))
		d.Event().Data = []byte(`"` + strings.Repeat("x", size-2) + `"`)
		err := stage.Handle(t.Context(), d)
		if err == nil {
			largest = size
			continue
		}
		wantReject(t, err, pipeline.EventTooLarge, publish.ErrTooLarge)
		break
	}
	// 4,096 bytes hold the headers, 180 or so, and the event's attributes, 300 or so.
	if largest < 3400 || largest > 3800 {
		t.Errorf("the largest body that passed has %d bytes", largest)
	}
	if err := stage.Handle(t.Context(), delivery("after")); err != nil {
		t.Errorf("after a refusal: %v", err)
	}
}

func TestHandle_namesTheStreamThatIsMissing(t *testing.T) {
	t.Parallel()
	broker := startNATS(t, nil)
	stage, out := newStage(t, object{"servers": []string{broker.ClientURL()}})
	for range 5 {
		reject := wantReject(t, stage.Handle(t.Context(), delivery("e1")), pipeline.NoStream, publish.ErrNoStream)
		if text := reject.Error(); !strings.Contains(text, `create a stream WEBHOOKS that takes "webhooks.>"`) {
			t.Errorf("the reason does not say what to create: %s", text)
		}
	}
	if n := out.count("no stream takes the events"); n != 1 {
		t.Errorf("logged %d times, want once:\n%s", n, out)
	}
	if err := stage.Ready(t.Context()); !errors.Is(err, publish.ErrUnfit) {
		t.Errorf("Ready() = %v, want ErrUnfit", err)
	}
	addStream(t, broker, jetstream.StreamConfig{Name: "WEBHOOKS", Subjects: []string{"webhooks.>"}})
	if err := stage.Handle(t.Context(), delivery("e1")); err != nil {
		t.Errorf("after the stream was created: %v", err)
	}
	eventually(t, func() error { return stage.Ready(t.Context()) })
}

func TestHandle_refusesTheAckOfAnotherStream(t *testing.T) {
	broker := startNATS(t, nil)
	addStream(t, broker, jetstream.StreamConfig{Name: "OTHER", Subjects: []string{"webhooks.>"}})
	stage, _ := newStage(t, object{"servers": []string{broker.ClientURL()}})
	wantReject(t, stage.Handle(t.Context(), delivery("e1")), pipeline.NoStream, publish.ErrNoStream)
	stream, err := admin(t, broker.ClientURL()).Stream(t.Context(), "OTHER")
	if err != nil {
		t.Fatal(err)
	}
	if n := stream.CachedInfo().State.Msgs; n != 0 {
		t.Errorf("the other stream holds %d events, want none", n)
	}
}

func TestHandle_refusesWhenTheStreamIsFull(t *testing.T) {
	broker := startNATS(t, nil)
	set := creating(broker.ClientURL())
	set["stream"] = object{"ensure": "create", "max_bytes": 2000}
	stage, _ := readyStage(t, set)
	for i := range 20 {
		if err := stage.Handle(t.Context(), delivery(strconv.Itoa(i))); err != nil {
			wantReject(t, err, pipeline.BrokerUnavailable, publish.ErrRefused)
			return
		}
	}
	t.Error("20 events went into 2,000 bytes")
}

func TestHandle_storesManyAtOnce(t *testing.T) {
	broker := startNATS(t, nil)
	stage, _ := readyStage(t, creating(broker.ClientURL()))
	const senders, each = 64, 5
	var wg sync.WaitGroup
	for i := range senders {
		wg.Go(func() {
			for j := range each {
				d := delivery(fmt.Sprintf("%d-%d", i, j))
				d.Event().Data = fmt.Appendf(nil, `{"n":%d,"pad":%q}`, i*each+j, strings.Repeat("x", i*40))
				if err := stage.Handle(t.Context(), d); err != nil || d.Ack.By != pipeline.AckBroker {
					t.Errorf("%s: %v, %+v", d.Event().ID, err, d.Ack)
				}
			}
		})
	}
	wg.Wait()
	stream, err := admin(t, broker.ClientURL()).Stream(t.Context(), "WEBHOOKS")
	if err != nil {
		t.Fatal(err)
	}
	for seq := uint64(1); seq <= senders*each; seq++ {
		msg, err := stream.GetMsg(t.Context(), seq)
		if err != nil {
			t.Fatal(err)
		}
		id, _ := strings.CutPrefix(msg.Header.Get("Nats-Msg-Id"), "github:")
		var i, j int
		if _, err := fmt.Sscanf(id, "%d-%d", &i, &j); err != nil {
			t.Fatal(err)
		}
		d := delivery(id)
		d.Event().Data = fmt.Appendf(nil, `{"n":%d,"pad":%q}`, i*each+j, strings.Repeat("x", i*40))
		if want := d.Event().AppendJSON(nil); !bytes.Equal(msg.Data, want) {
			t.Fatalf("event %s is stored as %s", id, msg.Data)
		}
	}
}

func TestHandle_waitsForAConnectNoLongerThanForAnAck(t *testing.T) {
	stage, _ := newStage(t, object{"servers": []string{silentServer(t)}, "ack_timeout_ms": 300})
	start := time.Now()
	wantReject(t, stage.Handle(t.Context(), delivery("e1")), pipeline.BrokerUnavailable, publish.ErrDisconnected)
	if took := time.Since(start); took < 300*time.Millisecond || took > 1500*time.Millisecond {
		t.Errorf("waited %v for the first connect, want 300ms", took)
	}
}

func addStream(t *testing.T, broker *server.Server, cfg jetstream.StreamConfig) {
	t.Helper()
	if _, err := admin(t, broker.ClientURL()).CreateStream(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
}
