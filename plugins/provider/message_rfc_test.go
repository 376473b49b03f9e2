package provider_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/spec"
)

// Keys of RFC 9421, appendix B.1.
const (
	rfcRSA = `-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAr4tmm3r20Wd/PbqvP1s2
+QEtvpuRaV8Yq40gjUR8y2Rjxa6dpG2GXHbPfvMs8ct+Lh1GH45x28Rw3Ry53mm+
oAXjyQ86OnDkZ5N8lYbggD4O3w6M6pAvLkhk95AndTrifbIFPNU8PPMO7OyrFAHq
gDsznjPFmTOtCEcN2Z1FpWgchwuYLPL+Wokqltd11nqqzi+bJ9cvSKADYdUAAN5W
Utzdpiy6LbTgSxP7ociU4Tn0g5I6aDZJ7A8Lzo0KSyZYoA485mqcO0GVAdVw9lq4
aOT9v6d+nb4bnNkQVklLQ3fVAvJm+xdDOp9LCNCN48V2pnDOkFV6+U9nV5oyc6XI
2wIDAQAB
-----END PUBLIC KEY-----
`
	rfcP256 = `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqIVYZVLCrPZHGHjP17CTW0/+D9Lf
w0EkjqF7xB4FivAxzic30tMM4GF+hR6Dxh71Z50VGGdldkkDXZCnTNnoXQ==
-----END PUBLIC KEY-----
`
	rfcEd25519 = `-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=
-----END PUBLIC KEY-----
`
	rfcShared = "uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ=="
)

// rfcSender takes what the messages of the RFC cover, which is more or less than a
// webhook must.
func rfcSender(t testing.TB, m spec.Message, change func(*spec.Scheme)) *provider.Provider {
	t.Helper()
	s := spec.Scheme{
		Name: "rfc", Kind: spec.HTTPSignature, Message: m, Key: spec.KeyPEM,
		Family:   spec.Family{Signature: "header:signature", Timestamp: "pair:created"},
		TimeUnit: spec.Seconds, ToleranceSeconds: 300,
		BodyUnsigned: !m.Covers(spec.ContentDigest),
	}
	if change != nil {
		change(&s)
	}
	p, err := provider.New(spec.Provider{Name: "rfc", Title: "RFC 9421", Schemes: []spec.Scheme{s}, Facts: spec.Locators{Type: []string{"text:message"}}, ContentTypes: []string{"application/json"}, Custom: true})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// rfcRequest is the message test-request of appendix B.2.
func rfcRequest(input, signature string) provider.Request {
	return provider.Request{
		Method: "POST", URL: "https://example.com/foo?param=Value&Pet=dog", Body: []byte(`{"hello": "world"}`),
		Headers: provider.HeaderList{
			{Name: "host", Value: "example.com"},
			{Name: "date", Value: "Tue, 20 Apr 2021 02:07:55 GMT"},
			{Name: "content-type", Value: "application/json"},
			{Name: "content-digest", Value: "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:"},
			{Name: "content-length", Value: "18"},
			{Name: "signature-input", Value: input},
			{Name: "signature", Value: signature},
		},
	}
}

// rfcTime is created of every message of the appendix.
func rfcTime() time.Time { return time.Unix(1618884473, 0) }

func TestMessage_vectorsOfTheRFC(t *testing.T) {
	pss := spec.Message{Algorithms: []spec.MessageAlgorithm{spec.MessagePSS}}
	with := func(m spec.Message, components ...string) spec.Message { m.Components = components; return m }
	tests := map[string]struct {
		message          spec.Message
		key              string
		input, signature string
	}{
		"B.2.1, minimal": {
			pss, rfcRSA, `sig-b21=();created=1618884473;keyid="test-key-rsa-pss";nonce="b3k2pp5k7z-50gnwp.yemd"`,
			"sig-b21=:d2pmTvmbncD3xQm8E9ZV2828BjQWGgiwAaw5bAkgibUopemLJcWDy/lkbbHAve4cRAtx31Iq786U7it++wgGxbtRxf8Udx7zFZsckzXaJMkA7ChG52eSkFxykJeNqsrWH5S+oxNFlD4dzVuwe8DhTSja8xxbR/Z2cOGdCbzR72rgFWhzx2VjBqJzsPLMIQKhO4DGezXehhWwE56YCE+O6c0mKZsfxVrogUvA4HELjVKWmAvtl6UnCh8jYzuVG5WSb/QEVPnP5TmcAnLH1g+s++v6d4s8m0gCw1fV5/SITLq9mhho8K3+7EPYTU8IU1bLhdxO5Nyt8C8ssinQ98Xw9Q==:",
		},
		"B.2.2, selective": {
			with(pss, "@authority", "content-digest"), rfcRSA, `sig-b22=("@authority" "content-digest" "@query-param";name="Pet");created=1618884473;keyid="test-key-rsa-pss";tag="header-example"`,
			"sig-b22=:LjbtqUbfmvjj5C5kr1Ugj4PmLYvx9wVjZvD9GsTT4F7GrcQEdJzgI9qHxICagShLRiLMlAJjtq6N4CDfKtjvuJyE5qH7KT8UCMkSowOB4+ECxCmT8rtAmj/0PIXxi0A0nxKyB09RNrCQibbUjsLS/2YyFYXEu4TRJQzRw1rLEuEfY17SARYhpTlaqwZVtR8NV7+4UKkjqpcAoFqWFQh62s7Cl+H2fjBSpqfZUJcsIk4N6wiKYd4je2U/lankenQ99PZfB4jY3I5rSV2DSBVkSFsURIjYErOs0tFTQosMTAoxk//0RoKUqiYY8Bh0aaUEb0rQl3/XaVe4bXTugEjHSw==:",
		},
		"B.2.3, full": {
			with(pss, "@method", "@path", "@query", "@authority", "content-type", "content-digest"), rfcRSA,
			`sig-b23=("date" "@method" "@path" "@query" "@authority" "content-type" "content-digest" "content-length");created=1618884473;keyid="test-key-rsa-pss"`,
			"sig-b23=:bbN8oArOxYoyylQQUU6QYwrTuaxLwjAC9fbY2F6SVWvh0yBiMIRGOnMYwZ/5MR6fb0Kh1rIRASVxFkeGt683+qRpRRU5p2voTp768ZrCUb38K0fUxN0O0iC59DzYx8DFll5GmydPxSmme9v6ULbMFkl+V5B1TP/yPViV7KsLNmvKiLJH1pFkh/aYA2HXXZzNBXmIkoQoLd7YfW91kE9o/CCoC1xMy7JA1ipwvKvfrs65ldmlu9bpG6A9BmzhuzF8Eim5f8ui9eH8LZH896+QIF61ka39VBrohr9iyMUJpvRX2Zbhl5ZJzSRxpJyoEZAFL2FUo5fTIztsDZKEgM4cUA==:",
		},
		"B.2.5, HMAC": {
			spec.Message{Algorithms: []spec.MessageAlgorithm{spec.MessageHMAC}, Components: []string{"date", "@authority"}}, rfcShared,
			`sig-b25=("date" "@authority" "content-type");created=1618884473;keyid="test-shared-secret"`, "sig-b25=:pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=:",
		},
		"B.2.6, Ed25519": {
			spec.Message{Algorithms: []spec.MessageAlgorithm{spec.MessageEd25519}, Components: []string{"@method", "@path", "@authority"}}, rfcEd25519,
			`sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"`,
			"sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:",
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			p := rfcSender(t, tc.message, func(s *spec.Scheme) {
				if tc.key == rfcShared {
					s.Key = spec.KeyBase64
				}
			})
			v, err := p.Verifier(provider.Options{Secrets: []provider.Secret{{Value: tc.key}}})
			if err != nil {
				t.Fatal(err)
			}
			good := rfcRequest(tc.input, tc.signature)
			if proof, err := v.Verify(good, rfcTime()); err != nil || proof.Timestamp.Unix() != rfcTime().Unix() {
				t.Fatalf("%+v, %v", proof, err)
			}
			forged := good
			forged.Headers = changed(good, "signature-input", func(text string) []string { return []string{strings.Replace(text, "keyid=\"t", "keyid=\"T", 1)} })
			if _, err := v.Verify(forged, rfcTime()); !errors.Is(err, provider.ErrMismatch) {
				t.Errorf("with another keyid: %v", err)
			}
		})
	}
}

// TestMessage_ofAResponseIsRefused has the vector of B.2.4, which signs a response: its
// status is no component of a request. The signature itself, two numbers as they are, is
// that of the base that the RFC shows.
func TestMessage_ofAResponseIsRefused(t *testing.T) {
	const input = `("@status" "content-type" "content-digest" "content-length");created=1618884473;keyid="test-key-ecc-p256"`
	const signature = "wNmSUAhwb5LxtOtOpNa6W5xj067m5hFrj0XQ4fvpaCLx0NKocgPquLgyahnzDnDAUy5eCdlYUEkLIj+32oiasw=="
	p := rfcSender(t, spec.Message{Algorithms: []spec.MessageAlgorithm{spec.MessageP256}}, nil)
	v, err := p.Verifier(provider.Options{Secrets: []provider.Secret{{Value: rfcP256}}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := v.Verify(rfcRequest("sig-b24="+input, "sig-b24=:"+signature+":"), rfcTime()); !errors.Is(err, provider.ErrMalformed) {
		t.Errorf("got %v", err)
	}
}
