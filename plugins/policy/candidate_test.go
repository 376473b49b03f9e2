package policy_test

import (
	"context"
	"encoding/json"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"webhookedge/plugins/internal/natstest"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/policy"
)

func connect(t *testing.T) (*nats.Conn, jetstream.JetStream) {
	t.Helper()
	js := natstest.JetStream(t)
	return js.Conn(), js
}

// TestCandidate_seesTheWholeInput asks a candidate that decides as the live policy
// where it sees the same: all of the input is in the reason of both.
func TestCandidate_seesTheWholeInput(t *testing.T) {
	k := newKit(t)
	const rules = "decision := {\"allow\": true, \"labels\": {\"seen\": crypto.sha256(json.marshal(input))}}\n"
	s := k.stage(t, map[string]any{"directory": rego(t, rules), "headers": []string{"x-event"}, "candidate": map[string]any{"directory": rego(t, rules)}})
	e := push()
	e.Verification, e.SecretID, e.Unsigned = "sha256", "1", []string{"id"}
	d := delivery(e)
	d.Method, d.Path, d.RawQuery, d.Route, d.RequestID, d.ReceivedAt = "POST", "/hooks", "a=b", "github", "r1", at()
	d.ClientIP, d.Headers = netip.MustParseAddr("192.0.2.7"), pipeline.Headers{{Name: "x-event", Value: "push"}}
	d.Verification = &pipeline.Verification{Provider: "github", Scheme: "sha256", SecretID: "1", Covers: []string{"body"}}
	if err := s.Handle(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	const want = `
# HELP webhook_edge_policy_candidate_total Events that the candidate was asked about, by provider and how its decision compares.
# TYPE webhook_edge_policy_candidate_total counter
webhook_edge_policy_candidate_total{provider="github",result="different"} 0
webhook_edge_policy_candidate_total{provider="github",result="failed"} 0
webhook_edge_policy_candidate_total{provider="github",result="lost"} 0
webhook_edge_policy_candidate_total{provider="github",result="same"} 1
`
	eventually(t, "the same decision", func() bool {
		return testutil.GatherAndCompare(k.registry, strings.NewReader(want), "webhook_edge_policy_candidate_total") == nil
	})
}

func TestCandidate_isComparedAndChangesNothing(t *testing.T) {
	k := newKit(t)
	nc, js := connect(t)
	told, err := nc.SubscribeSync("differences")
	if err != nil {
		t.Fatal(err)
	}
	s := k.stage(t, map[string]any{
		"directory": rego(t, "decision := {\"allow\": true, \"tenant\": \"live\"}\n"),
		"candidate": map[string]any{
			"directory": rego(t, "decision := {\"allow\": true, \"tenant\": \"live\", \"rule\": \"new\"} if input.event.id != \"2\"\n\ndecision := {\"allow\": true, \"tenant\": 5} if input.event.id == \"3\"\n"),
			"subject":   "differences", "samples_per_minute": 2,
		},
	}, policy.WithNATS(func(context.Context) (jetstream.JetStream, error) { return js, nil }))
	for _, id := range []string{"1", "2", "3", "2"} {
		e := push()
		e.ID = id
		d := delivery(e)
		if err := s.Handle(t.Context(), d); err != nil || e.Tenant != "live" {
			t.Fatalf("event %s: tenant %s, %v", id, e.Tenant, err)
		}
		clear(e.Data) // its memory is used again
	}
	const want = `
# HELP webhook_edge_policy_candidate_total Events that the candidate was asked about, by provider and how its decision compares.
# TYPE webhook_edge_policy_candidate_total counter
webhook_edge_policy_candidate_total{provider="github",result="different"} 2
webhook_edge_policy_candidate_total{provider="github",result="failed"} 1
webhook_edge_policy_candidate_total{provider="github",result="lost"} 0
webhook_edge_policy_candidate_total{provider="github",result="same"} 1
`
	eventually(t, "every comparison", func() bool {
		return testutil.GatherAndCompare(k.registry, strings.NewReader(want), "webhook_edge_policy_candidate_total") == nil
	})
	var got []policy.Difference
	for range 2 {
		m, err := told.NextMsg(10 * time.Second)
		if err != nil {
			t.Fatal(err)
		}
		var d policy.Difference
		if err := json.Unmarshal(m.Data, &d); err != nil {
			t.Fatal(err)
		}
		got = append(got, d)
	}
	live := json.RawMessage(`{"allow":true,"tenant":"live"}`)
	wanted := []policy.Difference{
		{At: at(), Provider: "github", Type: "github.push", EventID: "2", Count: 1, Live: live, Candidate: json.RawMessage(`{"allow":false,"reason":"nothing else is wanted","rule":"main.default"}`)},
		{At: at(), Provider: "github", Type: "github.push", EventID: "3", Count: 2, Live: live, Error: got[1].Error},
	}
	if diff := cmp.Diff(wanted, got); diff != "" || got[1].Error == "" {
		t.Errorf("differences (-want +got):\n%s", diff)
	}
	if pending, _, err := told.Pending(); err != nil || pending > 0 {
		t.Errorf("%d more than samples_per_minute were told, %v", pending, err)
	}
}
