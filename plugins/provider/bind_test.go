package provider_test

import (
	"errors"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"webhookedge/plugins/provider"
)

// A token without the hash of its request would be right at every URL, and so one of an
// empty body at every method.
func TestBind_absentHashOfTheRequestIsRefused(t *testing.T) {
	p := lookup(t, "atlassian-connect")
	c := newScheme(t, p, p.Schemes[0])
	v := c.verifier(t)
	key := []byte(c.pair.Private)
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.HS256, Key: key}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, qsh := range map[string]string{"absent": "", "null": `,"qsh":null`, "an object": `,"qsh":{}`, "empty": `,"qsh":""`, "that of an iframe": `,"qsh":"context-qsh"`} {
		token, err := signer.Sign([]byte(`{"iss":"` + c.settings["client_key"] + `","exp":` + base10(at().Unix()+60) + qsh + `}`))
		if err != nil {
			t.Fatal(err)
		}
		text, err := token.CompactSerialize()
		if err != nil {
			t.Fatal(err)
		}
		for _, body := range []string{"", "{}"} {
			r := request("application/json", body)
			r.URL = "https://h.example/connect/x"
			r.Headers = append(list(r), provider.HeaderList{{Name: "authorization", Value: "JWT " + text}}...)
			if _, err := v.Verify(r, at()); !errors.Is(err, provider.ErrMismatch) {
				t.Errorf("%s, body %q: %v", name, body, err)
			}
		}
	}
}
