package provider_test

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/spec"
)

func TestTopic_ofAnotherAccountIsRefused(t *testing.T) {
	p := lookup(t, "aws-sns")
	c := newScheme(t, p, p.Schemes[0])
	theirs := *c
	theirs.settings = map[string]string{"topic_arn": "arn:aws:sns:eu-central-1:666666666666:theirs"}
	r := theirs.sign(t, at(), c.pair.Private) // signed by Amazon all the same
	if _, err := c.verify(c.verifier(t), r, at()); !errors.Is(err, provider.ErrMalformed) {
		t.Errorf("got %v", err)
	}
	if err := p.Unpinned(nil); !errors.Is(err, provider.ErrOption) {
		t.Errorf("a route without the topic: %v", err)
	}
	if err := p.Unpinned(c.settings); err != nil {
		t.Errorf("a route with it: %v", err)
	}
}

// TestHandshake_signatureProvesNoDelivery plays who asks for the signature of a challenge of
// their own and sends the challenge as a delivery.
func TestHandshake_signatureProvesNoDelivery(t *testing.T) {
	payloads := []string{"17", "true", "a=", "a=b", "PHg+", base64.StdEncoding.EncodeToString([]byte("<notification><kind>x</kind></notification>")), "0123456789abcdef0123"}
	cases(t, func(t *testing.T, c *scheme) {
		for _, h := range c.row.Handshakes {
			if h.Response.Kind != spec.HMAC || !h.Unsigned {
				continue
			}
			v := c.verifier(t)
			for _, payload := range payloads {
				asked := ask(t, h, payload)
				handshake, err := v.Handshake(asked, false, false)
				if err != nil {
					continue // not signed
				}
				if json.Valid([]byte(payload)) {
					t.Errorf("%q was signed", payload)
				}
				if h.Response.HexChallenge && len(payload) != 20 {
					t.Errorf("%q was signed: %s", payload, handshake.Answer.Body)
				}
			}
		}
	})
}

// ask returns the request of a handshake with a challenge.
func ask(t *testing.T, h spec.Handshake, challenge string) provider.Request {
	t.Helper()
	r := provider.Request{Method: h.Method, URL: "https://h.example/", Headers: provider.HeaderList{}}
	if name, ok := strings.CutPrefix(h.Challenge, "query:"); ok {
		r.URL += "?" + name + "=" + url.QueryEscape(challenge)
		return r
	}
	when, ok := strings.CutPrefix(h.When, "json:")
	parent, name, nested := strings.Cut(strings.TrimPrefix(h.Challenge, "json:"), ".")
	if !ok || !nested || strings.Contains(name, ".") {
		t.Fatalf("a challenge at %s: say here how it is asked for", h.Challenge)
	}
	body, err := json.Marshal(map[string]any{when: h.Is, parent: map[string]string{name: challenge}})
	if err != nil {
		t.Fatal(err)
	}
	r.Body = body
	return r
}

func TestHandshake_challengeOfBraintreeIsNoDelivery(t *testing.T) {
	p := lookup(t, "braintree")
	c := newScheme(t, p, p.Schemes[0])
	payload := base64.StdEncoding.EncodeToString([]byte("<notification><kind>check</kind></notification>"))
	v := c.verifier(t)
	asked := provider.Request{Method: "GET", URL: "https://h.example/?bt_challenge=" + url.QueryEscape(payload), Headers: provider.HeaderList{}}
	if handshake, err := v.Handshake(asked, false, false); !errors.Is(err, provider.ErrChallenge) {
		t.Errorf("the payload of a delivery was signed: %+v, %v", handshake, err)
	}
	// As Braintree's own libraries: 20 to 32 hexadecimal digits.
	asked.URL = "https://h.example/?bt_challenge=20f9f8ed05f77439fe955c977e4c8a53"
	handshake, err := v.Handshake(asked, false, false)
	if err != nil {
		t.Fatal(err)
	}
	key := sha1.Sum([]byte(c.pair.Private))
	m := hmac.New(sha1.New, key[:])
	m.Write([]byte("20f9f8ed05f77439fe955c977e4c8a53"))
	if want := c.settings["public_key"] + "|" + hex.EncodeToString(m.Sum(nil)); handshake.Answer.Body != want {
		t.Errorf("answer %s, want %s", handshake.Answer.Body, want)
	}
}

// token makes a JWT of any header with a shared key.
func token(key, header, claims string) string {
	text := base64.RawURLEncoding.EncodeToString([]byte(header)) + "." + base64.RawURLEncoding.EncodeToString([]byte(claims))
	m := hmac.New(sha256.New, []byte(key))
	m.Write([]byte(text))
	return text + "." + base64.RawURLEncoding.EncodeToString(m.Sum(nil))
}

func TestJWT_refusesHeadersThatChangeItsMeaning(t *testing.T) {
	p := lookup(t, "vonage")
	c := newScheme(t, p, p.Schemes[0])
	body := []byte(`{"status":"delivered"}`)
	sum := sha256.Sum256(body)
	claims := fmt.Sprintf(`{"iss":"Vonage","iat":%d,"payload_hash":"%x"}`, at().Unix(), sum)
	tests := map[string]struct {
		header string
		good   bool
	}{
		"a plain one":                  {`{"alg":"HS256","typ":"JWT"}`, true},
		"a key id":                     {`{"alg":"HS256","kid":"x"}`, true},
		"addresses of keys":            {`{"alg":"HS256","jku":"https://evil.example/k","x5u":"https://evil.example/c"}`, true}, // nobody calls them
		"an extension that is needed":  {`{"alg":"HS256","crit":["exp"],"exp":1}`, false},
		"a payload that is not base64": {`{"alg":"HS256","b64":false,"crit":["b64"]}`, false},
		"an empty list of extensions":  {`{"alg":"HS256","crit":[]}`, false},
		"no algorithm":                 {`{"typ":"JWT"}`, false},
		"the algorithm none":           {`{"alg":"none"}`, false},
		"none in capitals":             {`{"alg":"NONE"}`, false},
		"another hash":                 {`{"alg":"HS512"}`, false},
		"an algorithm of public keys":  {`{"alg":"RS256"}`, false},
	}
	v := c.verifier(t)
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			r := provider.Request{Method: "POST", Body: body, Headers: provider.HeaderList{
				{Name: "content-type", Value: "application/json"}, {Name: "authorization", Value: "Bearer " + token(c.pair.Private, tc.header, claims)},
			}}
			if _, err := v.Verify(r, at()); (err == nil) != tc.good {
				t.Errorf("got %v", err)
			}
		})
	}
	for _, name := range []string{"no signature", "two more parts", "a part more"} {
		good := token(c.pair.Private, `{"alg":"HS256"}`, claims)
		text := map[string]string{"no signature": good[:strings.LastIndexByte(good, '.')+1], "two more parts": good + ".AA.AA", "a part more": good + ".AA"}[name]
		r := provider.Request{Method: "POST", Body: body, Headers: provider.HeaderList{{Name: "authorization", Value: "Bearer " + text}}}
		if _, err := v.Verify(r, at()); err == nil {
			t.Errorf("%s: passed", name)
		}
	}
}

// keySet writes public keys as a JWKS.
func keySet(t *testing.T, keys ...jose.JSONWebKey) string {
	t.Helper()
	text, err := json.Marshal(jose.JSONWebKeySet{Keys: keys})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestJWKS_refusesKeysOfOtherUses(t *testing.T) {
	p := lookup(t, "plaid")
	c := newScheme(t, p, p.Schemes[0])
	var set jose.JSONWebKeySet
	if err := json.Unmarshal([]byte(c.pair.Public), &set); err != nil {
		t.Fatal(err)
	}
	key := set.Keys[0]
	with := func(change func(*jose.JSONWebKey)) jose.JSONWebKey { k := key; change(&k); return k }
	odd := `{"keys":[{"kty":"XYZ","kid":"new"},` + keySet(t, key)[len(`{"keys":[`):]
	tests := map[string]struct {
		set    string
		usable bool
		good   bool
	}{
		"the key":                          {keySet(t, key), true, true},
		"a key alone":                      {strings.TrimSuffix(strings.TrimPrefix(keySet(t, key), `{"keys":[`), `]}`), true, true},
		"for this algorithm":               {keySet(t, with(func(k *jose.JSONWebKey) { k.Algorithm = "ES256" })), true, true},
		"for another algorithm":            {keySet(t, with(func(k *jose.JSONWebKey) { k.Algorithm = "ES384" })), true, false},
		"for encryption":                   {keySet(t, with(func(k *jose.JSONWebKey) { k.Use = "enc" })), false, false},
		"beside a key of an unknown kind":  {odd, true, true},
		"a shared key":                     {`{"keys":[{"kty":"oct","k":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}]}`, false, false},
		"no set":                           {`{"keys":{}}`, false, false},
		"nothing of a set":                 {`{"keys":[]}`, false, false},
		"a point that is not on the curve": {`{"keys":[{"kty":"EC","crv":"P-256","x":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE","y":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE"}]}`, false, false},
		"more keys than anybody publishes": {keySet(t, slicesRepeat(key, 33)...), false, false},
	}
	r := c.sign(t, at(), c.pair.Private)
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			v, err := p.Verifier(provider.Options{Secrets: []provider.Secret{{Value: tc.set}}})
			if (err == nil) != tc.usable {
				t.Fatalf("as a secret: %v", err)
			}
			if err != nil {
				return
			}
			if _, err := v.Verify(r, at()); (err == nil) != tc.good {
				t.Errorf("got %v", err)
			}
		})
	}
}

func slicesRepeat[T any](one T, n int) (all []T) {
	for range n {
		all = append(all, one)
	}
	return all
}

// TestPublicKeys_attemptsAreBounded has the right key behind more wrong ones
// than a delivery may cost.
func TestPublicKeys_attemptsAreBounded(t *testing.T) {
	p := lookup(t, "plaid")
	c := newScheme(t, p, p.Schemes[0])
	var wrong jose.JSONWebKeySet
	if err := json.Unmarshal([]byte(pair(t, p, p.Schemes[0], "2").Public), &wrong); err != nil {
		t.Fatal(err)
	}
	r := c.sign(t, at(), c.pair.Private)
	for n, want := range map[int]error{31: nil, 32: nil, 96: provider.ErrMismatch} {
		var o provider.Options
		for left, i := n, 0; left > 0; left, i = left-32, i+1 {
			k := wrong.Keys[0]
			k.KeyID = fmt.Sprint(i) // so that no two sets are the same
			o.Secrets = append(o.Secrets, provider.Secret{Value: keySet(t, slicesRepeat(k, min(left, 32))...)})
		}
		o.Secrets = append(o.Secrets, provider.Secret{Value: c.pair.Public})
		v, err := p.Verifier(o)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := v.Verify(r, at()); !errors.Is(err, want) {
			t.Errorf("behind %d wrong keys: %v", n, err)
		}
	}
}

func TestBorders_valueWithADelimiterIsRefused(t *testing.T) {
	p := lookup(t, "standard-webhooks")
	c := newScheme(t, p, p.Schemes[0])
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(c.pair.Private, "whsec_"))
	if err != nil {
		t.Fatal(err)
	}
	now := fmt.Sprint(at().Unix())
	for name, tc := range map[string]struct {
		id, timestamp string
		want          error
	}{
		"plain values":                 {"msg_1", now, nil},
		"a dot in the id":              {"msg.1", now, provider.ErrMalformed},
		"the time at the id's end":     {"msg_1." + now, now, provider.ErrMalformed},
		"a dot in the time":            {"msg_1", now + ".0", provider.ErrMalformed},
		"a line end in the id":         {"msg\n1", now, provider.ErrMalformed},
		"a byte of zero in the id":     {"msg\x001", now, provider.ErrMalformed},
		"an id of more than 256 bytes": {strings.Repeat("x", 257), now, provider.ErrMalformed},
	} {
		m := hmac.New(sha256.New, key)
		m.Write([]byte(tc.id + "." + tc.timestamp + ".{}")) // signed all the same
		r := provider.Request{Method: "POST", Body: []byte("{}"), Headers: provider.HeaderList{
			{Name: "webhook-id", Value: tc.id}, {Name: "webhook-timestamp", Value: tc.timestamp},
			{Name: "webhook-signature", Value: "v1," + base64.StdEncoding.EncodeToString(m.Sum(nil))},
		}}
		if _, err := c.verifier(t).Verify(r, at()); !errors.Is(err, tc.want) {
			t.Errorf("%s: got %v, want %v", name, err, tc.want)
		}
	}
}
