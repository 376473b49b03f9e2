package jsonscan

import (
	"errors"
	"fmt"
	"strconv"
)

// ErrItems means that a list is longer than is allowed.
var ErrItems = errors.New("JSON list is too long")

// ListPath is where a list stands in a document. It is immutable.
type ListPath struct{ segments []string }

// CompileList compiles a path as Compile does; "" is the document itself. The
// error is ErrPath.
func CompileList(path string) (*ListPath, error) {
	if path == "" {
		return &ListPath{}, nil
	}
	segments, err := Segments(path)
	if err != nil {
		return nil, err
	}
	return &ListPath{segments: segments}, nil
}

// List is a list as it stands in a document: Head, then Items with what is
// between them, then Tail. All refer to the document.
type List struct {
	Head, Tail []byte // Head ends where the first item begins, Tail begins where the last one ends
	Items      [][]byte
}

// Find returns the list at p in body, which Scan has accepted; it is false where
// something else stands there or nothing. The error is ErrItems for a list of more than
// most items. Like a Cursor it checks nothing: of other bodies it may find anything.
func (p *ListPath) Find(body []byte, most int) (List, bool, error) {
	c := NewCursor(body)
	for _, name := range p.segments {
		if !c.descend(name) {
			return List{}, false, nil
		}
	}
	if c.Kind() != '[' {
		return List{}, false, nil
	}
	c.Enter()
	l := List{Head: body[:c.at], Tail: body[c.at:]}
	for c.More() {
		if len(l.Items) == most {
			return List{}, false, fmt.Errorf("%w: more than %d items", ErrItems, most)
		}
		start := c.at
		if len(l.Items) == 0 {
			l.Head = body[:start]
		}
		l.Items = append(l.Items, c.Raw())
		l.Tail = body[c.at:]
	}
	return l, true, nil
}

// descend goes to the member or element name of the value that comes next.
func (c *Cursor) descend(name string) bool {
	kind := c.Kind()
	if kind != '{' && kind != '[' {
		return false
	}
	c.Enter()
	for i := 0; c.More(); i++ {
		at := strconv.Itoa(i)
		if kind == '{' {
			at = string(Text(c.Raw()))
		}
		if at == name {
			return true
		}
		c.Raw()
	}
	return false
}
