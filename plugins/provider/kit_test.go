package provider_test

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"webhookedge/plugins/provider"
)

// at is when the deliveries of the suites are signed.
func at() time.Time { return time.Date(2025, 6, 12, 10, 0, 0, 0, time.UTC) }

// cases calls f for every scheme of every row.
func cases(t *testing.T, f func(t *testing.T, p *provider.Provider, s provider.Scheme)) {
	t.Helper()
	for _, p := range provider.Catalogue() {
		for _, s := range p.Schemes {
			t.Run(p.Name+"/"+s.Name, func(t *testing.T) { f(t, p, s) })
		}
	}
}

// secret returns the n-th secret in the form that s wants.
func secret(s provider.Scheme, n int) provider.Secret {
	text := fmt.Sprintf("octo-corp-conformance-secret-%04d", n)
	if s.Key == provider.KeyBase64 {
		text = s.KeyPrefix + base64.StdEncoding.EncodeToString([]byte(text))
	}
	return provider.Secret{Value: text}
}

func verifier(t testing.TB, p *provider.Provider, s provider.Scheme, secrets ...provider.Secret) *provider.Verifier {
	t.Helper()
	v, err := p.Verifier(provider.Options{Scheme: s.Name, Secrets: secrets})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// sign returns a delivery of the row's first sample. Companion signatures of
// other schemes are left away, so that each scheme stands alone.
func sign(t testing.TB, p *provider.Provider, s provider.Scheme, when time.Time, secrets ...provider.Secret) provider.Request {
	t.Helper()
	signer, err := p.Signer(provider.Options{Scheme: s.Name, Secrets: secrets})
	if err != nil {
		t.Fatal(err)
	}
	event := p.SampleEvents()[0]
	body, contentType, ok := p.Sample(event)
	if !ok {
		t.Fatalf("no sample %s", event)
	}
	u := provider.Unsigned{
		URL: "https://hooks.octo-corp.example/" + p.Name, Body: body, ContentType: contentType,
		Event: event, ID: "msg_0b989ba4", At: when,
	}
	headers, err := signer.Sign(u)
	if err != nil {
		t.Fatal(err)
	}
	headers = slices.DeleteFunc(headers, func(h provider.Header) bool {
		return slices.ContainsFunc(p.Schemes, func(other provider.Scheme) bool {
			return other.Companion && other.Name != s.Name && other.Header == h.Name
		})
	})
	return provider.Request{Method: "POST", URL: u.URL, Headers: headers, Body: body}
}

// parts returns the names of the headers that the signature depends on.
func parts(s provider.Scheme) []string {
	names := []string{s.Header}
	for _, place := range []string{s.Timestamp, s.ID} {
		if name, ok := strings.CutPrefix(place, "header:"); ok {
			names = append(names, name)
		}
	}
	return names
}

// with returns r with the header changed by f, or without it where f says so.
func with(r provider.Request, name string, f func(value string) []string) provider.Request {
	var changed provider.HeaderList
	for _, h := range list(r) {
		if h.Name != name {
			changed = append(changed, h)
			continue
		}
		for _, value := range f(h.Value) {
			changed = append(changed, provider.Header{Name: name, Value: value})
		}
	}
	r.Headers = changed
	return r
}

func list(r provider.Request) provider.HeaderList {
	l, _ := r.Headers.(provider.HeaderList)
	return l
}
