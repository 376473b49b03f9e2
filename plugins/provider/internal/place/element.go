package place

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
)

// Bounds of an XML document of which one element is read.
const (
	maxElementTokens = 1000
	maxElementDepth  = 8
)

// elementOf returns the text of the child of that name of the root of an XML document,
// and how many there are. A document that is not whole, has a document type or is out of
// bounds has none, and an element with others inside it counts as two.
func elementOf(document []byte, name string) (text string, n int) {
	dec, e := xml.NewDecoder(bytes.NewReader(document)), element{name: name}
	for range maxElementTokens {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return e.text, e.n
		}
		if err != nil || !e.take(token) {
			break
		}
	}
	return "", 0
}

// element is what is known of an element while a document is read.
type element struct {
	name   string
	depth  int
	inside bool
	text   string
	n      int
}

// take reads a token, and is false where the document is out of bounds.
func (e *element) take(token xml.Token) bool {
	switch token := token.(type) {
	case xml.StartElement:
		e.depth++
		if e.inside {
			e.n = 2
		}
		if e.depth == 2 && token.Name.Space == "" && token.Name.Local == e.name {
			e.n++
			e.inside = true
		}
	case xml.EndElement:
		if e.depth--; e.depth == 1 {
			e.inside = false
		}
	case xml.CharData:
		if e.inside && e.n == 1 {
			e.text += string(token)
		}
	case xml.Directive:
		return false
	}
	return e.depth <= maxElementDepth
}
