package tojson

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// Bounds of an XML document.
const (
	maxElements   = 100_000
	maxAttributes = 100_000 // of all elements
	maxOfElement  = 1_000   // attributes
	maxMarkup     = 300_000 // tags, comments, sections of characters and instructions
	maxDepth      = 64      // of elements
)

// ErrXML is a body that is not the XML that it claims to be, or that has a
// document type.
var ErrXML = errors.New("body is not valid XML")

// XML converts an XML document to a JSON object with its root as the only
// member, by these rules:
//
//   - An element without attributes and child elements is the string of its text.
//   - Any other is an object: an attribute is the member @name, a child element
//     the member of its name, several of one name an array in order, and text
//     that is not all white space the member #text.
//   - Names are as they are written, prefix included, and xmlns is an attribute.
//   - White space between elements, comments and processing instructions are left
//     out; the order of children of different names is that of their first.
//
// There are no entities but the five of XML itself and numbered characters: a
// document type is refused, so that nothing can be expanded or fetched.
//
// The charset is what the document itself says, in a byte order mark or the encoding of
// its declaration, and else that of UTF8 with charset and relabel. A declaration of
// UTF-16 that can be read as ASCII is that of a text that was converted, and means UTF-8.
// The error is ErrXML, with ErrCharset beside it where the charset is at fault.
func XML(body []byte, charset string, relabel bool) ([]byte, error) {
	text, err := xmlText(body, charset, relabel)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrXML, err)
	}
	if err := boundMarkup(text); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrXML, err)
	}
	dec := xml.NewDecoder(bytes.NewReader(text))
	dec.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil } // it is UTF-8 by now
	t := xmlTree{}
	for {
		token, err := dec.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("%w: at byte %d", ErrXML, dec.InputOffset())
		}
		if err := t.take(token); err != nil {
			return nil, fmt.Errorf("%w: %w, at byte %d", ErrXML, err, dec.InputOffset())
		}
	}
	if t.root == nil || len(t.open) > 0 {
		return nil, fmt.Errorf("%w: it has no root, or the root does not end", ErrXML)
	}
	dst := append(make([]byte, 0, len(text)), '{')
	dst = appendQuoted(dst, t.root.name)
	dst = t.root.append(append(dst, ':'))
	return append(dst, '}'), nil
}

// element is one of the tree.
type element struct {
	name       string
	attributes []xml.Attr
	children   []*element
	text       []byte
}

type xmlTree struct {
	root     *element
	open     []*element
	tokens   int
	elements int
}

func (t *xmlTree) take(token xml.Token) error {
	t.tokens++
	switch token := token.(type) {
	case xml.StartElement:
		return t.start(token)
	case xml.EndElement:
		if n := len(t.open); n == 0 || t.open[n-1].name != nameOf(token.Name) {
			return errors.New("an end does not match")
		}
		t.open = t.open[:len(t.open)-1]
	case xml.CharData:
		if n := len(t.open); n > 0 {
			t.open[n-1].text = append(t.open[n-1].text, token...)
		} else if len(bytes.TrimSpace(token)) > 0 {
			return errors.New("text stands outside of the root")
		}
	case xml.ProcInst:
		if t.tokens > 1 && strings.EqualFold(token.Target, "xml") {
			return errors.New("a declaration stands inside")
		}
	case xml.Directive:
		return errors.New("a document type is not allowed")
	}
	return nil
}

func (t *xmlTree) start(token xml.StartElement) error {
	e := &element{name: nameOf(token.Name), attributes: token.Copy().Attr}
	if t.elements++; t.elements > maxElements {
		return fmt.Errorf("more than %d elements", maxElements)
	}
	if len(t.open) == maxDepth {
		return fmt.Errorf("more than %d levels", maxDepth)
	}
	if repeats(e.attributes) {
		return errors.New("an attribute is there twice")
	}
	switch {
	case len(t.open) > 0:
		parent := t.open[len(t.open)-1]
		parent.children = append(parent.children, e)
	case t.root == nil:
		t.root = e
	default:
		return errors.New("there is more than one root")
	}
	t.open = append(t.open, e)
	return nil
}

// repeats reports whether two attributes have one name.
func repeats(attributes []xml.Attr) bool {
	if len(attributes) < 2 {
		return false
	}
	seen := make(map[xml.Name]bool, len(attributes))
	for _, a := range attributes {
		if seen[a.Name] {
			return true
		}
		seen[a.Name] = true
	}
	return false
}

// append appends the value of e.
func (e *element) append(dst []byte) []byte {
	if len(e.attributes) == 0 && len(e.children) == 0 {
		return appendQuoted(dst, e.text)
	}
	dst = append(dst, '{')
	for i, a := range e.attributes {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendQuoted(dst, "@"+nameOf(a.Name))
		dst = appendQuoted(append(dst, ':'), a.Value)
	}
	dst = e.appendChildren(dst, len(e.attributes) > 0)
	if text := bytes.TrimSpace(e.text); len(text) > 0 {
		dst = appendQuoted(append(dst, `,"#text":`...), e.text)
	}
	return append(dst, '}')
}

func (e *element) appendChildren(dst []byte, comma bool) []byte {
	groups := map[string][]*element{}
	for _, child := range e.children {
		groups[child.name] = append(groups[child.name], child)
	}
	for _, child := range e.children {
		group := groups[child.name]
		if group[0] != child {
			continue
		}
		if comma {
			dst = append(dst, ',')
		}
		comma = true
		dst = append(appendQuoted(dst, child.name), ':')
		if len(group) > 1 {
			dst = append(dst, '[')
		}
		for i, one := range group {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = one.append(dst)
		}
		if len(group) > 1 {
			dst = append(dst, ']')
		}
	}
	return dst
}

// nameOf is a name as it is written, for RawToken puts the prefix in Space.
func nameOf(n xml.Name) string {
	if n.Space == "" {
		return n.Local
	}
	return n.Space + ":" + n.Local
}

func appendQuoted[Text ~[]byte | ~string](dst []byte, text Text) []byte {
	dst, _ = jsontext.AppendQuote(dst, text) // the decoder gives UTF-8; in place of anything else stands the replacement character
	return dst
}
