package keys

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/asn1"
	"math/big"
	"slices"

	"webhookedge/plugins/provider/spec"
)

// MessageAlgorithm returns which of all algorithms of HTTP message signatures a public
// key is for, "" for none: that of its kind and curve. An algorithm that its JWK names
// must be the same.
func MessageAlgorithm(k *PublicKey, all []spec.MessageAlgorithm) spec.MessageAlgorithm {
	for _, a := range all {
		if !fitsMessage(k.Key, a) {
			continue
		}
		if k.Algorithm == "" || k.Algorithm == string(a) || k.Algorithm == jwkName(a) {
			return a
		}
	}
	return ""
}

func fitsMessage(key crypto.PublicKey, a spec.MessageAlgorithm) bool {
	switch k := key.(type) {
	case ed25519.PublicKey:
		return a == spec.MessageEd25519
	case *ecdsa.PublicKey:
		return a == spec.MessageP256 && k.Curve == elliptic.P256() || a == spec.MessageP384 && k.Curve == elliptic.P384()
	case *rsa.PublicKey:
		return a == spec.MessagePSS || a == spec.MessagePKCS1
	}
	return false
}

// jwkName is what the alg of a JWK says for a (RFC 7518 section 3.1, RFC 8037).
func jwkName(a spec.MessageAlgorithm) string {
	return map[spec.MessageAlgorithm]string{
		spec.MessageEd25519: "EdDSA", spec.MessageP256: "ES256", spec.MessageP384: "ES384", spec.MessagePSS: "PS512", spec.MessagePKCS1: "RS256",
	}[a]
}

// messageHash is what of the text is signed under a: its hash or, for Ed25519, itself.
func messageHash(a spec.MessageAlgorithm) (spec.Hash, bool) {
	switch a {
	case spec.MessageP256, spec.MessagePKCS1:
		return spec.SHA256, true
	case spec.MessageP384:
		return spec.SHA384, true
	case spec.MessagePSS:
		return spec.SHA512, true
	}
	return "", false
}

// ProvesMessage reports whether signature is the key's over text under a (RFC 9421
// section 3.3).
func ProvesMessage(a spec.MessageAlgorithm, key crypto.PublicKey, text string, signature []byte) bool {
	digest := []byte(text)
	h, hashed := messageHash(a)
	if hashed {
		digest = []byte(h.Sum(text))
	}
	switch k := key.(type) {
	case ed25519.PublicKey:
		return len(signature) == ed25519.SignatureSize && ed25519.Verify(k, digest, signature)
	case *ecdsa.PublicKey:
		r, s, ok := splitECDSA(k, signature)
		return ok && ecdsa.Verify(k, digest, r, s)
	case *rsa.PublicKey:
		if a == spec.MessagePSS {
			return rsa.VerifyPSS(k, h.Crypto(), digest, signature, &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash}) == nil
		}
		return rsa.VerifyPKCS1v15(k, h.Crypto(), digest, signature) == nil
	}
	return false
}

// splitECDSA parts a signature into its two numbers, each as long as the curve's order
// (RFC 9421 section 3.3.4).
func splitECDSA(k *ecdsa.PublicKey, signature []byte) (r, s *big.Int, ok bool) {
	size := (k.Curve.Params().BitSize + 7) / 8
	if len(signature) != 2*size {
		return nil, nil, false
	}
	return new(big.Int).SetBytes(signature[:size]), new(big.Int).SetBytes(signature[size:]), true
}

// MessageMAC returns the hmac-sha256 of text.
func MessageMAC(key []byte, text string) []byte {
	m := hmac.New(sha256.New, key)
	m.Write([]byte(text))
	return m.Sum(nil)
}

// SignMessage signs text with the first of all algorithms that k is for, and returns
// that.
func (k *SigningKey) SignMessage(all []spec.MessageAlgorithm, text string) ([]byte, error) {
	if slices.Contains(all, spec.MessageHMAC) {
		return MessageMAC(k.Secret(), text), nil
	}
	private := k.Private()
	digest, options := []byte(text), crypto.SignerOpts(crypto.Hash(0))
	a := k.MessageAlgorithm(all)
	if h, hashed := messageHash(a); hashed {
		digest, options = []byte(h.Sum(text)), h.Crypto()
	}
	if a == spec.MessagePSS {
		options = &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: options.HashFunc()}
	}
	signature, err := private.Sign(rand.Reader, digest, options)
	if public, ok := private.Public().(*ecdsa.PublicKey); ok && err == nil {
		return joinECDSA(public, signature)
	}
	return signature, err
}

// MessageAlgorithm returns which of all algorithms k signs with.
func (k *SigningKey) MessageAlgorithm(all []spec.MessageAlgorithm) spec.MessageAlgorithm {
	if slices.Contains(all, spec.MessageHMAC) {
		return spec.MessageHMAC
	}
	return MessageAlgorithm(&PublicKey{Key: k.Private().Public()}, all)
}

// joinECDSA writes the ASN.1 form of a signature as its two numbers.
func joinECDSA(k *ecdsa.PublicKey, signature []byte) ([]byte, error) {
	var numbers struct{ R, S *big.Int }
	if _, err := asn1.Unmarshal(signature, &numbers); err != nil {
		return nil, err
	}
	size := (k.Curve.Params().BitSize + 7) / 8
	joined := make([]byte, 2*size)
	numbers.R.FillBytes(joined[:size])
	numbers.S.FillBytes(joined[size:])
	return joined, nil
}
