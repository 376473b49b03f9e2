package provider_test

import (
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"strconv"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/spec"
)

// published is the document in which a provider would publish the key of a pair,
// and the authorities that vouch for it.
func published(t testing.TB, s spec.Scheme, pair provider.KeyPair) ([]byte, *x509.CertPool) {
	t.Helper()
	private := privateKey(t, pair.Private)
	in := func(keys []byte) []byte { return keys }
	if s.Remote.Member != "" {
		in = func(keys []byte) []byte {
			return []byte(`{"version":"1","` + s.Remote.Member + `":` + string(keys) + `}`)
		}
	}
	switch s.Remote.Form {
	case spec.KeyJWKS:
		set, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: private.Public(), Use: "sig"}}})
		if err != nil {
			t.Fatal(err)
		}
		if s.Remote.Member != "" { // the list alone
			var members struct {
				Keys json.RawMessage `json:"keys"`
			}
			if err := json.Unmarshal(set, &members); err != nil {
				t.Fatal(err)
			}
			set = members.Keys
		}
		return in(set), nil
	case spec.KeySPKI:
		return in([]byte(strconv.Quote(spki(t, private)))), nil
	case spec.KeyPEM:
		return []byte(pair.Public), nil
	}
	name := "keys.octo-corp.example"
	if len(s.Remote.CertNames) > 0 {
		name = s.Remote.CertNames[0]
	}
	return certificate(t, private, name, at().AddDate(-1, 0, 0), at().AddDate(1, 0, 0))
}

// privateKey reads a key in PEM.
func privateKey(t testing.TB, text string) crypto.Signer {
	t.Helper()
	block, _ := pem.Decode([]byte(text))
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	private, ok := key.(crypto.Signer)
	if !ok {
		t.Fatalf("a %T signs nothing", key)
	}
	return private
}

func certificate(t testing.TB, private crypto.Signer, name string, from, until time.Time) ([]byte, *x509.CertPool) {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name}, NotBefore: from, NotAfter: until,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(text)
	return text, roots
}

// spki is a public key as the base64 of a SubjectPublicKeyInfo.
func spki(t testing.TB, private crypto.Signer) string {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(private.Public())
	if err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(der)
}
