package handshake

import (
	"fmt"
	"strings"

	"webhookedge/plugins/provider/internal/place"
	"webhookedge/plugins/provider/internal/signedtext"
	"webhookedge/plugins/provider/spec"
)

// maxGrant bounds the digits of a number that is granted.
const maxGrant = 9

// grant is a compiled Grant.
type grant struct {
	at   place.Place
	name string
}

func compileGrants(h *spec.Handshake, all *place.Paths) ([]grant, error) {
	var grants []grant
	for _, g := range h.Grants {
		at, err := place.Parse(g.At, place.InRequest[:]...)
		if err != nil {
			return nil, err
		}
		if at.Kind == place.Nothing || !spec.IsHeaderName(g.Name) {
			return nil, fmt.Errorf("%w: a grant without a place or a header", spec.ErrRow)
		}
		all.Add(&at)
		grants = append(grants, grant{at, g.Name})
	}
	return grants, nil
}

// granted returns the headers for what the request asks for.
func (h *handshake) granted(v *signedtext.Input) []spec.Header {
	var headers []spec.Header
	for _, g := range h.grants {
		text, n := v.Get(g.at)
		if n == 0 {
			continue
		}
		if n > 1 || !isCount(text) {
			text = "*"
		}
		headers = append(headers, spec.Header{Name: g.name, Value: text})
	}
	return headers
}

// isCount reports whether text is a positive whole number.
func isCount(text string) bool {
	return text != "" && len(text) <= maxGrant && text[0] != '0' && strings.Trim(text, "0123456789") == ""
}
