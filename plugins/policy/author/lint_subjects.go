package author

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/policy/engine"
)

// unknownToken stands for a token of a subject that is only known with the event. No
// token that is written out has a blank.
const unknownToken = " "

// untakenSubjects finds subjects, in tables and in Rego, that their stream, or any, does
// not take.
func (p *Project) untakenSubjects() Findings {
	if len(p.Streams) == 0 {
		return nil
	}
	var found Findings
	p.eachRouteDecision(func(location []string, d *engine.Decision, err error) {
		if err != nil {
			return // Check says so
		}
		for _, target := range d.Targets {
			if why := p.Untaken(target); why != "" {
				found = append(found, p.inTable(location, why))
			}
		}
	})
	p.rules(noStream, func(rule *ast.Rule) {
		ast.WalkTerms(rule, func(t *ast.Term) bool {
			if object, ok := t.Value.(ast.Object); ok {
				if target, ok := targetOf(object); ok {
					if why := p.Untaken(target); why != "" {
						found = append(found, place(t.Location, why))
					}
				}
			}
			return false
		})
	})
	for i := range found {
		found[i].Code = noStream
	}
	return found
}

// eachRouteDecision calls fn with every decision of the route tables, or why it is invalid.
func (p *Project) eachRouteDecision(fn func(location []string, d *engine.Decision, err error)) {
	tell := func(then any, location ...[]string) {
		var d *engine.Decision
		value, err := ast.InterfaceToValue(then)
		if err == nil {
			d, err = engine.ParseDecision(value)
		}
		fn(slices.Concat(location...), d, err)
	}
	p.tablesOf(routeSchema, func(location []string, table map[string]any) {
		eachRow(table, func(at []string, row map[string]any) {
			if then, ok := row["then"]; ok {
				tell(then, location, at, []string{"then"})
			}
			branches, _ := row["branches"].([]any)
			for i, each := range branches {
				if then, ok := lookUp(each, []string{"then"}); ok {
					tell(then, location, at, []string{"branches", fmt.Sprint(i), "then"})
				}
			}
		})
	})
}

// targetOf reads a subject, and the stream beside it, of an object in a policy that can be a
// decision or one of its targets.
func targetOf(object ast.Object) (pipeline.Target, bool) {
	subject := object.Get(ast.StringTerm("subject"))
	if subject == nil || !isDecision(object) {
		return pipeline.Target{}, false
	}
	var target pipeline.Target
	if stream := object.Get(ast.StringTerm("stream")); stream != nil {
		if name, ok := stream.Value.(ast.String); ok {
			target.Stream = string(name)
		}
	}
	var tokens []string
	switch v := subject.Value.(type) {
	case ast.String:
		tokens = strings.Split(string(v), ".")
	case *ast.Array:
		v.Foreach(func(t *ast.Term) {
			token := unknownToken
			if text, ok := t.Value.(ast.String); ok {
				token = string(text)
			}
			tokens = append(tokens, token)
		})
	default:
		return target, false
	}
	for i := range tokens {
		if tokens[i] != unknownToken {
			tokens[i] = event.EscapeToken(tokens[i])
		}
	}
	target.Subject = strings.Join(tokens, ".")
	return target, true
}

// isDecision reports whether every name in an object is one of a decision's.
func isDecision(object ast.Object) bool {
	members := engine.Members()
	return !object.Until(func(key, _ *ast.Term) bool {
		name, ok := key.Value.(ast.String)
		return !ok || !slices.Contains(members, string(name))
	})
}

// Untaken says why no stream of Streams stores what goes to t, "" where one does.
func (p *Project) Untaken(t pipeline.Target) string {
	stored := func(subjects []string) bool {
		return slices.ContainsFunc(subjects, func(pattern string) bool { return takes(pattern, t.Subject) })
	}
	subjects, known := p.Streams[t.Stream]
	shown := strings.ReplaceAll(t.Subject, unknownToken, "*")
	switch {
	case t.Stream == "":
		for _, subjects := range p.Streams {
			if stored(subjects) {
				return ""
			}
		}
		return fmt.Sprintf("no stream takes the subject %s, so the event would be answered with 503\nstreams: %s", shown, p.streamList())
	case !known:
		return fmt.Sprintf("there is no stream %s\nstreams: %s", t.Stream, p.streamList())
	case !stored(subjects):
		return fmt.Sprintf("the stream %s does not take the subject %s\nit takes: %s", t.Stream, shown, strings.Join(subjects, ", "))
	}
	return ""
}

// streamList is every stream with the subjects that it takes.
func (p *Project) streamList() string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(p.Streams)) {
		all = append(all, name+" ("+strings.Join(p.Streams[name], ", ")+")")
	}
	return strings.Join(all, ", ")
}

// takes reports whether a pattern of NATS matches a subject, or can match it where tokens
// are unknown: * is one token, > the rest.
func takes(pattern, subject string) bool {
	want, have := strings.Split(pattern, "."), strings.Split(subject, ".")
	for i, token := range want {
		if token == ">" {
			return len(have) > i
		}
		if i >= len(have) || token != "*" && token != have[i] && have[i] != unknownToken {
			return false
		}
	}
	return len(want) == len(have)
}
