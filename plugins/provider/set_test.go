package provider_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/spec"
)

// TestToken_ofAnotherUseIsNoEvent holds that no other token of the same issuer, for the
// same audience and by the same key, is taken for a security event.
func TestToken_ofAnotherUseIsNoEvent(t *testing.T) {
	p := lookup(t, "shared-signals")
	c := newScheme(t, p, p.Schemes[0])
	v := c.verifier(t)
	claims := func(change func(map[string]any)) map[string]any {
		all := map[string]any{
			"iss": c.settings["issuer"], "aud": []string{"x", c.settings["audience"]}, "iat": at().Unix(), "jti": "1",
			"events": map[string]any{"https://schemas.openid.net/secevent/ssf/event-type/verification": map[string]any{}},
		}
		if change != nil {
			change(all)
		}
		return all
	}
	const set = "secevent+jwt"
	tests := map[string]struct {
		typ    string
		change func(map[string]any)
		want   error
	}{
		"a security event":                 {set, nil, nil},
		"one by its whole media type":      {"application/secevent+jwt", nil, nil},
		"one of years ago":                 {set, func(c map[string]any) { c["iat"] = at().AddDate(-3, 0, 0).Unix() }, nil},
		"an ID token":                      {"JWT", func(c map[string]any) { c["exp"], c["sub"] = at().Add(time.Hour).Unix(), "mona" }, provider.ErrMalformed},
		"an access token":                  {"at+jwt", func(c map[string]any) { c["exp"] = at().Add(time.Hour).Unix() }, provider.ErrMalformed},
		"a logout token":                   {"logout+jwt", nil, provider.ErrMalformed},
		"no type":                          {"", nil, provider.ErrMalformed},
		"another type that ends so":        {"x-secevent+jwt", nil, provider.ErrMalformed},
		"an expiry to come":                {set, func(c map[string]any) { c["exp"] = at().Add(time.Hour).Unix() }, provider.ErrMismatch},
		"an expiry that is an object":      {set, func(c map[string]any) { c["sub"] = map[string]any{} }, provider.ErrMalformed},
		"a subject at the top":             {set, func(c map[string]any) { c["sub"] = "mona" }, provider.ErrMismatch},
		"another issuer":                   {set, func(c map[string]any) { c["iss"] = "https://evil.example" }, provider.ErrMismatch},
		"an issuer with a slash":           {set, func(c map[string]any) { c["iss"] = c["iss"].(string) + "/" }, provider.ErrMismatch},
		"no issuer":                        {set, func(c map[string]any) { delete(c, "iss") }, provider.ErrMismatch},
		"another audience":                 {set, func(c map[string]any) { c["aud"] = "x" }, provider.ErrMismatch},
		"no audience":                      {set, func(c map[string]any) { delete(c, "aud") }, provider.ErrMismatch},
		"no id":                            {set, func(c map[string]any) { delete(c, "jti") }, provider.ErrMissing},
		"a time of issue to come":          {set, func(c map[string]any) { c["iat"] = at().Add(time.Hour).Unix() }, provider.ErrFuture},
		"a time from which it counts only": {set, func(c map[string]any) { c["nbf"] = at().Add(time.Hour).Unix() }, provider.ErrFuture},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			o := &jose.SignerOptions{}
			if tc.typ != "" {
				o = o.WithType(jose.ContentType(tc.typ))
			}
			signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: privateKey(t, c.pair.Private)}, o)
			if err != nil {
				t.Fatal(err)
			}
			payload, err := json.Marshal(claims(tc.change))
			if err != nil {
				t.Fatal(err)
			}
			token, err := signer.Sign(payload)
			if err != nil {
				t.Fatal(err)
			}
			text, err := token.CompactSerialize()
			if err != nil {
				t.Fatal(err)
			}
			r := request("application/secevent+jwt", text)
			if _, err := c.verify(v, r, at()); !errors.Is(err, tc.want) {
				t.Errorf("got %v, want %v", err, tc.want)
			}
			if tc.want != nil {
				return
			}
			for what, body := range map[string]string{"a line end behind": text + "\n", "a blank in front": " " + text, "a mark of UTF-8": "\ufeff" + text, "a token more": text + "." + text} {
				if _, err := c.verify(v, request("application/secevent+jwt", body), at()); err == nil {
					t.Errorf("%s: passed", what)
				}
			}
		})
	}
}

// The name of an event is that of its only member, and no other.
func TestName_isThatOfTheOnlyMember(t *testing.T) {
	p := lookup(t, "shared-signals")
	vector := readVector(t, filepath.Join("catalogue", "testdata", "shared-signals", "session_revoked.json"))
	head, rest, _ := strings.Cut(vector.Body, ".")
	_, tail, _ := strings.Cut(rest, ".")
	for events, want := range map[string]string{
		`{"urn:a":{}}`:            "urn:a",
		`{"urn:a":{"urn:b":{}}}`:  "urn:a",
		`{"urn:\u0061":null}`:     "urn:a",
		`{"urn:a":{},"urn:b":{}}`: "security-event",
		`{}`:                      "security-event",
		`"urn:a"`:                 "security-event",
		`["urn:a"]`:               "security-event",
		`null`:                    "security-event",
	} {
		body := head + "." + spec.Base64URLRaw.Encode([]byte(`{"jti":"1","more":{"events":{"urn:z":1}},"events":`+events+`}`)) + "." + tail
		facts, err := p.Describe(request("application/secevent+jwt", body))
		if err != nil || facts.Type != want {
			t.Errorf("%s: got %q, %v, want %q", events, facts.Type, err, want)
		}
	}
}

// TestInside_readsWhatATextSpells holds that broken texts inside of a payload have no
// facts, and that nothing beside the place is read.
func TestInside_readsWhatATextSpells(t *testing.T) {
	p := lookup(t, "google-play")
	body, err := os.ReadFile(filepath.Join("catalogue", "samples", "google-play", "subscriptionNotification.json"))
	if err != nil {
		t.Fatal(err)
	}
	good, err := p.Describe(request("application/json", string(body)))
	if err != nil || good.Type != "subscriptionNotification" || good.Tenant != "com.octo.shop" {
		t.Fatalf("%+v, %v", good, err)
	}
	for name, data := range map[string]string{
		"no base64":           `"%%%"`,
		"base64url":           `"_-8="`,
		"no padding":          `"e30"`,
		"two documents":       `"` + spec.Base64.Encode([]byte(`{}{"packageName":"a"}`)) + `"`,
		"a member twice":      `"` + spec.Base64.Encode([]byte(`{"packageName":"a","packageName":"b"}`)) + `"`,
		"a very deep one":     `"` + spec.Base64.Encode([]byte(strings.Repeat("[", 200)+strings.Repeat("]", 200))) + `"`,
		"a number":            `17`,
		"an object":           `{"packageName":"a"}`,
		"a flag for the name": `"` + spec.Base64.Encode([]byte(`{"packageName":true}`)) + `"`,
	} {
		facts, err := p.Describe(request("application/json", `{"message":{"messageId":"1","data":`+data+`},"packageName":"evil"}`))
		if err != nil || facts.Tenant != "" || facts.Type != "notification" || facts.ID != "1" {
			t.Errorf("%s: %+v, %v", name, facts, err)
		}
	}
}

// The address of the keys is a setting, which an engineer writes: it must be one that can
// only be meant so.
func TestKeyAddress_ofASettingIsChecked(t *testing.T) {
	p := lookup(t, "shared-signals")
	for address, allowed := range map[string]bool{
		"https://sso.octo-corp.example/jwks":      true,
		"http://sso.octo-corp.example/jwks":       false,
		"https://sso.octo-corp.example:8443/jwks": false,
		"https://mona@sso.octo-corp.example/jwks": false,
		"https://sso.octo-corp.example/jwks#x":    false,
		"sso.octo-corp.example/jwks":              false,
		"https:///jwks":                           false,
		"file:///etc/passwd":                      false,
		"https://*/jwks":                          false,
		"":                                        false,
	} {
		v, err := p.Verifier(provider.Options{Settings: map[string]string{"issuer": "i", "audience": "a", "jwks_uri": address}})
		if (err == nil) != allowed {
			t.Errorf("%q: %v", address, err)
			continue
		}
		if !allowed {
			continue
		}
		if got, err := v.KeyURL(request("application/secevent+jwt", "e30.e30.AA")); err != nil || got != address {
			t.Errorf("%q: the keys are fetched from %q, %v", address, got, err)
		}
	}
}
