package provider_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/spec"
)

// detachedSender signs whatever a test writes, as TrueLayer does.
type detachedSender struct{ key *ecdsa.PrivateKey }

func newDetachedSender(t testing.TB) *detachedSender {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P521(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return &detachedSender{key}
}

// keySet is the document of its key, under an id and for an algorithm.
func (s *detachedSender) keySet(t testing.TB, alg string) []byte {
	t.Helper()
	set, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: s.key.Public(), KeyID: "octo-1", Algorithm: alg, Use: "sig"}}})
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// sign makes the JWS of a header, as it stands, and a payload.
func (s *detachedSender) sign(t testing.TB, header, payload string) string {
	t.Helper()
	protected := base64.RawURLEncoding.EncodeToString([]byte(header))
	text := protected + "." + base64.RawURLEncoding.EncodeToString([]byte(payload))
	digest := spec.SHA512.Sum(text)
	r, sig, err := ecdsa.Sign(rand.Reader, s.key, []byte(digest))
	if err != nil {
		t.Fatal(err)
	}
	joined := make([]byte, 132)
	r.FillBytes(joined[:66])
	sig.FillBytes(joined[66:])
	return protected + ".." + base64.RawURLEncoding.EncodeToString(joined)
}

const (
	detachedBody = `{"type":"payment_executed","event_id":"1"}`
	detachedTime = "2025-06-12T10:00:00Z"
	detachedJKU  = "https://webhooks.truelayer.com/.well-known/jwks"
	detachedHead = `{"alg":"ES512","kid":"octo-1","tl_version":"2","tl_headers":"X-Tl-Webhook-Timestamp","jku":"` + detachedJKU + `"}`
	detachedText = "POST /tl?x=1\nX-Tl-Webhook-Timestamp: " + detachedTime + "\n" + detachedBody
)

// TestDetached_attacks has JWS whose signature is right for another delivery, or for a
// header that says less than it must.
func TestDetached_attacks(t *testing.T) {
	s := newDetachedSender(t)
	v, err := lookup(t, "truelayer").Verifier(provider.Options{})
	if err != nil {
		t.Fatal(err)
	}
	request := func(signature string) provider.Request {
		return provider.Request{Method: "POST", URL: "https://h.example/tl?x=1", Body: []byte(detachedBody), Headers: provider.HeaderList{
			{Name: "tl-signature", Value: signature}, {Name: "x-tl-webhook-timestamp", Value: detachedTime}, {Name: "x-other", Value: "1"},
		}}
	}
	head := func(was, is string) func() provider.Request {
		return func() provider.Request {
			return request(s.sign(t, strings.Replace(detachedHead, was, is, 1), detachedText))
		}
	}
	change := func(f func(*provider.Request)) func() provider.Request {
		return func() provider.Request { r := request(s.sign(t, detachedHead, detachedText)); f(&r); return r }
	}
	text := func(f func(string) string) func() provider.Request {
		return func() provider.Request { return request(f(s.sign(t, detachedHead, detachedText))) }
	}
	tests := map[string]struct {
		request func() provider.Request
		want    error
	}{
		"a good one":     {head("", ""), nil},
		"another body":   {change(func(r *provider.Request) { r.Body = []byte(`{"type":"x"}`) }), provider.ErrMismatch},
		"another method": {change(func(r *provider.Request) { r.Method = "PUT" }), provider.ErrMismatch},
		"another path":   {change(func(r *provider.Request) { r.URL = "https://h.example/other?x=1" }), provider.ErrMismatch},
		"another query":  {change(func(r *provider.Request) { r.URL = "https://h.example/tl?x=2" }), provider.ErrMismatch},
		"another time": {change(func(r *provider.Request) {
			r.Headers = changed(*r, "x-tl-webhook-timestamp", func(string) []string { return []string{"2025-06-12T10:00:01Z"} })
		}), provider.ErrMismatch},
		"no time": {change(func(r *provider.Request) {
			r.Headers = changed(*r, "x-tl-webhook-timestamp", func(string) []string { return nil })
		}), provider.ErrMissing},
		"two times": {change(func(r *provider.Request) {
			r.Headers = changed(*r, "x-tl-webhook-timestamp", func(v string) []string { return []string{v, v} })
		}), provider.ErrRepeated},
		"a time that is not listed": {func() provider.Request {
			return request(s.sign(t, strings.Replace(detachedHead, "X-Tl-Webhook-Timestamp", "X-Other", 1), "POST /tl?x=1\nX-Other: 1\n"+detachedBody))
		}, provider.ErrMissing},
		"nothing listed": {func() provider.Request {
			return request(s.sign(t, strings.Replace(detachedHead, "X-Tl-Webhook-Timestamp", "", 1), "POST /tl?x=1\n"+detachedBody))
		}, provider.ErrMissing},
		"a header listed twice":             {head("X-Tl-Webhook-Timestamp", "X-Tl-Webhook-Timestamp,x-tl-webhook-timestamp"), provider.ErrMalformed},
		"a listed header that is not there": {head("X-Tl-Webhook-Timestamp", "X-Tl-Webhook-Timestamp,X-None"), provider.ErrMissing},
		"a list with blanks":                {head("X-Tl-Webhook-Timestamp", "X-Tl-Webhook-Timestamp, X-Other"), provider.ErrMalformed},
		"the header's line moved to the body": {func() provider.Request {
			r := request(s.sign(t, detachedHead, detachedText))
			r.Body = []byte("X-Tl-Webhook-Timestamp: " + detachedTime + "\n" + detachedBody)
			return r
		}, provider.ErrMismatch},
		"another version":                {head(`"2"`, `"1"`), provider.ErrMalformed},
		"no version":                     {head(`"tl_version":"2",`, ""), provider.ErrMalformed},
		"another algorithm":              {head("ES512", "ES256"), provider.ErrMalformed},
		"the algorithm none":             {head("ES512", "none"), provider.ErrMalformed},
		"a MAC":                          {head("ES512", "HS512"), provider.ErrMalformed},
		"no algorithm":                   {head(`"alg":"ES512",`, ""), provider.ErrMalformed},
		"another key id":                 {head("octo-1", "octo-2"), provider.ErrMismatch},
		"an extension":                   {head(`{`, `{"crit":["exp"],"exp":1,`), provider.ErrMalformed},
		"an unencoded payload":           {head(`{`, `{"b64":false,"crit":["b64"],`), provider.ErrMalformed},
		"a key of its own":               {head(`{`, `{"jwk":{"kty":"EC"},`), provider.ErrMalformed},
		"keys of a stranger":             {head("webhooks.truelayer.com", "webhooks.evil.example"), provider.ErrMalformed},
		"keys of a stranger's subdomain": {head("webhooks.truelayer.com", "webhooks.truelayer.com.evil.example"), provider.ErrMalformed},
		"keys behind a user":             {head("https://webhooks", "https://evil@webhooks"), provider.ErrMalformed},
		"keys at another path":           {head("/.well-known/jwks", "/evil/jwks"), provider.ErrMalformed},
		"keys at a path that goes back":  {head("/.well-known/jwks", "/.well-known/jwks/../../evil/.well-known/jwks"), provider.ErrMalformed},
		"keys with a query":              {head("/.well-known/jwks", "/.well-known/jwks?x=/.well-known/jwks"), provider.ErrMalformed},
		"keys without TLS":               {head("https:", "http:"), provider.ErrMalformed},
		"no keys":                        {head(`"jku":"`+detachedJKU+`"`, `"x":""`), provider.ErrMalformed},
		"keys that are a list":           {head(`"`+detachedJKU+`"`, `["`+detachedJKU+`"]`), provider.ErrMalformed},
		"a payload that is there": {text(func(v string) string {
			return strings.Replace(v, "..", "."+base64.RawURLEncoding.EncodeToString([]byte(detachedText))+".", 1)
		}), provider.ErrMalformed},
		"no signature":               {text(func(v string) string { return v[:strings.Index(v, "..")+2] }), provider.ErrMalformed},
		"a part more":                {text(func(v string) string { return v + ".AA" }), provider.ErrMalformed},
		"a signature that is padded": {text(func(v string) string { return v + "=" }), provider.ErrMalformed},
		"a signature cut short":      {text(func(v string) string { return v[:len(v)-4] }), provider.ErrMismatch},
		"a header that is no object": {text(func(v string) string { return "W10" + v[strings.Index(v, ".."):] }), provider.ErrMalformed},
		"a header that is not JSON":  {text(func(v string) string { return "AAAA" + v[strings.Index(v, ".."):] }), provider.ErrMalformed},
		"the signature of an encoded delivery": {func() provider.Request {
			return request(s.sign(t, detachedHead, base64.RawURLEncoding.EncodeToString([]byte(detachedText))))
		}, provider.ErrMismatch},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			r := tc.request()
			address, err := v.KeyURL(r)
			if err == nil && address != detachedJKU {
				t.Fatalf("the keys are at %q", address)
			}
			if err == nil {
				_, err = v.VerifyWith(r, at(), s.keySet(t, "ES512"))
			}
			if !errors.Is(err, tc.want) {
				t.Errorf("got %v, want %v", err, tc.want)
			}
		})
	}
	good := request(s.sign(t, detachedHead, detachedText))
	if _, err := v.VerifyWith(good, at(), s.keySet(t, "ES256")); !errors.Is(err, provider.ErrMismatch) {
		t.Errorf("with a key for another algorithm: %v", err)
	}
	if _, err := v.VerifyWith(good, at(), newDetachedSender(t).keySet(t, "ES512")); !errors.Is(err, provider.ErrMismatch) {
		t.Errorf("with another key: %v", err)
	}
}

func TestDetached_rowsThatCannotBeSafeAreRefused(t *testing.T) {
	for name, change := range map[string]func(*spec.Scheme){
		"no algorithm":                func(s *spec.Scheme) { s.JWT.Algorithms = nil },
		"a MAC":                       func(s *spec.Scheme) { s.JWT.Algorithms = []spec.Algorithm{spec.HS256} },
		"an unknown algorithm":        func(s *spec.Scheme) { s.JWT.Algorithms = []spec.Algorithm{"none"} },
		"several signatures":          func(s *spec.Scheme) { s.Layout = spec.List },
		"a payload without the body":  func(s *spec.Scheme) { s.Content = "{method} {target}" },
		"a body in the middle":        func(s *spec.Scheme) { s.Content = "{body}\n{target}" },
		"a time that nothing lists":   func(s *spec.Scheme) { s.Detached.Listed = "" },
		"keys of any host":            func(s *spec.Scheme) { s.Remote.Hosts = nil },
		"an address beside another":   func(s *spec.Scheme) { s.Remote.URL = detachedJKU },
		"the address in what is none": func(s *spec.Scheme) { s.Kind, s.Content, s.Timestamp, s.ToleranceSeconds = spec.JSONToken, "", "", 0 },
	} {
		row := lookup(t, "truelayer")
		remote := *row.Schemes[0].Remote
		row.Schemes[0].Remote = &remote
		change(&row.Schemes[0])
		if err := row.Compile(); !errors.Is(err, provider.ErrRow) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// FuzzDetached has a JWS that is anybody's: none is taken that its key did not make.
func FuzzDetached(f *testing.F) {
	s := newDetachedSender(f)
	good := s.sign(f, detachedHead, detachedText)
	f.Add(good, detachedBody)
	f.Add("e30..AA", "{}")
	v, err := lookup(f, "truelayer").Verifier(provider.Options{Secrets: []provider.Secret{{Value: string(s.keySet(f, "ES512"))}}})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, signature, body string) {
		r := provider.Request{Method: "POST", URL: "https://h.example/tl?x=1", Body: []byte(body), Headers: provider.HeaderList{
			{Name: "tl-signature", Value: signature}, {Name: "x-tl-webhook-timestamp", Value: detachedTime},
		}}
		if _, err := v.Verify(r, at()); err == nil && (signature != good || body != detachedBody) {
			t.Errorf("passed: %s %s", signature, body)
		}
	})
}
