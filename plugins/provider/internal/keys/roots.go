package keys

import (
	"crypto/x509"
	"encoding/pem"
)

// Roots reads the authorities that text holds in PEM, or says why it holds none.
func Roots(text string) ([]*x509.Certificate, string) {
	var roots []*x509.Certificate
	rest := []byte(Unfold(text))
	for {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		cert, err := x509.ParseCertificate(block.Bytes)
		switch {
		case block.Type != "CERTIFICATE" || err != nil:
			return nil, "holds something else than certificates in PEM"
		case !cert.IsCA:
			return nil, "holds a certificate that is no authority's"
		case len(roots) == maxPublic:
			return nil, "holds too many certificates"
		}
		roots = append(roots, cert)
	}
	if len(roots) == 0 {
		return nil, "holds no certificate in PEM: the scheme wants that of the sender's authority"
	}
	return roots, ""
}
