package infer

import (
	"slices"
	"strings"

	"webhookedge/plugins/provider/internal/keys"
	"webhookedge/plugins/provider/spec"
)

// publicKey is the public keys of a text, with the scheme that they fit.
type publicKey struct {
	scheme spec.Scheme
	keys   []keys.PublicKey
}

// publicKeys returns what text holds as public keys of each kind.
func publicKeys(text string) (all []publicKey) {
	for _, kind := range []spec.Kind{spec.Ed25519, spec.RSA, spec.RSAPSS, spec.ECDSA} {
		for _, h := range []spec.Hash{spec.SHA256, spec.SHA512, spec.SHA384, spec.SHA1} {
			s := spec.Scheme{Kind: kind, Hash: h, Key: publicForm(text)}
			if kind == spec.Ed25519 {
				s.Hash = ""
			}
			if kind != spec.Ed25519 && slices.Contains([]spec.KeyForm{spec.KeyHex, spec.KeyBase64}, s.Key) {
				continue
			}
			if found, why := keys.Public(&s, text); why == "" {
				all = append(all, publicKey{s, found})
			}
			if kind == spec.Ed25519 {
				break
			}
		}
	}
	return all
}

func publicForm(text string) spec.KeyForm {
	text = strings.TrimSpace(text)
	_, isHex := spec.HexAny.Decode(text)
	switch {
	case strings.HasPrefix(text, "-----BEGIN"):
		return spec.KeyPEM
	case strings.HasPrefix(text, "{"):
		return spec.KeyJWKS
	case isHex:
		return spec.KeyHex
	case len(text) < 50: // 32 bytes of ed25519
		return spec.KeyBase64
	}
	return spec.KeySPKI
}

// isPublicOnly reports whether text can be no shared secret.
func isPublicOnly(text string) bool {
	form := publicForm(text)
	return form == spec.KeyPEM || form == spec.KeyJWKS && strings.Contains(text, `"kty"`)
}

// tryPublic looks for a signature of a text by one of the public keys.
func (s *search) tryPublic(text []piece) {
	if slices.ContainsFunc(text, func(p piece) bool { return p.key }) {
		return
	}
	var content []byte
	for i := range s.public {
		p := &s.public[i]
		for j := range s.candidates {
			c := &s.candidates[j]
			if s.stopped || !c.fits(p) {
				continue
			}
			if content == nil {
				for _, part := range text {
					content = append(content, part.text...)
				}
			}
			digest := keys.Digest(&p.scheme, content)
			for _, k := range p.keys {
				if s.ended() {
					return
				}
				s.trials++
				if keys.Proves(&p.scheme, k.Key, digest, c.raw) {
					s.hits = append(s.hits, hit{p.scheme.Kind, p.scheme.Hash, key{form: p.scheme.Key, secret: s.q.Secret}, slices.Clone(text), c})
				}
			}
		}
	}
}

// fits reports whether c is as long as a signature by p.
func (c *candidate) fits(p *publicKey) bool {
	switch p.scheme.Kind {
	case spec.Ed25519:
		return len(c.raw) == 64
	case spec.ECDSA:
		return len(c.raw) > 60 && len(c.raw) < 150 && c.raw[0] == 0x30 // a sequence in ASN.1
	}
	return len(c.raw) >= 256
}
