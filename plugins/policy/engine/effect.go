package engine

import (
	"encoding/json"

	"github.com/open-policy-agent/opa/v1/ast"
)

// The outcomes of asking about an event, as they are counted.
const (
	Published   = "published"
	Refused     = "refused"
	Quarantined = "quarantined"
	Failed      = "failed" // no decision: the edge answers 500 or 503
)

// Outcome is what becomes of the event; Failed of no decision.
func (d *Decision) Outcome() string {
	switch {
	case d == nil:
		return Failed
	case !d.Allow:
		return Refused
	case d.Quarantine:
		return Quarantined
	default:
		return Published
	}
}

// SameEffect reports whether two decisions have the same effect; rule and reason have none.
func SameEffect(a, b *Decision) bool {
	if a == nil || b == nil {
		return a == b
	}
	return effect(a).Compare(effect(b)) == 0
}

func effect(d *Decision) ast.Value {
	object, ok := d.value.(ast.Object)
	if !ok {
		return d.value
	}
	out := ast.NewObject()
	object.Foreach(func(key, value *ast.Term) {
		if name, _ := key.Value.(ast.String); name != "rule" && name != "reason" {
			out.Insert(key, value)
		}
	})
	return out
}

// JSON is the decision as the policy gave it, nil for none.
func (d *Decision) JSON() json.RawMessage {
	if d == nil {
		return nil
	}
	value, err := ast.JSON(d.value)
	if err != nil {
		return nil
	}
	text, err := json.Marshal(value)
	if err != nil {
		return nil
	}
	return text
}
