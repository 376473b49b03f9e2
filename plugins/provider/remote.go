package provider

import (
	"crypto/x509"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// maxURL bounds the address of a key in bytes.
const maxURL = 2048

// remote is a compiled Remote.
type remote struct {
	Remote
	at, keyID place
	hosts     []*regexp.Regexp
}

func (r *Remote) compile(all *paths) (*remote, error) {
	c := &remote{Remote: *r}
	var err error
	if c.at, err = parsePlace(r.At, inRequest[:]...); err != nil {
		return nil, err
	}
	if c.keyID, err = parsePlace(r.KeyID, append(inRequest[:], atPair)...); err != nil {
		return nil, err
	}
	all.add(&c.at)
	all.add(&c.keyID)
	switch {
	case (r.URL == "") == (r.At == ""):
		return nil, fmt.Errorf("%w: keys are fetched from one address, fixed or in the delivery", ErrRow)
	case len(r.Hosts) == 0:
		return nil, fmt.Errorf("%w: keys are fetched from hosts that are not named", ErrRow)
	case !slices.Contains([]KeyForm{KeyCertificate, KeyPEM, KeyJWKS}, r.Form):
		return nil, fmt.Errorf("%w: keys are fetched in a form that is not possible", ErrRow)
	}
	for _, host := range r.Hosts {
		c.hosts = append(c.hosts, hostPattern(host))
	}
	return c, nil
}

// hostPattern compiles a host in which * stands for one label that is the name of a
// region, eu-central-1 or us-gov-west-1. Any label would be too much: where
// sns.s3.amazonaws.com and sns.s3-us-west-2.amazonaws.com are somebody's files, a
// key could be anybody's.
func hostPattern(host string) *regexp.Regexp {
	pattern := strings.ReplaceAll(regexp.QuoteMeta(host), `\*`, `[a-z]{2,4}(-[a-z]{1,20}){1,3}-[0-9]{1,2}`)
	return regexp.MustCompile("^" + pattern + "$") // quoted, so it compiles
}

// KeyURL returns the https URL of the document that VerifyWith needs for r, ""
// where it needs none. The error is ErrMissing, ErrRepeated, ErrMalformed or
// ErrBody; an address that the provider cannot have named is ErrMalformed.
func (v *Verifier) KeyURL(r Request) (string, error) {
	if v.scheme.remote == nil || len(v.keys) > 0 {
		return "", nil
	}
	return v.keyURL(r)
}

func (v *Verifier) keyURL(r Request) (string, error) {
	s, values := v.scheme, values{r: &r, settings: v.settings}
	values.take(v.row)
	if err := values.scanBody(s); err != nil {
		return "", err
	}
	// What is refused without a key needs none: it cannot make the edge fetch.
	if _, _, err := s.claimed(&values); err != nil {
		return "", err
	}
	if s.remote.at.kind == atNothing && !strings.Contains(s.remote.URL, "{kid}") {
		return s.remote.URL, nil
	}
	if s.remote.at.kind == atNothing {
		kid, err := values.one(s.remote.keyID, maxID)
		if err != nil {
			return "", err
		}
		if !isID(kid) {
			return "", ErrMalformed
		}
		return strings.ReplaceAll(s.remote.URL, "{kid}", kid), nil
	}
	text, err := values.one(s.remote.at, maxURL)
	if err != nil {
		return "", err
	}
	if !s.remote.allows(text) {
		return "", ErrMalformed
	}
	return text, nil
}

// allows reports whether text is an address of the provider's.
func (r *remote) allows(text string) bool {
	u, err := url.Parse(text)
	return err == nil && allowedHost(u, r.hosts) && u.RawQuery == "" && !u.ForceQuery && !strings.Contains(text, "#") &&
		strings.HasPrefix(u.Path, r.PathPrefix) && strings.HasSuffix(u.Path, r.PathSuffix) &&
		!strings.Contains(u.EscapedPath(), "%") && !strings.Contains(u.Path, "..") && !strings.Contains(u.Path, "//")
}

// allowedHost reports whether u is plain https to one of hosts.
func allowedHost(u *url.URL, hosts []*regexp.Regexp) bool {
	return u.Scheme == "https" && u.User == nil && u.Port() == "" && u.Opaque == "" && u.Fragment == "" &&
		slices.ContainsFunc(hosts, func(h *regexp.Regexp) bool { return h.MatchString(u.Host) })
}

// named are public keys under the id that a proof shows.
type named struct {
	id   string
	keys []publicKey
}

// remoteID is the secret id of a proof by a key that was fetched.
const remoteID = "remote"

// publicKeys returns the keys that are valid now: those of the settings or, where
// there are none, those of the document.
func (c *checker) publicKeys() ([]named, error) {
	var all []named
	for i := range c.v.keys {
		if k := &c.v.keys[i]; k.valid(c.now) {
			all = append(all, named{k.id, k.public()})
		}
	}
	s := c.v.scheme
	if len(c.v.keys) > 0 || s.remote == nil {
		return all, nil
	}
	if c.doc == nil {
		return nil, fmt.Errorf("%w: it was not fetched", ErrKeyDocument)
	}
	keys, why := s.fetchedKeys(c.doc)
	if why != "" {
		return nil, fmt.Errorf("%w: it %s", ErrKeyDocument, why)
	}
	for _, k := range keys {
		if s.remote.Form == KeyCertificate {
			if err := c.trusts(&k); err != nil {
				return nil, err
			}
		}
	}
	return []named{{remoteID, keys}}, nil
}

// trusts checks that a certificate is valid now, chains to an authority, is one for
// TLS servers, as those of every provider are, and has one of the names that the
// row asks for.
func (c *checker) trusts(k *publicKey) error {
	intermediates := x509.NewCertPool()
	for _, cert := range k.rest {
		intermediates.AddCert(cert)
	}
	_, err := k.cert.Verify(x509.VerifyOptions{
		Roots: c.v.roots, Intermediates: intermediates, CurrentTime: c.now, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	})
	if err != nil {
		return fmt.Errorf("%w: its certificate is not trusted: %w", ErrKeyDocument, err)
	}
	names := c.v.scheme.remote.CertNames
	has := func(name string) bool { return k.cert.VerifyHostname(name) == nil || k.cert.Subject.CommonName == name }
	if len(names) > 0 && !slices.ContainsFunc(names, has) {
		return fmt.Errorf("%w: its certificate is another one's", ErrKeyDocument)
	}
	return nil
}
