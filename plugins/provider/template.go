package provider

import (
	"fmt"
	"strings"
)

// template is a compiled Scheme.Content.
type template struct {
	parts []part
	// afterID is the literal text behind {id}: an id that held it could move
	// the border between the signed values.
	afterID string
}

type partName string

const (
	partLiteral   partName = ""
	partBody      partName = "body"
	partTimestamp partName = "timestamp"
	partID        partName = "id"
	partMethod    partName = "method"
	partURL       partName = "url"
)

type part struct {
	name    partName
	literal string
}

func (p *part) text(r *Request, in *signed) string {
	switch p.name {
	case partTimestamp:
		return in.timestamp
	case partID:
		return in.id
	case partMethod:
		return r.Method
	case partURL:
		return r.URL
	}
	return p.literal
}

// compileTemplate parts text into literals and names.
func compileTemplate(text string) (template, error) {
	var t template
	for text != "" {
		literal, rest, found := strings.Cut(text, "{")
		if literal != "" {
			t.parts = append(t.parts, part{literal: literal})
		}
		if !found {
			break
		}
		name, after, closed := strings.Cut(rest, "}")
		if !closed {
			return template{}, fmt.Errorf("%w: content has a brace that is not closed", ErrRow)
		}
		switch n := partName(name); n {
		case partBody, partTimestamp, partID, partMethod, partURL:
			if t.has(n) {
				return template{}, fmt.Errorf("%w: content has {%s} twice", ErrRow, name)
			}
			t.parts = append(t.parts, part{name: n})
		default:
			return template{}, fmt.Errorf("%w: content has the unknown name {%s}", ErrRow, name)
		}
		text = after
	}
	for i := range t.parts {
		if t.parts[i].name == partID && i+1 < len(t.parts) {
			t.afterID = t.parts[i+1].literal
		}
	}
	return t, nil
}

func (t *template) has(name partName) bool {
	for i := range t.parts {
		if t.parts[i].name == name {
			return true
		}
	}
	return false
}

// separates reports whether id keeps to printable ASCII and leaves the borders
// of the signed text where they are.
func (t *template) separates(id string) bool {
	for i := range len(id) {
		if id[i] <= ' ' || id[i] > '~' {
			return false
		}
	}
	return t.afterID == "" || !strings.Contains(id, t.afterID)
}
