package policy_test

import (
	"testing"

	"webhookedge/plugins/internal/pipeline"
)

// TestRedactors_areKeyedByTheirPlaces asks for lists of redactions that run
// together into one text, the longer path first.
func TestRedactors_areKeyedByTheirPlaces(t *testing.T) {
	s := newKit(t).stage(t, map[string]any{"directory": rego(t, `lists := {
	"one": [{"path": "$.a\u0000drop$.card", "action": "mask"}],
	"two": [{"path": "$.a", "action": "mask"}, {"path": "$.card", "action": "drop"}],
	"quotes": [{"path": "$['a\"\"drop\"\"$.card']", "action": "mask"}],
	"again": [{"path": "$.card", "action": "mask"}],
	"other": [{"path": "$.card", "action": "drop"}],
}

decision := {"allow": true, "redact": lists[input.event.action]}
`)})
	for _, tt := range []struct{ list, want string }{
		{"one", `{"card":"4111"}`}, {"two", `{}`}, {"quotes", `{"card":"4111"}`}, {"again", `{"card":"[redacted]"}`}, {"other", `{}`}, {"two", `{}`}, {"one", `{"card":"4111"}`},
	} {
		e := push()
		e.Action, e.Data = tt.list, []byte(`{"card":"4111"}`)
		if err := s.Handle(t.Context(), delivery(e)); err != nil || string(e.Data) != tt.want {
			t.Errorf("%s: %s, %v, want %s", tt.list, e.Data, err, tt.want)
		}
	}
}

// TestPool_isKeyedByAllSettings opens one policy under settings that run
// together into one text.
func TestPool_isKeyedByAllSettings(t *testing.T) {
	k, dir := newKit(t), rego(t, "decision := {\"allow\": true, \"tenant\": input.request.headers[\"x-b\"]}\n")
	other := k.stage(t, map[string]any{"directory": dir, "headers": []string{"x-a,x-b"}})
	own := k.stage(t, map[string]any{"directory": dir, "headers": []string{"x-a", "x-b"}})
	e := push()
	d := delivery(e)
	d.Headers = pipeline.Headers{{Name: "x-b", Value: "acme"}}
	if err := own.Handle(t.Context(), d); err != nil || e.Tenant != "acme" {
		t.Errorf("tenant %q, %v: the headers are those of another stage", e.Tenant, err)
	}
	if err := other.Handle(t.Context(), delivery(push())); err == nil {
		t.Error("the other stage sees a header that it does not name")
	}
}
