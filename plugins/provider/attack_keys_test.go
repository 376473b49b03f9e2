package provider_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"math/big"
	"strings"
	"testing"
	"time"

	"webhookedge/plugins/provider"
)

func TestKeys_withWhichAnybodyCanSignAreRefused(t *testing.T) {
	// With the neutral element as the key, this signature is right for every text.
	neutral := append([]byte{1}, make([]byte, 31)...)
	if !ed25519.Verify(neutral, []byte("anything"), append(neutral, make([]byte, 32)...)) {
		t.Fatal("the test means nothing any more")
	}
	p := lookup(t, "discord")
	for _, key := range []string{
		strings.Repeat("0", 64), strings.Repeat("0", 62) + "80", hex.EncodeToString(neutral),
		"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", "ECFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF",
		"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
	} {
		if _, err := p.Verifier(provider.Options{Secrets: []provider.Secret{{Value: key}}}); !errors.Is(err, provider.ErrKey) {
			t.Errorf("%s: %v", key, err)
		}
	}
}

func TestKeyAddress_ofAnotherHostIsRefused(t *testing.T) {
	p := lookup(t, "aws-sns")
	c := newScheme(t, p, p.Schemes[0])
	good := c.sign(t, at(), c.pair.Private)
	const ours = "https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-octo.pem"
	tests := map[string]struct {
		address string
		allowed bool
	}{
		"Amazon's":                     {ours, true},
		"a region of China":            {"https://sns.cn-north-1.amazonaws.com.cn/a.pem", true},
		"a region of the government":   {"https://sns.us-gov-west-1.amazonaws.com/a.pem", true},
		"no TLS":                       {"http://sns.eu-central-1.amazonaws.com/a.pem", false},
		"another scheme":               {"file:///etc/a.pem", false},
		"no scheme":                    {"//sns.eu-central-1.amazonaws.com/a.pem", false},
		"a user":                       {"https://sns.eu-central-1.amazonaws.com@evil.example/a.pem", false},
		"a user before the host":       {"https://evil@sns.eu-central-1.amazonaws.com/a.pem", false},
		"an empty user":                {"https://@sns.eu-central-1.amazonaws.com/a.pem", false},
		"a port":                       {"https://sns.eu-central-1.amazonaws.com:8443/a.pem", false},
		"the usual port":               {"https://sns.eu-central-1.amazonaws.com:443/a.pem", false},
		"an empty port":                {"https://sns.eu-central-1.amazonaws.com:/a.pem", false},
		"a host that starts so":        {"https://sns.eu-central-1.amazonaws.com.evil.example/a.pem", false},
		"a host that ends so":          {"https://evilsns.eu-central-1.amazonaws.com/a.pem", false},
		"a host before a slash":        {"https://evil.example/sns.eu-central-1.amazonaws.com/a.pem", false},
		"a host before a backslash":    {`https://evil.example\\.sns.eu-central-1.amazonaws.com/a.pem`, false},
		"a trailing dot":               {"https://sns.eu-central-1.amazonaws.com./a.pem", false},
		"capitals":                     {"https://SNS.eu-central-1.amazonaws.com/a.pem", false},
		"two labels for one":           {"https://sns.evil.eu-central-1.amazonaws.com/a.pem", false},
		"somebody's bucket":            {"https://sns.s3.amazonaws.com/a.pem", false},
		"somebody's bucket, by region": {"https://sns.s3-us-west-2.amazonaws.com/a.pem", false},
		"a bucket's website":           {"https://sns.s3-website-us-east-1.amazonaws.com/a.pem", false},
		"a letter that looks alike":    {"https://sns.eu-central-1.am\u0430zonaws.com/a.pem", false},
		"an escaped host":              {"https://sns%2eeu-central-1.amazonaws.com/a.pem", false},
		"an address":                   {"https://169.254.169.254/a.pem", false},
		"an address with a zone":       {"https://[fe80::1%25eth0]/a.pem", false},
		"another file":                 {"https://sns.eu-central-1.amazonaws.com/a.txt", false},
		"a query":                      {ours + "?x=.pem", false},
		"an empty query":               {ours + "?", false},
		"a fragment":                   {ours + "#.pem", false},
		"an empty fragment":            {ours + "#", false},
		"an escape in the path":        {"https://sns.eu-central-1.amazonaws.com/%2e%2e/a.pem", false},
		"a way up":                     {"https://sns.eu-central-1.amazonaws.com/../a.pem", false},
		"two slashes":                  {"https://sns.eu-central-1.amazonaws.com//evil.example/a.pem", false},
		"a blank":                      {"https://sns.eu-central-1.amazonaws.com/a b.pem", false},
		"a line end":                   {"https://sns.eu-central-1.amazonaws.com/a\\n.pem", false},
		"very long":                    {"https://sns.eu-central-1.amazonaws.com/" + strings.Repeat("a", 3000) + ".pem", false},
		"nothing":                      {"", false},
	}
	v := c.verifier(t)
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			r := good
			r.Body = []byte(strings.Replace(string(good.Body), ours, tc.address, 1))
			address, err := v.KeyURL(r)
			if (err == nil) != tc.allowed || tc.allowed && address != tc.address {
				t.Errorf("got %q, %v", address, err)
			}
		})
	}
}

func TestKeyAddress_refusedDeliveryFetchesNothing(t *testing.T) {
	p := lookup(t, "aws-sns")
	c := newScheme(t, p, p.Schemes[0])
	good := c.sign(t, at(), c.pair.Private)
	for name, change := range map[string][2]string{
		"no signature":                 {`"Signature":`, `"NoSignature":`},
		"another account's":            {`"TopicArn":"arn:aws:sns:eu-central-1:1`, `"TopicArn":"arn:aws:sns:eu-central-1:6`},
		"another version":              {`"SignatureVersion":"2"`, `"SignatureVersion":"1"`},
		"a body that is none":          {`{`, ``},
		"a member that is there twice": {`{`, `{"SigningCertURL":"https://sns.eu-central-1.amazonaws.com/b.pem",`},
	} {
		r := good
		r.Body = []byte(strings.Replace(string(good.Body), change[0], change[1], 1))
		if address, err := c.verifier(t).KeyURL(r); err == nil {
			t.Errorf("%s: %s would be fetched", name, address)
		}
	}
}

// issued is a certificate by an authority of the test's own.
func issued(t *testing.T, key crypto.Signer, change func(*x509.Certificate)) (document []byte, roots *x509.CertPool) {
	t.Helper()
	authority, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	root := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "octo-corp root"}, NotBefore: at().AddDate(-9, 0, 0), NotAfter: at().AddDate(9, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	const name = "messageverificationcerts.paypal.com"
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name},
		NotBefore: at().AddDate(-1, 0, 0), NotAfter: at().AddDate(1, 0, 0), ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	change(leaf)
	rootDER, err1 := x509.CreateCertificate(rand.Reader, root, root, authority.Public(), authority)
	leafDER, err2 := x509.CreateCertificate(rand.Reader, leaf, root, key.Public(), authority)
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	roots = x509.NewCertPool()
	roots.AppendCertsFromPEM(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: rootDER}))
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: leafDER}), roots
}

func TestCertificate_untrustedIsRefused(t *testing.T) {
	p := lookup(t, "paypal")
	c := newScheme(t, p, p.Schemes[0])
	block, _ := pem.Decode([]byte(c.pair.Private))
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	key := parsed.(crypto.Signer)
	tests := map[string]struct {
		change func(*x509.Certificate)
		want   error
	}{
		"a good one":          {func(*x509.Certificate) {}, nil},
		"one that is over":    {func(c *x509.Certificate) { c.NotAfter = at().Add(-time.Second) }, provider.ErrKeyDocument},
		"one of tomorrow":     {func(c *x509.Certificate) { c.NotBefore = at().Add(time.Second) }, provider.ErrKeyDocument},
		"one for e-mail":      {func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection} }, provider.ErrKeyDocument},
		"one for code":        {func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageCodeSigning} }, provider.ErrKeyDocument},
		"another host's":      {func(c *x509.Certificate) { c.Subject.CommonName, c.DNSNames = "evil.example", []string{"evil.example"} }, provider.ErrKeyDocument},
		"one for all of them": {func(c *x509.Certificate) { c.Subject.CommonName, c.DNSNames = "x", []string{"*.evil.example"} }, provider.ErrKeyDocument},
		"one with odd demands": {func(c *x509.Certificate) {
			c.ExtraExtensions = []pkix.Extension{{Id: []int{1, 2, 3}, Critical: true, Value: []byte{5, 0}}}
		}, provider.ErrKeyDocument},
	}
	r := c.sign(t, at(), c.pair.Private)
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			document, roots := issued(t, key, tc.change)
			v, err := p.Verifier(provider.Options{Settings: c.settings, Roots: roots})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := v.VerifyWith(r, at(), document); !errors.Is(err, tc.want) {
				t.Errorf("got %v", err)
			}
		})
	}
	document, _ := issued(t, key, func(*x509.Certificate) {})
	v, err := p.Verifier(provider.Options{Settings: c.settings, Roots: x509.NewCertPool()})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := v.VerifyWith(r, at(), document); !errors.Is(err, provider.ErrKeyDocument) {
		t.Errorf("another authority's: %v", err)
	}
	if _, err := v.VerifyWith(r, at(), []byte(c.pair.Public)); !errors.Is(err, provider.ErrKeyDocument) {
		t.Errorf("a bare key for a certificate: %v", err)
	}
}
