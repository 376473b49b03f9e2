package handshake

import (
	"fmt"

	"webhookedge/plugins/provider/internal/place"
	"webhookedge/plugins/provider/internal/signedtext"
	"webhookedge/plugins/provider/spec"
)

// oracleOf returns what h signs, false where it signs nothing with the secret. The error
// is ErrRow where more of what it signs than the challenge is the caller's, so that
// nothing can be said of it.
func (h *handshake) oracleOf(settings map[string]string) (signedtext.Oracle, bool, error) {
	if h.Response.Kind != spec.HMAC || h.Response.Content == "" {
		return signedtext.Oracle{}, false, nil
	}
	o := signedtext.Oracle{Hex: h.Response.HexChallenge}
	text, found := &o.Before, false
	for _, segment := range h.content.Segments {
		for i := range segment.Parts {
			switch p := &segment.Parts[i]; {
			case len(p.Filters) > 0 || segment.Optional:
				return o, false, fmt.Errorf("%w: what it signs cannot be told from a delivery", spec.ErrRow)
			case p.Name == signedtext.PartLiteral:
				*text += p.Literal
			case p.Name == signedtext.PartPlace && p.At.Kind == place.Setting:
				*text += settings[p.At.Name]
			case p.Name == signedtext.PartChallenge && !found:
				text, found = &o.After, true
			default:
				return o, false, fmt.Errorf("%w: it signs more of a request than one challenge", spec.ErrRow)
			}
		}
	}
	return o, true, nil
}

// answersTokens reports whether a handshake of p signs a text of the caller's with the
// secret of a scheme whose deliveries are tokens, which are such texts.
func answersTokens(p *spec.Provider) bool {
	for i := range p.Handshakes {
		if p.Handshakes[i].Response.Kind != spec.HMAC {
			continue
		}
		for k := range p.Schemes {
			if s := &p.Schemes[k]; s.Kind == spec.JSONToken && s.SharesKey() {
				return true
			}
		}
	}
	return false
}
