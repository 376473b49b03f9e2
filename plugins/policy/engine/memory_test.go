package engine_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"webhookedge/plugins/event"
	"webhookedge/plugins/policy/engine"
)

func TestMemory_holdsOnlyWhatCannotChange(t *testing.T) {
	const head = "package webhook.main\n\ndecision := {\"allow\": true, \"tenant\": value}\n\n"
	tests := map[string]struct {
		value string // a rule of the policy
		same  bool   // the second answer is the first one, not one like it
	}{
		"what is read is equal":           {`value := input.event.tenant`, true},
		"the payload that is read is":     {`value := input.data.ref`, true},
		"the time is asked for":           {`value := sprintf("%d", [time.now_ns()])`, false},
		"a certificate is checked":        {`value := sprintf("%v", [crypto.x509.parse_and_verify_certificates(input.event.tenant)])`, false},
		"chance stands in for another":    {"value := x if x := again with seen as uuid.rfc4122\n\nagain := seen(\"a\")\n\nseen(x) := x", false},
		"the time in a comprehension":     {`value := concat("", [sprintf("%d", [x]) | some x in [time.now_ns()]])`, false},
		"the time behind every and not":   {"value := \"x\" if {\n\tevery x in [1] { time.now_ns() > x }\n\tnot time.now_ns() == 5\n}", false},
		"the time in a template":          {"value := $`{time.now_ns()}`", false},
		"the time in the head of a rule":  {"value := concat(\"\", [k | some k in object.keys(at)])\n\nat[sprintf(\"%d\", [time.now_ns()])] := 1", false},
		"the time behind an else":         {"value := sprintf(\"%d\", [at])\n\nat := 1 if false\n\nelse := time.now_ns()", false},
		"chance is asked for":             {`value := sprintf("%d", [rand.intn(input.event.tenant, 9)])`, false},
		"the id is read":                  {`value := input.event.id`, false},
		"the event is read as a whole":    {`value := object.get(input.event, "tenant", "x")`, false},
		"much of the payload is read":     {`value := substring(input.data.long, 0, 3)`, false},
		"little of a long payload counts": {`value := concat("", [input.data.ref, input.event.tenant])`, true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			module, err := engine.ParseModule("main.rego", []byte(head+tt.value+"\n"))
			if err != nil {
				t.Fatal(err)
			}
			p, err := engine.Compile(&engine.Source{Modules: map[string]*ast.Module{"main.rego": module}}, engine.Options{})
			if err != nil {
				t.Fatal(err)
			}
			ask := func(tenant string, second int) *engine.Decision {
				e := &event.Event{
					ID: "1", Source: "/s", Provider: "github", Type: "push", Tenant: tenant,
					Data: []byte(`{"ref":"main","long":"` + strings.Repeat("x", 4096) + `"}`),
				}
				d, err := p.Eval(t.Context(), engine.Input{Event: e}, time.Unix(int64(second), 0))
				if err != nil {
					t.Fatal(err)
				}
				return d
			}
			one, two := ask("a", 1), ask("a", 2)
			if (one == two) != tt.same {
				t.Errorf("the second answer is the first: %v, want %v", one == two, tt.same)
			}
		})
	}
}

func TestMemory_answersOnlyEqualInputs(t *testing.T) {
	module, err := engine.ParseModule("main.rego", []byte("package webhook.main\n\ndecision := {\"allow\": true, \"tenant\": input.event.tenant}\n"))
	if err != nil {
		t.Fatal(err)
	}
	p, err := engine.Compile(&engine.Source{Modules: map[string]*ast.Module{"main.rego": module}}, engine.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		for i := range 5000 { // more than are remembered
			want := fmt.Sprint("t", i)
			d, err := p.Eval(t.Context(), engine.Input{Event: &event.Event{ID: "1", Source: "/s", Provider: "github", Type: "push", Tenant: want}}, time.Unix(1, 0))
			if err != nil || d.Tenant != want {
				t.Fatalf("tenant %s: %+v, %v", want, d, err)
			}
		}
	}
}
