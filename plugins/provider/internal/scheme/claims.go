package scheme

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"webhookedge/plugins/internal/jsonscan"
	"webhookedge/plugins/provider/internal/place"
	"webhookedge/plugins/provider/spec"
)

// claims is a compiled JWT.
type claims struct {
	spec.JWT
	Algorithms []jose.SignatureAlgorithm
	Places     []claim
	needs      []place.Place
	without    []place.Place
	chain      *chain
	paths      *jsonscan.Paths
}

// claim is a compiled Expect of a JWT.
type claim struct {
	At     []place.Place
	Absent bool // it may be
	Is     string
}

// compileJWT prepares j. The paths of the claims are complete only with those of
// the whole scheme, so claims compiles them.
func compileJWT(j spec.JWT, all *place.Paths) (*claims, error) {
	c := &claims{JWT: j}
	for _, a := range j.Algorithms {
		if !slices.Contains(spec.Algorithm("").Enum(), string(a)) {
			return nil, fmt.Errorf("%w: unknown algorithm %s", spec.ErrRow, a)
		}
		c.Algorithms = append(c.Algorithms, jose.SignatureAlgorithm(a))
	}
	read := func(name string) (place.Place, error) {
		at, err := place.Parse("claim:"+strings.TrimPrefix(name, "claim:"), place.Claim)
		all.Add(&at)
		return at, err
	}
	for _, e := range j.Claims {
		one := claim{Is: e.Is}
		for name := range strings.SplitSeq(e.At, " | ") {
			if one.Absent = name == "none"; one.Absent {
				continue
			}
			at, err := read(name)
			if err != nil {
				return nil, err
			}
			one.At = append(one.At, at)
		}
		if len(one.At) == 0 {
			return nil, fmt.Errorf("%w: a claim without a name", spec.ErrRow)
		}
		c.Places = append(c.Places, one)
	}
	for _, of := range []struct {
		names []string
		to    *[]place.Place
	}{{j.Needs, &c.needs}, {j.Without, &c.without}} {
		for _, name := range of.names {
			at, err := read(name)
			if err != nil {
				return nil, err
			}
			*of.to = append(*of.to, at)
		}
	}
	if j.Chain != nil {
		var err error
		if c.chain, err = compileChain(j.Chain, all); err != nil {
			return nil, err
		}
	}
	if len(all.Claims) == 0 {
		return c, nil
	}
	var err error
	c.paths, err = place.CompilePaths(all.Claims)
	return c, err
}

// typed reports whether a token names the type that it must have. Media types are in any
// case, and may have application/ in front (RFC 7515 section 4.1.9).
func (c *claims) typed(token *jose.JSONWebSignature) bool {
	if c.Type == "" {
		return true
	}
	named, _ := token.Signatures[0].Protected.ExtraHeaders[jose.HeaderType].(string)
	named = strings.ToLower(named)
	return strings.TrimPrefix(named, "application/") == strings.ToLower(c.Type)
}

// hold checks the registered claims and those that the scheme names. The time of
// issue is left to the tolerance where that is the signed time.
func (c *claims) hold(payload []byte, v *place.Values, now time.Time, timed bool) error {
	var std jwt.Claims
	if json.Unmarshal(payload, &std) != nil {
		return spec.ErrMalformed
	}
	if timed {
		std.IssuedAt = nil
	}
	if c.NeedExpiry && std.Expiry == nil {
		return spec.ErrMalformed
	}
	for _, at := range c.needs {
		if text, n := v.Get(at); n != 1 || text == "" {
			return spec.ErrMalformed
		}
	}
	if !c.meant(&std, v) {
		return spec.ErrMismatch
	}
	err := std.ValidateWithLeeway(jwt.Expected{Time: now}, c.Leeway())
	switch {
	case errors.Is(err, jwt.ErrExpired):
		return spec.ErrStale
	case errors.Is(err, jwt.ErrNotValidYet), errors.Is(err, jwt.ErrIssuedInTheFuture):
		return spec.ErrFuture
	case err != nil:
		return spec.ErrMalformed
	}
	return nil
}

// meant reports whether a token is of the issuer, for us and for this use.
func (c *claims) meant(std *jwt.Claims, v *place.Values) bool {
	return (len(c.Issuers) == 0 || slices.Contains(c.Issuers, std.Issuer)) &&
		(c.Audience == "" || std.Audience.Contains(c.Audience)) &&
		!slices.ContainsFunc(c.Places, func(e claim) bool { return !e.holds(v) }) &&
		!slices.ContainsFunc(c.without, v.HasClaim)
}

// holds reports whether the claim has its value wherever it is.
func (e *claim) holds(v *place.Values) bool {
	there := e.Absent
	for _, at := range e.At {
		text, n := v.Get(at)
		if n > 1 || n == 1 && text != e.Is || n == 0 && v.HasClaim(at) {
			return false
		}
		there = there || n == 1
	}
	return there
}

// Fill gives the claims that must have a value theirs, for a Signer: at each of their
// places that is there, or else at the first.
func (c *claims) Fill(all map[string]any) {
	for i := range c.Places {
		e := &c.Places[i]
		there := e.Absent
		for _, at := range e.At {
			if parent, last := parentOf(all, at.Name, false); parent != nil && parent[last] != nil {
				parent[last], there = e.as(parent[last]), true
			}
		}
		if !there {
			parent, last := parentOf(all, e.At[0].Name, true)
			parent[last] = e.as(nil)
		}
	}
}

// as returns the value in the kind of what a claim has. Without one, yes and no are no
// text (OpenID Connect Core 1.0, 5.1, email_verified).
func (e *claim) as(was any) any {
	switch was.(type) {
	case json.Number:
		return json.Number(e.Is)
	case string:
		return e.Is
	}
	if yes, err := strconv.ParseBool(e.Is); err == nil && e.Is == strconv.FormatBool(yes) {
		return yes
	}
	return e.Is
}

// parentOf returns the object that has the last name of a path. Objects that are not
// there are made, or the result is nil.
func parentOf(all map[string]any, path string, fill bool) (parent map[string]any, last string) {
	names := strings.Split(path, ".")
	for _, name := range names[:len(names)-1] {
		next, _ := all[name].(map[string]any)
		if next == nil && fill {
			next = map[string]any{}
			all[name] = next
		}
		all = next
	}
	return all, names[len(names)-1]
}

// tokenFault says what is wrong with the place of a token that is the body.
func (s *Compiled) tokenFault(f *Family) string {
	switch {
	case f.Signature.Kind == place.Body && s.Kind != spec.JSONToken:
		return "the body is the signature of itself"
	case s.isBody(f) && strings.Contains(f.Signature.Name, "."):
		return "the token is not the only member of the body"
	}
	return ""
}
