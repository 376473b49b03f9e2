package engine_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"webhookedge/plugins/policy/engine"
)

const named = `# METADATA
# custom:
#   rule: nothing
default decision := {"allow": false, "reason": "no"}

# METADATA
# custom:
#   rule: pushes
decision := {"allow": true} if {
	input.event.name == "push"
	not input.data.deleted
} else := {"allow": true, "quarantine": true} if {
	input.data.deleted == "perhaps"
}

decision := {"allow": true, "rule": "its.own"} if input.event.name == "fork"

decision := data.webhook.main.other if input.event.name == "star"

# METADATA
# custom:
#   rule: never.asked.for.a.name
other := {"allow": true}
`

func TestRuleNames_fromDecisionMetadataOrPath(t *testing.T) {
	p := compile(t, named, engine.Options{})
	for name, tt := range map[string]struct{ event, data, want string }{
		"by METADATA":              {"push", `{}`, "pushes"},
		"by METADATA, in an else":  {"push", `{"deleted":"perhaps"}`, "pushes"},
		"by METADATA, the default": {"pull", `{}`, "nothing"},
		"by itself":                {"fork", `{}`, "its.own"},
		"by its path":              {"star", `{}`, "webhook.main.decision"},
	} {
		t.Run(name, func(t *testing.T) {
			in := input(tt.data)
			in.Event.Type = tt.event
			for range 2 { // the second time it is remembered
				d, err := p.Eval(t.Context(), in, now())
				if err != nil || d.Rule != tt.want {
					t.Errorf("rule %+v, %v", d, err)
				}
			}
		})
	}
}

func TestRules_listWhatADecisionCanName(t *testing.T) {
	root := dir(t, "main.rego", "package webhook.main\n\n"+named, "webhook/data.yaml", "routes:\n  a: {any: {then: {allow: true, rule: from.a.table}}}\n  b: [{rule: from.a.list}, {rule: \"no name, surely\"}]\n")
	s, err := engine.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	p, err := engine.Compile(s, engine.Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"from.a.list", "from.a.table", "its.own", "nothing", "pushes", "webhook.main.decision"}
	if diff := cmp.Diff(want, p.Rules()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestRuleNames_impossibleNameIsAFault(t *testing.T) {
	s, err := engine.ReadDir(dir(t, "main.rego", "package webhook.main\n\n# METADATA\n# custom:\n#   rule: a name of several words\ndecision := {\"allow\": true}\n"))
	if err == nil {
		_, err = engine.Compile(s, engine.Options{})
	}
	if !errors.Is(err, engine.ErrCompile) || !strings.Contains(err.Error(), "main.rego:3: rego_compile_error: custom.rule does not match") {
		t.Errorf("error %v", err)
	}
}
