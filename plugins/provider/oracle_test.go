package provider_test

import (
	"encoding/base64"
	"errors"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/spec"
)

// challenges are texts of a caller's that a delivery of some form could be.
func challenges() []string {
	claims := base64.RawURLEncoding.EncodeToString([]byte(`{"for_user_id":"V1","tweet_create_events":[{"id_str":"77"}]}`))
	return []string{
		"a." + claims + ".b", "e30." + claims[:40] + ".c2ln", "evil=", "eviltoken", "a=b", "0123456789abcdef0123456789abcdef", "0123456789abcdef01234567",
		"e30", "W10=", "PGE+PC9hPg==", "1", "true", "{}", "[1]", "<a/>", "{\"a\":1}", "x=evil&y=z", "v0:1749722400:e30", "-", "_", "x^", "eJw=",
	}
}

// signatures are what an answer may spell.
var spelled = regexp.MustCompile(`[0-9a-f]{40,128}|[A-Za-z0-9+/]{27,86}={0,2}`)

// TestHandshake_signsNoDelivery asks the handshakes of every row to sign texts, and sends
// each text as a delivery with the signature that came back, in every form and under
// every content type. None may pass; where the signature is right, the reason must be
// that a handshake would have made it.
func TestHandshake_signsNoDelivery(t *testing.T) {
	answered := map[string]bool{}
	cases(t, func(t *testing.T, c *scheme) {
		v := c.verifier(t)
		for i := range c.row.Handshakes {
			h := &c.row.Handshakes[i]
			if h.Response.Kind == "" {
				continue
			}
			for _, text := range challenges() {
				for _, signature := range c.oracle(t, v, h, text) {
					for _, r := range c.forged(text, signature) {
						_, err := v.Verify(r, at())
						if err == nil {
							t.Errorf("a delivery with the body %q passes by the answer to a handshake", r.Body)
						}
						if errors.Is(err, provider.ErrAnswered) {
							answered[c.row.Name] = true
						}
					}
				}
			}
		}
	})
	// Of these the secret signs a bare challenge, so that the forgery has a right signature.
	for _, name := range []string{"x-twitter", "braintree"} {
		if !answered[name] {
			t.Errorf("%s: no answer to a handshake was a right signature, so the test tries nothing", name)
		}
	}
}

// oracle plays a handshake with a text for its challenge and returns what may be a
// signature in the answer.
func (c *scheme) oracle(t *testing.T, v *provider.Verifier, h *spec.Handshake, text string) []string {
	t.Helper()
	r := provider.Request{Method: h.Method, URL: "https://hooks.octo-corp.example/" + c.row.Name, Headers: provider.HeaderList{{Name: "content-type", Value: "application/json"}}}
	kind, name, _ := strings.Cut(h.Challenge, ":")
	switch kind {
	case "query":
		r.Query = url.Values{name: {text}}.Encode()
		r.URL += "?" + r.Query
	case "json":
		r.Body = []byte(`{"event":"endpoint.url_validation","payload":{"plainToken":"` + strings.ReplaceAll(text, `"`, `\"`) + `"}}`)
	default:
		t.Fatalf("a challenge at %s, which the test does not play", h.Challenge)
	}
	handshake, err := v.Handshake(r, !h.Unsigned, true)
	if err != nil || handshake == nil {
		return nil // it is not answered, so there is nothing to try
	}
	return spelled.FindAllString(handshake.Answer.Body, -1)
}

// forged are deliveries whose signed text is text.
func (c *scheme) forged(text, signature string) []provider.Request {
	mark := c.s.Mark
	for name, value := range c.settings {
		mark = strings.ReplaceAll(mark, "{setting:"+name+"}", value)
	}
	for _, s := range c.row.Settings {
		mark = strings.ReplaceAll(mark, "{setting:"+s.Name+"}", s.Default)
	}
	written := mark + signature
	switch c.s.Layout {
	case spec.Pairs:
		written = mark + c.s.Assign + signature
		if c.s.Assign == "" {
			written = mark + "=" + signature
		}
	case spec.Versions:
		written = mark + "," + signature
	}
	var all []provider.Request
	for _, media := range []string{"", "application/json", "application/jwt", "application/x-www-form-urlencoded", "text/plain", "application/xml", "application/x-ndjson"} {
		headers := provider.HeaderList{{Name: "content-type", Value: media}, {Name: strings.TrimPrefix(c.s.Signature, "header:"), Value: written}}
		body := text
		if name, ok := strings.CutPrefix(c.s.Signature, "form:"); ok {
			field := regexp.MustCompile(`\{form:([^|}]+)`).FindStringSubmatch(c.s.Content + c.s.FormContent)
			body = url.Values{name: {written}, field[1]: {text}}.Encode()
		}
		all = append(all, provider.Request{Method: "POST", URL: "https://hooks.octo-corp.example/" + c.row.Name, Headers: headers, Body: []byte(body)})
	}
	return all
}

func TestCompile_refusesHandshakesThatSignDeliveries(t *testing.T) {
	row := func(change func(*provider.Provider)) *provider.Provider {
		p := &provider.Provider{Provider: spec.Provider{
			Name: "octo", ContentTypes: []string{"application/json"}, Facts: spec.Locators{Type: []string{"text:event"}},
			Schemes:    []spec.Scheme{{Name: "s", Kind: spec.HMAC, Hash: spec.SHA256, Family: spec.Family{Signature: "header:x-sig"}, Encoding: spec.Hex, Content: "{body}"}},
			Handshakes: []spec.Handshake{{Method: "GET", When: "query:c", Challenge: "query:c", Unsigned: true, Response: spec.Response{Kind: spec.HMAC, Hash: spec.SHA256, Encoding: spec.Hex, Content: "{challenge}"}, Answer: spec.Answer{ContentType: "text/plain", Body: "{response}"}}},
		}}
		change(p)
		return p
	}
	if err := row(func(*provider.Provider) {}).Compile(); err != nil {
		t.Fatalf("a bare challenge, which verify refuses as a body: %v", err)
	}
	for name, change := range map[string]func(*provider.Provider){
		"another text of the caller's": func(p *provider.Provider) { p.Handshakes[0].Response.Content = "{challenge}{query:more}" },
		"a challenge that is changed":  func(p *provider.Provider) { p.Handshakes[0].Response.Content = "{challenge|lower}" },
		"the URL":                      func(p *provider.Provider) { p.Handshakes[0].Response.Content = "{url}{challenge}" },
		"the tokens of deliveries": func(p *provider.Provider) {
			p.Schemes[0] = spec.Scheme{Name: "s", Kind: spec.JSONToken, Family: spec.Family{Signature: "header:x-sig"}, JWT: spec.JWT{Algorithms: []spec.Algorithm{spec.HS256}}, BodyUnsigned: true}
		},
	} {
		t.Run(name, func(t *testing.T) {
			if err := row(change).Compile(); !errors.Is(err, provider.ErrRow) {
				t.Errorf("got %v, want a fault of the row", err)
			}
		})
	}
}
