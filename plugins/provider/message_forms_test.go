package provider_test

import (
	"errors"
	"fmt"
	"testing"

	"webhookedge/plugins/provider"
)

// TestMessage_fieldForms covers a field in the forms of RFC 9421, sections 2.1.1 and 2.1.3,
// whose example of two lines is the second case.
func TestMessage_fieldForms(t *testing.T) {
	for name, tc := range map[string]struct {
		headers   [][2]string
		component string
		line      string
		want      error
	}{
		"bytes of one line":             {[][2]string{{"example-header", "value, with, lots, of, commas"}}, `"example-header";bs`, `:dmFsdWUsIHdpdGgsIGxvdHMsIG9mLCBjb21tYXM=:`, nil},
		"bytes of two lines":            {[][2]string{{"example-header", " value, with, lots"}, {"example-header", "of, commas "}}, `"example-header";bs`, `:dmFsdWUsIHdpdGgsIGxvdHM=:, :b2YsIGNvbW1hcw==:`, nil},
		"two lines, joined":             {[][2]string{{"example-header", "value, with, lots, of, commas"}}, `"example-header";bs`, `:dmFsdWUsIHdpdGgsIGxvdHM=:, :b2YsIGNvbW1hcw==:`, provider.ErrMismatch},
		"a dictionary":                  {[][2]string{{"example-dict", "a=1, b=2;x=1;y=2, c=(a b c)"}}, `"example-dict";sf`, `a=1, b=2;x=1;y=2, c=(a b c)`, nil},
		"a dictionary of two lines":     {[][2]string{{"example-dict", "a=1"}, {"example-dict", "b=2"}}, `"example-dict";sf`, `a=1, b=2`, nil},
		"a dictionary, written freely":  {[][2]string{{"example-dict", "a=1,    b=2"}}, `"example-dict";sf`, `a=1, b=2`, provider.ErrMalformed},
		"a name that is there twice":    {[][2]string{{"example-dict", "a=1, a=2"}}, `"example-dict";sf`, `a=2`, provider.ErrMalformed},
		"both forms":                    {[][2]string{{"example-dict", "a=1"}}, `"example-dict";bs;sf`, `:YT0x:`, provider.ErrMalformed},
		"a form and a key":              {[][2]string{{"example-dict", "a=1"}}, `"example-dict";sf;key="a"`, `1`, provider.ErrMalformed},
		"a form that is not":            {[][2]string{{"example-dict", "a=1"}}, `"example-dict";bs=?0`, `:YT0x:`, provider.ErrMalformed},
		"a trailer":                     {[][2]string{{"example-dict", "a=1"}}, `"example-dict";tr`, `a=1`, provider.ErrMalformed},
		"another message":               {[][2]string{{"example-dict", "a=1"}}, `"example-dict";req`, `a=1`, provider.ErrMalformed},
		"a form of what is no field":    {nil, `"@path";sf`, `/x`, provider.ErrMalformed},
		"bytes of what is not there":    {nil, `"example-header";bs`, `::`, provider.ErrMissing},
		"bytes that a line end follows": {[][2]string{{"example-header", "a\n\"x\": b"}}, `"example-header";bs`, `:YQoieCI6IGI=:`, nil}, // one line of what is signed
	} {
		t.Run(name, func(t *testing.T) {
			m := goodMessage()
			m.headers = append(m.headers, tc.headers...)
			m.input = fmt.Sprintf(`("@method" "@target-uri" "content-digest" %s);created=%d;keyid="octo-1"`, tc.component, at().Unix())
			m.lines = append(m.lines, tc.component+": "+tc.line)
			if _, err := messageVerifier(t, messageJWK("EdDSA"), nil).Verify(m.request(), at()); !errors.Is(err, tc.want) {
				t.Errorf("got %v, want %v", err, tc.want)
			}
		})
	}
}

// TestMessage_formsCoverWhatIsAskedFor covers the digest in another form than it has, and
// in none that says all of it.
func TestMessage_formsCoverWhatIsAskedFor(t *testing.T) {
	digest := digestOf(goodMessage().body)
	for component, want := range map[string]error{
		`"content-digest";sf`: nil, `"content-digest";key="sha-256"`: provider.ErrMalformed,
	} {
		m := goodMessage()
		m.input = fmt.Sprintf(`("@method" "@target-uri" %s);created=%d;keyid="octo-1"`, component, at().Unix())
		m.lines = append(m.lines[:2], component+": "+digest)
		if _, err := messageVerifier(t, messageJWK("EdDSA"), nil).Verify(m.request(), at()); !errors.Is(err, want) {
			t.Errorf("%s: got %v, want %v", component, err, want)
		}
	}
}

// TestMessage_nonceIsNoIdentity holds what stands in for a memory of nonces: a replay, and
// a try that is signed anew under another nonce, are the event that was stored before.
func TestMessage_nonceIsNoIdentity(t *testing.T) {
	row := lookup(t, "http-message-signatures")
	key := func(nonce string) string {
		m := goodMessage()
		m.input += `;nonce="` + nonce + `"`
		r := m.request()
		proof, err := messageVerifier(t, messageJWK("EdDSA"), nil).Verify(r, at())
		if err != nil {
			t.Fatal(err)
		}
		r.Covers = proof.Covers
		facts, err := row.Describe(r)
		if err != nil {
			t.Fatal(err)
		}
		return row.Key(&provider.Told{Route: "r", ID: facts.ID, Facts: facts, Signed: proof.Signed.String(), Proved: true})
	}
	if first := key("n1"); key("n1") != first || key("n2") != first {
		t.Error("a replay is another event")
	}
}
