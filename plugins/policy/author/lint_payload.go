package author

import (
	"fmt"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

const unknownField = "unknown-field"

// payloadFields finds names of a payload that no schema and no sample of the event has. The
// conditions of the rule say which event. A likely typo is an error where the event has a
// schema, and so is an abbreviated name below the top. All else is a warning: no schema lists
// every name that a provider sends.
func (p *Project) payloadFields() Findings {
	known := knownEvents()
	var found Findings
	for _, m := range p.policy.Compiler().Modules {
		for _, rule := range m.Rules {
			if ignores(p.policy.Compiler().GetAnnotationSet(), rule, unknownField) {
				continue
			}
			for body := rule; body != nil; body = body.Else {
				about := pinned(body.Body).filter(known)
				ast.WalkRefs(&ast.Rule{Head: body.Head, Body: body.Body}, func(ref ast.Ref) bool {
					if f, ok := about.look(ref); ok {
						found = append(found, f)
					}
					return false
				})
			}
		}
	}
	return found
}

// pins are what the conditions of a body say of the event; "" is anything.
type pins struct{ provider, name, full string }

// pinned reads conditions such as input.event.type == "github.push".
func pinned(body ast.Body) pins {
	var p pins
	for _, e := range body {
		if e.Negated || len(e.With) > 0 || !e.IsCall() && !e.IsEquality() || len(e.Operands()) != 2 {
			continue
		}
		if op := e.Operator().String(); op != ast.Equal.Name && op != ast.Equality.Name {
			continue
		}
		for i := range 2 {
			ref, isRef := e.Operand(i).Value.(ast.Ref)
			text, isText := e.Operand(1 - i).Value.(ast.String)
			if !isRef || !isText {
				continue
			}
			switch ref.String() {
			case "input.event.provider":
				p.provider = string(text)
			case "input.event.name":
				p.name = string(text)
			case "input.event.type":
				p.full = string(text)
			}
		}
	}
	return p
}

// takes reports whether an event can be meant.
func (p pins) takes(e *knownEvent) bool {
	whole := e.provider + "." + e.name
	return (p.provider == "" || p.provider == e.provider) && (p.name == "" || p.name == e.name) &&
		(p.full == "" || p.full == whole || strings.HasPrefix(p.full, whole+"."))
}

// known is what is known of the payloads of the events that a body can be about.
type known struct {
	tree *nameTree
	what string // how to call them
	one  bool   // it is one event, and has a schema
}

func (p pins) filter(all []knownEvent) known {
	k := known{tree: &nameTree{}, what: "any provider"}
	events := 0
	for i := range all {
		if e := &all[i]; p.takes(e) {
			events++
			k.tree.merge(e.tree)
			k.one = events == 1 && e.schema
			if p != (pins{}) {
				k.what = e.provider + "." + e.name
			}
		}
	}
	if events > 1 && p != (pins{}) {
		k.what = "these events"
	}
	return k
}

// look follows a reference into the payload as far as names are known.
func (k known) look(ref ast.Ref) (Finding, bool) {
	if len(ref) < 3 || !ref[0].Equal(ast.InputRootDocument) || !ref[1].Equal(ast.StringTerm("data")) {
		return Finding{}, false
	}
	at := k.tree
	for _, term := range ref[2:] {
		name, isName := term.Value.(ast.String)
		switch {
		case !isName:
			at = at.each
		case at.next == nil:
			return Finding{}, false
		case at.next[string(name)] == nil:
			return k.finding(ref, string(name), at)
		default:
			at = at.next[string(name)]
		}
		if at == nil {
			return Finding{}, false
		}
	}
	return Finding{}, false
}

func (k known) finding(ref ast.Ref, name string, at *nameTree) (Finding, bool) {
	exist := at.names()
	near := typo(name, exist)
	if near == "" && !k.one {
		return Finding{}, false // nothing is known of most payloads
	}
	f := place(ref[0].Location, fmt.Sprintf("%v: no schema and no sample of %s has %q", ref, k.what, name))
	f.Code, f.Warning = unknownField, near == "" || !k.one && (at == k.tree || !abbreviates(name, near))
	if k.one || !f.Warning {
		f.Message += fmt.Sprintf("\nhave: %q\nwant (one of): %q", name, exist)
	} else {
		f.Message += fmt.Sprintf("; is it %q?", near)
	}
	return f, true
}
