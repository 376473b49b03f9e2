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
	if why := s.fault(&content); why != "" {
		return nil, template{}, fmt.Errorf("%w: scheme %s %s", ErrRow, s.Name, why)
	}
	var families []family
	for _, f := range append([]Family{s.Family}, s.Alternates...) {
		c, err := s.compileFamily(f, &content)
		if err != nil {
			return nil, template{}, fmt.Errorf("scheme %s: %w", s.Name, err)
		}
		families = append(families, c)
	}
	return families, content, nil
}

// fault says what is wrong with s apart from its families, "" for nothing.
func (s *Scheme) fault(content *template) string {
	switch {
	case s.Kind != HMAC:
		return "has an unknown kind"
	case s.Hash.size() == 0:
		return "has an unknown hash"
	case s.Layout != Single && s.Layout != Pairs && s.Layout != Versions:
		return "has an unknown layout"
	case s.Layout != Single && s.Mark == "":
		return "has a list without the mark of its signatures"
	case s.Encoding != Hex && s.Encoding != Base64:
		return "has an unknown encoding"
	case s.Key != KeyText && s.Key != KeyBase64:
		return "has an unknown key form"
	case s.KeyMin < 1:
		return "accepts an empty key"
	case s.RawKey && s.Key == KeyText:
		return "has a raw key beside one that is not encoded"
	case !content.has(partBody):
		return "does not sign the body"
	case content.has(partTimestamp) != (s.Tolerance > 0):
		return "must have a tolerance exactly where it signs a time"
	case content.has(partTimestamp) && s.TimeUnit != Seconds && s.TimeUnit != Milliseconds && s.TimeUnit != RFC3339:
		return "signs a time of unknown unit"
	}
	return ""
}

func (s *Scheme) compileFamily(f Family, content *template) (family, error) {
	c := family{header: f.Header}
	var err error
	if c.timestamp, err = parsePlace(f.Timestamp, atHeader, atPair); err != nil {
		return family{}, err
	}
	if c.id, err = parsePlace(f.ID, atHeader); err != nil {
		return family{}, err
	}
	why := ""
	switch {
	case !isHeaderName(f.Header):
		why = "a header is not a name in lower case"
	case content.has(partTimestamp) != (c.timestamp.kind != atNothing):
		why = "there must be a place for the time exactly where one is signed"
	case c.timestamp.kind == atPair && s.Layout != Pairs:
		why = "the time is in a pair and there are no pairs"
	case content.has(partID) != (c.id.kind != atNothing):
		why = "there must be a place for the id exactly where one is signed"
	}
	if why != "" {
		return family{}, fmt.Errorf("%w: %s", ErrRow, why)
	}
	return c, nil
}
