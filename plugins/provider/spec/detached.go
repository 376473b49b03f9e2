package spec

import (
	"slices"
	"strings"
)

// Detached says what the header of a JWS must hold whose payload is made of the delivery
// (RFC 7515 appendix F), for the kind jws. Its algorithms are those of JWT.
type Detached struct {
	// Unencoded payloads are signed as they are (RFC 7797): the header must say b64 false,
	// and crit b64 and nothing else. Without it neither may be there.
	Unencoded bool `json:"unencoded,omitempty" doc:"The payload is signed as it is (RFC 7797), which the JWS must say by b64 and crit."`
	// Listed is the member of the JWS header that lists headers of the request, with commas
	// between. Their lines, name: value, stand before the body in what is signed.
	Listed string `json:"listed,omitempty" maxlen:"64" doc:"Member of the JWS header that lists headers of the request, whose lines (name: value) are signed before the body."`
	// Members must have a value, beside alg.
	Members []Expect `json:"members,omitempty" maxlen:"4" doc:"Members of the JWS header that must have a value."`
}

// detachedFault says what is wrong with a scheme of the kind jws, "" for nothing.
func (s *Scheme) detachedFault() string {
	unknown := func(a Algorithm) bool {
		return !slices.Contains(Algorithm("").Enum(), string(a)) || a.symmetric()
	}
	switch {
	case s.Kind != DetachedJWS:
		return ""
	case len(s.JWT.Algorithms) == 0 || slices.ContainsFunc(s.JWT.Algorithms, unknown):
		return "has no algorithm of public keys, or an unknown one"
	case s.Layout != Single || s.Lines:
		return "has a list of what is one JWS"
	case !strings.HasSuffix(s.Content, "{body}") || strings.Count(s.Content, "{body") != 1 || s.FormContent != "":
		return "has a payload that does not end with the body"
	}
	return ""
}
