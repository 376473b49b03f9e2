package jsonscan

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
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
	segments, err := split(path)
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
// something else stands there or nothing. The error is ErrItems for a list of
// more than most items, and ErrSyntax for a body that Scan would have refused.
func (p *ListPath) Find(body []byte, most int) (List, bool, error) {
	buf := *bytes.NewBuffer(body) // read only: the decoder parses in place
	dec := jsontext.NewDecoder(&buf, jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))
	for _, name := range p.segments {
		found, err := descend(dec, name)
		if err != nil {
			return List{}, false, fmt.Errorf("%w at byte %d", ErrSyntax, dec.InputOffset())
		}
		if !found {
			return List{}, false, nil
		}
	}
	if dec.PeekKind() != '[' {
		return List{}, false, nil
	}
	l, err := list(dec, body, most)
	switch {
	case errors.Is(err, ErrItems):
		return List{}, false, err
	case err != nil:
		return List{}, false, fmt.Errorf("%w at byte %d", ErrSyntax, dec.InputOffset())
	}
	return l, true, nil
}

func list(dec *jsontext.Decoder, body []byte, most int) (List, error) {
	if _, err := dec.ReadToken(); err != nil {
		return List{}, err
	}
	l := List{Head: body[:dec.InputOffset()], Tail: body[dec.InputOffset():]}
	for dec.PeekKind() != ']' {
		if len(l.Items) == most {
			return List{}, fmt.Errorf("%w: more than %d items", ErrItems, most)
		}
		raw, err := dec.ReadValue()
		if err != nil {
			return List{}, err
		}
		end := int(dec.InputOffset())
		start := end - len(raw)
		if len(l.Items) == 0 {
			l.Head = body[:start]
		}
		l.Items = append(l.Items, body[start:end])
		l.Tail = body[end:]
	}
	return l, nil
}

// descend goes to the member or element name of the value that comes next.
func descend(dec *jsontext.Decoder, name string) (bool, error) {
	kind := dec.PeekKind()
	if kind != '{' && kind != '[' {
		return false, nil
	}
	if _, err := dec.ReadToken(); err != nil {
		return false, err
	}
	for i := 0; ; i++ {
		at := strconv.Itoa(i)
		switch dec.PeekKind() {
		case '}', ']':
			return false, nil
		}
		if kind == '{' {
			raw, err := dec.ReadValue()
			if err != nil {
				return false, err
			}
			at = string(text(raw))
		}
		if at == name {
			return true, nil
		}
		if err := dec.SkipValue(); err != nil {
			return false, err
		}
	}
}
