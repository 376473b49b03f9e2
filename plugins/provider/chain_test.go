package provider_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"webhookedge/plugins/provider"
)

// link is a certificate of a chain with its key.
type link struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

// issue makes a certificate, its own authority where by is nil.
func issue(t testing.TB, by *link, curve elliptic.Curve, oid string, change func(*x509.Certificate)) *link {
	t.Helper()
	key, err := ecdsa.GenerateKey(curve, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	serial, _ := rand.Int(rand.Reader, big.NewInt(1<<60))
	template := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: "octo " + oid}, BasicConstraintsValid: true, IsCA: oid != leafOID,
		NotBefore: at().AddDate(-1, 0, 0), NotAfter: at().AddDate(1, 0, 0), KeyUsage: x509.KeyUsageCertSign,
	}
	if oid == leafOID {
		template.KeyUsage = x509.KeyUsageDigitalSignature
	}
	if oid != "" {
		id, err := x509.ParseOID(oid)
		if err != nil {
			t.Fatal(err)
		}
		var arcs asn1.ObjectIdentifier
		if text, err := id.MarshalBinary(); err != nil {
			t.Fatal(err)
		} else if _, err := asn1.Unmarshal(append([]byte{6, byte(len(text))}, text...), &arcs); err != nil {
			t.Fatal(err)
		}
		template.ExtraExtensions = []pkix.Extension{{Id: arcs, Value: asn1.NullBytes}}
	}
	if change != nil {
		change(template)
	}
	parent, signer := template, key
	if by != nil {
		parent, signer = by.cert, by.key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), signer)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return &link{cert, key}
}

// The marks of Apple's certificates.
const (
	leafOID  = "1.2.840.113635.100.6.11.1"
	interOID = "1.2.840.113635.100.6.2.1"
)

// jws signs claims with the certificates of chain in the header.
func jws(t testing.TB, claims string, alg jose.SignatureAlgorithm, key any, chain ...*link) string {
	t.Helper()
	texts := []string{}
	for _, l := range chain {
		texts = append(texts, base64.StdEncoding.EncodeToString(l.cert.Raw))
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: key}, (&jose.SignerOptions{}).WithHeader("x5c", texts))
	if err != nil {
		t.Fatal(err)
	}
	token, err := signer.Sign([]byte(claims))
	if err != nil {
		t.Fatal(err)
	}
	text, err := token.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// appleLike is a chain as Apple's under an authority of the test's own.
type appleLike struct{ leaf, inter, root *link }

func newAppleLike(t testing.TB) appleLike {
	t.Helper()
	root := issue(t, nil, elliptic.P384(), "", nil)
	inter := issue(t, root, elliptic.P384(), interOID, nil)
	return appleLike{issue(t, inter, elliptic.P256(), leafOID, nil), inter, root}
}

func (a appleLike) sign(t testing.TB, claims string) string {
	t.Helper()
	return jws(t, claims, jose.ES256, a.leaf.key, a.leaf, a.inter, a.root)
}

// notification are claims that were signed at a time, with more of data.
func notification(when time.Time, data string) string {
	return `{"notificationType":"TEST","notificationUUID":"002e14d5","signedDate":` + base10(when.UnixMilli()) +
		`,"data":{"bundleId":"com.octo-corp.example","environment":"Production"` + data + `}}`
}

func base10(n int64) string { return big.NewInt(n).String() }

func (a appleLike) verifier(t testing.TB, change func(*provider.Secret)) *provider.Verifier {
	t.Helper()
	secret := provider.Secret{Value: string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.root.cert.Raw}))}
	if change != nil {
		change(&secret)
	}
	v, err := lookup(t, "app-store").Verifier(provider.Options{Settings: map[string]string{"bundle_id": "com.octo-corp.example"}, Secrets: []provider.Secret{secret}})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func signedPayload(token string) provider.Request {
	return request("application/json", `{"signedPayload":"`+token+`"}`)
}

// forgedTokens are tokens that a stranger could make who has every certificate and token
// that Apple gave away, by what is wrong with them.
func forgedTokens(t *testing.T, a appleLike) map[string]string {
	t.Helper()
	claims := notification(at(), "")
	other := newAppleLike(t)
	sibling := issue(t, a.inter, elliptic.P256(), leafOID, func(c *x509.Certificate) { c.ExtraExtensions = nil })
	under := issue(t, a.leaf, elliptic.P256(), leafOID, nil)
	direct := issue(t, a.root, elliptic.P256(), leafOID, nil)
	unmarked := issue(t, a.root, elliptic.P384(), "", nil)
	large := issue(t, a.inter, elliptic.P384(), leafOID, nil)
	good := a.sign(t, claims)
	parts := strings.Split(good, ".")
	return map[string]string{
		"a chain of somebody else's":                 other.sign(t, claims),
		"somebody else's leaf under our root":        jws(t, claims, jose.ES256, other.leaf.key, other.leaf, a.inter, a.root),
		"somebody else's chain that shows our root":  jws(t, claims, jose.ES256, other.leaf.key, other.leaf, other.inter, a.root),
		"the key of somebody else":                   jws(t, claims, jose.ES256, other.leaf.key, a.leaf, a.inter, a.root),
		"a leaf for another use":                     jws(t, claims, jose.ES256, sibling.key, sibling, a.inter, a.root),
		"a certificate that a leaf signed":           jws(t, claims, jose.ES256, under.key, under, a.leaf, a.root),
		"a leaf that the root signed":                jws(t, claims, jose.ES256, direct.key, direct, a.inter, a.root),
		"an intermediate for another use":            jws(t, claims, jose.ES256, a.leaf.key, a.leaf, unmarked, a.root),
		"two certificates":                           jws(t, claims, jose.ES256, a.leaf.key, a.leaf, a.inter),
		"four certificates":                          jws(t, claims, jose.ES256, a.leaf.key, a.leaf, a.inter, a.root, a.root),
		"four certificates in a chain":               jws(t, claims, jose.ES256, under.key, under, a.leaf, a.inter, a.root),
		"another order":                              jws(t, claims, jose.ES256, a.leaf.key, a.inter, a.leaf, a.root),
		"the root for the intermediate":              jws(t, claims, jose.ES256, a.leaf.key, a.leaf, a.root, a.inter),
		"no certificate":                             jws(t, claims, jose.ES256, a.leaf.key),
		"another curve":                              jws(t, claims, jose.ES384, large.key, large, a.inter, a.root),
		"a MAC with the certificate as its key":      jws(t, claims, jose.HS256, a.leaf.cert.Raw, a.leaf, a.inter, a.root),
		"no algorithm":                               base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`)) + "." + parts[1] + ".",
		"other claims":                               parts[0] + "." + base64.RawURLEncoding.EncodeToString([]byte(strings.Replace(claims, "TEST", "REFUND", 1))) + "." + parts[2],
		"a signature of zeros":                       parts[0] + "." + parts[1] + "." + base64.RawURLEncoding.EncodeToString(make([]byte, 64)),
		"no time of signing":                         a.sign(t, strings.Replace(claims, "signedDate", "sentDate", 1)),
		"a time of signing as text of another form":  a.sign(t, strings.Replace(claims, base10(at().UnixMilli()), `"2025-06-12T10:00:00Z"`, 1)),
		"a time before the certificates":             a.sign(t, notification(at().AddDate(-2, 0, 0), "")),
		"a time behind the certificates":             a.sign(t, notification(at().AddDate(2, 0, 0), "")),
		"another app":                                a.sign(t, strings.Replace(claims, "octo-corp", "evil", 1)),
		"another app in a second place":              a.sign(t, strings.Replace(claims, `,"data"`, `,"summary":{"bundleId":"com.evil.example"},"data"`, 1)),
		"an app that is an object":                   a.sign(t, strings.Replace(claims, `,"data"`, `,"summary":{"bundleId":{}},"data"`, 1)),
		"no app":                                     a.sign(t, strings.Replace(claims, `"bundleId"`, `"bundle"`, 1)),
		"a test environment":                         a.sign(t, strings.Replace(claims, "Production", "Sandbox", 1)),
		"a transaction as a device has it":           a.sign(t, `{"bundleId":"com.octo-corp.example","environment":"Production","signedDate":`+base10(at().UnixMilli())+`}`),
		"claims that are there twice":                a.sign(t, strings.Replace(claims, `{"notificationType"`, `{"notificationUUID":"1","notificationType"`, 1)),
		"a nested token of somebody else's":          a.sign(t, notification(at(), `,"signedTransactionInfo":"`+other.sign(t, claims)+`"`)),
		"a nested token without certificates":        a.sign(t, notification(at(), `,"signedRenewalInfo":"`+jws(t, claims, jose.ES256, a.leaf.key)+`"`)),
		"a nested token that is none":                a.sign(t, notification(at(), `,"signedRenewalInfo":"x"`)),
		"a nested token that is older than its leaf": a.sign(t, notification(at(), `,"signedTransactionInfo":"`+a.sign(t, notification(at().AddDate(-3, 0, 0), ""))+`"`)),
		"critical extensions":                        critical(t, claims, a),
	}
}

// critical is a token that asks for the understanding of an extension.
func critical(t *testing.T, claims string, a appleLike) string {
	t.Helper()
	texts := []string{}
	for _, l := range []*link{a.leaf, a.inter, a.root} {
		texts = append(texts, base64.StdEncoding.EncodeToString(l.cert.Raw))
	}
	o := (&jose.SignerOptions{}).WithHeader("x5c", texts).WithHeader("crit", []string{"exp"}).WithHeader("exp", 1)
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: a.leaf.key}, o)
	if err != nil {
		t.Fatal(err)
	}
	token, err := signer.Sign([]byte(claims))
	if err != nil {
		t.Fatal(err)
	}
	text, _ := token.CompactSerialize()
	return text
}

// TestChain_forgedTokenIsRefused tries them on a verifier that knows no chain yet, and on
// one that has seen the right one.
func TestChain_forgedTokenIsRefused(t *testing.T) {
	a := newAppleLike(t)
	knowing := a.verifier(t, nil)
	good := signedPayload(a.sign(t, notification(at(), `,"signedTransactionInfo":"`+a.sign(t, notification(at().Add(-time.Hour), ""))+`"`)))
	if proof, err := knowing.Verify(good, at()); err != nil || proof.ID != "002e14d5" {
		t.Fatalf("the right one: %+v, %v", proof, err)
	}
	for name, token := range forgedTokens(t, a) {
		for state, v := range map[string]*provider.Verifier{"new": a.verifier(t, nil), "knowing": knowing} {
			if proof, err := v.Verify(signedPayload(token), at()); err == nil {
				t.Errorf("%s, %s: passed with %+v", name, state, proof)
			}
		}
	}
	if _, err := knowing.Verify(good, at()); err != nil {
		t.Errorf("the right one behind the others: %v", err)
	}
}

// A body of which something else than the token is a part would have an event with what
// nobody signed.
func TestChain_nothingStandsBesideTheToken(t *testing.T) {
	a := newAppleLike(t)
	token := a.sign(t, notification(at(), ""))
	for name, body := range map[string]string{
		"a member behind":   `{"signedPayload":"` + token + `","note":1}`,
		"a member in front": `{"note":null,"signedPayload":"` + token + `"}`,
		"the token twice":   `{"signedPayload":"` + token + `","signedPayload":"` + token + `"}`,
		"the token alone":   token,
		"a list":            `[{"signedPayload":"` + token + `"}]`,
		"a form":            "signedPayload=" + token,
		"two documents":     `{"signedPayload":"` + token + `"}{}`,
		"a line end inside": `{"signedPayload":"` + token[:9] + `\n` + token[9:] + `"}`,
		"a very long token": `{"signedPayload":"` + strings.Repeat("A", 70_000) + `"}`,
	} {
		if proof, err := a.verifier(t, nil).Verify(request("application/json", body), at()); err == nil {
			t.Errorf("%s: passed with %+v", name, proof)
		}
	}
}

func TestChain_isValidAtTheTimeOfSigning(t *testing.T) {
	a := newAppleLike(t)
	r := signedPayload(a.sign(t, notification(at(), "")))
	tests := map[string]struct {
		now    time.Time
		secret func(*provider.Secret)
		want   error
	}{
		"years later, when the leaf has expired":   {at().AddDate(5, 0, 0), nil, nil},
		"a minute before, as clocks differ":        {at().Add(-time.Minute), nil, nil},
		"two minutes before":                       {at().Add(-2 * time.Minute), nil, provider.ErrFuture},
		"an authority that counts no more":         {at(), func(s *provider.Secret) { s.NotAfter = at() }, provider.ErrMismatch},
		"an authority that does not count yet":     {at(), func(s *provider.Secret) { s.NotBefore = at().Add(1) }, provider.ErrMismatch},
		"an authority that counted when it signed": {at(), func(s *provider.Secret) { s.NotAfter = at().Add(1) }, nil},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if _, err := a.verifier(t, tc.secret).Verify(r, tc.now); !errors.Is(err, tc.want) {
				t.Errorf("got %v, want %v", err, tc.want)
			}
		})
	}
}

// Without secrets Apple's root is the authority, and no other. Its own certificates are
// in the tests of package scheme.
func TestChain_rootsOfTheRowArePinned(t *testing.T) {
	p := lookup(t, "app-store")
	v, err := p.Verifier(provider.Options{Settings: map[string]string{"bundle_id": "com.octo-corp.example"}})
	if err != nil {
		t.Fatal(err)
	}
	if ids := v.SecretIDs(); !slices.Equal(ids, []string{"pinned"}) {
		t.Errorf("ids %v", ids)
	}
	if _, err := v.Verify(signedPayload(newAppleLike(t).sign(t, notification(at(), ""))), at()); !errors.Is(err, provider.ErrMismatch) {
		t.Errorf("another root: %v", err)
	}
	a := newAppleLike(t)
	for name, text := range map[string]string{
		"a leaf":             string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.leaf.cert.Raw})),
		"a public key":       pair(t, lookup(t, "plaid"), lookup(t, "plaid").Schemes[0], "1").Public,
		"text":               "octo-corp-conformance-secret-0001",
		"a root that is cut": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
	} {
		if _, err := p.Verifier(provider.Options{Settings: map[string]string{"bundle_id": "x"}, Secrets: []provider.Secret{{Value: text}}}); !errors.Is(err, provider.ErrKey) {
			t.Errorf("%s as the authority: %v", name, err)
		}
	}
}
