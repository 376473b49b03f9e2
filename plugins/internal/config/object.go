package config

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// object is a JSON object whose members keep their order, so that generated
// files follow the order of the struct.
type object []pair

type pair struct {
	key   string
	value any
}

func (o *object) add(key string, value any) { *o = append(*o, pair{key, value}) }

// MarshalJSON implements json.Marshaler.
func (o object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, p := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		key, err := encode(p.key)
		if err != nil {
			return nil, err
		}
		value, err := encode(p.value)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.key, err)
		}
		b.Write(key)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// encode is json.Marshal without its escapes for HTML, which nobody can read.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

// literal gives a value that passed its shape's rules the form of that shape:
// Lua writes the integer 5 as 5.0 and the empty array as {}.
func (s *shape) literal(n *node) any {
	switch s.kind {
	case kindBool:
		return n.kind == 't'
	case kindInt:
		i, err := parseInt(n.text)
		if err != nil { // the model's check parsed it before
			return nil
		}
		return i
	case kindArray:
		out := make([]any, 0, len(n.items))
		for _, item := range n.items {
			out = append(out, s.elem.literal(item))
		}
		return out
	case kindMap:
		out := make(object, 0, len(n.members))
		for _, m := range n.members {
			out.add(m.key, s.elem.literal(m.value))
		}
		return out
	case kindRecord:
		out := make(object, 0, len(n.members))
		for _, m := range n.members {
			out.add(m.key, s.record.field(m.key).shape.literal(m.value))
		}
		return out
	default:
		return n.text
	}
}
