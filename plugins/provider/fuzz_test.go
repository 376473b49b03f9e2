package provider_test

import (
	"strings"
	"testing"

	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/catalogue"
	"webhookedge/plugins/provider/spec"
)

// schemes has the first scheme of every row.
func schemes(f *testing.F) map[string]*scheme {
	f.Helper()
	all := map[string]*scheme{}
	for _, p := range catalogue.All() {
		all[p.Name] = newScheme(f, p, p.Schemes[0])
	}
	return all
}

// FuzzHandshake plays requests that may be handshakes. No answer may hold more than
// one line of a header, and no request may be answered with a secret.
func FuzzHandshake(f *testing.F) {
	f.Add("slack", "POST", "", "", []byte(`{"type":"url_verification","challenge":"x"}`))
	f.Add("meta", "GET", "hub.mode=subscribe&hub.challenge=1&hub.verify_token=octo-corp-verify-token", "", []byte(nil))
	f.Add("braintree", "GET", "bt_challenge=20f9f8ed05f77439fe955c977e4c8a53", "", []byte(nil))
	f.Add("asana", "POST", "", "secret", []byte("{}"))
	f.Add("aws-sns", "POST", "", "", []byte(`{"Type":"SubscriptionConfirmation","SubscribeURL":"https://sns.eu-central-1.amazonaws.com/?a=b"}`))
	all := schemes(f)
	f.Fuzz(func(t *testing.T, name, method, query, header string, body []byte) {
		c, ok := all[name]
		if !ok {
			return
		}
		headers := provider.HeaderList{{Name: "content-type", Value: "application/json"}}
		for _, h := range c.row.Handshakes {
			if at, ok := strings.CutPrefix(h.When, "header:"); ok {
				headers = append(headers, spec.Header{Name: at, Value: header})
			}
		}
		r := provider.Request{Method: method, URL: "https://h.example/x?" + query, Headers: headers, Body: body}
		for _, verified := range []bool{false, true} {
			handshake, err := c.verifier(t).Handshake(r, verified, true)
			if err != nil || handshake == nil {
				continue
			}
			for _, h := range handshake.Answer.Headers {
				if strings.ContainsAny(h.Value, "\r\n") {
					t.Errorf("the header %s has two lines", h.Name)
				}
			}
			if strings.Contains(handshake.Answer.Body, c.pair.Private) && !strings.Contains(query+header+string(body), c.pair.Private) {
				t.Error("the answer holds the secret")
			}
			if handshake.Confirm != "" && !strings.HasPrefix(handshake.Confirm, "https://") {
				t.Errorf("confirms at %s", handshake.Confirm)
			}
		}
	})
}

// FuzzKeys reads secrets and documents of keys in every form.
func FuzzKeys(f *testing.F) {
	for _, c := range schemes(f) {
		f.Add(c.row.Name, c.pair.Public)
		if c.document != nil {
			f.Add(c.row.Name, string(c.document))
		}
	}
	all := schemes(f)
	f.Fuzz(func(t *testing.T, name, text string) {
		c, ok := all[name]
		if !ok {
			return
		}
		r := c.sign(t, at(), c.pair.Private)
		if v, err := c.row.Verifier(provider.Options{Secrets: []provider.Secret{{Value: text}}, Settings: c.settings}); err == nil {
			_, _ = v.Verify(r, at())
		} else if len(text) > 12 && strings.Contains(err.Error(), text) {
			t.Errorf("the error shows the secret: %v", err)
		}
		if c.s.Remote != nil {
			_, _ = c.verifier(t).VerifyWith(r, at(), []byte(text))
		}
	})
}
