package provider

import (
	"fmt"
	"strings"
)

// oracle is what a handshake signs with the secret of deliveries: a text of the
// caller's between two that are fixed. No delivery may be signed so, or whoever asks
// for the handshake could have one signed.
type oracle struct {
	before, after string
	hex           bool // the caller's text is hexadecimal digits
}

// oracleOf returns what h signs, false where it signs nothing with the secret. The error
// is ErrRow where more of what it signs than the challenge is the caller's, so that
// nothing can be said of it.
func (h *handshake) oracleOf(settings map[string]string) (oracle, bool, error) {
	if h.Response.Kind != HMAC || h.Response.Content == "" {
		return oracle{}, false, nil
	}
	o := oracle{hex: h.Response.HexChallenge}
	text, found := &o.before, false
	for _, segment := range h.content.segments {
		for i := range segment.parts {
			switch p := &segment.parts[i]; {
			case len(p.filters) > 0 || segment.optional:
				return o, false, fmt.Errorf("%w: what it signs cannot be told from a delivery", ErrRow)
			case p.name == partLiteral:
				*text += p.literal
			case p.name == partPlace && p.at.kind == atSetting:
				*text += settings[p.at.name]
			case p.name == partChallenge && !found:
				text, found = &o.after, true
			default:
				return o, false, fmt.Errorf("%w: it signs more of a request than one challenge", ErrRow)
			}
		}
	}
	return o, true, nil
}

// signs reports whether a challenge makes o sign text.
func (o *oracle) signs(text string) bool {
	challenge, ok := strings.CutPrefix(text, o.before)
	if !ok {
		return false
	}
	challenge, ok = strings.CutSuffix(challenge, o.after)
	return ok && challenge != "" && isSignable(challenge, o.hex)
}

// before and after what is signed: no challenge holds another character.
const challengeChars = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_.-="

// couldSign reports whether o could sign a text of t: not where t has a fixed
// character that no challenge and nothing around one has.
func (o *oracle) couldSign(t *template) bool {
	for _, segment := range t.segments {
		for i := range segment.parts {
			if strings.Trim(segment.parts[i].literal, challengeChars+o.before+o.after) != "" && !segment.optional {
				return false
			}
		}
	}
	return true
}

// oracles returns what handshakes sign that a delivery of s could be.
func (s *scheme) oracles(all []oracle) []oracle {
	var some []oracle
	for _, o := range all {
		if s.Kind == HMAC && (o.couldSign(&s.content) || s.form != nil && o.couldSign(s.form)) {
			some = append(some, o)
		}
	}
	return some
}

// answered is ErrAnswered where a handshake would sign the text of a delivery.
func (c *checker) answered(v *values, content *template) error {
	for i := range c.v.oracles {
		o := &c.v.oracles[i]
		if content.has(partBody) && len(v.r.Body) > maxSignedChallenge+len(o.before)+len(o.after) {
			continue
		}
		text, err := content.string(v)
		if err != nil {
			return err
		}
		if o.signs(text) {
			return ErrAnswered
		}
	}
	return nil
}

// answersTokens reports whether a handshake of p signs a text of the caller's with the
// secret of a scheme whose deliveries are tokens, which are such texts.
func (p *Provider) answersTokens() bool {
	for i := range p.Handshakes {
		if p.Handshakes[i].Response.Kind != HMAC {
			continue
		}
		for k := range p.Schemes {
			if s := &p.Schemes[k]; s.Kind == JSONToken && s.sharesKey() {
				return true
			}
		}
	}
	return false
}
