package infer_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"testing"

	"webhookedge/plugins/provider/spec"
)

// TestInfer_publicKeys gives public keys in the forms in which dashboards show them.
func TestInfer_publicKeys(t *testing.T) {
	edPublic, edPrivate, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	ecKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der := func(key any) []byte {
		b, err := x509.MarshalPKIXPublicKey(key)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	inPEM := func(key any) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der(key)}))
	}
	text := stamp + "." + body
	digest, long := sha256.Sum256([]byte(text)), sha512.Sum512([]byte(text))
	rsaSign := func(h crypto.Hash, d []byte, pss bool) string {
		var o crypto.SignerOpts = h
		if pss {
			o = &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: h}
		}
		b, err := rsaKey.Sign(rand.Reader, d, o)
		if err != nil {
			t.Fatal(err)
		}
		return base64.StdEncoding.EncodeToString(b)
	}
	ec, err := ecdsa.SignASN1(rand.Reader, ecKey, digest[:])
	if err != nil {
		t.Fatal(err)
	}
	edSigned := ed25519.Sign(edPrivate, []byte(text))
	for name, tc := range map[string]struct {
		key, signature string
		kind           spec.Kind
		hash           spec.Hash
	}{
		"ed25519 in hexadecimal": {hex.EncodeToString(edPublic), hex.EncodeToString(edSigned), spec.Ed25519, ""},
		"ed25519 in base64":      {base64.StdEncoding.EncodeToString(edPublic), base64.StdEncoding.EncodeToString(edSigned), spec.Ed25519, ""},
		"ed25519 in PEM":         {inPEM(edPublic), hex.EncodeToString(edSigned), spec.Ed25519, ""},
		"RSA in PEM":             {inPEM(&rsaKey.PublicKey), rsaSign(crypto.SHA256, digest[:], false), spec.RSA, spec.SHA256},
		"RSA-PSS with SHA-512":   {inPEM(&rsaKey.PublicKey), rsaSign(crypto.SHA512, long[:], true), spec.RSAPSS, spec.SHA512},
		"RSA without its lines":  {base64.StdEncoding.EncodeToString(der(&rsaKey.PublicKey)), rsaSign(crypto.SHA256, digest[:], false), spec.RSA, spec.SHA256},
		"ECDSA in PEM":           {inPEM(&ecKey.PublicKey), base64.StdEncoding.EncodeToString(ec), spec.ECDSA, spec.SHA256},
	} {
		t.Run(name, func(t *testing.T) {
			answer := ask(t, tc.key, request(target, body, "x-acme-time", stamp, "x-acme-sign", tc.signature))
			if len(answer.Readings) != 1 || answer.Readings[0].Row == nil {
				t.Fatalf("%+v", answer)
			}
			if s := answer.Readings[0].Scheme; s.Kind != tc.kind || s.Hash != tc.hash || s.Content != "{timestamp}.{body}" {
				t.Errorf("%s %s over %s", s.Kind, s.Hash, s.Content)
			}
		})
	}
}
