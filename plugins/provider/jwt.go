package provider

import (
	"crypto/hmac"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"webhookedge/plugins/internal/jsonscan"
)

// leeway is how far exp, nbf and iat may be off (RFC 7519 section 4.1.4: "no
// more than a few minutes").
const leeway = time.Minute

// symmetric reports whether a is a MAC.
func (a Algorithm) symmetric() bool { return a == HS256 || a == HS384 || a == HS512 }

// claims is a compiled JWT.
type claims struct {
	JWT
	algorithms []jose.SignatureAlgorithm
	places     []expect
	paths      *jsonscan.Paths
}

func (j JWT) filled(fill func(string) string) JWT {
	c := j
	c.Issuers, c.Claims = nil, nil
	for _, issuer := range j.Issuers {
		c.Issuers = append(c.Issuers, fill(issuer))
	}
	c.Audience = fill(j.Audience)
	for _, e := range j.Claims {
		c.Claims = append(c.Claims, Expect{e.At, fill(e.Is)})
	}
	return c
}

// compile prepares j. The paths of the claims are complete only with those of
// the whole scheme, so claims compiles them.
func (j JWT) compile(all *paths) (*claims, error) {
	c := &claims{JWT: j}
	for _, a := range j.Algorithms {
		if !slices.Contains(Algorithm("").Enum(), string(a)) {
			return nil, fmt.Errorf("%w: unknown algorithm %s", ErrRow, a)
		}
		c.algorithms = append(c.algorithms, jose.SignatureAlgorithm(a))
	}
	for _, e := range j.Claims {
		at, err := parsePlace("claim:"+strings.TrimPrefix(e.At, "claim:"), atClaim)
		if err != nil {
			return nil, err
		}
		all.add(&at)
		c.places = append(c.places, expect{at, e.Is})
	}
	if len(all.claims) == 0 {
		return c, nil
	}
	var err error
	c.paths, err = compilePaths(all.claims)
	return c, err
}

// jwt verifies a token, and with it what its claims bind.
func (c *checker) jwt(v *values, f *family, text string) (Proof, error) {
	s := c.v.scheme
	text, ok := strings.CutPrefix(text, s.Mark)
	if !ok {
		return Proof{}, ErrMalformed
	}
	token, err := jose.ParseSignedCompact(text, s.jwt.algorithms)
	if err != nil || len(token.Signatures) != 1 || !canonical(text) || critical(text) {
		return Proof{}, ErrMalformed
	}
	id, err := c.tokenKey(text, token)
	if err != nil {
		return Proof{}, err
	}
	payload := token.UnsafePayloadWithoutVerification() // verified just now
	if v.claims, err = jsonscan.Scan(payload, s.jwt.paths); err != nil {
		return Proof{}, ErrMalformed
	}
	if err := s.jwt.hold(payload, v, c.now, f.timestamp.name == "iat"); err != nil {
		return Proof{}, err
	}
	if err := c.bound(v); err != nil {
		return Proof{}, err
	}
	if f.id.kind != atNothing {
		if v.in.id, err = v.one(f.id, maxID); err != nil {
			return Proof{}, err
		}
	}
	if f.timestamp.kind != atNothing {
		if v.in.timestamp, err = v.one(f.timestamp, maxTimestamp); err != nil {
			return Proof{}, err
		}
		if err := s.when(f, v.in); err != nil {
			return Proof{}, err
		}
	}
	return c.fresh(f, v, id)
}

// canonical reports whether every part of a token is written as an encoder writes
// it. The library's decoder passes over line ends and bits that mean nothing, so
// that one token would have many spellings.
func canonical(text string) bool {
	for part := range strings.SplitSeq(text, ".") {
		if _, ok := Base64URLRaw.decode(part); !ok {
			return false
		}
	}
	return true
}

// critical reports whether the header of a token names extensions that must be
// understood (RFC 7515 section 4.1.11), or cannot be read. None is understood
// here, and an unencoded payload (RFC 7797) would be another one than is read.
func critical(text string) bool {
	header, _, _ := strings.Cut(text, ".")
	raw, ok := Base64URLRaw.decode(header)
	if !ok {
		return true
	}
	var names map[string]json.RawMessage
	if json.Unmarshal(raw, &names) != nil {
		return true
	}
	_, found := names["crit"]
	return found
}

// tokenKey finds the key that signed the token, and returns its id.
func (c *checker) tokenKey(text string, token *jose.JSONWebSignature) (string, error) {
	header := token.Signatures[0].Header
	if c.v.scheme.sharesKey() {
		for i := range c.v.keys {
			if k := &c.v.keys[i]; k.valid(c.now) && macHolds(text, Algorithm(header.Algorithm), k.secret()) {
				return k.id, nil
			}
		}
		return "", ErrMismatch
	}
	keys, err := c.publicKeys()
	if err != nil {
		return "", err
	}
	left := maxAttempts
	for _, k := range keys {
		for _, p := range k.keys {
			if p.id != "" && header.KeyID != "" && p.id != header.KeyID || p.algorithm != "" && p.algorithm != header.Algorithm {
				continue
			}
			if left--; left < 0 {
				return "", ErrMismatch
			}
			if _, err := token.Verify(p.key); err == nil {
				return k.id, nil
			}
		}
	}
	return "", ErrMismatch
}

// hash returns the hash of a MAC.
func (a Algorithm) hash() Hash {
	switch a {
	case HS256:
		return SHA256
	case HS384:
		return SHA384
	case HS512:
		return SHA512
	}
	return ""
}

// macHolds reports whether key made the token's MAC. The library would refuse
// keys that are shorter than the hash, which providers do issue.
func macHolds(text string, a Algorithm, key []byte) bool {
	at := strings.LastIndexByte(text, '.')
	if at < 0 || a.hash() == "" {
		return false
	}
	got, ok := Base64URLRaw.decode(text[at+1:])
	return ok && hmac.Equal(got, tokenMAC(text[:at], a, key))
}

func tokenMAC(text string, a Algorithm, key []byte) []byte {
	m := hmac.New(a.hash().new(), key)
	m.Write([]byte(text))
	return m.Sum(nil)
}

// macToken makes a token with a MAC.
func macToken(a Algorithm, key []byte, claims map[string]any) (string, error) {
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", err
	}
	text := Base64URLRaw.encode([]byte(`{"alg":"`+string(a)+`","typ":"JWT"}`)) + "." + Base64URLRaw.encode(payload)
	return text + "." + Base64URLRaw.encode(tokenMAC(text, a, key)), nil
}

// hold checks the registered claims and those that the scheme names. The time of
// issue is left to the tolerance where that is the signed time.
func (c *claims) hold(payload []byte, v *values, now time.Time, timed bool) error {
	var std jwt.Claims
	if json.Unmarshal(payload, &std) != nil {
		return ErrMalformed
	}
	if timed {
		std.IssuedAt = nil
	}
	switch {
	case len(c.Issuers) > 0 && !slices.Contains(c.Issuers, std.Issuer):
		return ErrMismatch
	case c.Audience != "" && !std.Audience.Contains(c.Audience):
		return ErrMismatch
	case c.NeedExpiry && std.Expiry == nil:
		return ErrMalformed
	}
	for _, e := range c.places {
		if text, n := v.get(e.at); n != 1 || text != e.is {
			return ErrMismatch
		}
	}
	err := std.ValidateWithLeeway(jwt.Expected{Time: now}, leeway)
	switch {
	case errors.Is(err, jwt.ErrExpired):
		return ErrStale
	case errors.Is(err, jwt.ErrNotValidYet), errors.Is(err, jwt.ErrIssuedInTheFuture):
		return ErrFuture
	case err != nil:
		return ErrMalformed
	}
	return nil
}
