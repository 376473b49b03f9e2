package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// request is a delivery that a signing completes.
type request struct {
	url    string // that the provider calls
	query  string // of what is sent to the gateway
	header http.Header
	body   string
	at     time.Time
}

// signing is a provider's way to sign, written from its documentation alone.
type signing struct {
	provider, scheme string // where they are not the name and the default
	settings         map[string]string
	method           string // POST if empty
	contentType      string // JSON if empty
	body             string
	config           string // the secret or public key, as the provider shows it
	sign             func(r *request)
}

// routeOf is a route for s.
func (s *signing) route(name string) string {
	provider := s.provider
	if provider == "" {
		provider = name
	}
	text := fmt.Sprintf(`  - name: %[1]s
    paths: [/second/%[1]s]
    plugins:
      - name: webhook-edge
        config:
          provider: %[2]s
          verify:
            public_url: %[3]s
            scheme: "%[4]s"
            secrets: [{value: "{vault://env/%[1]s-second}"}]
            settings:
`, name, provider, publicURL(name), s.scheme)
	if s.scheme == "" {
		text = strings.Replace(text, "            scheme: \"\"\n", "", 1)
	}
	for setting, value := range s.settings {
		text += fmt.Sprintf("              - {name: %s, value: %q}\n", setting, value)
	}
	if len(s.settings) == 0 {
		text = strings.TrimSuffix(text, "            settings:\n")
	}
	return text + `          publish: {servers: ["{vault://env/nats-url}"], stream: {ensure: create}, broker_sync: always}
`
}

func publicURL(name string) string { return "https://hooks.example.com/second/" + name }

// request makes a delivery.
func (s *signing) request(name string, at time.Time) *request {
	r := &request{url: publicURL(name), header: http.Header{}, body: s.body, at: at}
	r.header.Set("Content-Type", "application/json")
	if s.contentType != "" {
		r.header.Set("Content-Type", s.contentType)
	}
	s.sign(r)
	return r
}

func (s *signing) send(g *gateway, name string, r *request) response {
	method := s.method
	if method == "" {
		method = http.MethodPost
	}
	return g.do(method, "/second/"+name+r.query, r.header, r.body)
}

// TestSigning_secondImplementationIsVerified sends what the suite's own code signs, what
// it signs with other keys, and what was changed afterwards.
func TestSigning_secondImplementationIsVerified(t *testing.T) {
	all, strangers := signings(t), signings(t)
	text := "_format_version: \"3.0\"\nroutes:\n"
	for name, s := range all {
		text += s.route(name)
	}
	g := startGateway(t, text, func(env map[string]string) {
		for name, s := range all {
			env[variable(name, "second")] = s.config
		}
	})
	for name, s := range all {
		t.Run(name, func(t *testing.T) {
			if r := s.send(g, name, s.request(name, time.Now())); r.status/100 != 2 || r.header.Get("Webhook-Ack") != "broker" {
				t.Errorf("%+v\n%s", r, g.logged())
			}
			forged := strangers[name].request(name, time.Now())
			if r := s.send(g, name, forged); r.status/100 != 4 {
				t.Errorf("signed with another key: %+v", r)
			}
			bare := s.request(name, time.Now())
			for h := range bare.header {
				if h != "Content-Type" {
					bare.header.Del(h)
				}
			}
			bare.query, bare.body = "", s.body
			if r := s.send(g, name, bare); r.status/100 != 4 {
				t.Errorf("not signed: %+v", r)
			}
		})
	}
	for name, s := range all {
		if strings.Contains(g.logged(), s.config) {
			t.Errorf("the secret of %s is in the log", name)
		}
	}
	for _, kind := range []string{"hmac", "digest", "ed25519", "ecdsa", "rsa", "jwt with a shared key", "jwt with a public key", "token", "basic", "http-signature", "jws"} {
		if name := ofKind()[kind]; all[name] == nil {
			t.Errorf("no signing of the kind %s", kind)
		}
	}
}

// ofKind names a signing of each kind that a provider of the catalogue uses.
func ofKind() map[string]string {
	return map[string]string{
		"hmac": "github", "digest": "hubspot-v1", "ed25519": "discord", "ecdsa": "sendgrid", "rsa": "paypal",
		"jwt with a shared key": "vonage", "jwt with a public key": "plaid", "token": "telegram", "basic": "azure-devops", "http-signature": "message-hmac", "jws": "saleor",
	}
}

// TestSigning_coversEveryKind fails when the catalogue has a kind of scheme that the
// second implementation does not know.
func TestSigning_coversEveryKind(t *testing.T) {
	known := map[string]bool{"": true, "hmac": true, "digest": true, "ed25519": true, "ecdsa": true, "rsa": true, "jwt": true, "token": true, "basic": true, "http-signature": true, "jws": true}
	for _, p := range catalogue(t) {
		for _, s := range p.Schemes {
			if !known[s.Kind] {
				t.Errorf("%s signs by %s: add a signing of it", p.Name, s.Kind)
			}
		}
	}
}
