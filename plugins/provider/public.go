package provider

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"slices"
	"strings"

	"github.com/go-jose/go-jose/v4"
)

// Bounds of public keys. Each attempt with one costs a hundred hashes, and without
// a bound sixteen signatures would be tried with every key there is.
const (
	maxPublic   = 32   // of one document
	maxAttempts = 64   // of one delivery
	maxRSA      = 1024 // bytes: 8192 bits
)

// publicKey is a key and what is known of it.
type publicKey struct {
	id        string // kid of a JWK
	algorithm string // the one that a JWK is for, "" for any
	key       crypto.PublicKey
	cert      *x509.Certificate // the certificate that holds it
	rest      []*x509.Certificate
}

// publicKeys reads the keys that text holds in the form of s, or says why it
// holds none.
func (s *scheme) publicKeys(text string) ([]publicKey, string) {
	text = strings.TrimPrefix(text, s.KeyPrefix)
	keys, why := readPublic(s.Key, []byte(text))
	for _, form := range []KeyForm{KeyPEM, KeyJWKS, KeySPKI, KeyHex, KeyBase64} {
		if why == "" {
			break
		}
		// A public key is the same in every form, and dashboards change theirs.
		if others, fault := readPublic(form, []byte(text)); fault == "" && (s.Kind == Ed25519 || form != KeyHex && form != KeyBase64) {
			keys, why = others, ""
		}
	}
	if why != "" {
		return nil, why
	}
	for _, k := range keys {
		if why := s.unfit(k.key); why != "" {
			return nil, why
		}
	}
	return keys, ""
}

// fetchedKeys reads the keys of a document that was fetched. A provider may publish
// keys for other uses beside those of its webhooks, so those that do not fit are
// left out, but for a certificate.
func (s *scheme) fetchedKeys(doc []byte) ([]publicKey, string) {
	keys, why := readPublic(s.remote.Form, doc)
	if why != "" {
		return nil, why
	}
	var fit []publicKey
	for _, k := range keys {
		if why = s.unfit(k.key); why == "" {
			fit = append(fit, k)
		}
	}
	if len(fit) == 0 {
		return nil, why
	}
	return fit, ""
}

// readPublic reads a document of public keys.
func readPublic(form KeyForm, doc []byte) ([]publicKey, string) {
	switch form {
	case KeyPEM, KeyCertificate:
		return readPEM(string(doc), form == KeyCertificate)
	case KeySPKI:
		der, err := base64.StdEncoding.DecodeString(string(doc))
		if err != nil {
			return nil, "is not the base64 of a public key"
		}
		if strings.HasPrefix(string(der), "-----BEGIN ") {
			return readPEM(string(der), false)
		}
		return onePublic(x509.ParsePKIXPublicKey(der))
	case KeyJWKS:
		return readJWKS(doc)
	}
	raw, why := decodeKeyForm(form, string(doc))
	if why == "" && len(raw) != ed25519.PublicKeySize {
		why = "is not an Ed25519 public key of 32 bytes"
	}
	return []publicKey{{key: ed25519.PublicKey(raw)}}, why
}

func onePublic(key any, err error) ([]publicKey, string) {
	if err != nil {
		return nil, "is not a public key that can be read"
	}
	return []publicKey{{key: key}}, ""
}

// readPEM reads public keys or a chain of certificates, the sender's own first.
func readPEM(text string, certificates bool) ([]publicKey, string) {
	var keys []publicKey
	rest := []byte(unfolded(text))
	for len(keys) < maxPublic {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		switch block.Type {
		case "CERTIFICATE":
			cert, err := x509.ParseCertificate(block.Bytes)
			if err != nil {
				return nil, "holds a certificate that cannot be read"
			}
			if len(keys) > 0 && keys[0].cert != nil {
				keys[0].rest = append(keys[0].rest, cert) // an authority's
				continue
			}
			keys = append(keys, publicKey{key: cert.PublicKey, cert: cert})
		case "PUBLIC KEY", "RSA PUBLIC KEY":
			key, err := x509.ParsePKIXPublicKey(block.Bytes)
			if block.Type == "RSA PUBLIC KEY" {
				key, err = x509.ParsePKCS1PublicKey(block.Bytes)
			}
			if err != nil {
				return nil, "holds a public key that cannot be read"
			}
			keys = append(keys, publicKey{key: key})
		}
	}
	switch {
	case len(keys) == 0:
		return nil, "holds no public key in PEM"
	case certificates && keys[0].cert == nil:
		return nil, "holds no certificate in PEM"
	}
	return keys, ""
}

// unfolded gives a PEM text on one line, as environment variables hold it, its
// line ends back.
func unfolded(text string) string {
	text = strings.ReplaceAll(text, `\n`, "\n")
	if strings.Contains(text, "\n") {
		return text
	}
	for _, label := range []string{"CERTIFICATE", "RSA PUBLIC KEY", "PUBLIC KEY", "PRIVATE KEY"} {
		begin, end := "-----BEGIN "+label+"-----", "-----END "+label+"-----"
		inside, ok := strings.CutPrefix(text, begin)
		if inside, closed := strings.CutSuffix(inside, end); ok && closed {
			return begin + "\n" + strings.Join(strings.Fields(inside), "\n") + "\n" + end + "\n"
		}
	}
	return text
}

// readJWKS reads a JSON Web Key or a set of them. Keys that are no public ones, of
// an unknown kind or for another use than signatures are left out (RFC 7517
// sections 4.2 and 5).
func readJWKS(doc []byte) ([]publicKey, string) {
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if json.Unmarshal(doc, &set) != nil {
		return nil, "is not a JSON Web Key or a set of them"
	}
	if len(set.Keys) == 0 {
		set.Keys = []json.RawMessage{doc}
	}
	if len(set.Keys) > maxPublic {
		return nil, "is a set of too many keys"
	}
	var keys []publicKey
	for _, text := range set.Keys {
		var k jose.JSONWebKey
		if json.Unmarshal(text, &k) == nil && k.IsPublic() && k.Valid() && (k.Use == "" || k.Use == "sig") {
			keys = append(keys, publicKey{id: k.KeyID, algorithm: k.Algorithm, key: k.Key})
		}
	}
	if len(keys) == 0 {
		return nil, "is a set without public keys"
	}
	return keys, ""
}

// unfit says why s cannot use a key, "" where it can.
func (s *scheme) unfit(key crypto.PublicKey) string {
	switch k := key.(type) {
	case *rsa.PublicKey:
		least := max(s.KeyMin, minRSA)
		if s.Kind != RSA && s.Kind != RSAPSS && s.Kind != JSONToken {
			return "is an RSA key, which the scheme does not use"
		}
		if k.Size() < least {
			return "is an RSA key with fewer bits than the scheme needs"
		}
		if k.Size() > maxRSA {
			return "is an RSA key of more than 8192 bits"
		}
	case *ecdsa.PublicKey:
		if s.Kind != ECDSA && s.Kind != JSONToken {
			return "is an ECDSA key, which the scheme does not use"
		}
		if k.Curve != elliptic.P256() && k.Curve != elliptic.P384() && k.Curve != elliptic.P521() {
			return "is an ECDSA key on a curve that is not supported"
		}
	case ed25519.PublicKey:
		if s.Kind != Ed25519 && s.Kind != JSONToken {
			return "is an Ed25519 key, which the scheme does not use"
		}
		if smallOrder(k) {
			return "is an Ed25519 key with which anybody can sign"
		}
	default:
		return "is a key of a kind that is not supported"
	}
	return ""
}

// smallOrder reports whether a key is one of the points of small order, such as a
// placeholder of zeros. Of these some signatures are right whatever was signed
// (RFC 8032 does not exclude them). Given are their y coordinates, 0, 1, -1, the
// two of order 8, and those of them that are written larger than the prime.
func smallOrder(key ed25519.PublicKey) bool {
	y := slices.Clone(key)
	y[len(y)-1] &= 0x7f // the sign of x
	switch hex.EncodeToString(y) {
	case "0000000000000000000000000000000000000000000000000000000000000000",
		"0100000000000000000000000000000000000000000000000000000000000000",
		"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
		"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a":
		return true
	}
	return false
}

// digest returns what a signature is made of.
func (s *scheme) digest(text []byte) []byte {
	if !s.needsHash() {
		return text
	}
	w := s.Hash.new()()
	w.Write(text)
	return w.Sum(nil)
}

// proves reports whether signature is the key's over digest.
func (s *scheme) proves(key crypto.PublicKey, digest, signature []byte) bool {
	switch k := key.(type) {
	case ed25519.PublicKey:
		return s.Kind == Ed25519 && len(signature) == ed25519.SignatureSize && ed25519.Verify(k, digest, signature)
	case *ecdsa.PublicKey:
		return s.Kind == ECDSA && ecdsa.VerifyASN1(k, digest, signature)
	case *rsa.PublicKey:
		switch s.Kind {
		case RSA:
			return rsa.VerifyPKCS1v15(k, s.Hash.id(), digest, signature) == nil
		case RSAPSS:
			return rsa.VerifyPSS(k, s.Hash.id(), digest, signature, &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash}) == nil
		}
	}
	return false
}
