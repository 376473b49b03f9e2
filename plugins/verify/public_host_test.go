package verify_test

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"errors"
	"net/url"
	"strings"
	"testing"

	"webhookedge/plugins/internal/config"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/verify"
)

// keyed is a config of a scheme with fresh keys and the examples of the row's
// settings, and the private key.
func keyed(t *testing.T, p *provider.Provider, scheme string) (c verify.Config, private string) {
	t.Helper()
	c.Scheme = scheme
	if s, _ := p.Scheme(scheme); s.Remote == nil {
		pair, err := p.NewKeyPair(scheme)
		if err != nil {
			t.Fatal(err)
		}
		c.Secrets, private = []verify.SecretConfig{{Value: config.NewSecret(pair.Public)}}, pair.Private
	}
	for _, s := range p.Settings {
		if s.Default == "" {
			c.Settings = append(c.Settings, verify.SettingConfig{Name: s.Name, Value: config.NewSecret(s.Example)})
		}
	}
	return c, private
}

// sampleOf is the row's first sample with a body, signed for a URL.
func sampleOf(t *testing.T, p *provider.Provider, scheme, private, called string) *pipeline.Delivery {
	t.Helper()
	given := map[string]string{}
	for _, s := range p.Settings {
		given[s.Name] = s.Example
	}
	signer, err := p.Signer(provider.Options{Scheme: scheme, Settings: given, Secrets: []provider.Secret{{Value: private}}})
	if err != nil {
		t.Fatal(err)
	}
	u := provider.Unsigned{URL: called, ID: "d1", At: at()}
	for _, u.Event = range p.SampleEvents() {
		if u.Body, u.ContentType, _ = p.Sample(u.Event); len(u.Body) > 0 {
			break
		}
	}
	signed, err := signer.Sign(u)
	if err != nil {
		t.Fatal(err)
	}
	at, err := url.Parse(signed.URL)
	if err != nil {
		t.Fatal(err)
	}
	d := &pipeline.Delivery{Method: signed.Method, Path: at.Path, RawQuery: at.RawQuery, PublicURL: signed.URL, Body: signed.Body}
	for _, h := range signed.Headers {
		d.Headers = append(d.Headers, pipeline.Header(h))
	}
	return d
}

// TestPublicHost_ofEveryScheme has a scheme that signs the host of its URL on a route
// that says nothing of it, and one that signs none on a route that does.
func TestPublicHost_ofEveryScheme(t *testing.T) {
	const called = "https://hooks.octo-corp.example/hooks"
	for _, p := range provider.Catalogue() {
		for _, s := range p.Schemes {
			t.Run(p.Name+"/"+s.Name, func(t *testing.T) {
				c, private := keyed(t, p, s.Name)
				_, err := verify.New(p, c, at)
				c.PublicHosts = []string{"hooks.octo-corp.example"}
				stage, herr := verify.New(p, c, at)
				if !p.SignsHost(&s) {
					if err != nil || !errors.Is(herr, verify.ErrConfig) || !strings.HasPrefix(herr.Error(), "public_hosts: ") {
						t.Errorf("without and with hosts: %v, %v", err, herr)
					}
					return
				}
				if !errors.Is(err, verify.ErrConfig) || !strings.HasPrefix(err.Error(), "public_url: ") {
					t.Errorf("the Host header is trusted: %v", err)
				}
				if herr != nil || private == "" {
					t.Fatal(herr)
				}
				d := sampleOf(t, p, s.Name, private, called)
				if err := stage.Handle(t.Context(), d); err != nil {
					t.Errorf("one of the hosts: %v", err)
				}
				elsewhere := sampleOf(t, p, s.Name, private, "https://vendor.example/hooks")
				if err := stage.Handle(t.Context(), elsewhere); !errors.Is(err, verify.ErrHost) {
					t.Errorf("signed for a host elsewhere, and sent with it: %v", err)
				}
				c.PublicURL = called
				stage, err = verify.New(p, c, at)
				if err != nil {
					t.Fatal(err)
				}
				d.PublicURL = "https://kong.internal:8443/hooks"
				if err := stage.Handle(t.Context(), d); err != nil {
					t.Errorf("public_url wins: %v", err)
				}
				if err := stage.Handle(t.Context(), elsewhere); !errors.Is(err, provider.ErrMismatch) && p.Name != "ebay" { // whose handshake alone names it
					t.Errorf("public_url wins, signed for a host elsewhere: %v", err)
				}
			})
		}
	}
}

func TestPublicHost_isComparedAsAWhole(t *testing.T) {
	p := row(t, "twilio")
	c := settings(secretText)
	c.ToleranceSeconds = 0
	c.PublicHosts = []string{"hooks.octo-corp.example", "hooks.octo-corp.example:8443", "192.0.2.1", "[2001:db8::1]:8443"}
	s := stage(t, p, c)
	for called, listed := range map[string]bool{
		"https://hooks.octo-corp.example/w/twilio":                      true,
		"http://hooks.octo-corp.example/w/twilio":                       true,
		"https://HOOKS.octo-corp.example/w/twilio":                      true,
		"https://hooks.octo-corp.example:8443/w/twilio":                 true,
		"https://192.0.2.1/w/twilio":                                    true,
		"https://[2001:db8::1]:8443/w/twilio":                           true,
		"https://hooks.octo-corp.example?x=/w/twilio":                   true,
		"http://vendor.example/w/twilio":                                false,
		"https://hooks.octo-corp.example:8444/w/twilio":                 false,
		"https://hooks.octo-corp.example.vendor.example/w/twilio":       false,
		"https://vendor.example/hooks.octo-corp.example":                false,
		"https://x@hooks.octo-corp.example/w/twilio":                    false,
		"https://vendor.example?https://hooks.octo-corp.example/twilio": false,
		"hooks.octo-corp.example/w/twilio":                              false,
		"":                                                              false,
	} {
		mac := hmac.New(sha1.New, []byte(secretText))
		mac.Write([]byte(called + "Bodyhi"))
		d := &pipeline.Delivery{Method: "POST", PublicURL: called, Body: []byte("Body=hi"), Headers: pipeline.Headers{
			{Name: "content-type", Value: "application/x-www-form-urlencoded"},
			{Name: "x-twilio-signature", Value: base64.StdEncoding.EncodeToString(mac.Sum(nil))},
		}}
		err := s.Handle(t.Context(), d)
		var reject *pipeline.Reject
		if listed && err != nil || !listed && (!errors.As(err, &reject) || reject.Code != pipeline.SignatureInvalid || !errors.Is(err, verify.ErrHost)) {
			t.Errorf("%q: %v", called, err)
		}
	}
}

func TestPublicHost_inAConfig(t *testing.T) {
	for host, good := range map[string]bool{
		"hooks.example.com": true, "hooks.example.com:8443": true, "localhost:8000": true, "192.0.2.1": true, "[2001:db8::1]": true,
		"": false, "https://hooks.example.com": false, "hooks.example.com/": false, "hooks.example.com/twilio": false, "*.example.com": false, "Hooks.example.com": false,
		"u@hooks.example.com": false, "hooks.example.com?x": false, "hooks example.com": false, ":8443": false, "hooks.example.com:x": false,
	} {
		c := settings(secretText)
		c.PublicHosts = []string{"ok.example.com", host}
		_, err := verify.New(row(t, "twilio"), c, at)
		if good && err != nil || !good && (!errors.Is(err, verify.ErrConfig) || !strings.HasPrefix(err.Error(), "public_hosts[1]: ")) {
			t.Errorf("%q: %v", host, err)
		}
	}
}
