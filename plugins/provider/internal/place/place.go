// Package place reads the places of a delivery where values stand: headers, parameters of
// the query, members of a JSON body and fields of a form. What form a body has its bytes
// decide, and never a header, since none is signed.
package place

import (
	"fmt"
	"slices"
	"strings"

	"webhookedge/plugins/internal/jsonscan"
	"webhookedge/plugins/provider/spec"
)

// Place is a compiled locator.
type Place struct {
	Kind Kind
	Name string // of a header, parameter, field, pair, claim or setting, a JSON path or the text itself
	path int    // of JSON, Member, Claim, Nested, Base64 and Token: index into the values of one scan
	// inside is that of Name, Nested, Base64 and Token.
	inside *inside
}

// Kind is what part of a delivery a place is in.
type Kind string

// The kinds.
const (
	Nothing Kind = ""
	Header  Kind = "header"
	Query   Kind = "query"
	JSON    Kind = "json"
	Member  Kind = "member"
	Form    Kind = "form"
	Pair    Kind = "pair"
	Claim   Kind = "claim"
	Setting Kind = "setting"
	Text    Kind = "text"
	Body    Kind = "body"   // the whole body
	Name    Kind = "name"   // the name of the only member of a JSON object
	Nested  Kind = "nested" // in the JSON that a text of the payload is
	Base64  Kind = "base64" // in the JSON that a text of the payload spells in base64
	XML     Kind = "xml"    // a child of the root of an XML body
	Token   Kind = "token"  // in the claims of a JWT that is a text of the payload
)

// InRequest are the kinds of places that a sender fills in.
var InRequest = [...]Kind{Header, Query, JSON, Form}

// Parse compiles one locator whose kind must be among kinds. An empty
// text is no place.
func Parse(text string, kinds ...Kind) (Place, error) {
	if text == "" {
		return Place{}, nil
	}
	kind, name, _ := strings.Cut(text, ":")
	k := Kind(kind)
	if text == string(Body) && slices.Contains(kinds, Body) {
		return Place{Kind: Body}, nil
	}
	bad := name == "" || k == Header && !spec.IsHeaderName(name) || (k == Setting || k == Claim) && !spec.IsName(name)
	if bad || !slices.Contains(kinds, k) {
		return Place{}, fmt.Errorf("%w: %q is no place that is possible here", spec.ErrRow, text)
	}
	switch {
	case k.isInside():
		return parseInside(k, name)
	case k == Name:
		return parseName(name)
	}
	return Place{Kind: k, Name: name}, nil
}

// Paths collects the JSON paths of places, so that one scan finds all of them.
type Paths struct {
	List   []string
	Claims []string
}

// Add gives at its index.
func (p *Paths) Add(at *Place) {
	list := &p.List
	switch at.Kind {
	case JSON, Member, Nested, Base64, Token:
	case Claim:
		list = &p.Claims
	default:
		return
	}
	path := at.Path()
	if at.Kind == Claim {
		path = at.Name
	}
	if at.path = slices.Index(*list, path); at.path < 0 {
		at.path = len(*list)
		*list = append(*list, path)
	}
}

// Compile prepares the scan for the paths of the body, nil where there are none.
func (p *Paths) Compile() (*jsonscan.Paths, error) { return CompilePaths(p.List) }

// CompilePaths prepares a scan, nil for no paths. The error is ErrRow.
func CompilePaths(list []string) (*jsonscan.Paths, error) {
	if len(list) == 0 {
		return nil, nil
	}
	c, err := jsonscan.Compile(list...)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", spec.ErrRow, err)
	}
	return c, nil
}

// What a proof can cover, beside single places such as header:x-topic, query:sig,
// json:a.b and form:token.
const (
	CoversBody   = "body"   // every byte of the body, or every field of a form
	CoversURL    = "url"    // the public URL with its query
	CoversPath   = "path"   // the public URL without its query
	CoversQuery  = "query"  // every parameter of the query
	CoversMethod = "method" // the method
	CoversTime   = "time"   // when it was signed
	CoversClaims = "claims" // the claims of a JWT
)

// String returns the locator of at.
func (at Place) String() string {
	if at.Kind == Body {
		return CoversBody
	}
	return string(at.Kind) + ":" + at.Name
}

// In reports whether a value at the place is among what covers says.
func (at Place) In(covers []string) bool {
	switch at.Kind {
	case Text, Nothing:
		return true
	case JSON, Member, Name, Nested, Base64, Token, Form, XML:
		if slices.Contains(covers, CoversBody) {
			return true
		}
	case Query:
		if slices.Contains(covers, CoversQuery) {
			return true
		}
	case Claim:
		return slices.Contains(covers, CoversClaims)
	}
	if path := at.Path(); path != "" {
		at = Place{Kind: JSON, Name: path}
	}
	return slices.ContainsFunc(covers, func(c string) bool {
		kind, name, _ := strings.Cut(c, ":")
		return kind == string(at.Kind) && name == at.Name
	})
}
