package observe_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/natstest"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/telemetry"
	"webhookedge/plugins/observe"
)

const subject = "webhooks-trace.deliveries"

var noon = time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)

type kit struct {
	*observe.Writer
	metrics *telemetry.Metrics
}

func newKit(t *testing.T, now func() time.Time) kit {
	t.Helper()
	metrics, err := telemetry.NewMetrics("test", []string{"github"}, []string{"verify"})
	if err != nil {
		t.Fatal(err)
	}
	w, err := observe.New(slog.New(slog.DiscardHandler), now, metrics)
	if err != nil {
		t.Fatal(err)
	}
	return kit{w, metrics}
}

// close ends the writer, and returns how many records were written and dropped.
func (k kit) close(t *testing.T) (written, dropped float64) {
	t.Helper()
	if err := k.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	return k.number(t, "written"), k.number(t, "dropped")
}

func (k kit) number(t *testing.T, result string) float64 {
	t.Helper()
	all, err := k.metrics.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range all {
		if family.GetName() != "webhook_edge_observe_records_total" {
			continue
		}
		for _, m := range family.GetMetric() {
			if m.GetLabel()[0].GetValue() == result {
				return m.GetCounter().GetValue()
			}
		}
	}
	t.Fatalf("no series %s", result)
	return 0
}

func away(context.Context) (jetstream.JetStream, error) { return nil, errors.New("NATS is away") }

func delivery() *pipeline.Delivery {
	d := &pipeline.Delivery{
		Method: "POST", Path: "/a-secret-path", RawQuery: "token=a-secret", Body: []byte(`{"card":"a-secret"}`), RequestID: "r1", Route: "github",
		ClientIP: netip.MustParseAddr("192.0.2.1"), ReceivedAt: noon,
		Headers:      pipeline.Headers{{Name: "x-hub-signature-256", Value: "a-secret"}},
		Verification: &pipeline.Verification{Scheme: "sha256", SecretID: "2026", Covers: []string{"body"}, Signed: "a-secret"},
		Ack:          pipeline.Ack{By: pipeline.AckBroker, Stream: "WEBHOOKS", Sequence: 7},
		Steps:        []pipeline.Step{{Stage: "verify", Took: 40 * time.Microsecond}, {Stage: "publish", Took: 300 * time.Microsecond}},
	}
	d.Items = []pipeline.Item{{
		Event: &event.Event{ID: "e1", Provider: "github", Type: "issues", Action: "opened", Tenant: "Müller", Subject: "octo/hello", Data: []byte(`"a-secret"`)},
		Rule:  "to_billing", Targets: []pipeline.Target{{Subject: "webhooks.billing", Stream: "WEBHOOKS"}},
	}}
	return d
}

func TestRecord_saysWhatHappened(t *testing.T) {
	broker := natstest.Start(t)
	nc := natstest.Connect(t, broker)
	js := natstest.Client(t, broker)
	got := make(chan *nats.Msg, 8)
	if _, err := nc.ChanSubscribe(subject, got); err != nil {
		t.Fatal(err)
	}
	if err := nc.Flush(); err != nil {
		t.Fatal(err)
	}
	k := newKit(t, time.Now)
	r := k.Recorder(observe.Config{Subject: subject, Sample: 100, Refusals: observe.RefusalsAll}, "github", func(context.Context) (jetstream.JetStream, error) { return js, nil })
	r.Record(delivery(), &pipeline.Outcome{Code: pipeline.Accepted, Status: 200}, 420*time.Microsecond)
	refused := delivery()
	refused.Verification, refused.Items, refused.Ack, refused.Steps = nil, nil, pipeline.Ack{}, refused.Steps[:1]
	r.Record(refused, &pipeline.Outcome{
		Code: pipeline.SignatureInvalid, Status: 401, Stage: "verify", Err: errors.New("no secret made it"), Cause: "the secret of another endpoint", Body: []byte("a-secret"),
	}, time.Millisecond)
	if written, dropped := k.close(t); written != 2 || dropped != 0 {
		t.Fatalf("%v written, %v dropped", written, dropped)
	}
	want := []observe.Record{{
		Version: 1, At: noon, RequestID: "r1", Route: "github", Provider: "github", Bytes: 19, Status: 200, Code: "accepted", Micros: 420,
		Steps: []observe.Step{{Stage: "verify", Micros: 40}, {Stage: "publish", Micros: 300}},
		Proof: &observe.Proof{Scheme: "sha256", SecretID: "2026", Covers: []string{"body"}},
		Events: []observe.Event{{
			ID: "e1", Type: "github.issues.opened", Tenant: "Müller", Subject: "octo/hello", Rule: "to_billing", Targets: []string{"webhooks.billing"},
		}},
		Ack: "broker", Stream: "WEBHOOKS", Sequence: 7,
	}, {
		Version: 1, At: noon, RequestID: "r1", Route: "github", Provider: "github", Client: "192.0.2.1", Bytes: 19, Status: 401, Code: "signature_invalid",
		Stage: "verify", Reason: "no secret made it", Cause: "the secret of another endpoint", Micros: 1000, Steps: []observe.Step{{Stage: "verify", Micros: 40}},
	}}
	for n := range want {
		m := <-got
		if strings.Contains(string(m.Data), "a-secret") {
			t.Errorf("it holds what it must not: %s", m.Data)
		}
		var record observe.Record
		if err := json.Unmarshal(m.Data, &record); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want[n], record); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

// TestRecord_isBounded has a sender whose every text is as long as it can make it.
func TestRecord_isBounded(t *testing.T) {
	long := strings.Repeat("ü\x00", 50_000)
	d := delivery()
	d.RequestID, d.Route, d.Verification.SecretID, d.Verification.Covers = long, long, long, strings.Split(strings.Repeat(long+",", 100), ",")
	for range 500 {
		d.Items = append(d.Items, pipeline.Item{Rule: long, Targets: make([]pipeline.Target, 50), Event: &event.Event{ID: long, Type: long, Tenant: long, Subject: long}})
	}
	for n := range d.Items[1].Targets {
		d.Items[1].Targets[n].Subject = long
	}
	text, err := json.Marshal(observe.RecordOf("github", d, &pipeline.Outcome{Code: pipeline.PolicyDenied, Err: errors.New(long), Cause: long}, time.Second))
	if err != nil {
		t.Fatal(err)
	}
	if len(text) > 48<<10 || !strings.Contains(string(text), `"more_events":493`) {
		t.Errorf("%d bytes", len(text))
	}
}

func TestSample_isSpreadEvenly(t *testing.T) {
	refusal, success := &pipeline.Outcome{Code: pipeline.PolicyDenied, Err: errors.New("no")}, &pipeline.Outcome{Code: pipeline.Accepted}
	for name, tt := range map[string]struct {
		sample   int
		refusals string
		want     float64 // of 200 successes and 200 refusals
	}{
		"everything":                      {100, observe.RefusalsAll, 400},
		"a quarter, and all refusals":     {25, observe.RefusalsAll, 250},
		"a quarter of both":               {25, observe.RefusalsSampled, 100},
		"no refusals":                     {100, observe.RefusalsNone, 200},
		"refusals alone":                  {0, observe.RefusalsAll, 200},
		"one in three, as near as it can": {33, observe.RefusalsNone, 66},
	} {
		t.Run(name, func(t *testing.T) {
			k := newKit(t, func() time.Time { return noon })
			r := k.Recorder(observe.Config{Subject: subject, Sample: tt.sample, Refusals: tt.refusals}, "github", away)
			for range 200 {
				r.Record(delivery(), success, 0)
				r.Record(delivery(), refusal, 0)
			}
			if written, dropped := k.close(t); written != 0 || dropped != tt.want {
				t.Errorf("%v written and %v dropped without NATS, want 0 and %v", written, dropped, tt.want)
			}
		})
	}
}

// TestWriter_neverHoldsADeliveryUp has a connection that does not come, and more
// deliveries than the queue and the second take.
func TestWriter_neverHoldsADeliveryUp(t *testing.T) {
	k := newKit(t, func() time.Time { return noon })
	free := make(chan struct{})
	r := k.Recorder(observe.Config{Subject: subject, Sample: 100, Refusals: observe.RefusalsAll}, "github", func(context.Context) (jetstream.JetStream, error) {
		<-free
		return nil, errors.New("NATS is away")
	})
	d, out := delivery(), &pipeline.Outcome{Code: pipeline.Accepted}
	for range 10_000 {
		r.Record(d, out, 0) // would stand here
	}
	if n := k.number(t, "dropped"); n < 10_000-1024-2 {
		t.Errorf("%v dropped", n)
	}
	if n := testing.AllocsPerRun(100, func() { r.Record(d, out, 0) }); n != 0 {
		t.Errorf("a record that is dropped allocates %v times", n)
	}
	close(free)
	k.close(t)
}

// TestWriter_boundsASecond has more deliveries in a second than are recorded, in turns
// that the queue takes.
func TestWriter_boundsASecond(t *testing.T) {
	now := noon
	k := newKit(t, func() time.Time { return now })
	broker := natstest.Start(t)
	js := natstest.Client(t, broker)
	r := k.Recorder(observe.Config{Subject: subject, Sample: 100, Refusals: observe.RefusalsAll}, "github", func(context.Context) (jetstream.JetStream, error) { return js, nil })
	for range 10 {
		for range 500 {
			r.Record(delivery(), &pipeline.Outcome{Code: pipeline.Accepted}, 0)
		}
		for k.number(t, "written")+k.number(t, "dropped") < 500 && t.Context().Err() == nil {
			time.Sleep(time.Millisecond)
		}
	}
	if written, dropped := k.close(t); written > 2000 || written+dropped != 5000 {
		t.Errorf("%v written, %v dropped", written, dropped)
	}
}

func TestConfig_recordsAreNoEvents(t *testing.T) {
	for subject, good := range map[string]bool{
		"webhooks-trace.deliveries": true, "webhooksx": true, "": true, "webhooks": false, "webhooks.trace": false, "webhooks-rejected.x": false,
	} {
		err := observe.Config{Subject: subject}.Check("webhooks", "webhooks-rejected", "")
		if (err == nil) != good || err != nil && !errors.Is(err, observe.ErrConfig) {
			t.Errorf("%q: %v", subject, err)
		}
	}
}

func TestRecorder_isOffWithoutASubject(t *testing.T) {
	k := newKit(t, time.Now)
	if r := k.Recorder(observe.Config{Sample: 100}, "github", away); r != nil {
		t.Error("it records")
	}
	k.close(t)
}

// BenchmarkRecord is what a delivery pays: nothing is recorded, a record that the bound of
// the second drops, and one that is made.
func BenchmarkRecord(b *testing.B) {
	metrics, err := telemetry.NewMetrics("test", nil, nil)
	if err != nil {
		b.Fatal(err)
	}
	w, err := observe.New(slog.New(slog.DiscardHandler), func() time.Time { return noon }, metrics)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = w.Close(b.Context()) })
	d, out := delivery(), &pipeline.Outcome{Code: pipeline.Accepted, Status: 200}
	for _, kind := range []struct{ name, subject string }{{"off", ""}, {"dropped", subject}} {
		b.Run(kind.name, func(b *testing.B) {
			r := w.Recorder(observe.Config{Subject: kind.subject, Sample: 100}, "github", away)
			for range 5000 { // beyond the bound of a second that does not pass
				r.Record(d, out, 0)
			}
			b.ReportAllocs()
			for b.Loop() {
				r.Record(d, out, 0)
			}
		})
	}
	b.Run("made", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			observe.RecordOf("github", d, out, 0)
		}
	})
}
