package scheme

import (
	"cmp"
	"crypto/x509"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"webhookedge/plugins/provider/internal/keys"
	"webhookedge/plugins/provider/internal/place"
	"webhookedge/plugins/provider/spec"
)

// RemoteKeys is a compiled Remote.
type RemoteKeys struct {
	spec.Remote
	At, keyID place.Place
	hosts     []*regexp.Regexp
}

// compileRemote prepares the Remote of s, nil where it has none.
func compileRemote(s *spec.Scheme, all *place.Paths) (*RemoteKeys, error) {
	r := s.Remote
	if r == nil {
		return nil, nil
	}
	c := &RemoteKeys{Remote: *r}
	var err error
	if c.At, err = place.Parse(r.At, append(place.InRequest[:], place.Pair)...); err != nil {
		return nil, err
	}
	if c.keyID, err = place.Parse(r.KeyID, append(place.InRequest[:], place.Pair)...); err != nil {
		return nil, err
	}
	all.Add(&c.At)
	all.Add(&c.keyID)
	for _, host := range r.Hosts {
		if u, err := url.Parse(host); err == nil && u.Scheme == "https" {
			host = u.Host
		}
		c.hosts = append(c.hosts, keys.HostPattern(host))
	}
	if why := cmp.Or(c.formFault(s.Kind), c.addressFault()); why != "" {
		return nil, fmt.Errorf("%w: %s", spec.ErrRow, why)
	}
	return c, nil
}

// formFault says what is wrong with how the keys of a scheme of a kind are fetched.
func (r *RemoteKeys) formFault(kind spec.Kind) string {
	switch {
	case r.At.Kind == place.Pair && kind != spec.DetachedJWS:
		return "the address of the keys is in the header of what is no JWS"
	case r.URL == "" && r.At.Kind == place.Nothing, r.At.Kind != place.Nothing && strings.Contains(r.URL, "{kid}"), r.URL != "" && r.At.Kind == place.Pair:
		return "keys are fetched from one address, fixed or in the delivery"
	case len(r.Hosts) == 0:
		return "keys are fetched from hosts that are not named"
	case !slices.Contains([]spec.KeyForm{spec.KeyCertificate, spec.KeyPEM, spec.KeySPKI, spec.KeyJWKS}, r.Form):
		return "keys are fetched in a form that is not possible"
	}
	return ""
}

// addressFault says what is wrong with a fixed address, of which a row alone is checked
// without the value of a setting.
func (r *RemoteKeys) addressFault() string {
	if r.URL == "" || strings.Contains(r.URL, "{setting:") {
		return ""
	}
	if u, err := url.Parse(strings.ReplaceAll(r.URL, "{kid}", "kid")); err != nil || !keys.AllowedHost(u, r.hosts) {
		return "the address of the keys must be an https URL of one of their hosts, without a port"
	}
	return ""
}

// KeyURL returns the https URL of the document that VerifyWith needs for r, ""
// where it needs none. The error is ErrMissing, ErrRepeated, ErrMalformed or
// ErrBody; an address that the provider cannot have named is ErrMalformed.
func (v *Verifier) KeyURL(r place.Request) (string, error) {
	s, remote := v.compiled, v.compiled.RemoteKeys
	if remote == nil || len(v.keys) > 0 {
		return "", nil
	}
	if s.Tokens != nil {
		return remote.URL, v.asked(&r)
	}
	values := place.Values{Request: &r, Bodies: v.reader.Bodies, Settings: v.settings}
	values.Take()
	if err := values.ScanBody(s.Scan, s.ReadsBody()); err != nil {
		return "", err
	}
	// What is refused without a key needs none: it cannot make the edge fetch.
	f, _, err := s.claimed(&values)
	if err != nil {
		return "", err
	}
	if remote.At.Kind != place.Nothing {
		text, err := s.address(&values, f)
		switch {
		case err != nil:
			return "", err
		case !remote.allows(remote.URL + text):
			return "", spec.ErrMalformed
		}
		return remote.URL + text, nil
	}
	if !strings.Contains(remote.URL, "{kid}") {
		return remote.URL, nil
	}
	kid, err := s.keyID(&values)
	switch {
	case err != nil:
		return "", err
	case !keys.IsID(kid):
		return "", spec.ErrMalformed
	}
	return strings.ReplaceAll(remote.URL, "{kid}", kid), nil
}

// address returns that of the keys which a delivery names.
func (s *Compiled) address(v *place.Values, f *Family) (string, error) {
	if s.RemoteKeys.At.Kind == place.Pair {
		return s.jku(v, f)
	}
	return v.One(s.RemoteKeys.At, keys.MaxURL)
}

// keyID returns the id of the key that a delivery names.
func (s *Compiled) keyID(v *place.Values) (string, error) {
	if s.Kind != spec.HTTPSignature {
		return v.One(s.RemoteKeys.keyID, place.MaxID)
	}
	m, err := s.chosen(v.Request)
	if err != nil {
		return "", err
	}
	return m.text("keyid"), s.asks(m.input, v.Request)
}

// allows reports whether text is an address of the provider's.
func (r *RemoteKeys) allows(text string) bool {
	u, err := url.Parse(text)
	return err == nil && keys.AllowedHost(u, r.hosts) && u.RawQuery == "" && !u.ForceQuery && !strings.Contains(text, "#") &&
		strings.HasPrefix(u.Path, r.PathPrefix) && strings.HasSuffix(u.Path, r.PathSuffix) &&
		!strings.Contains(u.EscapedPath(), "%") && !strings.Contains(u.Path, "..") && !strings.Contains(u.Path, "//")
}

// named are public keys under the id that a proof shows.
type named struct {
	ID   string
	keys []keys.PublicKey
}

// remoteID is the secret id of a proof by a key that was fetched.
const remoteID = "remote"

// publicKeys returns the keys that are valid now: those of the settings or, where
// there are none, those of the document.
func (c *checker) publicKeys() ([]named, error) {
	var all []named
	for i := range c.v.keys {
		if k := &c.v.keys[i]; k.Valid(c.now) {
			all = append(all, named{k.ID, k.Public()})
		}
	}
	s := c.v.compiled
	if len(c.v.keys) > 0 || s.RemoteKeys == nil {
		return all, nil
	}
	if c.doc == nil {
		return nil, fmt.Errorf("%w: it was not fetched", spec.ErrKeyDocument)
	}
	keys, why := keys.Fetched(&s.Scheme, c.doc)
	if why != "" {
		return nil, fmt.Errorf("%w: it %s", spec.ErrKeyDocument, why)
	}
	for _, k := range keys {
		if s.RemoteKeys.Form == spec.KeyCertificate {
			if err := c.trusts(&k); err != nil {
				return nil, err
			}
		}
	}
	return []named{{remoteID, keys}}, nil
}

// provedBy returns the id of the public key that proves a delivery. Of those that fit at
// most keys.MaxAttempts are tried.
func (c *checker) provedBy(fits, proves func(*keys.PublicKey) bool) (id string, err error) {
	all, err := c.publicKeys()
	if err != nil {
		return "", err
	}
	left := keys.MaxAttempts
	for _, k := range all {
		for i := range k.keys {
			p := &k.keys[i]
			if !fits(p) {
				continue
			}
			if left--; left < 0 {
				return "", spec.ErrMismatch
			}
			if proves(p) {
				return k.ID, nil
			}
		}
	}
	return "", spec.ErrMismatch
}

// ofHeader is what fits the header of a JWS: its id of a key and its algorithm, of keys
// that have them.
func ofHeader(kid, alg string) func(*keys.PublicKey) bool {
	return func(p *keys.PublicKey) bool {
		return (p.ID == "" || kid == "" || p.ID == kid) && (p.Algorithm == "" || p.Algorithm == alg)
	}
}

// trusts checks that a certificate is valid now, chains to an authority, is one for
// TLS servers, as those of every provider are, and has one of the names that the
// row asks for.
func (c *checker) trusts(k *keys.PublicKey) error {
	intermediates := x509.NewCertPool()
	for _, cert := range k.Rest {
		intermediates.AddCert(cert)
	}
	_, err := k.Cert.Verify(x509.VerifyOptions{
		Roots: c.v.roots, Intermediates: intermediates, CurrentTime: c.now, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	})
	if err != nil {
		return fmt.Errorf("%w: its certificate is not trusted: %w", spec.ErrKeyDocument, err)
	}
	names := c.v.compiled.RemoteKeys.CertNames
	has := func(name string) bool { return k.Cert.VerifyHostname(name) == nil || k.Cert.Subject.CommonName == name }
	if len(names) > 0 && !slices.ContainsFunc(names, has) {
		return fmt.Errorf("%w: its certificate is another one's", spec.ErrKeyDocument)
	}
	return nil
}
