package sign

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"webhookedge/plugins/provider/internal/place"
	"webhookedge/plugins/provider/internal/scheme"
	"webhookedge/plugins/provider/internal/signedtext"
	"webhookedge/plugins/provider/spec"
)

// tokenTTL is how long the JWT of a Signer is good.
const tokenTTL = time.Hour

// token makes a JWT that holds what the scheme asks for.
func (p *signerPart) token(u *Unsigned, v *signedtext.Input) (string, error) {
	s := p.scheme
	claims := map[string]any{"iat": u.At.Unix(), "exp": u.At.Add(tokenTTL).Unix()}
	if len(s.Claims.Issuers) > 0 {
		claims["iss"] = s.Claims.Issuers[0]
	}
	if s.Claims.Audience != "" {
		claims["aud"] = s.Claims.Audience
	}
	for _, e := range s.Claims.Places {
		claims[e.At.Name] = claimValue(e.Is)
	}
	f := &s.Families[0]
	if f.ID.Kind == place.Claim {
		claims[f.ID.Name] = u.ID
	}
	if f.Timestamp.Kind == place.Claim {
		claims[f.Timestamp.Name] = claimTime(u.At, s.TimeUnit)
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
	key := p.keys[0].Private()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: fitting(key, s.Claims.Algorithms), Key: key}, (&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		return "", fmt.Errorf("%w: the key does not fit the algorithm", spec.ErrOption)
	}
	return jwt.Signed(signer).Claims(claims).Serialize()
}

// claimValue is a value as a claim has it: yes and no are no text (OpenID Connect Core
// 1.0, 5.1, email_verified).
func claimValue(text string) any {
	if yes, err := strconv.ParseBool(text); err == nil && text == strconv.FormatBool(yes) {
		return yes
	}
	return text
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
