package author

import (
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
)

// Trap is something that compiles and yet seldom does what its author meant.
type Trap struct {
	// Name is the code of its findings and what METADATA names to allow it:
	//
	//	# custom:
	//	#   lint:
	//	#     ignore: [unused]
	Name string
	Why  string

	look func(*Project) Findings // nil where Check and Open do it, since not all of it are warnings
}

// Traps returns every trap that Lint looks for.
func Traps() []Trap {
	return []Trap{
		{"package-path", "a reader looks for a package in the folder of its name, and its data.yaml belongs there", (*Project).packagePaths},
		{"unused", "no decision uses the rule", (*Project).unused},
		{"missing-default", "an event that no body of the decision covers is answered with 500", (*Project).missingDefault},
		{"default-allows", "what no rule decides is let through", (*Project).defaultAllows},
		{"dead-else", "the body before is always true, so what follows is never tried", (*Project).deadElse},
		{"unknown-data", "a name in the data document that no file sets is undefined", (*Project).unknownData},
		{"nondeterministic", "the same event can be decided in two ways, and a replay tells nothing", (*Project).nondeterministic},
		{"whole-payload", "every payload is converted as a whole, which costs several times the rest", (*Project).wholePayload},
		{"shadowed-route", "a row that a row before it or beside it always takes", (*Project).shadowedRoutes},
		{"unknown-provider", "no event has such a name", (*Project).unknownProviders},
		{unknownField, "a name that no schema and no sample of the event has, though the provider may send it", nil},
		{unknownEvent, "a name that the catalogue knows of no event; a likely typo is an error", nil},
		{"no-decision", "the decision that the edge asks for is not here, but others are", nil},
		{noStream, "an event with this subject is answered with 503: an error", nil},
	}
}

// Lint looks for every trap. All of its findings are warnings.
func (p *Project) Lint() Findings {
	var found Findings
	for _, trap := range Traps() {
		if trap.look == nil {
			continue
		}
		for _, f := range trap.look(p) {
			f.Code, f.Warning = trap.Name, true
			if f.Message == "" {
				f.Message = trap.Why
			} else {
				f.Message += ": " + trap.Why
			}
			found = append(found, f)
		}
	}
	return found.sorted()
}

// rules calls fn with every compiled rule that does not ignore the trap; else is part of it.
func (p *Project) rules(trap string, fn func(*ast.Rule)) {
	annotations := p.policy.Compiler().GetAnnotationSet()
	for _, m := range p.policy.Compiler().Modules {
		for _, rule := range m.Rules {
			if !ignores(annotations, rule, trap) {
				fn(rule)
			}
		}
	}
}

func ignores(set *ast.AnnotationSet, rule *ast.Rule, trap string) bool {
	if set == nil {
		return false
	}
	for _, ref := range set.Chain(rule) {
		if ref.Annotations == nil {
			continue
		}
		lint, _ := ref.Annotations.Custom["lint"].(map[string]any)
		names, _ := lint["ignore"].([]any)
		if slices.Contains(names, any(trap)) {
			return true
		}
	}
	return false
}

func place(loc *ast.Location, message string) Finding {
	if loc == nil {
		return Finding{Message: message}
	}
	return Finding{File: loc.File, Row: loc.Row, Message: message}
}
