package engine_test

import (
	"slices"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"

	"webhookedge/plugins/policy/engine"
)

func TestReads_nameEveryPlaceOnce(t *testing.T) {
	p := compile(t, "decision := {\"allow\": true} if {\n\tinput.data.a.b\n\tinput.data[\"a.b\"]\n\tinput.data[\"a\"][\"b\"]\n}", engine.Options{})
	var got []string
	for _, r := range p.Reads() {
		got = append(got, r.Name())
	}
	if want := []string{"input.data.a.b", "input.data.a.b", `input.data["a.b"]`}; !slices.Equal(want, got) {
		t.Errorf("reads %q, want %q", got, want)
	}
}

func TestReads_includeElseBranches(t *testing.T) {
	module, err := engine.ParseModule("main.rego", []byte(`package webhook.main

default decision := {"allow": false, "reason": "no"}

decision := {"allow": true} if {
	input.truncated
} else := {"allow": true} if {
	named
} else := {"allow": true, "tenant": input.event.tenant}

named if input.event.name == "push"
`))
	if err != nil {
		t.Fatal(err)
	}
	p, err := engine.Compile(&engine.Source{Modules: map[string]*ast.Module{"main.rego": module}}, engine.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range p.Reads() {
		got = append(got, r.Name())
	}
	if want := []string{"input.event.name", "input.event.tenant", "input.truncated"}; !slices.Equal(want, got) {
		t.Errorf("reads %v, want %v", got, want)
	}
}
