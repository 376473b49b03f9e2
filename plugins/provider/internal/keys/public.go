package keys

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/go-jose/go-jose/v4"

	"webhookedge/plugins/provider/spec"
)

// Bounds of public keys. Each attempt with one costs a hundred hashes, and without
// a bound sixteen signatures would be tried with every key there is.
const (
	maxPublic   = 32   // of one document
	MaxAttempts = 64   // of one delivery
	minRSA      = 256  // bytes: 2048 bits
	maxRSA      = 1024 // bytes: 8192 bits
)

// PublicKey is a key and what is known of it.
type PublicKey struct {
	ID        string // kid of a JWK
	Algorithm string // the one that a JWK is for, "" for any
	Key       crypto.PublicKey
	Cert      *x509.Certificate // the certificate that holds it
	Rest      []*x509.Certificate
}

// Public reads the keys that text holds in the form of s, or says why it
// holds none.
func Public(s *spec.Scheme, text string) ([]PublicKey, string) {
	text = strings.TrimPrefix(text, s.KeyPrefix)
	keys, why := readPublic(s.Key, []byte(text))
	for _, form := range []spec.KeyForm{spec.KeyPEM, spec.KeyJWKS, spec.KeySPKI, spec.KeyHex, spec.KeyBase64} {
		if why == "" {
			break
		}
		// A public key is the same in every form, and dashboards change theirs.
		if others, fault := readPublic(form, []byte(text)); fault == "" && (s.Kind == spec.Ed25519 || form != spec.KeyHex && form != spec.KeyBase64) {
			keys, why = others, ""
		}
	}
	if why != "" {
		return nil, why
	}
	for _, k := range keys {
		if why := unfit(s, k.Key); why != "" {
			return nil, why
		}
	}
	return keys, ""
}

// Fetched reads the keys of a document that was fetched. A provider may publish
// keys for other uses beside those of its webhooks, so those that do not fit are
// left out, but for a certificate.
func Fetched(s *spec.Scheme, doc []byte) ([]PublicKey, string) {
	doc, why := s.Remote.Keys(doc)
	if why != "" {
		return nil, why
	}
	keys, why := readPublic(s.Remote.Form, doc)
	if why != "" {
		return nil, why
	}
	var fit []PublicKey
	for _, k := range keys {
		if why = unfit(s, k.Key); why == "" {
			fit = append(fit, k)
		}
	}
	if len(fit) == 0 {
		return nil, why
	}
	return fit, ""
}

// readPublic reads a document of public keys.
func readPublic(form spec.KeyForm, doc []byte) ([]PublicKey, string) {
	switch form {
	case spec.KeyPEM, spec.KeyCertificate:
		return readPEM(string(doc), form == spec.KeyCertificate)
	case spec.KeySPKI:
		der, err := fromBase64(string(doc))
		if err != nil {
			return nil, "is not the base64 of a public key"
		}
		if strings.HasPrefix(string(der), "-----BEGIN ") {
			return readPEM(string(der), false)
		}
		key, err := x509.ParsePKIXPublicKey(der)
		if err != nil {
			return nil, "is not a public key that can be read"
		}
		return []PublicKey{{Key: key}}, ""
	case spec.KeyJWKS:
		return readJWKS(doc)
	}
	raw, why := decodeKeyForm(form, string(doc))
	if why == "" && len(raw) != ed25519.PublicKeySize {
		why = "is not an Ed25519 public key of 32 bytes"
	}
	return []PublicKey{{Key: ed25519.PublicKey(raw)}}, why
}

// readPEM reads public keys or a chain of certificates, the sender's own first.
func readPEM(text string, certificates bool) ([]PublicKey, string) {
	var keys []PublicKey
	rest := []byte(Unfold(text))
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
			if len(keys) > 0 && keys[0].Cert != nil {
				keys[0].Rest = append(keys[0].Rest, cert) // an authority's
				continue
			}
			keys = append(keys, PublicKey{Key: cert.PublicKey, Cert: cert})
		case "PUBLIC KEY", "RSA PUBLIC KEY":
			key, err := x509.ParsePKIXPublicKey(block.Bytes)
			if block.Type == "RSA PUBLIC KEY" {
				key, err = x509.ParsePKCS1PublicKey(block.Bytes)
			}
			if err != nil {
				return nil, "holds a public key that cannot be read"
			}
			keys = append(keys, PublicKey{Key: key})
		}
	}
	switch {
	case len(keys) == 0:
		return nil, "holds no public key in PEM"
	case certificates && keys[0].Cert == nil:
		return nil, "holds no certificate in PEM"
	}
	return keys, ""
}

// Unfold gives a PEM text on one line, as environment variables hold it, its
// line ends back.
func Unfold(text string) string {
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
func readJWKS(doc []byte) ([]PublicKey, string) {
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
	var keys []PublicKey
	for _, text := range set.Keys {
		var k jose.JSONWebKey
		if json.Unmarshal(text, &k) == nil && k.IsPublic() && k.Valid() && (k.Use == "" || k.Use == "sig") {
			keys = append(keys, PublicKey{ID: k.KeyID, Algorithm: k.Algorithm, Key: k.Key})
		}
	}
	if len(keys) == 0 {
		return nil, "is a set without public keys"
	}
	return keys, ""
}

// Fits reports whether s can use a key.
func Fits(s *spec.Scheme, key crypto.PublicKey) bool { return unfit(s, key) == "" }

// takes reports whether keys of a scheme may be of one of kinds, which those of a JWT or
// a message tell by themselves.
func takes(s *spec.Scheme, kinds ...spec.Kind) bool {
	return slices.Contains(kinds, s.Kind) || s.Kind == spec.JSONToken || s.Kind == spec.HTTPSignature || s.Kind == spec.DetachedJWS
}

// unfit says why s cannot use a key, "" where it can.
func unfit(s *spec.Scheme, key crypto.PublicKey) string {
	if s.Kind == spec.HTTPSignature && MessageAlgorithm(&PublicKey{Key: key}, s.Message.Algorithms) == "" {
		return "is a key for none of the scheme's algorithms"
	}
	switch k := key.(type) {
	case *rsa.PublicKey:
		return unfitRSA(s, k)
	case *ecdsa.PublicKey:
		if !takes(s, spec.ECDSA) {
			return "is an ECDSA key, which the scheme does not use"
		}
		if k.Curve != elliptic.P256() && k.Curve != elliptic.P384() && k.Curve != elliptic.P521() {
			return "is an ECDSA key on a curve that is not supported"
		}
	case ed25519.PublicKey:
		if !takes(s, spec.Ed25519) {
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

func unfitRSA(s *spec.Scheme, k *rsa.PublicKey) string {
	switch {
	case !takes(s, spec.RSA, spec.RSAPSS):
		return "is an RSA key, which the scheme does not use"
	case k.Size() < max(s.KeyMin, minRSA):
		return "is an RSA key with fewer bits than the scheme needs"
	case k.Size() > maxRSA:
		return "is an RSA key of more than 8192 bits"
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

// Digest returns what a signature is made of.
func Digest(s *spec.Scheme, text []byte) []byte {
	if !s.NeedsHash() {
		return text
	}
	w := s.Hash.New()()
	w.Write(text)
	return w.Sum(nil)
}

// Proves reports whether signature is the key's over digest.
func Proves(s *spec.Scheme, key crypto.PublicKey, digest, signature []byte) bool {
	switch k := key.(type) {
	case ed25519.PublicKey:
		return s.Kind == spec.Ed25519 && len(signature) == ed25519.SignatureSize && ed25519.Verify(k, digest, signature)
	case *ecdsa.PublicKey:
		return s.Kind == spec.ECDSA && ecdsa.VerifyASN1(k, digest, signature)
	case *rsa.PublicKey:
		switch s.Kind {
		case spec.RSA:
			return rsa.VerifyPKCS1v15(k, s.Hash.Crypto(), digest, signature) == nil
		case spec.RSAPSS:
			return rsa.VerifyPSS(k, s.Hash.Crypto(), digest, signature, &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash}) == nil
		}
	}
	return false
}

// MaxURL bounds the address of a key in bytes.
const MaxURL = 2048

// HostPattern compiles a host in which * stands for one label that is the name of a
// region, eu-central-1 or us-gov-west-1. Any label would be too much: where
// sns.s3.amazonaws.com and sns.s3-us-west-2.amazonaws.com are somebody's files, a
// key could be anybody's.
func HostPattern(host string) *regexp.Regexp {
	pattern := strings.ReplaceAll(regexp.QuoteMeta(host), `\*`, `[a-z]{2,4}(-[a-z]{1,20}){1,3}-[0-9]{1,2}`)
	return regexp.MustCompile("^" + pattern + "$") // quoted, so it compiles
}

// AllowedHost reports whether u is plain https to one of hosts.
func AllowedHost(u *url.URL, hosts []*regexp.Regexp) bool {
	return u.Scheme == "https" && u.User == nil && u.Host != "" && u.Host == u.Hostname() && u.Opaque == "" && u.Fragment == "" &&
		slices.ContainsFunc(hosts, func(h *regexp.Regexp) bool { return h.MatchString(u.Host) })
}
