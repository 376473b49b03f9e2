package provider_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/custom"
	"webhookedge/plugins/provider/spec"
)

const acme = `{
	"name": "acme",
	"schemes": [{
		"name": "v1", "hash": "sha256", "signature": "header:acme-signature", "layout": "pairs", "mark": "v1", "timestamp": "pair:t",
		"encoding": "hex", "content": "{timestamp}.{method}.{url}.{header:acme-topic}.{body}", "time_unit": "s", "tolerance_seconds": 300
	}],
	"facts": {"type": ["json:type"], "id": ["json:id"]}
}`

func parseCustom(t *testing.T, text string) *custom.Provider {
	t.Helper()
	var c custom.Provider
	if err := json.Unmarshal([]byte(text), &c); err != nil {
		t.Fatal(err)
	}
	return &c
}

func TestCustomSender_isARow(t *testing.T) {
	c := parseCustom(t, acme)
	if err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	row, err := c.Row()
	if err != nil {
		t.Fatal(err)
	}
	o := provider.Options{Secrets: []provider.Secret{{Value: "acme-signing-secret-01"}}}
	verifier, err := row.Verifier(o)
	if err != nil {
		t.Fatal(err)
	}
	topic := spec.Header{Name: "acme-topic", Value: "orders"}
	// HMAC-SHA256 of the text below, by openssl dgst -sha256 -hmac acme-signing-secret-01:
	// 1700000000.POST.https://hooks.octo-corp.example/acme?a=1.orders.{"type":"order.paid","id":"o1"}
	const signature = "557fb1c84f16be0f4fcb9643d38573f4d9823a0f2e6868206e5e3f57583731a5"
	r := provider.Request{
		Method: "POST", URL: "https://hooks.octo-corp.example/acme?a=1", Body: []byte(`{"type":"order.paid","id":"o1"}`),
		Headers: provider.HeaderList{topic, {Name: "acme-signature", Value: "t=1700000000,v1=" + signature}},
	}
	at := time.Unix(1700000000, 0)
	if _, err := verifier.Verify(r, at); err != nil {
		t.Errorf("signed: %v", err)
	}
	for name, change := range map[string]func(*provider.Request){
		"another method": func(r *provider.Request) { r.Method = "PUT" },
		"another query":  func(r *provider.Request) { r.URL += "&b=2" },
		"another body":   func(r *provider.Request) { r.Body = []byte(`{}`) },
		"another header": func(r *provider.Request) {
			r.Headers = provider.HeaderList{{Name: "acme-topic", Value: "other"}, {Name: "acme-signature", Value: "t=1700000000,v1=" + signature}}
		},
	} {
		changed := r
		change(&changed)
		if _, err := verifier.Verify(changed, at); !errors.Is(err, provider.ErrMismatch) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCustomSender_faultNamesItsField(t *testing.T) {
	for name, tc := range map[string]struct{ old, new, want string }{
		"a name in capitals":         {`"acme"`, `"Acme"`, "name: "},
		"a name of the catalogue":    {`"acme"`, `"github"`, "name: "},
		"a scheme without a name":    {`"name": "v1", `, ``, "schemes[0].name: "},
		"no place of a type":         {`"type": ["json:type"], `, ``, "facts: "},
		"an unknown word":            {`{method}`, `{methud}`, "schemes: "},
		"a body that is not covered": {`.{body}`, ``, "schemes: "},
		"a time without tolerance":   {`, "tolerance_seconds": 300`, ``, "schemes: "},
		"a place of no kind":         {`json:id`, `id`, "schemes: "},
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Replace(acme, tc.old, tc.new, 1)
			if text == acme {
				t.Fatalf("%q is not in the text", tc.old)
			}
			if err := parseCustom(t, text).Validate(); !errors.Is(err, provider.ErrRow) || !strings.HasPrefix(err.Error(), tc.want) {
				t.Errorf("got %v, want %s", err, tc.want)
			}
		})
	}
}
