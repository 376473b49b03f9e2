package spec

import "strings"

// Vouched says that the tokens of a list in the body vouch for the elements of Each, for
// the kind jwt: the place of the signature is then that list, and each token must hold.
type Vouched struct {
	// Claim is one that each element must share with one of the tokens.
	Claim string `json:"claim,omitempty" maxlen:"128" doc:"Claim of one of the tokens that must be what stands in each element."`
	// At is the place in an element: json:tenantId.
	At string `json:"at,omitempty" format:"place" maxlen:"256" doc:"Place in an element of what must be the claim of one of the tokens."`
}

// vouchedFault says what is wrong with a list of tokens, "" for nothing.
func (s *Scheme) vouchedFault() string {
	listed := s.Vouched != (Vouched{})
	switch {
	case !listed && s.Kind == JSONToken && s.Each != "":
		return "proves elements by tokens that are not in a list"
	case !listed:
		return ""
	case s.Kind != JSONToken || s.Each == "" || !s.BodyUnsigned || !strings.HasPrefix(s.Signature, "json:") || s.Vouched.Claim == "" || !strings.HasPrefix(s.Vouched.At, "json:"):
		return "has a list of tokens that vouch for nothing"
	case len(s.Alternates)+len(s.Also)+len(s.Binds) > 0 || s.Timestamp+s.ID+s.Mark != "" || s.JWT.Chain != nil:
		return "has a list of tokens and something else to be proved"
	}
	return ""
}
