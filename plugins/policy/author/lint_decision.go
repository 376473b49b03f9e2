package author

import (
	"fmt"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"

	"webhookedge/plugins/policy/engine"
)

// decisionShapes finds written-out decisions that the edge would always refuse.
func (p *Project) decisionShapes() Findings {
	var found Findings
	for _, m := range p.modules() {
		for _, rule := range m.Rules {
			ref := m.Package.Path.Extend(rule.Head.Ref())
			if slices.ContainsFunc(p.decisions, func(decision ast.Ref) bool { return decision.Equal(ref) }) {
				found = append(found, shapesOf(rule)...)
			}
		}
	}
	return found
}

// shapesOf looks at a rule and what follows after else.
func shapesOf(rule *ast.Rule) Findings {
	var found Findings
	fault := func(loc *ast.Location, what string) {
		f := place(loc, what)
		f.Code = "decision"
		found = append(found, f)
	}
	switch {
	case len(rule.Head.Args) > 0:
		fault(rule.Location, "a decision is a value, and this is a function")
		return found
	case rule.Head.Key != nil:
		fault(rule.Location, "a decision is one value, and this is a set: write := in the place of contains")
		return found
	}
	for ; rule != nil; rule = rule.Else {
		if rule.Head.Value == nil {
			continue
		}
		value := written(rule, rule.Head.Value)
		if why := refused(value); why != nil {
			loc := value.Location
			if loc == nil || loc.Row == 0 {
				loc = rule.Location
			}
			fault(loc, why.Error())
		}
	}
	return found
}

// written is what a variable is in the body of its rule, where that says so.
func written(rule *ast.Rule, t *ast.Term) *ast.Term {
	name, ok := t.Value.(ast.Var)
	if !ok {
		return t
	}
	for _, e := range rule.Body {
		if e.IsAssignment() && e.Operand(0).Value.Compare(name) == 0 {
			return e.Operand(1)
		}
	}
	return t
}

// refused is why the engine would refuse a decision. Unknown parts count as valid.
func refused(t *ast.Term) error {
	switch v := t.Value.(type) {
	case ast.Object:
		var why error
		for _, allow := range []bool{true, false} {
			if _, why = engine.ParseDecision(filled(v, allow)); why == nil {
				return nil
			}
		}
		return why
	case ast.Null, ast.Boolean, ast.Number, ast.String, *ast.Array, ast.Set, *ast.ArrayComprehension, *ast.SetComprehension:
		return fmt.Errorf("%w: it is not an object such as {\"allow\": true}", engine.ErrShape)
	default:
		return nil
	}
}

// filled is a decision with valid values for its unknown parts, and with allow.
func filled(o ast.Object, allow bool) ast.Object {
	out := ast.NewObject()
	o.Foreach(func(k, v *ast.Term) {
		name, ok := k.Value.(ast.String)
		switch {
		case !ok:
			return // a name that is only known with the event
		case name == "allow" && !ast.IsConstant(v.Value):
			out.Insert(k, ast.BooleanTerm(allow))
		default:
			out.Insert(k, fitting(string(name), v))
		}
	})
	return out
}

// fitting replaces what is not known in the value of a member.
func fitting(member string, t *ast.Term) *ast.Term {
	if ast.IsConstant(t.Value) {
		return t
	}
	switch v := t.Value.(type) {
	case *ast.Array:
		all := make([]*ast.Term, 0, v.Len())
		v.Foreach(func(element *ast.Term) { all = append(all, fitting(elementOf(member), element)) })
		return ast.ArrayTerm(all...)
	case ast.Set:
		all := make([]*ast.Term, 0, v.Len())
		v.Foreach(func(element *ast.Term) { all = append(all, fitting(elementOf(member), element)) })
		return ast.SetTerm(all...)
	case ast.Object:
		out := ast.NewObject()
		v.Foreach(func(k, inner *ast.Term) {
			if name, ok := k.Value.(ast.String); ok {
				out.Insert(k, fitting(string(name), inner))
			}
		})
		return ast.NewTerm(out)
	}
	if value, ok := fits()[member]; ok {
		return ast.MustParseTerm(value)
	}
	return ast.StringTerm("x")
}

// elementOf is the name under which fits has an element of a list.
func elementOf(member string) string {
	if member == "targets" || member == "redact" {
		return member + "[]"
	}
	return "token"
}

// fits has a value for each member that takes more than a text.
func fits() map[string]string {
	return map[string]string{
		"allow": "true", "quarantine": "false", "code": `"policy_denied"`, "status": "403", "stream": `"X"`, "targets": `[{"subject": "x"}]`,
		"redact": "[]", "headers": "{}", "labels": "{}", "targets[]": `{"subject": "x"}`, "redact[]": `{"path": "$.x"}`, "path": `"$.x"`, "action": `"drop"`,
	}
}
