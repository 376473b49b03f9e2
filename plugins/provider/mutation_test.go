package provider_test

import (
	"bytes"
	"errors"
	"maps"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"

	"webhookedge/plugins/provider"
)

// mutations is how many changed deliveries every scheme must refuse.
const mutations = 10_000

// TestNoMutationOfASignedDeliveryPasses changes what a scheme signs, one random
// change a try. A change may leave the meaning as it was (a header that is not
// signed, a byte of the URL that no scheme looks at), so only places that the
// scheme covers are changed.
func TestNoMutationOfASignedDeliveryPasses(t *testing.T) {
	tries := mutations
	if testing.Short() {
		tries = 500
	}
	cases(t, func(t *testing.T, c *scheme) {
		good := c.sign(t, at(), c.pair.Private)
		v := c.verifier(t)
		random := rand.New(rand.NewPCG(1, uint64(len(c.row.Name))))
		changes := c.changes(good)
		if len(changes) == 0 {
			t.Fatal("nothing of the delivery is signed")
		}
		// Signatures of public keys cost a hundred times a hash.
		n := tries
		if c.s.Kind == provider.ECDSA || c.s.Kind == provider.Ed25519 || c.s.Kind == provider.JSONToken && c.s.Key == provider.KeyJWKS {
			n = tries / 10
		}
		for range n {
			r, what, ok := changes[random.IntN(len(changes))](good, random)
			if !ok {
				continue
			}
			if proof, err := c.verify(v, r, at()); err == nil {
				t.Fatalf("%s: passed with %+v", what, proof)
			}
		}
	})
}

type mutation func(r provider.Request, random *rand.Rand) (provider.Request, string, bool)

// changes are those that c must refuse.
func (c *scheme) changes(good provider.Request) []mutation {
	var all []mutation
	names := c.s.SignatureHeaders()
	if c.s.Layout == provider.Numbered {
		names[0] += "-1"
	}
	for _, at := range append([]string{c.s.Timestamp, c.s.ID}, headersOf(c.s.Content)...) {
		if name, ok := strings.CutPrefix(at, "header:"); ok {
			names = append(names, name)
		}
	}
	for _, name := range names {
		if _, n := good.Headers.Get(name); n == 1 {
			all = append(all, changeHeader(name))
		}
	}
	if c.coversBody() && len(good.Body) > 0 {
		all = append(all, changeBody, changeBody)
	}
	if strings.Contains(c.s.Content, "{url}") {
		all = append(all, changeURL)
	}
	if name, ok := strings.CutPrefix(c.s.Signature, "query:"); ok {
		all = append(all, changeParameter(name))
	}
	for rest := c.s.Content; c.s.BodyUnsigned; {
		_, after, ok := strings.Cut(rest, "{form:")
		if !ok {
			break
		}
		name, _, _ := strings.Cut(after, "}")
		all, rest = append(all, changeField(name)), after
	}
	if strings.HasPrefix(c.s.Signature, "json:") {
		all = append(all, c.changeInBody)
	}
	return all
}

func headersOf(content string) []string {
	var names []string
	for rest := content; ; {
		_, after, ok := strings.Cut(rest, "{header:")
		if !ok {
			return names
		}
		name, _, _ := strings.Cut(after, "}")
		name, _, _ = strings.Cut(name, "|")
		names = append(names, "header:"+name)
		rest = after
	}
}

func (c *scheme) coversBody() bool {
	switch c.s.Kind {
	case provider.Token, provider.Basic, provider.ClientCert:
		return false
	}
	return !c.s.BodyUnsigned
}

// changeHeader changes a byte, drops one, adds one or changes the case.
func changeHeader(name string) mutation {
	return func(r provider.Request, random *rand.Rand) (provider.Request, string, bool) {
		value, _ := r.Headers.Get(name)
		spoiled := spoil([]byte(value), random)
		// A blank behind a comma is the sender's choice, where it writes one.
		plain := strings.NewReplacer(", ", ",")
		if plain.Replace(string(spoiled)) == plain.Replace(value) {
			return r, "", false
		}
		r.Headers = changed(r, name, func(string) []string { return []string{string(spoiled)} })
		return r, "header " + name, true
	}
}

func changeBody(r provider.Request, random *rand.Rand) (provider.Request, string, bool) {
	spoiled := spoil(r.Body, random)
	if contentType, _ := r.Headers.Get("content-type"); strings.Contains(contentType, "form") && sameFields(r.Body, spoiled) || bytes.Equal(spoiled, r.Body) {
		return r, "", false
	}
	r.Body = spoiled
	return r, "body", true
}

// sameFields reports whether two forms have the same fields for those who sign
// names and values without their encoding, their order and the borders between
// them, as Twilio and Vonage do.
func sameFields(a, b []byte) bool {
	flat := func(form []byte) string {
		values, err := url.ParseQuery(string(form))
		if err != nil {
			return string(form)
		}
		var text strings.Builder
		for _, name := range slices.Sorted(maps.Keys(values)) {
			all := slices.Compact(slices.Sorted(slices.Values(values[name])))
			for _, value := range all {
				if name == "sig" {
					value = strings.ToLower(value)
				}
				text.WriteString(name + strings.NewReplacer("&", "_", "=", "_").Replace(value))
			}
		}
		return text.String()
	}
	return flat(a) == flat(b)
}

// changeParameter changes a value of the query.
func changeParameter(name string) mutation {
	return func(r provider.Request, random *rand.Rand) (provider.Request, string, bool) {
		head, value, ok := strings.Cut(r.URL, name+"=")
		if !ok {
			return r, "", false
		}
		value, rest, _ := strings.Cut(value, "&")
		spoiled := string(spoil([]byte(value), random))
		was, err := url.QueryUnescape(value)
		is, failed := url.QueryUnescape(spoiled)
		if err != nil || failed != nil || is == was || strings.ContainsAny(spoiled, "&#;") {
			return r, "", false
		}
		r.URL = head + name + "=" + spoiled
		if rest != "" {
			r.URL += "&" + rest
		}
		return r, "parameter " + name, true
	}
}

func changeURL(r provider.Request, random *rand.Rand) (provider.Request, string, bool) {
	spoiled := string(spoil([]byte(r.URL), random))
	if spoiled == r.URL {
		return r, "", false
	}
	r.URL = spoiled
	return r, "url", true
}

// changeField changes a value of a form.
func changeField(name string) mutation {
	change := changeParameter(name)
	return func(r provider.Request, random *rand.Rand) (provider.Request, string, bool) {
		form := r
		form.URL = string(r.Body)
		form, _, ok := change(form, random)
		r.Body = []byte(form.URL)
		return r, "field " + name, ok
	}
}

// changeInBody changes the signature where it stands in the body.
func (c *scheme) changeInBody(r provider.Request, random *rand.Rand) (provider.Request, string, bool) {
	_, name, _ := strings.Cut(c.s.Signature, ":")
	name = name[strings.LastIndexByte(name, '.')+1:]
	start := bytes.Index(r.Body, []byte(name))
	if start < 0 {
		return r, "", false
	}
	start += len(name) + 4
	if start+8 >= len(r.Body) {
		return r, "", false
	}
	at := start + random.IntN(8)
	body := bytes.Clone(r.Body)
	if body[at] = "ABCDEFGHIJ0123456789abcdef"[random.IntN(26)]; body[at] == r.Body[at] {
		return r, "", false
	}
	r.Body = body
	return r, "signature in the body", true
}

func spoil(from []byte, random *rand.Rand) []byte {
	b := bytes.Clone(from)
	if len(b) == 0 {
		return []byte{'0'}
	}
	at := random.IntN(len(b))
	switch random.IntN(6) {
	case 0, 1:
		b[at] ^= 1 << random.IntN(8)
	case 2:
		b = slices.Delete(b, at, at+1)
	case 3:
		b = slices.Insert(b, at, b[random.IntN(len(b))])
	case 4:
		b = b[:at]
	case 5:
		if b[at] >= 'a' && b[at] <= 'z' || b[at] >= 'A' && b[at] <= 'Z' {
			b[at] ^= 0x20
		} else {
			b[at]++
		}
	}
	return b
}

func FuzzVerifyNeverPanicsAndNeverPasses(f *testing.F) {
	f.Add("stripe", "t=1749722400,v1=00", "x", []byte(`{}`))
	f.Add("adyen", "", "", []byte(`{"notificationItems":[{}]}`))
	f.Add("twilio", "AAAA", "a=b", []byte(`a=1&b=2`))
	f.Add("plaid", "a.b.c", "", []byte(`{}`))
	verifiers := map[string]*scheme{}
	for _, p := range provider.Catalogue() {
		verifiers[p.Name] = newScheme(f, p, p.Schemes[0])
	}
	f.Fuzz(func(t *testing.T, name, header, query string, body []byte) {
		c, ok := verifiers[name]
		if !ok {
			return
		}
		r := provider.Request{Method: "POST", URL: "https://h.example/x?" + query, Body: body}
		headers := provider.HeaderList{{Name: "content-type", Value: "application/json"}}
		for _, at := range append(c.s.SignatureHeaders(), strings.TrimPrefix(c.s.Timestamp, "header:"), strings.TrimPrefix(c.s.ID, "header:")) {
			headers = append(headers, provider.Header{Name: at, Value: header})
		}
		r.Headers = headers
		if _, err := c.verify(c.verifier(t), r, at()); err == nil || errors.Is(err, provider.ErrStale) {
			if len(c.pair.Public) > 0 && !strings.Contains(header+query+string(body), c.pair.Public) {
				t.Fatalf("%s passed", name)
			}
		}
	})
}
