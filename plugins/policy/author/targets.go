package author

import (
	"cmp"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/policy/engine"
)

// Targets returns where the policy may send events, as far as tables and texts in Rego say
// it, sorted. A token that only the event tells is a star.
func (p *Project) Targets() []pipeline.Target {
	var all []pipeline.Target
	p.eachRouteDecision(func(_ []string, d *engine.Decision, err error) {
		if err == nil {
			all = append(all, d.Targets...)
		}
	})
	for _, m := range p.modules() {
		ast.WalkTerms(m, func(t *ast.Term) bool {
			if object, ok := t.Value.(ast.Object); ok {
				if target, ok := targetOf(object); ok {
					all = append(all, target)
				}
			}
			return false
		})
	}
	for i := range all {
		tokens := strings.Split(all[i].Subject, ".")
		for k, token := range tokens {
			if token == unknownToken {
				tokens[k] = "*"
			}
		}
		all[i].Subject = strings.Join(tokens, ".")
	}
	slices.SortFunc(all, func(a, b pipeline.Target) int {
		return cmp.Or(strings.Compare(a.Subject, b.Subject), strings.Compare(a.Stream, b.Stream))
	})
	return slices.Compact(all)
}
