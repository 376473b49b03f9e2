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
	dec := xml.NewDecoder(bytes.NewReader(document))
	depth, inside := 0, false
	for range maxElementTokens {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return text, n
		}
		if err != nil {
			return "", 0
		}
		switch token := token.(type) {
		case xml.StartElement:
			if depth++; depth > maxElementDepth {
				return "", 0
			}
			if inside {
				n = 2
			}
			if depth == 2 && token.Name.Space == "" && token.Name.Local == name {
				n++
				inside = true
			}
		case xml.EndElement:
			if depth--; depth == 1 {
				inside = false
			}
		case xml.CharData:
			if inside && n == 1 {
				text += string(token)
			}
		case xml.Directive:
			return "", 0
		}
	}
	return "", 0
}
