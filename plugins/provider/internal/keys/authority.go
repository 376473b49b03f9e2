package keys

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/pem"
	"math/big"
	"strconv"
	"strings"
	"time"

	"webhookedge/plugins/provider/spec"
)

// The certificates of a test key are valid at any time that a test may sign.
const testFrom, testUntil = 2020, 2049

// newChain makes an authority, and a key with certificates by it as c wants them. The
// private part is the key with its certificates behind it, the public one the authority.
func newChain(c *spec.Chain) (KeyPair, error) {
	type made struct {
		cert *x509.Certificate
		key  crypto.Signer
	}
	var above *made
	var certs []byte
	for i := len(c.OIDs); i >= 0; i-- { // the authority first
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			return KeyPair{}, err
		}
		template := certificateOf(c, i)
		by := above
		if by == nil {
			by = &made{template, key}
		}
		der, err := x509.CreateCertificate(rand.Reader, template, by.cert, key.Public(), by.key)
		if err != nil {
			return KeyPair{}, err
		}
		cert, err := x509.ParseCertificate(der)
		if err != nil {
			return KeyPair{}, err
		}
		above = &made{cert, key}
		certs = append(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), certs...)
	}
	der, err := x509.MarshalPKCS8PrivateKey(above.key)
	if err != nil {
		return KeyPair{}, err
	}
	private := string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})) + string(certs)
	return KeyPair{Private: private, Public: private[strings.LastIndex(private, "-----BEGIN"):]}, nil
}

// certificateOf is what the i-th certificate of a chain says, the authority's the last.
func certificateOf(c *spec.Chain, i int) *x509.Certificate {
	template := &x509.Certificate{
		SerialNumber: big.NewInt(int64(i) + 1), Subject: pkix.Name{CommonName: "test key " + strconv.Itoa(i)},
		NotBefore: time.Date(testFrom, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(testUntil, 1, 1, 0, 0, 0, 0, time.UTC),
		KeyUsage: x509.KeyUsageDigitalSignature, BasicConstraintsValid: true,
	}
	if i > 0 {
		template.IsCA, template.KeyUsage = true, x509.KeyUsageCertSign
	}
	if i < len(c.OIDs) {
		oid, err := ParseOID(c.OIDs[i])
		if err == nil { // a row's own is checked when it is compiled
			template.ExtraExtensions = []pkix.Extension{{Id: oid, Value: asn1.NullBytes}}
		}
	}
	return template
}

// chainOf returns the certificates behind a private key in PEM, as a token's header has
// them, or why they are not those that c wants.
func chainOf(c *spec.Chain, text string) (texts []string, why string) {
	rest := []byte(Unfold(text))
	for {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		if block.Type == "CERTIFICATE" {
			texts = append(texts, base64.StdEncoding.EncodeToString(block.Bytes))
		}
	}
	if len(texts) != len(c.OIDs)+1 {
		return nil, "has not the " + strconv.Itoa(len(c.OIDs)+1) + " certificates behind it that the scheme sends"
	}
	return texts, ""
}

// ParseOID reads an object identifier in dots. The error is spec.ErrRow.
func ParseOID(text string) (oid asn1.ObjectIdentifier, err error) {
	for part := range strings.SplitSeq(text, ".") {
		n, err := strconv.ParseUint(part, 10, 31)
		if err != nil {
			return nil, spec.ErrRow
		}
		oid = append(oid, int(n))
	}
	return oid, nil
}
