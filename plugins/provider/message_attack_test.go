package provider_test

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/spec"
)

// messageKey is a key of a sender whose messages the tests write themselves.
func messageKey() ed25519.PrivateKey {
	seed := sha256.Sum256([]byte("octo-corp-message-key"))
	return ed25519.NewKeyFromSeed(seed[:])
}

// messageJWK is its public key.
func messageJWK(alg string) string {
	x := base64.RawURLEncoding.EncodeToString(messageKey().Public().(ed25519.PublicKey))
	return `{"kty":"OKP","crv":"Ed25519","kid":"octo-1","alg":"` + alg + `","x":"` + x + `"}`
}

// message is a delivery that is signed whatever it says.
type message struct {
	label, input string // of the signature, with its parameters
	lines        []string
	headers      [][2]string
	body         string
}

// goodMessage is one that the row http-message-signatures takes.
func goodMessage() *message {
	m := &message{label: "sig1", body: `{"id":"1","type":"order.created"}`}
	m.input = fmt.Sprintf(`("@method" "@target-uri" "content-digest");created=%d;keyid="octo-1"`, at().Unix())
	m.headers = [][2]string{{"content-type", "application/json"}, {"content-digest", digestOf(m.body)}}
	m.lines = []string{`"@method": POST`, `"@target-uri": https://h.example/x?a=b`, `"content-digest": ` + digestOf(m.body)}
	return m
}

func digestOf(body string) string {
	sum := sha256.Sum256([]byte(body))
	return "sha-256=:" + base64.StdEncoding.EncodeToString(sum[:]) + ":"
}

func (m *message) sign() string {
	base := strings.Join(append(m.lines, `"@signature-params": `+m.input), "\n")
	return base64.StdEncoding.EncodeToString(ed25519.Sign(messageKey(), []byte(base)))
}

func (m *message) request() provider.Request {
	headers := provider.HeaderList{{Name: "signature-input", Value: m.label + "=" + m.input}, {Name: "signature", Value: m.label + "=:" + m.sign() + ":"}}
	for _, h := range m.headers {
		headers = append(headers, spec.Header{Name: h[0], Value: h[1]})
	}
	return provider.Request{Method: "POST", URL: "https://h.example/x?a=b", Body: []byte(m.body), Headers: headers}
}

// swap changes the parameters or the components of m, which are signed then.
func (m *message) swap(was, is string) *message {
	m.input = strings.Replace(m.input, was, is, 1)
	return m
}

func messageVerifier(t testing.TB, jwk string, settings map[string]string) *provider.Verifier {
	t.Helper()
	v, err := lookup(t, "http-message-signatures").Verifier(provider.Options{Secrets: []provider.Secret{{Value: jwk}}, Settings: settings})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestMessage_attacks has deliveries whose signature is right for what it says, and
// what it says is not enough, and those that were changed on their way.
func TestMessage_attacks(t *testing.T) {
	cover := func(input string, lines ...string) func() provider.Request {
		return func() provider.Request {
			m := goodMessage()
			m.input, m.lines = fmt.Sprintf(`%s;created=%d;keyid="octo-1"`, input, at().Unix()), lines
			return m.request()
		}
	}
	changedTo := func(name, value string) func() provider.Request {
		return func() provider.Request {
			r := goodMessage().request()
			r.Headers = changed(r, name, func(string) []string { return []string{value} })
			return r
		}
	}
	swap := func(was, is string) func() provider.Request {
		return func() provider.Request { return goodMessage().swap(was, is).request() }
	}
	digest := func(value string) func() provider.Request {
		return func() provider.Request {
			m := goodMessage()
			m.headers[1][1], m.lines[2] = value, `"content-digest": `+value
			return m.request()
		}
	}
	body := goodMessage().body
	created := fmt.Sprintf("created=%d", at().Unix())
	const post, target = `"@method": POST`, `"@target-uri": https://h.example/x?a=b`
	tests := map[string]struct {
		request func() provider.Request
		want    error
	}{
		"a good one":                               {goodMessage().request, nil},
		"authority, path and query for the URL":    {cover(`("@method" "@authority" "@path" "@query" "content-digest")`, post, `"@authority": h.example`, `"@path": /x`, `"@query": ?a=b`, `"content-digest": `+digestOf(body)), nil},
		"the body left open":                       {cover(`("@method" "@target-uri")`, post, target), provider.ErrMalformed},
		"the endpoint left open":                   {cover(`("@method" "content-digest")`, post, `"content-digest": `+digestOf(body)), provider.ErrMalformed},
		"the method left open":                     {cover(`("@target-uri" "content-digest")`, target, `"content-digest": `+digestOf(body)), provider.ErrMalformed},
		"the query left open":                      {cover(`("@method" "@authority" "@path" "content-digest")`, post, `"@authority": h.example`, `"@path": /x`, `"content-digest": `+digestOf(body)), provider.ErrMalformed},
		"the path left open":                       {cover(`("@method" "@authority" "@query" "content-digest")`, post, `"@authority": h.example`, `"@query": ?a=b`, `"content-digest": `+digestOf(body)), provider.ErrMalformed},
		"a component twice":                        {cover(`("@method" "@method" "@target-uri" "content-digest")`, post, post, target, `"content-digest": `+digestOf(body)), provider.ErrMalformed},
		"a component of the request of a response": {cover(`("@method";req "@target-uri" "content-digest")`, `"@method";req: POST`, target, `"content-digest": `+digestOf(body)), provider.ErrMalformed},
		"the digest of a trailer":                  {cover(`("@method" "@target-uri" "content-digest";tr)`, post, target, `"content-digest";tr: `+digestOf(body)), provider.ErrMalformed},
		"one key of the digest":                    {cover(`("@method" "@target-uri" "content-digest";key="sha-256")`, post, target, `"content-digest";key="sha-256": `+strings.TrimPrefix(digestOf(body), "sha-256=")), provider.ErrMalformed},
		"a status":                                 {cover(`("@method" "@target-uri" "content-digest" "@status")`, post, target, `"content-digest": `+digestOf(body), `"@status": 200`), provider.ErrMalformed},
		"a header that is not there":               {cover(`("@method" "@target-uri" "content-digest" "x-none")`, post, target, `"content-digest": `+digestOf(body), `"x-none": `), provider.ErrMissing},
		"components that are tokens":               {cover(`(@method)`), provider.ErrMalformed},
		"components that are no strings":           {cover(`(method target)`), provider.ErrMalformed},
		"an item in place of the list":             {cover(`"@method"`, post), provider.ErrMalformed},
		"another body":                             {func() provider.Request { r := goodMessage().request(); r.Body = []byte(`{"id":"2"}`); return r }, provider.ErrMismatch},
		"a body with its digest, unsigned":         {changedTo("content-digest", digestOf("{}")), provider.ErrMismatch},
		"another method":                           {func() provider.Request { r := goodMessage().request(); r.Method = "PUT"; return r }, provider.ErrMismatch},
		"another host":                             {func() provider.Request { r := goodMessage().request(); r.URL = "https://e.example/x?a=b"; return r }, provider.ErrMismatch},
		"no public URL":                            {func() provider.Request { r := goodMessage().request(); r.URL = ""; return r }, provider.ErrMalformed},
		"a digest by MD5":                          {digest("md5=:AAAAAAAAAAAAAAAAAAAAAA==:"), provider.ErrMalformed},
		"a digest by MD5 beside a good one":        {digest("md5=:AAAAAAAAAAAAAAAAAAAAAA==:, " + digestOf(body)), nil},
		"two digests, one wrong":                   {digest(digestOf(body) + ", sha-512=:" + strings.Repeat("A", 86) + "==:"), provider.ErrMismatch},
		"a digest twice":                           {digest(digestOf(body) + ", " + digestOf("{}")), provider.ErrMalformed},
		"a digest in hexadecimal":                  {digest("sha-256=" + strings.Repeat("ab", 32)), provider.ErrMalformed},
		"a digest of another length":               {digest("sha-256=:AAAA:"), provider.ErrMismatch},
		"a digest with loose bits":                 {digest(strings.Replace(digestOf(body), "=:", "x:", 1)), provider.ErrMalformed},
		"no time":                                  {swap(";"+created, ""), provider.ErrMissing},
		"a time as a string":                       {swap(created, strings.Replace(created, "=", `="`, 1)+`"`), provider.ErrMalformed},
		"a time with a zero in front":              {swap("created=", "created=0"), provider.ErrMalformed},
		"a time before 1970":                       {swap("created=", "created=-"), provider.ErrMalformed},
		"a time twice":                             {swap(created, created+";"+created), provider.ErrMalformed},
		"a time of last year":                      {swap(created, "created=1718186400"), provider.ErrStale},
		"a time of next year":                      {swap(created, "created=1781258400"), provider.ErrFuture},
		"no key id":                                {swap(`;keyid="octo-1"`, ""), provider.ErrMalformed},
		"an empty key id":                          {swap("octo-1", ""), provider.ErrMalformed},
		"another key id":                           {swap("octo-1", "octo-2"), provider.ErrMismatch},
		"a key id that is a token":                 {swap(`"octo-1"`, "octo-1"), provider.ErrMalformed},
		"the algorithm of the key":                 {swap(";keyid", `;alg="ed25519";keyid`), nil},
		"another algorithm":                        {swap(";keyid", `;alg="ecdsa-p256-sha256";keyid`), provider.ErrMismatch},
		"a MAC under the public key":               {swap(";keyid", `;alg="hmac-sha256";keyid`), provider.ErrMismatch},
		"the algorithm none":                       {swap(";keyid", `;alg="none";keyid`), provider.ErrMismatch},
		"an algorithm that is a token":             {swap(";keyid", `;alg=ed25519;keyid`), provider.ErrMalformed},
		"an expiry to come":                        {swap(";keyid", fmt.Sprintf(";expires=%d;keyid", at().Unix()+60)), nil},
		"an expiry that is over":                   {swap(created, fmt.Sprintf("created=%d;expires=%d", at().Unix()-200, at().Unix()-61)), provider.ErrStale},
		"an expiry before it was made":             {swap(";keyid", fmt.Sprintf(";expires=%d;keyid", at().Unix())), provider.ErrMalformed},
		"an expiry that is a string":               {swap(";keyid", `;expires="1";keyid`), provider.ErrMalformed},
		"an unknown parameter":                     {swap(";keyid", `;x=:aGk=:;keyid`), nil},
		"another label beside it":                  {func() provider.Request { return withSecond(goodMessage().request(), "sig2", "sig2") }, provider.ErrRepeated},
		"its label for the other":                  {changedTo("signature", "sig2=:AAAA:"), provider.ErrMissing},
		"a signature that is a list":               {changedTo("signature", "sig1=(:AAAA:)"), provider.ErrMalformed},
		"a signature that is text":                 {changedTo("signature", `sig1="AAAA"`), provider.ErrMalformed},
		"no signature in its place":                {changedTo("signature", "sig1=::"), provider.ErrMalformed},
		"a signature with a parameter":             {changedTo("signature", "sig1=:"+goodMessage().sign()+":;p"), provider.ErrMalformed},
		"a signature of the older draft":           {changedTo("signature", `keyId="octo-1",headers="(request-target)",signature="AAAA"`), provider.ErrMalformed},
		"seventeen signatures":                     {changedTo("signature-input", strings.Repeat("a", 1)+"=()"+strings.Repeat(", b=()", 17)), provider.ErrMalformed},
		"100,000 bytes":                            {changedTo("signature-input", "sig1=("+strings.Repeat(`"x" `, 25_000)+")"), provider.ErrMalformed},
	}
	v := messageVerifier(t, messageJWK("EdDSA"), nil)
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if _, err := v.Verify(tc.request(), at()); !errors.Is(err, tc.want) {
				t.Errorf("got %v, want %v", err, tc.want)
			}
		})
	}
}

// withSecond adds a signature of a stranger's, each header as a line of its own.
func withSecond(r provider.Request, input, signature string) provider.Request {
	r.Headers = append(list(r), spec.Header{Name: "signature-input", Value: input + `=();created=1;keyid="stranger"`}, spec.Header{Name: "signature", Value: signature + "=:AAAA:"})
	return r
}

func TestMessage_oneLabelOfSeveralCounts(t *testing.T) {
	v := messageVerifier(t, messageJWK("EdDSA"), map[string]string{"label": "sig1"})
	good := goodMessage().request()
	other := goodMessage()
	other.label = "sig2"
	for name, tc := range map[string]struct {
		request provider.Request
		want    error
	}{
		"the label alone":             {good, nil},
		"beside a proxy's":            {withSecond(good, "proxy", "proxy"), nil},
		"beside itself":               {withSecond(good, "sig1", "sig1"), provider.ErrMalformed},
		"beside another of its input": {withSecond(good, "sig1", "proxy"), provider.ErrMalformed},
		"under another label alone":   {other.request(), provider.ErrMissing},
	} {
		if _, err := v.Verify(tc.request, at()); !errors.Is(err, tc.want) {
			t.Errorf("%s: got %v, want %v", name, err, tc.want)
		}
	}
}

// TestMessage_keyDecidesTheAlgorithm has JSON Web Keys that say what they are for.
func TestMessage_keyDecidesTheAlgorithm(t *testing.T) {
	for alg, want := range map[string]error{"": nil, "EdDSA": nil, "ed25519": nil, "ES256": provider.ErrMismatch, "HS256": provider.ErrMismatch} {
		if _, err := messageVerifier(t, messageJWK(alg), nil).Verify(goodMessage().request(), at()); !errors.Is(err, want) {
			t.Errorf("%s: got %v, want %v", alg, err, want)
		}
	}
	p := lookup(t, "http-message-signatures")
	for name, o := range map[string]provider.Options{
		"an Ed25519 key where RSA is wanted": {Scheme: "rsa-v1_5-sha256", Secrets: []provider.Secret{{Value: messageJWK("EdDSA")}}},
		"a public key as a shared secret":    {Scheme: "hmac-sha256", Secrets: []provider.Secret{{Value: messageJWK("EdDSA")}}},
		"an address that is none":            {Scheme: "jwks", Settings: map[string]string{"jwks_host": "keys.example/x"}},
		"an address with a user":             {Scheme: "jwks", Settings: map[string]string{"jwks_host": "a@keys.example"}},
		"no address":                         {Scheme: "jwks"},
	} {
		if _, err := p.Verifier(o); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

func TestMessage_rowsThatCannotBeSafeAreRefused(t *testing.T) {
	good := spec.Message{Algorithms: []spec.MessageAlgorithm{spec.MessageEd25519}, Components: []string{"content-digest"}}
	for name, change := range map[string]func(*spec.Scheme){
		"no algorithm":             func(s *spec.Scheme) { s.Message.Algorithms = nil },
		"an unknown algorithm":     func(s *spec.Scheme) { s.Message.Algorithms = []spec.MessageAlgorithm{"none"} },
		"a MAC beside public keys": func(s *spec.Scheme) { s.Message.Algorithms = append(s.Message.Algorithms, spec.MessageHMAC) },
		"two of RSA": func(s *spec.Scheme) {
			s.Message.Algorithms = []spec.MessageAlgorithm{spec.MessagePSS, spec.MessagePKCS1}
		},
		"a body that is left open":   func(s *spec.Scheme) { s.Message.Components = []string{"@method"} },
		"a body as a choice":         func(s *spec.Scheme) { s.Message.Components = []string{"content-digest|@method"} },
		"a body where there is one":  func(s *spec.Scheme) { s.Message.Components = []string{"content-digest?"} },
		"an unknown component":       func(s *spec.Scheme) { s.Message.Components = append(s.Message.Components, "@status") },
		"an unknown parameter":       func(s *spec.Scheme) { s.Message.Parameters = []string{"iat"} },
		"another header":             func(s *spec.Scheme) { s.Signature = "header:x-signature" },
		"a time that is not signed":  func(s *spec.Scheme) { s.Timestamp = "header:date" },
		"another parameter for time": func(s *spec.Scheme) { s.Timestamp = "pair:expires" },
		"an id that is not covered":  func(s *spec.Scheme) { s.ID = "header:x-id" },
		"a time without a tolerance": func(s *spec.Scheme) { s.ToleranceSeconds = 0 },
		"a text of its own":          func(s *spec.Scheme) { s.Content = "{body}" },
	} {
		s := spec.Scheme{Name: "m", Kind: spec.HTTPSignature, Message: good, Key: spec.KeyJWKS, Family: spec.Family{Signature: "header:signature", Timestamp: "pair:created"}, TimeUnit: spec.Seconds, ToleranceSeconds: 300}
		s.Message.Algorithms = append([]spec.MessageAlgorithm{}, good.Algorithms...)
		change(&s)
		if _, err := provider.New(spec.Provider{Name: "m", Schemes: []spec.Scheme{s}, Facts: spec.Locators{Type: []string{"text:e"}}}); !errors.Is(err, provider.ErrRow) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// FuzzMessage has a signature of a request whose fields are anybody's: none is taken
// that its key did not make.
func FuzzMessage(f *testing.F) {
	good := goodMessage()
	f.Add(good.label+"="+good.input, good.label+"=:"+good.sign()+":", digestOf(good.body), good.body)
	f.Add(`a=("x";key="y")`, "a=:AA==:", "sha-512=:AA==:", "")
	v := messageVerifier(f, messageJWK("EdDSA"), nil)
	want, _ := json.Marshal(good.request())
	f.Fuzz(func(t *testing.T, input, signature, digest, body string) {
		m := message{headers: [][2]string{{"content-type", "application/json"}, {"content-digest", digest}}, body: body}
		r := m.request()
		r.Headers = changed(r, "signature-input", func(string) []string { return []string{input} })
		r.Headers = changed(r, "signature", func(string) []string { return []string{signature} })
		if _, err := v.Verify(r, at().Add(time.Second)); err == nil {
			if got, _ := json.Marshal(r); string(got) != string(want) {
				t.Errorf("passed: %s", got)
			}
		}
	})
}
