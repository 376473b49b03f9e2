package policy_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/policy"
	"webhookedge/plugins/policy/engine"
	"webhookedge/plugins/provider"
)

func TestHandle_appliesTheDecision(t *testing.T) {
	tests := map[string]struct {
		rules string
		set   map[string]any
		want  pipeline.Item // Event is compared with its change
		event func(*event.Event)
		err   *pipeline.Reject // Err must match by errors.Is
	}{
		"nothing to change": {rules: `decision := {"allow": true} if input.event.name == "push"`},
		"another subject": {
			rules: `decision := {"allow": true, "subject": ["pushes", input.event.subject], "stream": "PUSHES"}`,
			want:  pipeline.Item{Targets: []pipeline.Target{{Subject: "pushes.octo-corp%2Fhello", Stream: "PUSHES"}}},
		},
		"several places and headers": {
			rules: `decision := {"allow": true, "targets": [{"subject": "a.b"}, {"subject": ["a*"], "stream": "S"}], "headers": {"X-Team": "build"}}`,
			want: pipeline.Item{
				Targets: []pipeline.Target{{Subject: "a.b"}, {Subject: "a%2A", Stream: "S"}},
				Headers: []pipeline.Header{{Name: "X-Team", Value: "build"}},
			},
		},
		"another tenant": {
			rules: `decision := {"allow": true, "tenant": "acme/1"}`,
			event: func(e *event.Event) { e.Tenant, e.Source = "acme/1", "/webhooks/github/acme%2F1" },
		},
		"less of the payload": {
			rules: `decision := {"allow": true, "redact": [{"path": "$.pusher.email"}, {"path": "$.ref", "action": "drop"}, {"path": "$.gone"}]}`,
			event: func(e *event.Event) {
				e.Data, e.Redacted = []byte(`{"pusher":{"name":"mona","email":"[redacted]"}}`), true
			},
		},
		"held back": {
			rules: `decision := {"allow": true, "quarantine": true}`,
			want:  pipeline.Item{Hold: pipeline.Quarantined},
		},
		"refused": {
			rules: `decision := {"allow": false, "reason": "not today", "rule": "weekdays"}`,
			want:  pipeline.Item{Drop: true}, err: &pipeline.Reject{Code: pipeline.PolicyDenied, Err: policy.ErrDenied},
		},
		"refused with a code": {
			rules: `decision := {"allow": false, "reason": "slower", "code": "rate_limited"}`,
			want:  pipeline.Item{Drop: true}, err: &pipeline.Reject{Code: pipeline.RateLimited, Err: policy.ErrDenied},
		},
		"refused with a status": {
			rules: `decision := {"allow": false, "reason": "gone", "status": 410}`,
			want:  pipeline.Item{Drop: true}, err: &pipeline.Reject{Code: pipeline.PolicyDenied, Status: 410, Err: policy.ErrDenied},
		},
		"refused by the default": {
			rules: `decision := {"allow": true} if input.event.name == "issues"`,
			want:  pipeline.Item{Drop: true}, err: &pipeline.Reject{Code: pipeline.PolicyDenied, Err: policy.ErrDenied},
		},
		"a decision of a wrong shape": {
			rules: `decision := {"allow": "yes"}`, err: &pipeline.Reject{Code: pipeline.PolicyFailed, Err: engine.ErrShape},
		},
		"two decisions": {
			rules: "decision := {\"allow\": true} if input.event.name\n\ndecision := {\"allow\": true, \"tenant\": \"x\"} if input.event.type",
			err:   &pipeline.Reject{Code: pipeline.PolicyFailed, Err: engine.ErrSeveral},
		},
		"an evaluation that does not end in time": {
			rules: "decision := {\"allow\": true} if count([x | some x in numbers.range(1, 3000); some y in numbers.range(1, 3000); x == y]) > 0",
			set:   map[string]any{"timeout_ms": 5}, err: &pipeline.Reject{Code: pipeline.PolicyUnavailable, Err: engine.ErrTimeout},
		},
		"a hash without a key": {
			rules: `decision := {"allow": true, "redact": [{"path": "$.ref", "action": "hash"}]}`, err: &pipeline.Reject{Code: pipeline.PolicyFailed, Err: policy.ErrRedact},
		},
		"shadow mode changes nothing": {
			rules: `decision := {"allow": false, "reason": "not today"}`, set: map[string]any{"mode": "shadow"},
		},
		"shadow mode survives an error": {rules: `decision := {"allow": 1}`, set: map[string]any{"mode": "shadow"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			set := map[string]any{"directory": rego(t, tt.rules+"\n")}
			for key, value := range tt.set {
				set[key] = value
			}
			d := delivery(push())
			err := newKit(t).stage(t, set).Handle(t.Context(), d)
			if tt.err == nil && err != nil || tt.err != nil && !errors.Is(err, tt.err.Err) {
				t.Fatalf("error %v, want %v", err, tt.err)
			}
			var reject *pipeline.Reject
			if errors.As(err, &reject) && (reject.Code != tt.err.Code || reject.Status != tt.err.Status) {
				t.Errorf("code %v and status %d, want %v and %d", reject.Code, reject.Status, tt.err.Code, tt.err.Status)
			}
			tt.want.Event = push()
			if tt.event != nil {
				tt.event(tt.want.Event)
			}
			decided := tt.set["mode"] != "shadow" && (tt.err == nil || reject.Code == pipeline.PolicyDenied)
			if rule := d.Items[0].Rule; decided && rule == "" {
				t.Error("the event does not say by which rule")
			}
			if diff := cmp.Diff([]pipeline.Item{tt.want}, d.Items, cmpopts.IgnoreFields(pipeline.Item{}, "Rule")); diff != "" {
				t.Errorf("items (-want +got):\n%s", diff)
			}
		})
	}
}

func TestHandle_dropsRefusedEventsOfABatch(t *testing.T) {
	s := newKit(t).stage(t, map[string]any{"directory": rego(t, `decision := {"allow": true} if input.event.id == "1"
`)})
	other := func(id string) *event.Event { e := push(); e.ID = id; return e }
	d := delivery(other("0"), other("1"), other("2"))
	if err := s.Handle(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	var dropped []bool
	for _, item := range d.Items {
		dropped = append(dropped, item.Drop)
	}
	if diff := cmp.Diff([]bool{true, false, true}, dropped); diff != "" {
		t.Errorf("left out (-want +got):\n%s", diff)
	}
	if err := s.Handle(t.Context(), delivery(other("0"), other("2"))); !errors.Is(err, policy.ErrDenied) {
		t.Errorf("all refused gives %v", err)
	}
	if err := s.Handle(t.Context(), delivery()); !errors.Is(err, policy.ErrNoEvent) {
		t.Errorf("no event gives %v", err)
	}
}

func TestAlone_refusesWhatNeedsPublish(t *testing.T) {
	for rules, want := range map[string]error{
		`decision := {"allow": true, "rule": "x", "labels": {"a": "b"}}`:      nil,
		`decision := {"allow": false, "reason": "no"}`:                        policy.ErrDenied,
		`decision := {"allow": true, "quarantine": true}`:                     policy.ErrAlone,
		`decision := {"allow": true, "subject": "x"}`:                         policy.ErrAlone,
		`decision := {"allow": true, "tenant": "x"}`:                          policy.ErrAlone,
		`decision := {"allow": true, "headers": {"X-A": "b"}}`:                policy.ErrAlone,
		`decision := {"allow": true, "redact": [{"path": "$.pusher.email"}]}`: policy.ErrAlone,
	} {
		s := newKit(t).stage(t, map[string]any{"directory": rego(t, rules+"\n")}, policy.Alone())
		if err := s.Handle(t.Context(), delivery(push())); !errors.Is(err, want) || want == nil && err != nil {
			t.Errorf("%s gives %v, want %v", rules, err, want)
		}
	}
}

func TestHandle_errorsAndLogsHoldNoInput(t *testing.T) {
	k := newKit(t)
	for _, rules := range []string{
		`decision := {"allow": true} if to_number(input.data.ref) == 1`,
		`decision := {"allow": input.data.pusher.email}`,
		`decision := {"allow": true, "tenant": input.data.pusher}`,
	} {
		s := k.stage(t, map[string]any{"directory": rego(t, rules+"\n")})
		if err := s.Handle(t.Context(), delivery(push())); err == nil || strings.Contains(err.Error(), "mona") || strings.Contains(err.Error(), "refs/heads") {
			t.Errorf("%s gives %v", rules, err)
		}
	}
	if strings.Contains(k.log.String(), "mona") {
		t.Errorf("the log: %s", k.log)
	}
}

func TestMetrics_countDecisions(t *testing.T) {
	k := newKit(t)
	s := k.stage(t, map[string]any{"labels": []string{"team=build"}, "directory": rego(t, `decision := {"allow": true, "rule": "builds", "labels": {"team": "build", "size": "xl"}} if input.event.id == "1"

decision := {"allow": true, "quarantine": true} if input.event.id == "2"

decision := {"allow": 5} if input.event.id == "3"
`)})
	for _, id := range []string{"1", "1", "2", "3", "4"} {
		e := push()
		e.ID = id
		_ = s.Handle(t.Context(), delivery(e)) // what is wrong is counted
	}
	want := `
# HELP webhook_edge_policy_decisions_total Events by provider, mode of the policy and what it decided.
# TYPE webhook_edge_policy_decisions_total counter
webhook_edge_policy_decisions_total{mode="enforce",outcome="failed",provider="github"} 1
webhook_edge_policy_decisions_total{mode="enforce",outcome="published",provider="github"} 2
webhook_edge_policy_decisions_total{mode="enforce",outcome="quarantined",provider="github"} 1
webhook_edge_policy_decisions_total{mode="enforce",outcome="refused",provider="github"} 1
# HELP webhook_edge_policy_labels_total Labels of decisions; what is not configured counts as other.
# TYPE webhook_edge_policy_labels_total counter
webhook_edge_policy_labels_total{label="other",value="other"} 2
webhook_edge_policy_labels_total{label="team",value="build"} 2
# HELP webhook_edge_policy_rules_total Decisions by the rule that they name.
# TYPE webhook_edge_policy_rules_total counter
webhook_edge_policy_rules_total{rule="builds"} 2
webhook_edge_policy_rules_total{rule="main.default"} 1
webhook_edge_policy_rules_total{rule="other"} 0
webhook_edge_policy_rules_total{rule="webhook.main.decision"} 1
`
	if err := testutil.GatherAndCompare(k.registry, strings.NewReader(want), "webhook_edge_policy_decisions_total", "webhook_edge_policy_labels_total", "webhook_edge_policy_rules_total"); err != nil {
		t.Error(err)
	}
	if problems, err := testutil.GatherAndLint(k.registry); err != nil || len(problems) > 0 {
		t.Error(problems, err)
	}
}

func TestConfig_faultsNameTheirFields(t *testing.T) {
	cfg := policy.Config{Directory: "x", Decision: "webhook..main", Headers: []string{"X-A"}, Builtins: []string{"count"}, Labels: []string{"team", "=x", "Team=x"}}
	want := []string{"headers[0]: ", "builtins[0]: ", "labels[0]: ", "labels[1]: ", "labels[2]: ", "decision: "}
	err := cfg.Validate()
	for _, path := range want {
		if err == nil || !strings.Contains("\n"+err.Error(), "\n"+path) {
			t.Errorf("no fault of %s in %v", path, err)
		}
	}
	if !errors.Is(err, policy.ErrConfig) {
		t.Errorf("error %v", err)
	}
}

func TestRedact_clearsTheAttributesToo(t *testing.T) {
	const body = `{"id":"a@x","org":"o\u0063to","n":17,"other":"kept","list":["kept"]}`
	read := event.Event{
		ID: "a@x:17", Source: "/webhooks/github/octo", Provider: "github", Type: "push", Tenant: "octo", Subject: "17", DeliveryID: "a@x",
		DataContentType: "application/json", Data: []byte(body),
	}
	kept := read
	kept.ID, kept.Subject, kept.DeliveryID = "d1", "kept", "d1"
	hash := event.FallbackID([]byte(body), "github")
	const odd = `{"id":"a:b","org":"50%\u0001","n":17}`
	spelled, joined, cut, apart := read, read, read, read
	spelled.ID, spelled.DeliveryID, spelled.Subject, spelled.Data = "x:a:b/1", "a:b/3", "d", []byte(odd)
	spelled.SetTenant(provider.EscapeName("50%\x01"))
	joined.ID, joined.DeliveryID, joined.Subject, joined.Tenant, joined.Data = "x:a%3Ab", "a%3Ab:17/3", "d", "", []byte(odd)
	long := strings.Repeat("é", 300)
	cut.ID, cut.Subject, cut.DeliveryID, cut.Data = "d1", "d", "", []byte(`{"org":"`+long+`","n":17}`)
	cut.SetTenant(provider.EscapeName(long))
	apart.ID, apart.Subject, apart.DeliveryID, apart.Data = "d-17a", "1/17/1", "170", []byte(`{"n":17}`)
	tests := map[string]struct {
		rules string
		from  event.Event
		want  func(*event.Event)
	}{
		"what is gone": {`decision := {"allow": true, "redact": [{"path": "$.id", "action": "drop"}, {"path": "$.org"}, {"path": "$.n", "action": "drop"}]}`, read, func(e *event.Event) {
			e.Data, e.Redacted = []byte(`{"org":"[redacted]","other":"kept","list":["kept"]}`), true
			e.ID, e.Source, e.Tenant, e.Subject, e.DeliveryID = hash, "/webhooks/github", "", "", ""
		}},
		"what stands elsewhere too, or was never there": {`decision := {"allow": true, "redact": [{"path": "$.other"}, {"path": "$.id"}]}`, kept, func(e *event.Event) {
			e.Data, e.Redacted = []byte(`{"id":"[redacted]","org":"o\u0063to","n":17,"other":"[redacted]","list":["kept"]}`), true
		}},
		"values that attributes hold in another spelling": {`decision := {"allow": true, "redact": [{"path": "$.id", "action": "drop"}, {"path": "$.org", "action": "drop"}]}`, spelled, func(e *event.Event) {
			e.Data, e.Redacted = []byte(`{"n":17}`), true
			e.ID, e.Source, e.Tenant, e.DeliveryID = event.FallbackID([]byte(odd), "github"), "/webhooks/github", "", ""
		}},
		"a value with the joint of an id": {`decision := {"allow": true, "redact": [{"path": "$.id", "action": "drop"}]}`, joined, func(e *event.Event) {
			e.Data, e.Redacted = []byte(`{"org":"50%\u0001","n":17}`), true
			e.ID, e.DeliveryID = event.FallbackID([]byte(odd), "github"), ""
		}},
		"a tenant that was cut": {`decision := {"allow": true, "redact": [{"path": "$.org", "action": "drop"}]}`, cut, func(e *event.Event) {
			e.Data, e.Redacted, e.Source, e.Tenant = []byte(`{"n":17}`), true, "/webhooks/github", ""
		}},
		"a value that is no part of the id": {`decision := {"allow": true, "redact": [{"path": "$.n"}]}`, apart, func(e *event.Event) {
			e.Data, e.Redacted = []byte(`{"n":"[redacted]"}`), true
		}},
		"a tenant of the policy's own": {`decision := {"allow": true, "tenant": "acme", "redact": [{"path": "$.org"}]}`, kept, func(e *event.Event) {
			e.Data, e.Redacted = []byte(`{"id":"a@x","org":"[redacted]","n":17,"other":"kept","list":["kept"]}`), true
			e.SetTenant("acme")
		}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got, want := tc.from, tc.from
			tc.want(&want)
			if err := newKit(t).stage(t, map[string]any{"directory": rego(t, tc.rules+"\n")}).Handle(t.Context(), delivery(&got)); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got, cmp.Transformer("text", func(b []byte) string { return string(b) })); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
