package provider

import (
	"fmt"
	"slices"
	"strings"

	"webhookedge/plugins/internal/jsonscan"
)

// place is a compiled locator.
type place struct {
	kind placeKind
	name string // of a header, parameter, field, pair, claim or setting, a JSON path or the text itself
	path int    // of atJSON, atMember and atClaim: index into the values of one scan
}

type placeKind string

const (
	atNothing placeKind = ""
	atHeader  placeKind = "header"
	atQuery   placeKind = "query"
	atJSON    placeKind = "json"
	atMember  placeKind = "member"
	atForm    placeKind = "form"
	atPair    placeKind = "pair"
	atClaim   placeKind = "claim"
	atSetting placeKind = "setting"
	atText    placeKind = "text"
)

// inRequest are the kinds of places that a sender fills in.
var inRequest = [...]placeKind{atHeader, atQuery, atJSON, atForm}

// parsePlace compiles one locator whose kind must be among kinds. An empty
// text is no place.
func parsePlace(text string, kinds ...placeKind) (place, error) {
	if text == "" {
		return place{}, nil
	}
	kind, name, _ := strings.Cut(text, ":")
	k := placeKind(kind)
	bad := name == "" || k == atHeader && !isHeaderName(name) || (k == atSetting || k == atClaim) && !isName(name)
	if bad || !slices.Contains(kinds, k) {
		return place{}, fmt.Errorf("%w: %q is no place that is possible here", ErrRow, text)
	}
	return place{kind: k, name: name}, nil
}

// isHeaderName reports whether name is a header name in lower case.
func isHeaderName(name string) bool {
	for i := range len(name) {
		c := name[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '_' {
			return false
		}
	}
	return name != ""
}

// isName reports whether name can name a setting or a claim.
func isName(name string) bool {
	for i := range len(name) {
		c := name[i]
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
		if !letter && c != '_' && c != '-' && c != '.' && c != '/' && c != ':' {
			return false
		}
	}
	return name != ""
}

// paths collects the JSON paths of places, so that one scan finds all of them.
type paths struct {
	list   []string
	claims []string
}

// add gives at its index.
func (p *paths) add(at *place) {
	list := &p.list
	switch at.kind {
	case atJSON, atMember:
	case atClaim:
		list = &p.claims
	default:
		return
	}
	if at.path = slices.Index(*list, at.name); at.path < 0 {
		at.path = len(*list)
		*list = append(*list, at.name)
	}
}

func (p *paths) compile() (*jsonscan.Paths, error) {
	if len(p.list) == 0 {
		return nil, nil
	}
	return compilePaths(p.list)
}

func compilePaths(list []string) (*jsonscan.Paths, error) {
	c, err := jsonscan.Compile(list...)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrRow, err)
	}
	return c, nil
}
