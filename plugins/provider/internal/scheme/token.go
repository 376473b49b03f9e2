package scheme

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/url"
	"strings"

	"github.com/go-jose/go-jose/v4"

	"webhookedge/plugins/internal/jsonscan"
	"webhookedge/plugins/provider/internal/keys"
	"webhookedge/plugins/provider/internal/place"
	"webhookedge/plugins/provider/internal/signedtext"
	"webhookedge/plugins/provider/spec"
)

// jwt verifies a token, and with it what its claims bind.
func (c *checker) jwt(v *signedtext.Input, f *Family, text string) (Proof, error) {
	s := c.v.compiled
	text, ok := strings.CutPrefix(text, s.Mark)
	if !ok {
		return Proof{}, spec.ErrMalformed
	}
	token, err := s.parseToken(text)
	if err != nil {
		return Proof{}, err
	}
	payload := token.UnsafePayloadWithoutVerification() // verified just below
	id, err := c.tokenProof(v, text, token)
	if err != nil {
		return Proof{}, err
	}
	if err := s.alone(v, f); err != nil {
		return Proof{}, err
	}
	if err := s.Claims.hold(payload, &v.Values, c.now, f.Timestamp.Name == "iat"); err != nil {
		return Proof{}, err
	}
	if err := c.bound(v); err != nil {
		return Proof{}, err
	}
	if err := f.stamp(&v.Values, &c.found); err != nil {
		return Proof{}, err
	}
	if err := s.when(f, &c.found); err != nil {
		return Proof{}, err
	}
	return c.fresh(f, v, id)
}

// parseToken reads a compact token whose algorithm and type are among those of s.
func (s *Compiled) parseToken(text string) (*jose.JSONWebSignature, error) {
	token, err := jose.ParseSignedCompact(text, s.Claims.Algorithms)
	if err != nil || len(token.Signatures) != 1 || !canonical(text) || critical(text) || !s.Claims.typed(token) {
		return nil, spec.ErrMalformed
	}
	return token, nil
}

// tokenProof verifies the signature of a token, reads its claims into v, and returns the
// id of the key.
func (c *checker) tokenProof(v *signedtext.Input, text string, token *jose.JSONWebSignature) (id string, err error) {
	s, payload := c.v.compiled, token.UnsafePayloadWithoutVerification()
	if s.Claims.chain != nil {
		// A certificate is valid or not at the time that the claims tell.
		if v.Claims, err = jsonscan.ScanUnproved(payload, s.Claims.paths); err != nil {
			return "", spec.ErrMalformed
		}
		return c.chained(text, token, v.Claims)
	}
	if id, err = c.tokenKey(text, token); err != nil {
		return "", err
	}
	if v.Claims, err = jsonscan.Scan(payload, s.Claims.paths); err != nil {
		return "", spec.ErrMalformed
	}
	return id, nil
}

// isBody reports whether the token that stands at the signature of f is the whole of the
// body: the body itself, or the only member of its object.
func (s *Compiled) isBody(f *Family) bool {
	return s.Kind == spec.JSONToken && !s.BodyUnsigned && (f.Signature.Kind == place.Body || f.Signature.Kind == place.JSON)
}

// IsBody reports whether the token of the first family is the whole of the body.
func (s *Compiled) IsBody() bool { return s.isBody(&s.Families[0]) }

// alone checks that nothing stands beside a token that is the whole of the body, where
// nothing would cover it.
func (s *Compiled) alone(v *signedtext.Input, f *Family) error {
	if f.Signature.Kind != place.JSON || !s.isBody(f) {
		return nil
	}
	document, err := v.Document()
	if err != nil {
		return err
	}
	if place.Members(document) != 1 {
		return fmt.Errorf("%w: something stands beside the token", spec.ErrBody)
	}
	return nil
}

// canonical reports whether every part of a token is written as an encoder writes
// it. The library's decoder passes over line ends and bits that mean nothing, so
// that one token would have many spellings.
func canonical(text string) bool {
	for part := range strings.SplitSeq(text, ".") {
		if _, ok := spec.Base64URLRaw.Decode(part); !ok {
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
	raw, ok := spec.Base64URLRaw.Decode(header)
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
	if c.v.compiled.SharesKey() {
		for i := range c.v.keys {
			if k := &c.v.keys[i]; k.Valid(c.now) && macHolds(text, spec.Algorithm(header.Algorithm), k.Secret()) {
				return k.ID, nil
			}
		}
		return "", spec.ErrMismatch
	}
	return c.provedBy(ofHeader(header.KeyID, header.Algorithm), func(p *keys.PublicKey) bool {
		_, err := token.Verify(p.Key)
		return err == nil
	})
}

// macHolds reports whether key made the token's MAC. The library would refuse
// keys that are shorter than the hash, which providers do issue.
func macHolds(text string, a spec.Algorithm, key []byte) bool {
	at := strings.LastIndexByte(text, '.')
	if at < 0 || a.Hash() == "" {
		return false
	}
	got, ok := spec.Base64URLRaw.Decode(text[at+1:])
	return ok && hmac.Equal(got, tokenMAC(text[:at], a, key))
}

func tokenMAC(text string, a spec.Algorithm, key []byte) []byte {
	m := hmac.New(a.Hash().New(), key)
	m.Write([]byte(text))
	return m.Sum(nil)
}

// MACToken makes a token with a MAC.
func MACToken(a spec.Algorithm, key []byte, claims map[string]any) (string, error) {
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", err
	}
	text := spec.Base64URLRaw.Encode([]byte(`{"alg":"`+string(a)+`","typ":"JWT"}`)) + "." + spec.Base64URLRaw.Encode(payload)
	return text + "." + spec.Base64URLRaw.Encode(tokenMAC(text, a, key)), nil
}

// present verifies a scheme without a signature of ours: a token, a password, a
// certificate or a JWT.
func (c *checker) present(v *signedtext.Input, f *Family, text string) (Proof, error) {
	s := c.v.compiled
	if s.Kind == spec.JSONToken {
		return c.jwt(v, f, text)
	}
	got, err := s.presented(text)
	if err != nil {
		return Proof{}, err
	}
	if f.Timestamp.Kind != place.Nothing {
		return Proof{}, spec.ErrMalformed // refused when compiled
	}
	for i := range c.v.keys {
		if k := &c.v.keys[i]; k.Valid(c.now) && k.Equal(got) {
			return Proof{Scheme: s.Name, SecretID: k.ID, Covers: f.covers.other}, nil
		}
	}
	return Proof{}, spec.ErrMismatch
}

// presented returns what the sender shows, to be compared with a secret.
func (s *Compiled) presented(text string) ([]byte, error) {
	text, ok := strings.CutPrefix(text, s.Mark)
	if !ok {
		return nil, spec.ErrMalformed
	}
	switch s.Kind {
	case spec.Basic:
		got, err := base64.StdEncoding.Strict().DecodeString(text)
		if err != nil || strings.ContainsAny(text, "\r\n") {
			return nil, spec.ErrMalformed
		}
		return got, nil
	case spec.ClientCert:
		return fingerprint(text)
	}
	return []byte(text), nil
}

// fingerprint returns the SHA-256 of the certificate that a proxy passes on, as
// PEM, URL-escaped PEM (nginx's $ssl_client_escaped_cert) or as the fingerprint
// itself.
func fingerprint(text string) ([]byte, error) {
	if strings.Contains(text, "%") {
		plain, err := url.PathUnescape(text)
		if err != nil {
			return nil, spec.ErrMalformed
		}
		text = plain
	}
	if strings.HasPrefix(text, "-----BEGIN CERTIFICATE-----") {
		block, _ := pem.Decode([]byte(keys.Unfold(text)))
		if block == nil || block.Type != "CERTIFICATE" {
			return nil, spec.ErrMalformed
		}
		sum := sha256.Sum256(block.Bytes)
		return sum[:], nil
	}
	sum, err := hex.DecodeString(strings.ReplaceAll(text, ":", ""))
	if err != nil || len(sum) != sha256.Size {
		return nil, spec.ErrMalformed
	}
	return sum, nil
}
