package jsonscan

import (
	"bytes"
	"strconv"
)

// Pick returns what Scan does, of a body that Scan took or of what a change that
// keeps JSON valid has left of one. It looks at nothing but what the paths lead
// through, and checks nothing: of other bodies it may find anything.
func Pick(body []byte, paths *Paths) Values {
	if paths == nil || paths.n == 0 {
		return nil
	}
	p := picker{cursor: NewCursor(body), values: make(Values, paths.n)}
	p.value(paths.root, 0)
	return p.values
}

type picker struct {
	cursor Cursor
	values Values
}

// value passes the next value, which stands below depth arrays and objects. n
// is nil when no path leads there.
func (p *picker) value(n *node, depth int) {
	kind := p.cursor.Kind()
	container := kind == '{' || kind == '['
	switch {
	case n == nil || container && (len(n.nodes) == 0 || depth == MaxDepth):
		p.cursor.Raw()
	case !container:
		p.values.keep(n, scalar(p.cursor.Raw()))
		return
	default:
		p.inside(n, kind, depth+1)
	}
	if n != nil {
		p.values.keep(n, Value{Kind: Container})
	}
}

func (p *picker) inside(n *node, kind byte, depth int) {
	p.cursor.Enter()
	var digits [20]byte
	for i := 0; p.cursor.More(); i++ {
		var name []byte
		if kind == '{' {
			name = Text(p.cursor.Raw())
		} else {
			name = strconv.AppendInt(digits[:0], int64(i), 10)
		}
		p.value(n.child(name), depth)
	}
}

// scalar returns the value that raw spells.
func scalar(raw []byte) Value {
	if len(raw) == 0 {
		return Value{}
	}
	switch raw[0] {
	case '"':
		return Value{Text: string(Text(raw)), Kind: String}
	case 't', 'f':
		return Value{Text: string(raw), Kind: Bool}
	case 'n':
		return Value{}
	}
	return Value{Text: string(raw), Kind: Number}
}

// Text returns the text that raw, a valid string, spells, as Scan reads it.
func Text(raw []byte) []byte {
	if len(raw) >= 2 && raw[0] == '"' && bytes.IndexByte(raw, '\\') < 0 {
		return raw[1 : len(raw)-1]
	}
	return unquoted(nil, raw)
}
