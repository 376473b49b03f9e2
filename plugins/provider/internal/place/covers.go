package place

import (
	"slices"
	"strings"
)

// What a proof can cover, beside single places such as header:x-topic, query:sig,
// json:a.b and form:token.
const (
	CoversBody   = "body"   // every byte of the body, or every field of a form
	CoversURL    = "url"    // the public URL with its query
	CoversPath   = "path"   // the public URL without its query
	CoversQuery  = "query"  // every parameter of the query
	CoversMethod = "method" // the method
	CoversTime   = "time"   // when it was signed
	CoversClaims = "claims" // the claims of a JWT
)

// String returns the locator of at.
func (at Place) String() string { return string(at.Kind) + ":" + at.Name }

// In reports whether a value at the place is among what covers says.
func (at Place) In(covers []string) bool {
	switch at.Kind {
	case Text, Nothing:
		return true
	case JSON, Member, Form:
		if slices.Contains(covers, CoversBody) {
			return true
		}
	case Query:
		if slices.Contains(covers, CoversQuery) {
			return true
		}
	case Claim:
		return slices.Contains(covers, CoversClaims)
	}
	if at.Kind == Member {
		at.Kind = JSON
	}
	return slices.ContainsFunc(covers, func(c string) bool {
		kind, name, _ := strings.Cut(c, ":")
		return kind == string(at.Kind) && name == at.Name
	})
}
