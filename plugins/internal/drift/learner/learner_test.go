package learner

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/drift"
	"webhookedge/plugins/internal/drift/bucket"
	"webhookedge/plugins/internal/natstest"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/telemetry"
)

// edge is a process that learns, with a clock of its own.
type edge struct {
	*Learner
	*Source
	log  *bytes.Buffer
	mu   sync.Mutex
	at   time.Time
	told []drift.Notice
	down bool // NATS
}

func newEdge(t testing.TB, js jetstream.JetStream) *edge {
	t.Helper()
	e := &edge{log: &bytes.Buffer{}, at: time.Unix(1_800_000_000, 0)}
	m, err := telemetry.NewMetrics("test", []string{"github"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if e.Learner, err = New(slog.New(slog.NewTextHandler(e.log, nil)), m, e.now); err != nil {
		t.Fatal(err)
	}
	e.start.Do(func() {}) // the test is the goroutine
	t.Cleanup(e.Learner.Close)
	e.Source = e.Learner.Source(Options{
		Provider: "github", Servers: "nats://test",
		JetStream: func(context.Context) (jetstream.JetStream, error) {
			if e.down {
				return nil, errors.New("no servers available")
			}
			return js, nil
		},
		Readers: func(place []string) []drift.Reader {
			return []drift.Reader{{Kind: drift.ReadByFact, Name: strings.Join(place, ".")}}
		},
		Tell: func(_ context.Context, n drift.Notice) error {
			e.told = append(e.told, n)
			return nil
		},
	})
	return e
}

func (e *edge) now() time.Time {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.at
}

func (e *edge) wait(d time.Duration) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.at = e.at.Add(d)
}

func (e *edge) stored(data string) *pipeline.Delivery {
	d := &pipeline.Delivery{ReceivedAt: e.now(), Ack: pipeline.Ack{By: pipeline.AckBroker}}
	d.SetEvent(&event.Event{Provider: "github", Type: "pull_request", Action: "opened", Data: []byte(data)})
	return d
}

// play has n payloads stored, a second apart, and flushed.
func (e *edge) play(t testing.TB, n int, data string) {
	t.Helper()
	for range n {
		e.Stored(e.stored(data))
		e.drain()
		e.wait(time.Second)
	}
	e.flush(t.Context())
}

func (e *edge) drain() {
	for {
		select {
		case j := <-e.jobs:
			e.learn(j)
		default:
			return
		}
	}
}

func model(t testing.TB, js jetstream.JetStream) *drift.Model {
	t.Helper()
	b, err := bucket.Open(t.Context(), js)
	if err != nil {
		t.Fatal(err)
	}
	m, err := b.Get(t.Context(), "github", "pull_request.opened")
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func accept(t testing.TB, js jetstream.JetStream) {
	t.Helper()
	b, err := bucket.Open(t.Context(), js)
	if err == nil {
		_, err = b.Change(t.Context(), "github", "pull_request.opened", time.Unix(0, 0), true, func(m *drift.Model) bool {
			m.Accept("")
			return true
		})
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestLearner_tellsWhatChanges(t *testing.T) {
	js := natstest.JetStream(t)
	e := newEdge(t, js)
	e.play(t, 3, `{"id":1,"a":{"b":"x"}}`)
	accept(t, js)
	e.play(t, 3, `{"id":"1","a":{"b":"x","email":"y"}}`)
	if len(e.told) != 1 {
		t.Fatalf("told %v", e.told)
	}
	text, err := json.Marshal(e.told[0])
	want := `{"provider":"github","event":"pull_request.opened","changes":[` +
		`{"path":"$.a.email","change":"appeared","after":["string"],"since":"2027-01-15T08:00:06Z","read_by":[{"kind":"fact","name":"a.email"}]},` +
		`{"path":"$.id","change":"retyped","before":["integer"],"after":["string"],"since":"2027-01-15T08:00:06Z","read_by":[{"kind":"fact","name":"id"}]}]}`
	if err != nil || string(text) != want {
		t.Errorf("told %s\nwant %s, %v", text, want, err)
	}
	e.wait(time.Hour)
	if e.play(t, 3, `{"id":"1","a":{"b":"x","email":"y"}}`); len(e.told) != 1 {
		t.Errorf("told again: %v", e.told[1:])
	}
	for kind, want := range map[drift.Kind]float64{drift.Appeared: 1, drift.Retyped: 1, drift.Vanished: 0} {
		if got := testutil.ToFloat64(e.metrics.changes.WithLabelValues("github", string(kind))); got != want {
			t.Errorf("%s: %v", kind, got)
		}
	}
	if open := testutil.ToFloat64(e.metrics.open.WithLabelValues("github")); open != 2 {
		t.Errorf("%v are open", open)
	}
	accept(t, js)
	if e.play(t, 1, `{"id":"1","a":{"b":"x","email":"y"}}`); testutil.ToFloat64(e.metrics.open.WithLabelValues("github")) != 0 {
		t.Error("what is accepted is open")
	}
	if strings.Contains(e.log.String(), `"x"`) || !strings.Contains(e.log.String(), "payloads have changed") {
		t.Errorf("%s", e.log)
	}
}

func TestLearner_gatewaysShareWhatTheyKnow(t *testing.T) {
	js := natstest.JetStream(t)
	gateways := []*edge{newEdge(t, js), newEdge(t, js), newEdge(t, js)}
	for range 20 {
		for _, e := range gateways {
			for range 3 {
				e.Stored(e.stored(`{"id":1}`))
				e.drain()
				e.wait(time.Second)
			}
		}
		var all sync.WaitGroup
		for _, e := range gateways { // at the same moment
			all.Go(func() { e.flush(t.Context()) })
		}
		all.Wait()
	}
	if m := model(t, js); m.Deliveries != 180 || m.Root.Members["id"].Seen != 180 || m.Learning() {
		t.Errorf("%d deliveries, %+v", m.Deliveries, m.Root.Members["id"])
	}
	restarted := newEdge(t, js)
	restarted.play(t, 3, `{"id":1,"new":1}`)
	gateways[0].play(t, 3, `{"id":1,"new":1}`)
	if len(restarted.told) != 1 || len(gateways[0].told) != 0 {
		t.Errorf("told %v and %v", restarted.told, gateways[0].told)
	}
}

func TestLearner_withoutTheBroker(t *testing.T) {
	js := natstest.JetStream(t)
	e := newEdge(t, js)
	e.down = true
	for i := range 20 {
		e.play(t, 5, fmt.Sprintf(`{"id":%d}`, i))
	}
	if e.broker.backoff != maxBackoff || strings.Count(e.log.String(), "cannot be kept") > 3 {
		t.Errorf("it is tried again after %s\n%s", e.broker.backoff, e.log)
	}
	e.down = false
	e.wait(maxBackoff)
	e.flush(t.Context())
	if m := model(t, js); m.Deliveries != 100 {
		t.Errorf("%d deliveries are known", m.Deliveries)
	}
}

func TestLearner_rateOfEventsIsBounded(t *testing.T) {
	js := natstest.JetStream(t)
	e := newEdge(t, js)
	e.play(t, 3, `{"id":1}`)
	accept(t, js)
	for i := range 10 {
		e.play(t, 3, fmt.Sprintf(`{"id":1,"%s":1}`, strings.Repeat("n", i+1)))
	}
	if len(e.told) != 1 {
		t.Errorf("%d events in half a minute", len(e.told))
	}
	e.wait(tellInterval)
	if e.flush(t.Context()); len(e.told) != 2 || len(e.told[1].Changes) < 8 {
		t.Errorf("the rest is not told later: %v", e.told)
	}
	for range 2 * tellBurst {
		e.Learner.told = append(e.Learner.told, e.now())
	}
	if e.mayTell(e.now()) || !e.mayTell(e.now().Add(2*time.Hour)) {
		t.Error("a process may tell without end")
	}
}

func TestLearner_endsWithItsProcess(t *testing.T) {
	e := newEdge(t, natstest.JetStream(t))
	e.start = sync.Once{}
	e.interval = 10 * time.Millisecond
	again := e.Learner.Source(e.Options)
	e.Source.Close()
	again.Stored(e.stored(`{"a":1}`))
	js, _ := again.JetStream(t.Context())
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		if b, err := bucket.Open(t.Context(), js); err == nil {
			if m, err := b.Get(t.Context(), "github", "pull_request.opened"); err == nil && m.Deliveries == 1 {
				break
			}
		}
		if time.Now().After(deadline) {
			t.Fatal("nothing is learnt")
		}
	}
	e.Learner.Close()
}
