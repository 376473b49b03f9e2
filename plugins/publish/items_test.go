package publish_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/publish"
)

// batch is a delivery of several events, e1 to en.
func batch(n int) *pipeline.Delivery {
	d := &pipeline.Delivery{}
	for i := range n {
		d.Items = append(d.Items, pipeline.Item{Event: delivery(fmt.Sprintf("e%d", i+1)).Event()})
	}
	return d
}

// stored lists "<message id> <subject>" of a stream, sorted.
func stored(t testing.TB, broker *server.Server, stream string) []string {
	t.Helper()
	s, err := admin(t, broker.ClientURL()).Stream(t.Context(), stream)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for seq := uint64(1); seq <= s.CachedInfo().State.LastSeq; seq++ {
		m, err := s.GetMsg(t.Context(), seq)
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, m.Header.Get("Nats-Msg-Id")+" "+m.Subject)
	}
	slices.Sort(all)
	return all
}

// keeper remembers what it was given, and fails where it is told to.
type keeper struct {
	mu   sync.Mutex
	err  error
	held []string
}

func (k *keeper) Hold(_ context.Context, _ *pipeline.Delivery, item *pipeline.Item, code pipeline.Code) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.err == nil {
		k.held = append(k.held, item.Event.ID+" "+code.String())
	}
	return k.err
}

func TestItems_goToTheirTargets(t *testing.T) {
	const own = "webhooks.github.octo.issues.opened"
	other := pipeline.Target{Subject: "webhooks.copies.a.b"}
	tests := map[string]struct {
		change func(items []pipeline.Item)
		want   []string
		held   []string
		by     string
	}{
		"all on their own subjects": {
			func([]pipeline.Item) {}, []string{"github:e1 " + own, "github:e2 " + own, "github:e3 " + own}, nil, pipeline.AckBroker,
		},
		"one left out": {
			func(items []pipeline.Item) { items[1].Drop = true }, []string{"github:e1 " + own, "github:e3 " + own}, nil, pipeline.AckBroker,
		},
		"one on another subject": {
			func(items []pipeline.Item) { items[0].Targets = []pipeline.Target{other} },
			[]string{"github:e1 webhooks.copies.a.b", "github:e2 " + own, "github:e3 " + own}, nil, pipeline.AckBroker,
		},
		"one on two subjects of one stream": {
			func(items []pipeline.Item) {
				items[0].Targets = []pipeline.Target{{Subject: own, Stream: "WEBHOOKS"}, other}
				items[2].Drop = true
			},
			[]string{"github:e1 " + own, "github:e1@webhooks.copies.a.b webhooks.copies.a.b", "github:e2 " + own}, nil, pipeline.AckBroker,
		},
		"one held": {
			func(items []pipeline.Item) { items[2].Hold = pipeline.PayloadInvalid },
			[]string{"github:e1 " + own, "github:e2 " + own}, []string{"e3 payload_invalid"}, pipeline.AckBroker,
		},
		"all held": {
			func(items []pipeline.Item) {
				for i := range items {
					items[i].Hold = pipeline.PolicyDenied
				}
			},
			nil, []string{"e1 policy_denied", "e2 policy_denied", "e3 policy_denied"}, pipeline.AckQuarantine,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			broker := startNATS(t, nil)
			conns, _ := connections(t)
			k := &keeper{}
			stage, err := publish.New(settings(t, creating(broker.ClientURL())), conns, publish.WithKeeper(k))
			if err != nil {
				t.Fatal(err)
			}
			eventually(t, func() error { return stage.Ready(t.Context()) })
			for round, by := range []string{tt.by, pipeline.AckDuplicate} {
				d := batch(3)
				tt.change(d.Items)
				if err := stage.Handle(t.Context(), d); err != nil {
					t.Fatal(err)
				}
				if tt.held == nil && d.Ack.By != by || tt.held != nil && round == 0 && d.Ack.By != tt.by {
					t.Errorf("delivery %d is acknowledged by %q", round+1, d.Ack.By)
				}
			}
			if diff := cmp.Diff(tt.want, stored(t, broker, "WEBHOOKS")); diff != "" {
				t.Errorf("stored (-want +got):\n%s", diff)
			}
			slices.Sort(k.held)
			if diff := cmp.Diff(tt.held, slices.Compact(k.held)); diff != "" {
				t.Errorf("held (-want +got):\n%s", diff)
			}
		})
	}
}

func TestItems_targetInAnotherStream(t *testing.T) {
	broker := startNATS(t, nil)
	addStream(t, broker, jetstream.StreamConfig{Name: "PAYMENTS", Subjects: []string{"payments.>"}})
	stage, _ := readyStage(t, creating(broker.ClientURL()))
	d := delivery("e1")
	d.Items[0].Targets = []pipeline.Target{{Subject: "payments.eu", Stream: "PAYMENTS"}}
	if err := stage.Handle(t.Context(), d); err != nil || d.Ack.Stream != "PAYMENTS" {
		t.Fatalf("%v, %+v", err, d.Ack)
	}
	d = delivery("e2")
	d.Items[0].Targets = []pipeline.Target{{Subject: "payments.eu", Stream: "WEBHOOKS"}}
	wantReject(t, stage.Handle(t.Context(), d), pipeline.NoStream, publish.ErrNoStream)
	if diff := cmp.Diff([]string{"github:e1 payments.eu"}, stored(t, broker, "PAYMENTS")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestItems_headersOfAPolicyAreStored(t *testing.T) {
	broker := startNATS(t, nil)
	stage, _ := readyStage(t, creating(broker.ClientURL()))
	d := delivery("e1")
	d.Items[0].Headers = []pipeline.Header{{Name: "team", Value: "payments"}, {Name: "team", Value: "risk"}}
	if err := stage.Handle(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	if err := stage.Handle(t.Context(), delivery("e2")); err != nil {
		t.Fatal(err)
	}
	s, err := admin(t, broker.ClientURL()).Stream(t.Context(), "WEBHOOKS")
	if err != nil {
		t.Fatal(err)
	}
	for seq, want := range map[uint64][]string{1: {"payments", "risk"}, 2: nil} {
		m, err := s.GetMsg(t.Context(), seq)
		if err != nil {
			t.Fatal(err)
		}
		if got := m.Header["team"]; !slices.Equal(got, want) {
			t.Errorf("event %d has %q, want %q", seq, got, want)
		}
	}
}

func TestItems_forbiddenTargetsAreRefused(t *testing.T) {
	broker := startNATS(t, nil)
	stage, _ := readyStage(t, creating(broker.ClientURL()))
	items := map[string]pipeline.Item{
		"a wildcard":           {Targets: []pipeline.Target{{Subject: "webhooks.*"}}},
		"the rest of the tree": {Targets: []pipeline.Target{{Subject: "webhooks.>"}}},
		"the API of JetStream": {Targets: []pipeline.Target{{Subject: "$JS.API.STREAM.PURGE.WEBHOOKS"}}},
		"an inbox":             {Targets: []pipeline.Target{{Subject: "_INBOX.x"}}},
		"an empty token":       {Targets: []pipeline.Target{{Subject: "webhooks..x"}}},
		"no subject":           {Targets: []pipeline.Target{{Stream: "WEBHOOKS"}}},
		"a line's end":         {Targets: []pipeline.Target{{Subject: "webhooks.x\r\nPUB y"}}},
		"a stream's wildcard":  {Targets: []pipeline.Target{{Subject: "webhooks.x", Stream: "*"}}},
		"one of two":           {Targets: []pipeline.Target{{Subject: "webhooks.x"}, {Subject: "a.*"}}},
		"a rollup":             {Headers: []pipeline.Header{{Name: "Nats-Rollup", Value: "all"}}},
		"a rollup, lower case": {Headers: []pipeline.Header{{Name: "nats-rollup", Value: "all"}}},
		"another message id":   {Headers: []pipeline.Header{{Name: "nats-msg-id", Value: "x"}}},
		"another content type": {Headers: []pipeline.Header{{Name: "content-type", Value: "x"}}},
		"a CloudEvents header": {Headers: []pipeline.Header{{Name: "ce-id", Value: "x"}}},
		"a header in a value":  {Headers: []pipeline.Header{{Name: "team", Value: "x\r\nNats-Rollup: all"}}},
		"a header in a name":   {Headers: []pipeline.Header{{Name: "team: x", Value: "x"}}},
	}
	for name, item := range items {
		t.Run(name, func(t *testing.T) {
			item.Event = delivery("e1").Event()
			d := &pipeline.Delivery{Items: []pipeline.Item{item}}
			wantReject(t, stage.Handle(t.Context(), d), pipeline.PolicyFailed, publish.ErrTarget)
		})
	}
	if got := stored(t, broker, "WEBHOOKS"); len(got) > 0 {
		t.Errorf("stored %q", got)
	}
}

func TestItems_batchIsRefusedWhole(t *testing.T) {
	broker := startNATS(t, func(o *server.Options) { o.MaxPayload = 4096; o.MaxPending = 8192 })
	set := creating(broker.ClientURL())
	set["objects"] = object{"bucket": ""}
	stage, _ := readyStage(t, set)
	d := batch(20)
	d.Items[13].Event.Data = make([]byte, 5000)
	wantReject(t, stage.Handle(t.Context(), d), pipeline.EventTooLarge, publish.ErrTooLarge)
	if d.Ack.By != "" {
		t.Errorf("acknowledged by %s", d.Ack.By)
	}
	d = batch(3)
	for i := range d.Items {
		d.Items[i].Drop = true
	}
	wantReject(t, stage.Handle(t.Context(), d), pipeline.PolicyDenied, publish.ErrAllDropped)
	d = batch(2)
	d.Items[1].Event = nil
	if err := stage.Handle(t.Context(), d); !errors.Is(err, publish.ErrNoEvent) {
		t.Errorf("an item without an event: %v", err)
	}
}

func TestItems_holdingFails(t *testing.T) {
	broker := startNATS(t, nil)
	held := func() *pipeline.Delivery {
		d := delivery("e1")
		d.Items[0].Hold = pipeline.PolicyDenied
		return d
	}
	stage, _ := readyStage(t, creating(broker.ClientURL()))
	wantReject(t, stage.Handle(t.Context(), held()), pipeline.BrokerUnavailable, publish.ErrNoKeeper)

	full := errors.New("no room")
	for name, tt := range map[string]struct {
		err  error
		code pipeline.Code
	}{
		"any error":       {full, pipeline.BrokerUnavailable},
		"its own refusal": {&pipeline.Reject{Code: pipeline.Overloaded, Err: full}, pipeline.Overloaded},
	} {
		t.Run(name, func(t *testing.T) {
			conns, _ := connections(t)
			stage, err := publish.New(settings(t, creating(broker.ClientURL())), conns, publish.WithKeeper(&keeper{err: tt.err}))
			if err != nil {
				t.Fatal(err)
			}
			wantReject(t, stage.Handle(t.Context(), held()), tt.code, full)
		})
	}
	if got := stored(t, broker, "WEBHOOKS"); len(got) > 0 {
		t.Errorf("stored %q", got)
	}
}
