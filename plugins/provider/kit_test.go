package provider_test

import (
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/catalogue"
	"webhookedge/plugins/provider/spec"
)

// at is when the deliveries of the suites are signed.
func at() time.Time { return time.Date(2025, 6, 12, 10, 0, 0, 0, time.UTC) }

// cases calls f for every scheme of every row.
func cases(t *testing.T, f func(t *testing.T, c *scheme)) {
	t.Helper()
	for _, p := range catalogue.All() {
		for _, s := range p.Schemes {
			t.Run(p.Name+"/"+s.Name, func(t *testing.T) { f(t, newScheme(t, p, s)) })
		}
	}
}

// scheme is a scheme with keys of the suite's.
type scheme struct {
	row      *provider.Provider
	s        spec.Scheme
	pair     provider.KeyPair
	settings map[string]string
	roots    *x509.CertPool
	document []byte // of keys that are fetched
}

// pairs keeps the keys of a scheme, since RSA keys take long to make.
var pairs sync.Map

func pair(t testing.TB, p *provider.Provider, s spec.Scheme, n string) provider.KeyPair {
	t.Helper()
	// Keys of one kind and form fit every scheme of it.
	id := strings.Join([]string{string(s.Kind), string(s.Key), s.KeyPrefix, n}, "/")
	if len(s.Message.Algorithms) > 0 {
		id += string(s.Message.Algorithms[0])
	}
	if len(s.JWT.Algorithms) > 0 {
		id += string(s.JWT.Algorithms[0])
	}
	if s.JWT.Chain != nil {
		id += strings.Join(s.JWT.Chain.OIDs, "/")
	}
	if got, ok := pairs.Load(id); ok {
		return got.(provider.KeyPair)
	}
	made, err := p.NewKeyPair(s.Name)
	if err != nil {
		t.Fatal(err)
	}
	pairs.Store(id, made)
	return made
}

func newScheme(t testing.TB, p *provider.Provider, s spec.Scheme) *scheme {
	t.Helper()
	c := &scheme{row: p, s: s, settings: map[string]string{}, pair: pair(t, p, s, "1")}
	for _, setting := range p.Settings {
		if setting.Default == "" {
			c.settings[setting.Name] = setting.Example
		}
	}
	if s.Remote != nil {
		c.document, c.roots = published(t, s, c.pair)
	}
	return c
}

func (c *scheme) verifier(t testing.TB, secrets ...string) *provider.Verifier {
	t.Helper()
	o := provider.Options{Scheme: c.s.Name, Settings: c.settings, Roots: c.roots}
	if len(secrets) == 0 && c.s.Remote == nil {
		secrets = []string{c.pair.Public}
	}
	for _, text := range secrets {
		o.Secrets = append(o.Secrets, provider.Secret{Value: text})
	}
	v, err := c.row.Verifier(o)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// verify verifies as the verify stage does.
func (c *scheme) verify(v *provider.Verifier, r provider.Request, now time.Time) (provider.Proof, error) {
	address, err := v.KeyURL(r)
	if err != nil {
		return provider.Proof{}, err
	}
	if address == "" {
		return v.Verify(r, now)
	}
	return v.VerifyWith(r, now, c.document)
}

// sign returns a delivery of the row's first sample. Companion signatures of
// other schemes are left away, so that each scheme stands alone.
func (c *scheme) sign(t testing.TB, when time.Time, private string) provider.Request {
	t.Helper()
	event, body, contentType := c.sample()
	return c.signSample(t, event, body, contentType, when, private)
}

func (c *scheme) signSample(t testing.TB, event string, body []byte, contentType string, when time.Time, private string) provider.Request {
	t.Helper()
	signer, err := c.row.Signer(provider.Options{
		Scheme: c.s.Name, Settings: c.settings, Secrets: []provider.Secret{{Value: private}},
	})
	if err != nil {
		t.Fatal(err)
	}
	d, err := signer.Sign(provider.Unsigned{
		URL: "https://hooks.octo-corp.example/" + c.row.Name, Body: body, ContentType: contentType,
		Event: event, ID: "msg_0b989ba4", At: when,
	})
	if err != nil {
		t.Fatal(err)
	}
	headers := slices.DeleteFunc(d.Headers, func(h spec.Header) bool {
		return slices.ContainsFunc(c.row.Schemes, func(other spec.Scheme) bool {
			return other.Companion && other.Name != c.s.Name && slices.Contains(other.SignatureHeaders(), h.Name) &&
				!slices.Contains(c.s.SignatureHeaders(), h.Name)
		})
	})
	r := provider.Request{Method: d.Method, URL: d.URL, Headers: headers, Body: d.Body}
	if media, _ := headers.Get("content-type"); strings.HasPrefix(media, "multipart/") {
		r = unwrapped(t, r, c.row.Facts.FormJSON)
	}
	return r
}

// unwrapped is a multipart delivery as its document alone, whose places can be
// changed one by one. What reads the form is held by vectors.
func unwrapped(t testing.TB, r provider.Request, field string) provider.Request {
	t.Helper()
	_, rest, _ := strings.Cut(string(r.Body), `name="`+field+`"`+"\r\n\r\n")
	document, _, ok := strings.Cut(rest, "\r\n--")
	if !ok {
		t.Fatalf("no field %s in %s", field, r.Body)
	}
	r.Body = []byte(document)
	r.Headers = changed(r, "content-type", func(string) []string { return []string{"application/json"} })
	return r
}

// sample is one that the scheme can sign: with a body, and a form where only
// forms are signed by it.
func (c *scheme) sample() (event string, body []byte, contentType string) {
	for _, event = range catalogue.SampleEvents(c.row) {
		if body, contentType, _ = catalogue.Sample(c.row, event); len(body) > 0 {
			return event, body, contentType
		}
	}
	return event, body, contentType
}

func list(r provider.Request) provider.HeaderList {
	l, _ := r.Headers.(provider.HeaderList)
	return l
}

func lookup(t testing.TB, name string) *provider.Provider {
	t.Helper()
	p, ok := catalogue.Lookup(name)
	if !ok {
		t.Fatalf("no row %s", name)
	}
	return p
}

// secret returns the n-th shared secret in the form that s wants.
func secret(s spec.Scheme, n int) provider.Secret {
	text := fmt.Sprintf("octo-corp-conformance-secret-%04d", n)
	if s.Key == spec.KeyBase64 {
		text = s.KeyPrefix + base64.StdEncoding.EncodeToString([]byte(text))
	}
	return provider.Secret{Value: text}
}

func verifier(t testing.TB, p *provider.Provider, s spec.Scheme, secrets ...provider.Secret) *provider.Verifier {
	t.Helper()
	v, err := p.Verifier(provider.Options{Scheme: s.Name, Secrets: secrets})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// sign returns a delivery of the row's first sample, signed with a shared secret.
func sign(t testing.TB, p *provider.Provider, s spec.Scheme, when time.Time, secrets ...provider.Secret) provider.Request {
	t.Helper()
	c := &scheme{row: p, s: s}
	return c.sign(t, when, secrets[0].Value)
}
