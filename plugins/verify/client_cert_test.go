package verify_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/netip"
	"strings"
	"testing"

	"webhookedge/plugins/internal/config"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/spec"
	"webhookedge/plugins/verify"
)

// certified is a row of a sender that shows a client certificate.
func certified(t *testing.T) *provider.Provider {
	t.Helper()
	p := &provider.Provider{Provider: spec.Provider{
		Name: "octo-mtls", Title: "Octo", Facts: spec.Locators{Type: []string{"text:event"}}, ContentTypes: []string{"application/json"},
		Schemes: []spec.Scheme{{Name: "mtls", Kind: spec.ClientCert, Key: spec.KeyPrint, Family: spec.Family{Signature: "header:x-client-cert"}}},
	}}
	if err := p.Compile(); err != nil {
		t.Fatal(err)
	}
	return p
}

func fingerprint() string {
	sum := sha256.Sum256([]byte("a certificate"))
	return hex.EncodeToString(sum[:])
}

func TestClientCert_acceptedFromProxiesOnly(t *testing.T) {
	c := verify.Config{Secrets: []verify.SecretConfig{{Value: config.NewSecret(fingerprint())}}, ClientCertFrom: []string{"10.0.0.0/24", "192.0.2.7", "2001:db8::/64"}}
	s := stage(t, certified(t), c)
	if !s.NeedsConnection() {
		t.Error("the peer is not asked for")
	}
	tests := map[string]struct {
		peer  string
		shown []string
		good  bool
	}{
		"a proxy":                            {"10.0.0.9", []string{fingerprint()}, true},
		"a proxy by its address":             {"192.0.2.7", []string{fingerprint()}, true},
		"a proxy in another form":            {"::ffff:10.0.0.9", []string{fingerprint()}, true},
		"a proxy over IPv6":                  {"2001:db8::1", []string{fingerprint()}, true},
		"a proxy, with colons":               {"10.0.0.9", []string{strings.ToUpper(colons(fingerprint()))}, true},
		"anybody":                            {"10.0.1.9", []string{fingerprint()}, false},
		"a neighbour":                        {"192.0.2.8", []string{fingerprint()}, false},
		"nobody knows who":                   {"", []string{fingerprint()}, false},
		"a proxy with another certificate":   {"10.0.0.9", []string{strings.Repeat("0", 64)}, false},
		"a proxy without one":                {"10.0.0.9", nil, false},
		"a client's header beside a proxy's": {"10.0.0.9", []string{fingerprint(), strings.Repeat("0", 64)}, false},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			d := &pipeline.Delivery{Method: "POST", Body: []byte("{}")}
			if tc.peer != "" {
				d.Peer = netip.MustParseAddr(tc.peer)
			}
			for _, value := range tc.shown {
				d.Headers = append(d.Headers, pipeline.Header{Name: "x-client-cert", Value: value})
			}
			err := s.Handle(t.Context(), d)
			var reject *pipeline.Reject
			if (err == nil) != tc.good || err != nil && (!errors.As(err, &reject) || reject.Code != pipeline.SignatureInvalid) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func colons(digits string) string {
	var pairs []string
	for i := 0; i < len(digits); i += 2 {
		pairs = append(pairs, digits[i:i+2])
	}
	return strings.Join(pairs, ":")
}

func TestClientCert_requiresProxies(t *testing.T) {
	secrets := []verify.SecretConfig{{Value: config.NewSecret(fingerprint())}}
	for name, from := range map[string][]string{
		"nobody": nil, "everybody": {"0.0.0.0/0"}, "everybody over IPv6": {"::/0"}, "no address": {"proxy.internal"}, "one of two": {"10.0.0.1", "10.0.0.0/33"}, "IPv4 in IPv6": {"::ffff:10.0.0.0/104"},
	} {
		if _, err := verify.New(certified(t), verify.Config{Secrets: secrets, ClientCertFrom: from}, at); !errors.Is(err, verify.ErrConfig) || !strings.HasPrefix(err.Error(), "client_cert_from") {
			t.Errorf("%s: %v", name, err)
		}
	}
	c := settings(secretText)
	c.ClientCertFrom = []string{"10.0.0.1"}
	if _, err := verify.New(row(t, "github"), c, at); !errors.Is(err, verify.ErrConfig) {
		t.Errorf("for a scheme without certificates: %v", err)
	}
}
