package keys

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"strings"

	"github.com/go-jose/go-jose/v4"

	"webhookedge/plugins/provider/internal/signedtext"
	"webhookedge/plugins/provider/spec"
)

// SigningKey is a key of a Signer.
type SigningKey struct {
	Key
	Private func() crypto.Signer // of public keys
	Chain   []string             // its certificates, of a Chain
}

// ForSigning returns the keys that a sender signs with by s, of which there is at
// least one. The error is ErrKey or ErrOption.
func ForSigning(s *spec.Scheme, secrets []Secret, raw bool) ([]SigningKey, error) {
	if len(secrets) == 0 {
		return nil, fmt.Errorf("%w: there is none", spec.ErrKey)
	}
	var all []SigningKey
	if s.SharesKey() || s.Kind == spec.ClientCert {
		keys, err := New(s, secrets, raw)
		if err != nil {
			return nil, err
		}
		for _, k := range keys {
			all = append(all, SigningKey{Key: k})
		}
		return all, nil
	}
	for i, secret := range secrets {
		block, _ := pem.Decode([]byte(Unfold(secret.Value)))
		if block == nil {
			return nil, &SecretError{Index: i, Why: "is not a private key in PEM"}
		}
		parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
		private, ok := parsed.(crypto.Signer)
		if err != nil || !ok {
			return nil, &SecretError{Index: i, Why: "is not a private key in PKCS #8"}
		}
		if why := unfit(s, private.Public()); why != "" {
			return nil, &SecretError{Index: i, Why: why}
		}
		key := SigningKey{Key: Key{ID: secret.ID}, Private: func() crypto.Signer { return private }}
		if c := s.JWT.Chain; c != nil {
			var why string
			if key.Chain, why = chainOf(c, secret.Value); why != "" {
				return nil, &SecretError{Index: i, Why: why}
			}
		}
		all = append(all, key)
	}
	return all, nil
}

// Sign makes the signature of the text.
func (k *SigningKey) Sign(s *spec.Scheme, content *signedtext.Template, v *signedtext.Input) ([]byte, error) {
	if s.Kind == spec.HMAC || s.Kind == spec.Digest {
		v.Key = k.Secret()
	}
	if s.Kind == spec.HMAC {
		m := k.MACs.Get()
		defer k.MACs.Put(m)
		sum, err := m.SumOf(content, v)
		return bytes.Clone(sum), err
	}
	text, err := content.Text(v)
	if err != nil {
		return nil, err
	}
	if s.Kind == spec.Digest {
		return []byte(s.Hash.Sum(text)), nil
	}
	private := k.Private()
	if s.Kind == spec.Ed25519 {
		return private.Sign(rand.Reader, []byte(text), crypto.Hash(0))
	}
	digest := []byte(s.Hash.Sum(text))
	if s.Kind == spec.RSAPSS {
		return private.Sign(rand.Reader, digest, &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: s.Hash.Crypto()})
	}
	return private.Sign(rand.Reader, digest, s.Hash.Crypto())
}

// KeyPair is a key that the sender signs with, and what the receiver needs of
// it, both in the form of Options.Secrets. They are equal for a shared secret.
type KeyPair struct{ Private, Public string }

// NewPair makes a key for s, for tests of a route, never one to be used.
func NewPair(s *spec.Scheme) (pair KeyPair, err error) {
	if s.SharesKey() || s.Kind == spec.ClientCert {
		return newShared(s), nil
	}
	if s.JWT.Chain != nil {
		return newChain(s.JWT.Chain)
	}
	var private crypto.Signer
	switch {
	case s.Kind == spec.Ed25519, s.Kind == spec.HTTPSignature && s.Message.Algorithms[0] == spec.MessageEd25519:
		_, private, err = ed25519.GenerateKey(rand.Reader)
	case s.Kind == spec.HTTPSignature && s.Message.Algorithms[0] == spec.MessageP384:
		private, err = ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	case s.Kind == spec.ECDSA, s.Kind == spec.HTTPSignature && s.Message.Algorithms[0] == spec.MessageP256, (s.Kind == spec.JSONToken || s.Kind == spec.DetachedJWS) && strings.HasPrefix(string(s.JWT.Algorithms[0]), "ES"):
		private, err = ecdsa.GenerateKey(curveOf(s), rand.Reader)
	default:
		private, err = rsa.GenerateKey(rand.Reader, 8*max(s.KeyMin, minRSA))
	}
	if err != nil {
		return KeyPair{}, err
	}
	return keyPair(s, private)
}

// curveOf returns the curve of the first algorithm of s.
func curveOf(s *spec.Scheme) elliptic.Curve {
	if len(s.JWT.Algorithms) > 0 {
		switch s.JWT.Algorithms[0] {
		case spec.ES384:
			return elliptic.P384()
		case spec.ES512:
			return elliptic.P521()
		}
	}
	return elliptic.P256()
}

func newShared(s *spec.Scheme) KeyPair {
	raw := make([]byte, max(s.KeyMin, 32))
	_, _ = rand.Read(raw) // never fails (crypto/rand)
	text := hex.EncodeToString(raw)
	switch s.Key {
	case spec.KeyBase64:
		text = s.KeyPrefix + base64.StdEncoding.EncodeToString(raw)
	case spec.KeyBase64URL:
		text = s.KeyPrefix + base64.RawURLEncoding.EncodeToString(raw)
	case spec.KeyUser:
		text = "webhook:" + text
	case spec.KeyPrint:
		text = hex.EncodeToString(raw[:32])
	}
	return KeyPair{text, text}
}

// keyPair writes a private key and its public one in the form of s.
func keyPair(s *spec.Scheme, private crypto.Signer) (KeyPair, error) {
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return KeyPair{}, err
	}
	pkix, err := x509.MarshalPKIXPublicKey(private.Public())
	if err != nil {
		return KeyPair{}, err
	}
	k := KeyPair{Private: string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))}
	raw, _ := private.Public().(ed25519.PublicKey)
	switch s.Key {
	case spec.KeySPKI:
		k.Public = base64.StdEncoding.EncodeToString(pkix)
	case spec.KeyHex:
		k.Public = hex.EncodeToString(raw)
	case spec.KeyBase64:
		k.Public = s.KeyPrefix + base64.StdEncoding.EncodeToString(raw)
	case spec.KeyBase64URL:
		k.Public = s.KeyPrefix + base64.RawURLEncoding.EncodeToString(raw)
	case spec.KeyJWKS:
		set, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: private.Public(), Use: "sig"}}})
		if err != nil {
			return KeyPair{}, err
		}
		k.Public = string(set)
	default:
		k.Public = string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: pkix}))
	}
	return k, nil
}
