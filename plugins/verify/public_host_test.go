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
	"webhookedge/plugins/provider/catalogue"
	"webhookedge/plugins/verify"
)

// keyed is a config of a scheme with fresh keys and the examples of the row's
// settings, and the private key.
func keyed(t *testing.T, p *provider.Provider, scheme string) (c verify.Config, private string) {
	t.Helper()
	c.Scheme = scheme
	if s, _ := p.Scheme(scheme); s.Remote == nil || p.SignsHost(&s) { // keys of the settings are used in place of those that are published
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
	for _, u.Event = range catalogue.SampleEvents(p) {
		if u.Body, u.ContentType, _ = catalogue.Sample(p, u.Event); len(u.Body) > 0 {
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
	for _, p := range catalogue.All() {
		for _, s := range p.Schemes {
			t.Run(p.Name+"/"+s.Name, func(t *testing.T) {
				c, private := keyed(t, p, s.Name)
				silent, err := verify.New(p, c, at)
				c.PublicHosts = []string{"hooks.octo-corp.example"}
				stage, herr := verify.New(p, c, at)
				if !p.SignsHost(&s) {
					if err != nil || !errors.Is(herr, verify.ErrConfig) || !strings.HasPrefix(herr.Error(), "public_hosts: ") {
						t.Errorf("without and with hosts: %v, %v", err, herr)
					}
					return
				}
				if err := errors.Join(err, herr); err != nil || private == "" {
					t.Fatal(err)
				}
				d := sampleOf(t, p, s.Name, private, called)
				var reject *pipeline.Reject
				if err := silent.Handle(t.Context(), d); !errors.As(err, &reject) || reject.Code != pipeline.Misconfigured || !strings.Contains(err.Error(), "verify.public_url: ") {
					t.Errorf("the Host header is trusted: %v", err)
				}
				d.RouteHosts = []string{"hooks.octo-corp.example"}
				if err := silent.Handle(t.Context(), d); err != nil {
					t.Errorf("a host of the route: %v", err)
				}
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

// TestPublicHost_ofTheRoute has the hosts of Kong's route in place of settings.
func TestPublicHost_ofTheRoute(t *testing.T) {
	c := settings(secretText)
	c.ToleranceSeconds = 0
	s := stage(t, row(t, "twilio"), c)
	const called = "https://a.hooks.example:8443/w/twilio"
	for name, tc := range map[string]struct {
		called string
		hosts  []string
		want   pipeline.Code
	}{
		"it":                               {called, []string{"b.example", "a.hooks.example"}, pipeline.Accepted},
		"it in capital letters":            {called, []string{"A.hooks.example"}, pipeline.Accepted},
		"it with its port":                 {called, []string{"a.hooks.example:8443"}, pipeline.Accepted},
		"it with the usual port":           {"https://a.hooks.example/w", []string{"a.hooks.example:443"}, pipeline.Accepted},
		"a wildcard before it":             {called, []string{"*.hooks.example"}, pipeline.Accepted},
		"a wildcard with its port":         {called, []string{"*.hooks.example:8443"}, pipeline.Accepted},
		"two labels under a wildcard":      {called, []string{"*.example"}, pipeline.Accepted},
		"an address of IPv6":               {"https://[2001:db8::1]/w", []string{"[2001:db8::1]"}, pipeline.Accepted},
		"another":                          {called, []string{"hooks.example"}, pipeline.SignatureInvalid},
		"one that it ends with":            {"https://xhooks.example/w", []string{"hooks.example"}, pipeline.SignatureInvalid},
		"the name under a wildcard itself": {"https://hooks.example/w", []string{"*.hooks.example"}, pipeline.SignatureInvalid},
		"a name that ends so":              {"https://xhooks.example/w", []string{"*.hooks.example"}, pipeline.SignatureInvalid},
		"another port":                     {called, []string{"a.hooks.example:8444"}, pipeline.SignatureInvalid},
		"not the usual port":               {called, []string{"a.hooks.example:443"}, pipeline.SignatureInvalid},
		"anybody's domain":                 {called, []string{"a.hooks.*"}, pipeline.Misconfigured},
		"anybody's domain beside another":  {called, []string{"a.hooks.*", "b.example"}, pipeline.SignatureInvalid},
		"a URL without a host":             {"", []string{"a.hooks.example"}, pipeline.SignatureInvalid},
		"none":                             {called, nil, pipeline.Misconfigured},
	} {
		t.Run(name, func(t *testing.T) {
			d := twilioDelivery(tc.called)
			d.RouteHosts = tc.hosts
			got := pipeline.Accepted
			var reject *pipeline.Reject
			if err := s.Handle(t.Context(), d); errors.As(err, &reject) {
				got = reject.Code
			}
			if got != tc.want {
				t.Errorf("%v, want %v", got, tc.want)
			}
		})
	}
}

// twilioDelivery is a delivery that Twilio signed for a URL.
func twilioDelivery(called string) *pipeline.Delivery {
	mac := hmac.New(sha1.New, []byte(secretText))
	mac.Write([]byte(called + "Bodyhi"))
	return &pipeline.Delivery{Method: "POST", PublicURL: called, Body: []byte("Body=hi"), Headers: pipeline.Headers{
		{Name: "content-type", Value: "application/x-www-form-urlencoded"},
		{Name: "x-twilio-signature", Value: base64.StdEncoding.EncodeToString(mac.Sum(nil))},
	}}
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
		d := twilioDelivery(called)
		d.RouteHosts = []string{"vendor.example"} // public_hosts win
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
