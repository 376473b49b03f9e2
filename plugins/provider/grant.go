package provider

import (
	"fmt"
	"strings"
)

// maxGrant bounds the digits of a number that is granted.
const maxGrant = 9

// grant is a compiled Grant.
type grant struct {
	at   place
	name string
}

func (h *Handshake) compileGrants(all *paths) ([]grant, error) {
	var grants []grant
	for _, g := range h.Grants {
		at, err := parsePlace(g.At, inRequest[:]...)
		if err != nil {
			return nil, err
		}
		if at.kind == atNothing || !isHeaderName(g.Name) {
			return nil, fmt.Errorf("%w: a grant without a place or a header", ErrRow)
		}
		all.add(&at)
		grants = append(grants, grant{at, g.Name})
	}
	return grants, nil
}

// granted returns the headers for what the request asks for.
func (h *handshake) granted(v *values) []Header {
	var headers []Header
	for _, g := range h.grants {
		text, n := v.get(g.at)
		if n == 0 {
			continue
		}
		if n > 1 || !isCount(text) {
			text = "*"
		}
		headers = append(headers, Header{g.name, text})
	}
	return headers
}

// isCount reports whether text is a positive whole number.
func isCount(text string) bool {
	return text != "" && len(text) <= maxGrant && text[0] != '0' && strings.Trim(text, "0123456789") == ""
}
