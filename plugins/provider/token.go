package provider

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"net/url"
	"strings"
)

// present verifies a scheme without a signature of ours: a token, a password, a
// certificate or a JWT.
func (c *checker) present(v *values, f *family, text string) (Proof, error) {
	s := c.v.scheme
	if s.Kind == JSONToken {
		return c.jwt(v, f, text)
	}
	got, err := s.presented(text)
	if err != nil {
		return Proof{}, err
	}
	if f.timestamp.kind != atNothing {
		return Proof{}, ErrMalformed // refused when compiled
	}
	for i := range c.v.keys {
		if k := &c.v.keys[i]; k.valid(c.now) && k.equal(got) {
			return Proof{Scheme: s.Name, SecretID: k.id, Covers: f.covers.other}, nil
		}
	}
	return Proof{}, ErrMismatch
}

// presented returns what the sender shows, to be compared with a secret.
func (s *scheme) presented(text string) ([]byte, error) {
	mark := s.Mark
	if s.Kind == Basic && mark == "" {
		mark = "Basic "
	}
	text, ok := strings.CutPrefix(text, mark)
	if !ok {
		return nil, ErrMalformed
	}
	switch s.Kind {
	case Basic:
		got, err := base64.StdEncoding.Strict().DecodeString(text)
		if err != nil || strings.ContainsAny(text, "\r\n") {
			return nil, ErrMalformed
		}
		return got, nil
	case ClientCert:
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
			return nil, ErrMalformed
		}
		text = plain
	}
	if strings.HasPrefix(text, "-----BEGIN CERTIFICATE-----") {
		block, _ := pem.Decode([]byte(unfolded(text)))
		if block == nil || block.Type != "CERTIFICATE" {
			return nil, ErrMalformed
		}
		sum := sha256.Sum256(block.Bytes)
		return sum[:], nil
	}
	sum, err := hex.DecodeString(strings.ReplaceAll(text, ":", ""))
	if err != nil || len(sum) != sha256.Size {
		return nil, ErrMalformed
	}
	return sum, nil
}
