package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"webhookedge/kong/local"
)

// TestPublicURL_behindAProxy sends what Twilio signs for a public URL through a proxy
// that ends TLS, to gateways that trust it and that do not, on a route that strips its
// path and may be called under three hosts.
func TestPublicURL_behindAProxy(t *testing.T) {
	key := random()
	config := `_format_version: "3.0"
routes:
  - name: twilio
    paths: [/webhooks/twilio]
    strip_path: true
    plugins:
      - name: webhook-edge
        config:
          provider: twilio
          verify:
            secrets: [{value: "{vault://env/twilio-webhook-secret}"}]
            public_hosts: [hooks.example.com, "hooks.example.com:8443", "GATEWAY"]
          publish: {servers: ["{vault://env/nats-url}"], stream: {ensure: create}, broker_sync: always}
`
	const form = "From=%2B1&SmsStatus=delivered"
	tests := map[string]struct {
		signed    string // the URL that Twilio called
		forwarded []string
		query     string
		trusted   bool // the status is 200 behind a proxy that Kong trusts
		direct    bool // and where it trusts none
	}{
		"https":                          {"https://hooks.example.com/webhooks/twilio", []string{"X-Forwarded-Proto", "https", "X-Forwarded-Host", "hooks.example.com", "X-Forwarded-Port", "443"}, "", true, false},
		"https, and no port is told":     {"https://hooks.example.com/webhooks/twilio", []string{"X-Forwarded-Proto", "https", "X-Forwarded-Host", "hooks.example.com"}, "", true, false},
		"another port":                   {"https://hooks.example.com:8443/webhooks/twilio", []string{"X-Forwarded-Proto", "https", "X-Forwarded-Host", "hooks.example.com", "X-Forwarded-Port", "8443"}, "", true, false},
		"a port with the host":           {"https://hooks.example.com:8443/webhooks/twilio", []string{"X-Forwarded-Proto", "https", "X-Forwarded-Host", "hooks.example.com:8443"}, "", true, false},
		"a query, as it was written":     {"https://hooks.example.com/webhooks/twilio?b=2&a=%7e+", []string{"X-Forwarded-Proto", "https", "X-Forwarded-Host", "hooks.example.com"}, "?b=2&a=%7e+", true, false},
		"another host than was signed":   {"https://hooks.example.com/webhooks/twilio", []string{"X-Forwarded-Proto", "https", "X-Forwarded-Host", "evil.example.com"}, "", false, false},
		"another query than was signed":  {"https://hooks.example.com/webhooks/twilio?a=1", []string{"X-Forwarded-Proto", "https", "X-Forwarded-Host", "hooks.example.com"}, "?a=2", false, false},
		"a host that is not listed":      {"https://vendor.example.com/webhooks/twilio", []string{"X-Forwarded-Proto", "https", "X-Forwarded-Host", "vendor.example.com"}, "", false, false},
		"straight to Kong":               {"http://GATEWAY/webhooks/twilio", nil, "", true, true},
		"straight to Kong with a query":  {"http://GATEWAY/webhooks/twilio?a=1", nil, "?a=1", true, true},
		"signed for https, sent to http": {"https://GATEWAY/webhooks/twilio", nil, "", false, false},
	}
	for _, trusted := range []bool{true, false} {
		address := freeAddress(t)
		g := startGatewayWith(t, strings.Replace(config, "GATEWAY", address, 1), func(env map[string]string) { env["TWILIO_WEBHOOK_SECRET"] = key }, func(o *local.Options) {
			o.Listen = address
			if trusted {
				o.TrustedIPs = []string{"127.0.0.1"}
			}
		})
		for name, tc := range tests {
			t.Run(fmt.Sprintf("trusted %t/%s", trusted, name), func(t *testing.T) {
				signed := strings.Replace(tc.signed, "GATEWAY", address, 1)
				h := header(tc.forwarded...)
				h.Set("Content-Type", "application/x-www-form-urlencoded")
				h.Set("X-Twilio-Signature", b64(mac1(key, signed+"From+1SmsStatusdelivered")))
				want := http.StatusUnauthorized
				if trusted && tc.trusted || !trusted && tc.direct {
					want = http.StatusOK
				}
				if r := g.do(http.MethodPost, "/webhooks/twilio"+tc.query, h, form); r.status != want {
					t.Errorf("%d %s, want %d\n%s", r.status, r.body, want, g.logged())
				}
			})
		}
	}
}

// TestPublicURL_hostOfTheCallerIsNoProof sends what Twilio signed for another endpoint with
// the same secret, under that endpoint's host, to routes that know their hosts, their
// URL or neither; and what was signed for the route itself to one that lists its host.
func TestPublicURL_hostOfTheCallerIsNoProof(t *testing.T) {
	key := random()
	const form, vendor = "From=%2B1&SmsStatus=delivered", "vendor.example"
	routes := map[string]struct {
		setting string
		route   string
		host    string
		status  int
		answer  string
	}{
		"nothing":  {"", "", vendor, http.StatusInternalServerError, "misconfigured"},
		"url":      {", public_url: https://hooks.example.com/w/url", "", vendor, http.StatusUnauthorized, "signature_invalid"},
		"hosts":    {", public_hosts: [hooks.example.com]", "", vendor, http.StatusUnauthorized, "signature_invalid"},
		"route":    {"", "hosts: [hooks.example.com]", "hooks.example.com", http.StatusOK, ""},
		"domain":   {"", `hosts: ["*.example.com"]`, "hooks.example.com", http.StatusOK, ""},
		"anybody":  {"", `hosts: ["vendor.*"]`, vendor, http.StatusInternalServerError, "misconfigured"},
		"anybody2": {", public_hosts: [hooks.example.com]", `hosts: ["vendor.*"]`, vendor, http.StatusUnauthorized, "signature_invalid"},
	}
	text := "_format_version: \"3.0\"\nroutes:\n"
	for name, tc := range routes {
		text += fmt.Sprintf(`  - name: %[1]s
    paths: [/w/%[1]s]
    %[2]s
    plugins:
      - name: webhook-edge
        config:
          provider: twilio
          verify: {secrets: [{value: "{vault://env/twilio-webhook-secret}"}]%[3]s}
          publish: {servers: ["{vault://env/nats-url}"], stream: {ensure: create}, broker_sync: always}
`, name, tc.route, tc.setting)
	}
	g := startGateway(t, text, func(env map[string]string) { env["TWILIO_WEBHOOK_SECRET"] = key })
	for name, tc := range routes {
		t.Run(name, func(t *testing.T) {
			h := header("Content-Type", "application/x-www-form-urlencoded", "Host", tc.host)
			h.Set("X-Twilio-Signature", b64(mac1(key, "http://"+tc.host+"/w/"+name+"From+1SmsStatusdelivered")))
			if r := g.do(http.MethodPost, "/w/"+name, h, form); r.status != tc.status || !strings.Contains(r.body, tc.answer) {
				t.Errorf("%d %s, want %d %s", r.status, r.body, tc.status, tc.answer)
			}
		})
	}
	eventually(t, "the log says what to set", func() bool {
		return strings.Contains(g.logged(), "verify.public_url: ") && strings.Contains(g.logged(), "public_hosts")
	})
}
