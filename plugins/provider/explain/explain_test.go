package explain_test

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"hash"
	"net/url"
	"strings"
	"testing"
	"time"

	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/catalogue"
	"webhookedge/plugins/provider/explain"
)

const secret = "octoCorpTestSecret0001"

func now() time.Time { return time.Unix(1749722700, 0) }

func mac(h func() hash.Hash, key, text string) []byte {
	m := hmac.New(h, []byte(key))
	m.Write([]byte(text))
	return m.Sum(nil)
}

func hexMAC(key, text string) string { return hex.EncodeToString(mac(sha256.New, key, text)) }

// arrived is a delivery as it came in.
type arrived struct {
	provider string
	scheme   string
	keys     []string // the configured ones
	headers  provider.HeaderList
	body     string
	query    string
}

func githubs(body, signature string) arrived {
	return arrived{
		provider: "github", keys: []string{secret}, body: body,
		headers: provider.HeaderList{{Name: "content-type", Value: "application/json"}, {Name: "x-hub-signature-256", Value: signature}},
	}
}

func stripes(key, body string, at string) arrived {
	return arrived{
		provider: "stripe", keys: []string{key}, body: body,
		headers: provider.HeaderList{{Name: "stripe-signature", Value: "t=" + at + ",v1=" + hexMAC(key, at+"."+body)}},
	}
}

func slacks(body string) arrived {
	return arrived{
		provider: "github", keys: []string{secret}, body: body,
		headers: provider.HeaderList{
			{Name: "x-slack-request-timestamp", Value: "1749722700"},
			{Name: "x-slack-signature", Value: "v0=" + hexMAC(secret, "v0:1749722700:"+body)},
		},
	}
}

func plainHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// squares is a delivery to a URL with the query arrived that was signed with
// another one.
func squares(signed, query string) arrived {
	const body, address = `{"type":"payment.created"}`, "https://hooks.example.com/in?"
	return arrived{
		provider: "square", keys: []string{secret}, body: body, query: query,
		headers: provider.HeaderList{{Name: "x-square-hmacsha256-signature", Value: base64.StdEncoding.EncodeToString(mac(sha256.New, secret, address+signed+body))}},
	}
}

func doubled(a arrived) arrived {
	a.headers = append(a.headers, a.headers[len(a.headers)-1])
	return a
}

func examine(t *testing.T, a *arrived) []explain.Cause {
	t.Helper()
	row, ok := catalogue.Lookup(a.provider)
	if !ok {
		t.Fatal("no row")
	}
	c := explain.Case{
		Row: row, Options: provider.Options{Scheme: a.scheme}, Now: now(), Others: true,
		Request: provider.Request{Method: "POST", URL: "https://hooks.example.com/in", Headers: a.headers, Body: []byte(a.body)},
	}
	if a.query != "" {
		c.Request.URL += "?" + a.query
	}
	for _, key := range a.keys {
		c.Options.Secrets = append(c.Options.Secrets, provider.Secret{Value: key})
	}
	v, err := row.Verifier(c.Options)
	if err != nil {
		t.Fatal(err)
	}
	if _, c.Err = v.Verify(c.Request, c.Now); c.Err == nil {
		t.Fatal("the delivery is right")
	}
	return explain.Causes(c)
}

func TestCauses_found(t *testing.T) {
	const pretty = "{\n  \"a\": 1,\n  \"b\": \"\u00e9\"\n}"
	const compact = `{"a":1,"b":"` + "\u00e9" + `"}`
	standard := func(keyUsed string) arrived {
		body := `{"type":"user.created"}`
		return arrived{
			provider: "standard-webhooks", keys: []string{"whsec_" + base64.StdEncoding.EncodeToString([]byte(strings.Repeat("k", 24)))}, body: body,
			headers: provider.HeaderList{
				{Name: "webhook-id", Value: "msg_1"}, {Name: "webhook-timestamp", Value: "1749722700"},
				{Name: "webhook-signature", Value: "v1," + base64.StdEncoding.EncodeToString(mac(sha256.New, keyUsed, "msg_1.1749722700."+body))},
			},
		}
	}
	tests := map[string]struct {
		arrived arrived
		want    string
		proven  bool
		says    string
	}{
		"a line end was added":            {githubs(compact+"\n", "sha256="+hexMAC(secret, compact)), explain.BodyNewline, true, "line end behind"},
		"a line end was cut off":          {githubs(compact, "sha256="+hexMAC(secret, compact+"\n")), explain.BodyNewline, true, "missing"},
		"LF became CR LF":                 {githubs("{\r\n}", "sha256="+hexMAC(secret, "{\n}")), explain.BodyNewline, true, "LF to CR LF"},
		"indented JSON became compact":    {githubs(compact, "sha256="+hexMAC(secret, pretty)), explain.BodyRewritten, true, "indented by two"},
		"compact JSON became indented":    {githubs(pretty, "sha256="+hexMAC(secret, compact)), explain.BodyRewritten, true, "compact"},
		"Python's style became compact":   {githubs(compact, "sha256="+hexMAC(secret, `{"a": 1, "b": "\u00e9"}`)), explain.BodyRewritten, true, "blank after commas"},
		"the form was decoded":            {githubs(compact, "sha256="+hexMAC(secret, "payload="+url.QueryEscape(compact))), explain.BodyDecoded, true, "decoded one arrived"},
		"the secret has a line end":       {githubs(compact, "sha256="+hexMAC(secret+"\n", compact)), explain.KeyBlanks, true, "line end"},
		"base64 for hex":                  {githubs(compact, "sha256="+base64.StdEncoding.EncodeToString(mac(sha256.New, secret, compact))), explain.Encoding, true, "base64"},
		"no prefix":                       {githubs(compact, hexMAC(secret, compact)), explain.Encoding, true, "sha256="},
		"SHA-1 in the header of SHA-256":  {githubs(compact, "sha256="+hex.EncodeToString(mac(sha1.New, secret, compact))), explain.Algorithm, true, "sha1"},
		"a line end of CR LF was cut off": {githubs(compact, "sha256="+hexMAC(secret, compact+"\r\n")), explain.BodyNewline, true, "CR LF"},
		"PHP's style became compact":      {githubs(`{"a":"é/"}`, "sha256="+hexMAC(secret, `{"a":"\u00e9\/"}`)), explain.BodyRewritten, true, `\/`},
		"Go's style became compact":       {githubs(`{"a":"<"}`, "sha256="+hexMAC(secret, `{"a":"\u003c"}`)), explain.BodyRewritten, true, "u003c"},
		"indented, with a line end":       {githubs(compact, "sha256="+hexMAC(secret, pretty+"\n")), explain.BodyRewritten, true, "and a line end"},
		"a character beyond 16 bits":      {githubs(`{"a":"😀"}`, "sha256="+hexMAC(secret, `{"a":"\ud83d\ude00"}`)), explain.BodyRewritten, true, "escapes"},
		"hex in upper case":               {githubs(compact, "sha256="+strings.ToUpper(hexMAC(secret, compact))), explain.Encoding, true, "hex in upper case"},
		"another prefix":                  {githubs(compact, "v1="+hexMAC(secret, compact)), explain.Encoding, true, "v1= in front"},
		"a plain hash":                    {githubs(compact, "sha256="+plainHash(secret+compact)), explain.Algorithm, true, "plain sha256"},
		"as short as MD5":                 {githubs(compact, "sha256="+strings.Repeat("ab", 16)), explain.Algorithm, false, "md5"},
		"the query in another order":      {squares("a=1&b=2", "b=2&a=1"), explain.PublicURL, true, "another order"},
		"the query with other escapes":    {squares("a=x+y", "a=x%20y"), explain.PublicURL, true, "other escapes"},
		"another secret":                  {githubs(compact, "sha256="+hexMAC("another secret", compact)), explain.OtherKey, false, "another secret"},
		"cut in the middle":               {githubs(compact[:10], "sha256="+hexMAC(secret, compact)), explain.BodyTruncated, false, "ends in the middle"},
		"late":                            {stripes(secret, compact, "1749722000"), explain.Clock, true, "700 seconds in the past"},
		"early":                           {stripes(secret, compact, "1749723100"), explain.Clock, true, "400 seconds in the future"},
		"milliseconds":                    {stripes(secret, compact, "1749722700000"), explain.TimeUnit, true, "milliseconds"},
		"the text of a Standard secret":   {standard("whsec_" + base64.StdEncoding.EncodeToString([]byte(strings.Repeat("k", 24)))), explain.KeyForm, true, "undecoded"},
		"the text behind whsec_":          {standard(base64.StdEncoding.EncodeToString([]byte(strings.Repeat("k", 24)))), explain.KeyForm, true, "behind the prefix"},
		"a delivery of Slack for GitHub":  {slacks(compact), explain.OtherProvider, true, "slack"},
		"no header at all":                {arrived{provider: "github", keys: []string{secret}, body: compact}, explain.HeaderMissing, false, "x-hub-signature-256"},
		"the signature twice":             {doubled(githubs(compact, "sha256="+hexMAC(secret, compact))), explain.HeaderDoubled, true, "more than once"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			causes := examine(t, &tc.arrived)
			if len(causes) == 0 || causes[0].Name != tc.want || causes[0].Proven != tc.proven || !strings.Contains(causes[0].Text, tc.says) {
				t.Errorf("got %+v, want %s (proven %t) that says %q", causes, tc.want, tc.proven, tc.says)
			}
			for _, key := range tc.arrived.keys {
				if strings.Contains(fmt.Sprint(causes), key) {
					t.Errorf("a key is in %+v", causes)
				}
			}
		})
	}
}
