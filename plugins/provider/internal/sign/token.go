package sign

import (
	"bytes"
	"cmp"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"

	"webhookedge/plugins/provider/internal/place"
	"webhookedge/plugins/provider/internal/scheme"
	"webhookedge/plugins/provider/internal/signedtext"
	"webhookedge/plugins/provider/spec"
)

// tokenTTL is how long the JWT of a Signer is good.
const tokenTTL = time.Hour

// token makes a JWT that holds what the scheme asks for, and the claims of the payload
// where the token is the payload.
func (p *signerPart) token(u *Unsigned, v *signedtext.Input) (string, error) {
	s := p.scheme
	f := &s.Families[0]
	claims, err := p.payload(v)
	if err != nil {
		return "", err
	}
	if claims == nil {
		claims = map[string]any{"exp": u.At.Add(max(tokenTTL, s.Tolerance()+time.Minute)).Unix()}
	}
	if s.Claims.Signed() == "" {
		claims["iat"] = u.At.Unix()
	}
	if len(s.Claims.Issuers) > 0 {
		claims["iss"] = s.Claims.Issuers[0]
	}
	if s.Claims.Audience != "" {
		claims["aud"] = s.Claims.Audience
	}
	s.Claims.Fill(claims)
	if f.ID.Kind == place.Claim {
		claims[f.ID.Name] = u.ID
	}
	if f.Timestamp.Kind == place.Claim {
		claims[f.Timestamp.Name] = claimTime(u.At, s.TimeUnit)
	}
	for _, name := range s.JWT.Needs {
		if claims[name] == nil {
			claims[name] = cmp.Or(u.ID, "0b989ba4-1749-4722-8400-5f6d7c8b9aab")
		}
	}
	for i := range s.Bound {
		if b := &s.Bound[i]; b.At.Kind == place.Claim {
			text, err := b.Text.Text(v)
			if err != nil {
				return "", err
			}
			claims[b.At.Name] = text
		}
	}
	if s.SharesKey() {
		return scheme.MACToken(s.JWT.Algorithms[0], p.keys[0].Secret(), claims)
	}
	if err := p.nest(u, claims); err != nil {
		return "", err
	}
	return p.signed(u, claims)
}

// signed makes a token of claims under a private key.
func (p *signerPart) signed(u *Unsigned, claims map[string]any) (string, error) {
	s, key := p.scheme, p.keys[0].Private()
	if at := s.Claims.Signed(); at != "" {
		claims[at] = u.At.UnixMilli()
	}
	o := (&jose.SignerOptions{}).WithType(jose.ContentType(cmp.Or(s.JWT.Type, "JWT")))
	if len(p.keys[0].Chain) > 0 {
		o = o.WithHeader("x5c", p.keys[0].Chain)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: fitting(key, s.Claims.Algorithms), Key: key}, o)
	if err != nil {
		return "", fmt.Errorf("%w: the key does not fit the algorithm", spec.ErrOption)
	}
	payload, err := json.Marshal(claims) // numbers as they are written, which the library's own JSON makes texts of
	if err != nil {
		return "", err
	}
	token, err := signer.Sign(payload)
	if err != nil {
		return "", err
	}
	return token.CompactSerialize()
}

// payload returns the claims of a token that is the payload, nil where it is not. What is
// signed is the token that the body has, or a JSON object.
func (p *signerPart) payload(v *signedtext.Input) (map[string]any, error) {
	if !p.scheme.IsBody() {
		return nil, nil
	}
	document := place.WithoutBOM(v.Request.Body)
	if claims := place.Claims(document); claims != nil {
		document = claims
	} else if text, n := v.Get(p.scheme.Families[0].Signature); n == 1 {
		if claims := place.Claims([]byte(text)); claims != nil {
			document = claims
		}
	}
	return object(document)
}

// object reads a JSON object, its numbers as they are written.
func object(document []byte) (claims map[string]any, err error) {
	d := json.NewDecoder(bytes.NewReader(document))
	d.UseNumber()
	if err := d.Decode(&claims); err != nil || claims == nil {
		return nil, fmt.Errorf("%w: the payload must be a token, or a JSON object", spec.ErrOption)
	}
	return claims, nil
}

// nest signs what stands at the claims that hold tokens, be it a token or its claims.
func (p *signerPart) nest(u *Unsigned, claims map[string]any) error {
	for _, path := range p.scheme.Claims.Inside() {
		names := strings.Split(path, ".")
		last, parent := names[len(names)-1], claims
		for _, name := range names[:len(names)-1] {
			parent, _ = parent[name].(map[string]any)
		}
		inner, _ := parent[last].(map[string]any)
		if text, ok := parent[last].(string); ok {
			var err error
			if inner, err = object(place.Claims([]byte(text))); err != nil {
				return err
			}
		}
		if inner == nil {
			continue
		}
		token, err := p.signed(u, inner)
		if err != nil {
			return err
		}
		parent[last] = token
	}
	return nil
}

// claimTime is a time as a claim has it.
func claimTime(at time.Time, unit spec.Unit) any {
	switch unit {
	case spec.Seconds:
		return at.Unix()
	case spec.Milliseconds:
		return at.UnixMilli()
	}
	return spec.FormatTime(at, unit)
}

// fitting returns the first algorithm that the key can make.
func fitting(key crypto.Signer, all []jose.SignatureAlgorithm) jose.SignatureAlgorithm {
	prefix := "RS"
	switch k := key.(type) {
	case *ecdsa.PrivateKey:
		prefix = "ES" + map[int]string{256: "256", 384: "384", 521: "512"}[k.Curve.Params().BitSize]
	case ed25519.PrivateKey:
		prefix = "Ed"
	}
	for _, a := range all {
		if strings.HasPrefix(string(a), prefix) {
			return a
		}
	}
	return all[0]
}
