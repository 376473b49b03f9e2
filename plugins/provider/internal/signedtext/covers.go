package signedtext

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"webhookedge/plugins/provider/internal/place"
	"webhookedge/plugins/provider/spec"
)

// Covers returns what of a delivery t covers where its body is a form, or is not.
func (t *Template) Covers(form bool) []string {
	var all []string
	for p := range t.parts() {
		all = append(all, p.covers(form)...)
	}
	return all
}

// covers returns what of a delivery cannot change while the part's text stays as it
// is. A checksum covers nothing: anybody can make another body that has it.
func (p *part) covers(form bool) []string {
	if p.weakens {
		if p.Name == PartURL {
			return []string{place.CoversPath}
		}
		return nil
	}
	if form && slices.Contains([]PartName{PartForm, partPHP, partOnly, PartParams}, p.Name) {
		return []string{place.CoversBody}
	}
	return p.holds()
}

// holds returns what the text of a part is made of.
func (p *part) holds() []string {
	switch p.Name {
	case PartBody:
		return []string{place.CoversBody}
	case PartParams: // the query where there is no body
		return []string{place.CoversBody, place.CoversQuery}
	case partPlivo:
		return []string{place.CoversBody, place.CoversURL, place.CoversQuery, p.At.String()}
	case partWeChat: // whose payload is the body
		return []string{place.CoversBody, p.At.String()}
	case PartURL:
		return []string{place.CoversURL, place.CoversQuery}
	case PartTarget, partQuery:
		return []string{place.CoversQuery}
	case partMethod:
		return []string{place.CoversMethod}
	case partQSH:
		return qshCovers()
	case partListed:
		names := []string{"header:" + p.At.Name}
		for _, name := range p.need {
			names = append(names, "header:"+name)
		}
		return names
	case PartPlace:
		if p.At.Kind != place.Setting && p.At.Kind != place.Claim {
			return []string{p.At.String()}
		}
	}
	return nil
}

// Hazards says what of t, a text that s signs, cannot be safe.
func (t *Template) Hazards(s *spec.Scheme, methods []string) (all []string) {
	r := t.parser(s.TimeUnit, methods)
	for _, p := range r.parts {
		if why := p.hazard(s.Weak); why != "" {
			all = append(all, p.String()+" "+why)
		}
	}
	if p := r.moves(); p != nil {
		all = append(all, "nothing tells where "+p.String()+" ends and what is behind it begins, so one signature is right for several deliveries: a text that the value cannot hold must stand between them")
	}
	if n := len(r.parts); s.Kind == spec.Digest && n > 0 && r.parts[n-1].Name != PartKey && s.Hash != spec.SHA384 && !s.Weak {
		all = append(all, "a digest whose text does not end with {key} can be continued by who has seen one, so the scheme must be weak")
	}
	return all
}

// hazard says why p does not cover what it seems to, "" where it does.
func (p *part) hazard(weak bool) string {
	switch p.Name {
	case PartForm, PartParams, partListed, partPlivo, partWeChat:
		return "joins names and values so that the border between two of them can move"
	}
	encoded := false // as hexadecimal digits, of which either case is the same
	for _, name := range p.names {
		switch {
		case (name == "lower" || name == "upper") && (encoded || p.Name == partMethod):
		case Lossy(name):
			return "does not cover what " + name + " leaves out"
		case name == "md5" && !weak:
			return "covers an MD5, and two texts with one can be made, so the scheme must be weak"
		case spec.Hash(name) == spec.SHA1 && !weak:
			return "covers a SHA-1, and two texts with one can be made, so the scheme must be weak"
		}
		encoded = name == "hex" || encoded && (name == "lower" || name == "upper")
	}
	return ""
}

// Lossy reports whether a filter makes one text of many that anybody can find.
func Lossy(filter string) bool {
	return slices.Contains([]string{"no-query", "crc32", "lower", "upper", "decode-hubspot", "contentful", "other-port", "escaped", "requery"}, filter)
}

// String is p as a template has it.
func (p *part) String() string {
	name := string(p.Name)
	switch p.Name {
	case PartLiteral:
		return fmt.Sprintf("%q", p.Literal)
	case PartPlace:
		name = string(p.At.Kind) + ":" + p.At.Name
	case partListed, partPlivo, partOnly, partPHP, partQSH, partWeChat:
		name += ":" + p.At.Name
	}
	return "{" + strings.Join(append([]string{name}, p.names...), "|") + "}"
}

// MaxSignedChallenge bounds a challenge that is signed, in bytes.
const MaxSignedChallenge = 128

// Oracle is what a handshake signs with the secret of deliveries: a text of the
// caller's between two that are fixed. No delivery may be signed so, or whoever asks
// for the handshake could have one signed.
type Oracle struct {
	Before, After string
	Hex           bool // the caller's text is hexadecimal digits
}

// Signs reports whether a challenge makes o sign text.
func (o *Oracle) Signs(text string) bool {
	challenge, ok := strings.CutPrefix(text, o.Before)
	if !ok {
		return false
	}
	challenge, ok = strings.CutSuffix(challenge, o.After)
	return ok && challenge != "" && IsSignable(challenge, o.Hex)
}

// tokenChars are what a challenge that is signed may hold, before its padding.
const tokenChars = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_.-"

// CouldSign reports whether o could sign a text of t: not where t has a fixed
// character that no challenge and nothing around one has.
func (o *Oracle) CouldSign(t *Template) bool {
	for p := range t.parts() {
		if strings.Trim(p.Literal, tokenChars+"="+o.Before+o.After) != "" && !p.optional {
			return false
		}
	}
	return true
}

// IsSignable reports whether text is a token: no JSON, form or XML is one.
func IsSignable(text string, digits bool) bool {
	if digits {
		return len(text) >= 20 && len(text) <= 32 && strings.Trim(text, "0123456789abcdef") == ""
	}
	return IsToken(text) && !json.Valid([]byte(text))
}

// IsToken reports whether text is a short one of letters and digits, which neither JSON
// with members nor XML is.
func IsToken(text string) bool {
	return len(text) <= MaxSignedChallenge && strings.Trim(strings.TrimRight(text, "="), tokenChars) == ""
}
