package scheme

import (
	"crypto/x509"
	"encoding/pem"
	"os"
	"testing"
	"time"
)

// TestChain_takesApplesOwn holds that the certificates with which Apple signs since
// September 2025 pass what a chain must be. They are those of the tests of Apple's
// app-store-server-library-node 3.1.0; the root is that of the row app-store.
func TestChain_takesApplesOwn(t *testing.T) {
	row, err := os.ReadFile("../../catalogue/app_store.go")
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(row)
	if block == nil {
		t.Fatal("the row has no root")
	}
	root, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("testdata/apple.pem")
	if err != nil {
		t.Fatal(err)
	}
	var certs []*x509.Certificate
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		certs = append(certs, cert)
	}
	signed := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	if !vouched(certs, root, signed) {
		t.Error("the chain is not right")
	}
	if vouched([]*x509.Certificate{certs[1], certs[0]}, root, signed) || vouched(certs[:1], root, signed) {
		t.Error("another order or a gap is right")
	}
}
