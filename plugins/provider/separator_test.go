package provider_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/spec"
)

// TestSeparator_betweenSignatures has lists whose separator is a blank, or versions with
// a comma between them as well.
func TestSeparator_betweenSignatures(t *testing.T) {
	const body = `{"id":"evt_1"}`
	secret := "octo-private-separators-0001"
	good, wrong := hexMAC(secret, body), hexMAC(secret, "x")
	tests := map[string]struct {
		layout    spec.Layout
		separator string
		header    string
		want      error
	}{
		"pairs apart by blanks, the second right":    {spec.Pairs, " ", "v1=" + wrong + " v1=" + good, nil},
		"pairs apart by blanks, all wrong":           {spec.Pairs, " ", "v1=" + wrong + " v1=" + wrong, provider.ErrMismatch},
		"pairs with commas where blanks are":         {spec.Pairs, " ", "v1=" + wrong + ",v1=" + good, provider.ErrMalformed},
		"pairs with two blanks":                      {spec.Pairs, " ", "v1=" + wrong + "  v1=" + good, provider.ErrMalformed},
		"versions with commas, the first right":      {spec.Versions, ", ", "v1," + good + ", v1," + wrong, nil},
		"versions with commas, the second right":     {spec.Versions, ", ", "v1," + wrong + ", v1," + good, nil},
		"versions with a comma behind the last":      {spec.Versions, ", ", "v1," + good + ",", provider.ErrMalformed},
		"versions apart by blanks, as none says":     {spec.Versions, "", "v1," + wrong + " v1," + good, nil},
		"versions apart by blanks with a comma more": {spec.Versions, "", "v1," + good + ", v1," + wrong, provider.ErrMismatch},
		"seventeen pairs":                            {spec.Pairs, " ", strings.Repeat("v1=00 ", 16) + "v1=" + good, provider.ErrMalformed},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			p := lookup(t, "github")
			p.Schemes[0] = spec.Scheme{
				Name: "v1", Kind: spec.HMAC, Hash: spec.SHA256, Family: spec.Family{Signature: "header:x-sig"}, Layout: tc.layout,
				Mark: "v1", Separator: tc.separator, Encoding: spec.Hex, Content: "{body}", Key: spec.KeyText,
			}
			if err := p.Compile(); err != nil {
				t.Fatal(err)
			}
			v := verifier(t, p, p.Schemes[0], provider.Secret{Value: secret})
			r := provider.Request{Method: "POST", Body: []byte(body), Headers: provider.HeaderList{{Name: "x-sig", Value: tc.header}}}
			if _, err := v.Verify(r, at()); !errors.Is(err, tc.want) {
				t.Errorf("got %v, want %v", err, tc.want)
			}
		})
	}
}

// TestFree_aTimeWithTheTextBehindIt has a signed time that holds what stands behind it.
func TestFree_aTimeWithTheTextBehindIt(t *testing.T) {
	const body, stamp = `{"id":"evt_1"}`, "2025-06-12T10:00:00.5"
	secret := "octo-private-free-times-0001"
	for content, want := range map[string]error{"v1:{timestamp|free}:{body}": nil, "v1:{timestamp}:{body}": provider.ErrMalformed} {
		p := lookup(t, "github")
		p.Schemes[0] = spec.Scheme{
			Name: "v1", Kind: spec.HMAC, Hash: spec.SHA256, Family: spec.Family{Signature: "header:x-sig", Timestamp: "header:x-time"},
			Encoding: spec.Hex, Content: content, TimeUnit: spec.RFC3339UTC, ToleranceSeconds: 300, Key: spec.KeyText,
		}
		if err := p.Compile(); err != nil {
			t.Fatal(err)
		}
		v := verifier(t, p, p.Schemes[0], provider.Secret{Value: secret})
		headers := provider.HeaderList{{Name: "x-sig", Value: hexMAC(secret, fmt.Sprintf("v1:%s:%s", stamp, body))}, {Name: "x-time", Value: stamp}}
		if _, err := v.Verify(provider.Request{Method: "POST", Body: []byte(body), Headers: headers}, at()); !errors.Is(err, want) {
			t.Errorf("%s: got %v, want %v", content, err, want)
		}
	}
}
