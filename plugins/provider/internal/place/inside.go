package place

import (
	"fmt"
	"slices"
	"strings"

	"webhookedge/plugins/internal/jsonscan"
	"webhookedge/plugins/provider/spec"
)

// inside says where a value stands in a JSON document that is a text of the payload.
type inside struct {
	path  string          // of the text, in the document around it
	names []string        // of Name, that lead to its object
	at    Place           // in the document that the text spells
	paths *jsonscan.Paths // of at
}

// isInside reports whether places of the kind are in a document inside of the payload.
func (k Kind) isInside() bool { return k == Nested || k == Base64 || k == Token }

// parseInside compiles what stands behind the kind of a place in a document: "a.b/json:c".
func parseInside(k Kind, name string) (Place, error) {
	path, rest, _ := strings.Cut(name, "/")
	in := &inside{path: path}
	var err error
	if in.at, err = Parse(rest, JSON, Member, Name, Nested, Base64, Token); err == nil && in.at.Kind == Nothing {
		err = fmt.Errorf("%w: %q names no place in the document", spec.ErrRow, name)
	}
	if err != nil {
		return Place{}, err
	}
	var all Paths
	all.Add(&in.at)
	if in.paths, err = all.Compile(); err != nil {
		return Place{}, err
	}
	return Place{Kind: k, Name: name, inside: in}, nil
}

// parseName compiles the place of the only name of an object.
func parseName(name string) (Place, error) {
	names, err := jsonscan.Segments(name)
	if err != nil {
		return Place{}, fmt.Errorf("%w: %w", spec.ErrRow, err)
	}
	return Place{Kind: Name, Name: name, inside: &inside{names: names}}, nil
}

// Path returns the path of the JSON payload that at reads, "" where it reads none.
func (at Place) Path() string {
	switch at.Kind {
	case JSON, Member, Name:
		return at.Name
	case Nested, Base64, Token:
		return at.inside.path
	}
	return ""
}

// insideOf returns what stands at a place of the document that text spells. A text that
// spells none has no values.
func insideOf(at Place, text string) (string, int) {
	var document []byte
	switch at.Kind {
	case Nested:
		document = []byte(text)
	case Base64:
		document, _ = spec.Base64.Decode(text)
	default:
		document = Claims([]byte(text))
	}
	found, err := jsonscan.Scan(document, at.inside.paths)
	if err != nil {
		return "", 0
	}
	v := Values{JSON: found, document: document}
	if text = v.Sole(at.inside.at); text == "" {
		return "", 0
	}
	return text, 1
}

// Claims returns the payload of a JWT in compact form (RFC 7515 section 7.1), unproved,
// nil where text is none.
func Claims(text []byte) []byte {
	parts := strings.Split(string(text), ".")
	if len(parts) != 3 {
		return nil
	}
	claims, ok := spec.Base64URLRaw.Decode(parts[1])
	if !ok {
		return nil
	}
	return claims
}

// Members returns how many members the object has that is document.
func Members(document []byte) int {
	_, n := onlyName(document, nil)
	return n
}

// onlyName returns the name of the first member of the object to which names lead, and
// how many there are.
func onlyName(document []byte, names []string) (name string, n int) {
	c := jsonscan.NewCursor(document)
	for _, next := range append(slices.Clone(names), "") {
		if c.Kind() != '{' {
			return "", 0
		}
		c.Enter()
		if next == "" {
			break
		}
		for {
			if !c.More() {
				return "", 0
			}
			if string(jsonscan.Text(c.Raw())) == next {
				break
			}
			c.Raw()
		}
	}
	for ; c.More(); n++ {
		if key := c.Raw(); n == 0 {
			name = string(jsonscan.Text(key))
		}
		c.Raw()
	}
	return name, n
}
