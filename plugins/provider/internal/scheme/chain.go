package scheme

import (
	"crypto/ecdsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"

	"webhookedge/plugins/internal/jsonscan"
	"webhookedge/plugins/provider/internal/keys"
	"webhookedge/plugins/provider/internal/place"
	"webhookedge/plugins/provider/spec"
)

// pinnedID is the secret id of a proof under an authority of the row's own.
const pinnedID = "pinned"

// chain is a compiled Chain.
type chain struct {
	spec.Chain
	roots    []*x509.Certificate // of the row
	oids     []asn1.ObjectIdentifier
	signedAt place.Place
	nested   []place.Place
}

func compileChain(c *spec.Chain, all *place.Paths) (*chain, error) {
	out := &chain{Chain: *c}
	if c.Roots != "" {
		var why string
		if out.roots, why = keys.Roots(c.Roots); why != "" {
			return nil, fmt.Errorf("%w: roots: it %s", spec.ErrRow, why)
		}
	}
	if len(c.OIDs) == 0 || c.SignedAt == "" {
		return nil, fmt.Errorf("%w: a chain needs its OIDs and the claim of the time of signing", spec.ErrRow)
	}
	for _, text := range c.OIDs {
		oid, err := keys.ParseOID(text)
		if err != nil {
			return nil, fmt.Errorf("%w: %q is no object identifier", err, text)
		}
		out.oids = append(out.oids, oid)
	}
	claim := func(name string) (place.Place, error) {
		at, err := place.Parse("claim:"+name, place.Claim)
		all.Add(&at)
		return at, err
	}
	var err error
	if out.signedAt, err = claim(c.SignedAt); err != nil {
		return nil, err
	}
	for _, name := range c.Nested {
		at, err := claim(name)
		if err != nil {
			return nil, err
		}
		out.nested = append(out.nested, at)
	}
	return out, nil
}

// Signed is the name of the claim with the time of signing in milliseconds, "" for none.
func (c *claims) Signed() string {
	if c.chain == nil {
		return ""
	}
	return c.chain.SignedAt
}

// Inside are the paths of the claims that hold tokens.
func (c *claims) Inside() []string {
	if c.chain == nil {
		return nil
	}
	return c.chain.Nested
}

// authority are roots under the id that a proof shows.
type authority struct {
	ID    string
	roots []*x509.Certificate
}

// authorities are those that are valid now: those of the settings or, where there are
// none, those of the row.
func (c *checker) authorities() []authority {
	if len(c.v.keys) == 0 {
		return []authority{{pinnedID, c.v.compiled.Claims.chain.roots}}
	}
	var all []authority
	for i := range c.v.keys {
		if k := &c.v.keys[i]; k.Valid(c.now) {
			all = append(all, authority{k.ID, k.Roots()})
		}
	}
	return all
}

// chained verifies a token by the certificates in it, and those that its claims hold.
// The time of signing, by which a certificate is valid or not, is that of the claims.
func (c *checker) chained(text string, token *jose.JSONWebSignature, claims jsonscan.Values) (string, error) {
	ch := c.v.compiled.Claims.chain
	v := place.Values{Claims: claims}
	at, err := ch.time(&v)
	if err != nil {
		return "", err
	}
	id, err := c.byChain(text, token, at)
	if err != nil {
		return "", err
	}
	if at.Sub(c.now) > c.v.compiled.Claims.Leeway() {
		return "", spec.ErrFuture
	}
	for _, inner := range ch.nested {
		if nested, n := v.Get(inner); n > 0 {
			if err := c.nested(nested, at); err != nil {
				return "", err
			}
		}
	}
	return id, nil
}

// time reads when a token was signed.
func (ch *chain) time(v *place.Values) (time.Time, error) {
	text, err := v.One(ch.signedAt, place.MaxTimestamp)
	if err != nil {
		return time.Time{}, spec.ErrMalformed
	}
	at, ok := spec.ParseTime(text, spec.Milliseconds)
	if !ok {
		return time.Time{}, spec.ErrMalformed
	}
	return at, nil
}

// nested verifies a token that stands in the claims of another, which was signed at. It
// may name an earlier time of its own.
func (c *checker) nested(text string, at time.Time) error {
	s := c.v.compiled
	token, err := s.parseToken(text)
	if err != nil {
		return err
	}
	found, err := jsonscan.ScanUnproved(token.UnsafePayloadWithoutVerification(), s.Claims.paths)
	if err != nil {
		return spec.ErrMalformed
	}
	v := place.Values{Claims: found}
	if _, n := v.Get(s.Claims.chain.signedAt); n > 0 {
		own, err := s.Claims.chain.time(&v)
		if err != nil {
			return err
		}
		if own.Before(at) {
			at = own
		}
	}
	_, err = c.byChain(text, token, at)
	return err
}

// byChain verifies a token that was signed at by the certificates in its header, and
// returns the id of their authority.
func (c *checker) byChain(text string, token *jose.JSONWebSignature, at time.Time) (string, error) {
	texts, err := certificates(text)
	if err != nil || len(texts) != len(c.v.compiled.Claims.chain.oids)+1 {
		return "", spec.ErrMalformed
	}
	certs, known := c.v.trusts(texts)
	if !known {
		if certs, err = parseCertificates(texts); err != nil {
			return "", err
		}
	}
	id, root, err := c.authority(certs, at, known)
	if err != nil {
		return "", err
	}
	curve, ok := certs[0].PublicKey.(*ecdsa.PublicKey)
	if !keys.Fits(&c.v.compiled.Scheme, certs[0].PublicKey) || ok && token.Signatures[0].Header.Algorithm != curveAlgorithm(curve) {
		return "", spec.ErrMismatch
	}
	if _, err := token.Verify(certs[0].PublicKey); err != nil {
		return "", spec.ErrMismatch
	}
	if !known {
		c.v.trust(trusted{texts, append(certs[:len(certs)-1], root)})
	}
	return id, nil
}

// curveAlgorithm is the only algorithm of a curve's keys (RFC 7518 section 3.4).
func curveAlgorithm(key *ecdsa.PublicKey) string {
	return map[int]string{256: "ES256", 384: "ES384", 521: "ES512"}[key.Params().BitSize]
}

// certificates returns those of a token's header as they stand there (x5c).
func certificates(text string) ([]string, error) {
	header, _, _ := strings.Cut(text, ".")
	raw, ok := spec.Base64URLRaw.Decode(header)
	if !ok {
		return nil, spec.ErrMalformed
	}
	var members map[string]json.RawMessage // of which a struct would take x5c in any case
	var texts []string
	if json.Unmarshal(raw, &members) != nil || json.Unmarshal(members["x5c"], &texts) != nil {
		return nil, spec.ErrMalformed
	}
	return texts, nil
}

func parseCertificates(texts []string) ([]*x509.Certificate, error) {
	var certs []*x509.Certificate
	for _, text := range texts {
		der, ok := spec.Base64.Decode(text)
		if !ok {
			return nil, spec.ErrMalformed
		}
		cert, err := x509.ParseCertificate(der)
		if err != nil {
			return nil, spec.ErrMalformed
		}
		certs = append(certs, cert)
	}
	return certs, nil
}

// authority returns the root that vouches for certs at a time, and its id. That which the
// token shows last is passed over, as Apple's own library does: what counts is ours. Of
// a chain that is known it is ours, and no signature need be looked at again. Every
// certificate must be marked for the use, so that no other of the authority's counts.
func (c *checker) authority(certs []*x509.Certificate, at time.Time, known bool) (string, *x509.Certificate, error) {
	for i, oid := range c.v.compiled.Claims.chain.oids {
		if !slices.ContainsFunc(certs[i].Extensions, func(e pkix.Extension) bool { return e.Id.Equal(oid) }) {
			return "", nil, spec.ErrMismatch
		}
	}
	shown := certs[:len(certs)-1]
	for _, a := range c.authorities() {
		for _, root := range a.roots {
			switch {
			case known && !root.Equal(certs[len(certs)-1]):
			case root.NotBefore.After(at) || root.NotAfter.Before(at):
			case slices.ContainsFunc(shown, func(cert *x509.Certificate) bool { return at.Before(cert.NotBefore) || at.After(cert.NotAfter) }):
			case known, vouched(shown, root, at):
				return a.ID, root, nil
			}
		}
	}
	return "", nil, spec.ErrMismatch
}

// vouched reports whether root signed the last of certs and each of those the one before,
// with what RFC 5280 asks of authorities, and none is left out.
func vouched(certs []*x509.Certificate, root *x509.Certificate, at time.Time) bool {
	roots, between := x509.NewCertPool(), x509.NewCertPool()
	roots.AddCert(root)
	for _, cert := range certs[1:] {
		between.AddCert(cert)
	}
	all, err := certs[0].Verify(x509.VerifyOptions{Roots: roots, Intermediates: between, CurrentTime: at, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}})
	whole := append(slices.Clone(certs), root)
	return err == nil && slices.ContainsFunc(all, func(found []*x509.Certificate) bool {
		return slices.EqualFunc(found, whole, (*x509.Certificate).Equal)
	})
}
