package provider

import (
	"fmt"
	"strings"
)

// place is a compiled locator.
type place struct {
	kind placeKind
	name string // header, field or pair name, or JSON path
	path int    // of atJSON in a plan: index into its paths
}

type placeKind string

const (
	atNothing placeKind = ""
	atHeader  placeKind = "header"
	atJSON    placeKind = "json"
	atForm    placeKind = "form"
	atPair    placeKind = "pair"
)

// parsePlace compiles one locator whose kind must be among kinds. An empty
// text is no place.
func parsePlace(text string, kinds ...placeKind) (place, error) {
	if text == "" {
		return place{}, nil
	}
	kind, name, _ := strings.Cut(text, ":")
	for _, k := range kinds {
		if placeKind(kind) != k {
			continue
		}
		if name == "" || (k == atHeader && !isHeaderName(name)) {
			break
		}
		return place{kind: k, name: name}, nil
	}
	return place{}, fmt.Errorf("%w: %q is no place that is possible here", ErrRow, text)
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

// family is a compiled Family.
type family struct {
	header    string
	timestamp place
	id        place
}

// compile checks s as far as a verifier depends on it.
func (s *Scheme) compile() ([]family, template, error) {
	content, err := compileTemplate(s.Content)
	if err != nil {
		return nil, template{}, fmt.Errorf("scheme %s: %w", s.Name, err)
	}
	wrong := func(why string) ([]family, template, error) {
		return nil, template{}, fmt.Errorf("%w: scheme %s %s", ErrRow, s.Name, why)
	}
	switch {
	case s.Kind != HMAC:
		return wrong("has an unknown kind")
	case s.Hash.size() == 0:
		return wrong("has an unknown hash")
	case s.Layout != Single && s.Layout != Pairs && s.Layout != Versions:
		return wrong("has an unknown layout")
	case s.Layout != Single && s.Mark == "":
		return wrong("has a list without the mark of its signatures")
	case s.Encoding != Hex && s.Encoding != Base64:
		return wrong("has an unknown encoding")
	case s.Key != KeyText && s.Key != KeyBase64:
		return wrong("has an unknown key form")
	case s.KeyMin < 1:
		return wrong("accepts an empty key")
	case s.RawKey && s.Key == KeyText:
		return wrong("has a raw key beside one that is not encoded")
	case !content.has(partBody):
		return wrong("does not sign the body")
	case content.has(partTimestamp) != (s.Tolerance > 0):
		return wrong("must have a tolerance exactly where it signs a time")
	case content.has(partTimestamp) && s.TimeUnit != Seconds && s.TimeUnit != Milliseconds && s.TimeUnit != RFC3339:
		return wrong("signs a time of unknown unit")
	}
	var families []family
	for _, f := range append([]Family{s.Family}, s.Alternates...) {
		c := family{header: f.Header}
		if !isHeaderName(f.Header) {
			return wrong("has a header that is not a name in lower case")
		}
		if c.timestamp, err = parsePlace(f.Timestamp, atHeader, atPair); err != nil {
			return nil, template{}, err
		}
		if c.id, err = parsePlace(f.ID, atHeader); err != nil {
			return nil, template{}, err
		}
		switch {
		case content.has(partTimestamp) != (c.timestamp.kind != atNothing):
			return wrong("must have a place for the time exactly where it signs one")
		case c.timestamp.kind == atPair && s.Layout != Pairs:
			return wrong("has a time in a pair and no pairs")
		case content.has(partID) != (c.id.kind != atNothing):
			return wrong("must have a place for the id exactly where it signs one")
		}
		families = append(families, c)
	}
	return families, content, nil
}
