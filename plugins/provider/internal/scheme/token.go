package scheme

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"net/url"
	"strings"

	"webhookedge/plugins/provider/internal/keys"
	"webhookedge/plugins/provider/internal/place"
	"webhookedge/plugins/provider/internal/signedtext"
	"webhookedge/plugins/provider/spec"
)

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
	mark := s.Mark
	if s.Kind == spec.Basic && mark == "" {
		mark = "Basic "
	}
	text, ok := strings.CutPrefix(text, mark)
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
