package formscan

import (
	"errors"
	"strings"
)

// What can be wrong with a form that carries a document in one of its fields.
var (
	ErrNoDocument     = errors.New("form has no document")
	ErrTwoDocuments   = errors.New("form has more than one document")
	ErrBesideDocument = errors.New("form has fields beside its document")
)

// Carried counts what a form carries. Both kinds of forms, and whoever converts one,
// count alike.
type Carried struct{ Documents, Others int }

// Check returns ErrNoDocument, ErrTwoDocuments or ErrBesideDocument unless the form
// carries one document and nothing else.
func (c Carried) Check() error {
	switch {
	case c.Documents == 0:
		return ErrNoDocument
	case c.Documents > 1:
		return ErrTwoDocuments
	case c.Others > 0:
		return ErrBesideDocument
	}
	return nil
}

// Document returns the text of the field name of a form that carries a document there:
// exactly once, with nothing beside it. Names are compared without their escapes. The
// error is ErrPairs, ErrEscape for a broken name or document, or one of Carried.Check.
func Document(body []byte, name string) ([]byte, error) {
	pairs, err := Pairs(body)
	if err != nil {
		return nil, err
	}
	var carried Carried
	var document []byte
	for rawName, raw := range pairs {
		if _, err := Unescape(rawName); err != nil {
			return nil, err
		}
		if Is(rawName, name) {
			carried.Documents++
			document = raw
		} else {
			carried.Others++
		}
	}
	if err := carried.Check(); err != nil {
		return nil, err
	}
	return Unescape(document)
}

// MultipartDocument is Document for a multipart form. A file is no document, and a name
// that becomes name when its escapes are undone is one document too many: some readers
// undo them (RFC 7578, section 2). The error is ErrMultipart, ErrParts or one of
// Carried.Check.
func MultipartDocument(body []byte, name string) ([]byte, error) {
	parts, err := Parts(body)
	if err != nil {
		return nil, err
	}
	var carried Carried
	var document []byte
	for i := range parts {
		carried.Part(&parts[i], name)
		if parts[i].Name == name {
			document = parts[i].Content
		}
	}
	if err := carried.Check(); err != nil {
		return nil, err
	}
	return document, nil
}

// Part counts one part of a multipart form whose document is named name.
func (c *Carried) Part(p *Part, name string) {
	switch {
	case p.Name == name && !p.File:
		c.Documents++
	case p.Name == name, strings.ContainsAny(p.Name, "%+") && Is([]byte(p.Name), name):
		c.Documents += 2
	default:
		c.Others++
	}
}
