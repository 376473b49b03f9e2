package provider_test

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/catalogue"
	"webhookedge/plugins/provider/spec"
)

// mutationsVariable is how many changed deliveries every scheme must refuse, where it is
// not 2000, or 500 of a public key, which takes a hundred times as long to check as a MAC. A
// soak sets it.
const mutationsVariable = "MUTATIONS"

func (c *scheme) mutations(t *testing.T) int {
	t.Helper()
	switch text := os.Getenv(mutationsVariable); {
	case text != "":
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		return n
	case testing.Short() || raceDetector || !c.s.SharesKey():
		return 500
	default:
		return 2000
	}
}

// TestMutation_ofASignedDeliveryIsRefused changes what a scheme signs, one random
// change a try, and what can be written in another way, all ways. A change may
// leave the meaning as it was (a header that is not signed, a byte of the URL that
// no scheme looks at), so only what the scheme covers is changed.
func TestMutation_ofASignedDeliveryIsRefused(t *testing.T) {
	cases(t, func(t *testing.T, c *scheme) {
		tries := c.mutations(t)
		good := c.sign(t, at(), c.pair.Private)
		v := c.verifier(t)
		refused := func(r provider.Request, what string) {
			t.Helper()
			if proof, err := c.verify(v, r, at()); err == nil {
				t.Fatalf("%s: passed with %+v", what, proof)
			}
		}
		for what, r := range c.rewritten(t, good) {
			refused(r, what)
		}
		random := rand.New(rand.NewPCG(1, uint64(len(c.row.Name))))
		changes := c.changes(t, good)
		if len(changes) == 0 {
			t.Fatal("nothing of the delivery is signed")
		}
		done := 0
		for i := 0; done < tries; i++ {
			if i > 20*tries {
				t.Fatalf("only %d changes of %d changed anything", done, i)
			}
			r, what, ok := changes[i%len(changes)](good, random)
			if !ok {
				continue
			}
			refused(r, what)
			done++
		}
	})
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

func FuzzVerify(f *testing.F) {
	f.Add("stripe", "t=1749722400,v1=00", "x", []byte(`{}`))
	f.Add("adyen", "", "", []byte(`{"notificationItems":[{}]}`))
	f.Add("twilio", "AAAA", "a=b", []byte(`a=1&b=2`))
	f.Add("plaid", "a.b.c", "", []byte(`{}`))
	f.Add("app-store", "", "", []byte(`{"signedPayload":"eyJhbGciOiJFUzI1NiIsIng1YyI6WyJBQSIsIkFBIiwiQUEiXX0.eyJzaWduZWREYXRlIjoxfQ.AA"}`))
	f.Add("shared-signals", "", "", []byte("eyJhbGciOiJSUzI1NiIsInR5cCI6InNlY2V2ZW50K2p3dCJ9.e30.AA"))
	verifiers := map[string]*scheme{}
	for _, p := range catalogue.All() {
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
			headers = append(headers, spec.Header{Name: at, Value: header})
		}
		r.Headers = headers
		if _, err := c.verify(c.verifier(t), r, at()); err == nil || errors.Is(err, provider.ErrStale) {
			if len(c.pair.Public) > 0 && !strings.Contains(header+query+string(body), c.pair.Public) {
				t.Fatalf("%s passed", name)
			}
		}
	})
}
