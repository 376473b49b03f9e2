package provider_test

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"
	"time"

	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/catalogue"
	"webhookedge/plugins/provider/spec"
)

// TestSecrets_base64MayLackItsPadding holds for every scheme whose keys are base64, as
// the libraries of senders decode them.
func TestSecrets_base64MayLackItsPadding(t *testing.T) {
	tried := 0
	cases(t, func(t *testing.T, c *scheme) {
		bare := strings.TrimRight(c.pair.Public, "=")
		if c.s.Key != spec.KeyBase64 && c.s.Key != spec.KeySPKI || c.s.Remote != nil || bare == c.pair.Public {
			return
		}
		tried++
		if _, err := c.verify(c.verifier(t, bare), c.sign(t, at(), c.pair.Private), at()); err != nil {
			t.Errorf("without its padding: %v", err)
		}
	})
	if tried < 30 {
		t.Errorf("only %d schemes were tried", tried)
	}
}

// TestCatalogue_standardWebhooksHaveKeyPairs holds for every row that signs as Standard
// Webhooks does, but for those whose sender has shared secrets only.
func TestCatalogue_standardWebhooksHaveKeyPairs(t *testing.T) {
	shared := []string{
		"composio", "imagekit", "whop", // whose own packages sign by the text of the secret
		"gitlab", "mcp-events", // whose secret is the subscriber's
	}
	for _, p := range catalogue.All() {
		first := p.Schemes[0]
		if first.Layout != spec.Versions || first.Content != "{id}.{timestamp}.{body}" || slices.Contains(shared, p.Name) {
			continue
		}
		s, ok := p.Scheme("v1a")
		if !ok || s.Kind != spec.Ed25519 || s.Signature != first.Signature || len(s.Alternates) != len(first.Alternates) {
			t.Errorf("%s has no scheme v1a that signs as %s does: %+v", p.Name, first.Name, s)
		}
	}
}

// TestFamilies_firstOneIsWhatFactsAreReadFrom holds for rows that take a delivery with
// both families of headers: a fact of the other one would be unsigned.
func TestFamilies_firstOneIsWhatFactsAreReadFrom(t *testing.T) {
	cases(t, func(t *testing.T, c *scheme) {
		if !c.s.FirstWins {
			return
		}
		good := c.sign(t, at(), c.pair.Private)
		both := good
		both.Headers = append(slices.Clone(list(good)), headersOf(c.s.Alternates[0])...)
		v := c.verifier(t)
		proof, err := c.verify(v, both, at())
		if err != nil {
			t.Fatal(err)
		}
		facts, err := c.row.Describe(both)
		if err != nil {
			t.Fatal(err)
		}
		if proof.ID != "" && facts.ID != proof.ID {
			t.Errorf("the proof is of %s and the event of %s", proof.ID, facts.ID)
		}
		only := good
		only.Headers = slices.DeleteFunc(slices.Clone(list(both)), func(h spec.Header) bool { return h.Name == c.s.SignatureHeaders()[0] })
		if _, err := c.verify(v, only, at()); err == nil {
			t.Error("passed without the signature of the first family")
		}
	})
}

// headersOf are values of no use at the places of a family.
func headersOf(f spec.Family) (all []spec.Header) {
	for place, value := range map[string]string{f.Signature: "octo", f.Timestamp: "1", f.ID: "octo-other"} {
		if name, ok := strings.CutPrefix(place, "header:"); ok {
			all = append(all, spec.Header{Name: name, Value: value})
		}
	}
	return all
}

// TestVariants_areBoundAsTheContentIs changes what is signed in ways that a variant could
// let pass.
func TestVariants_areBoundAsTheContentIs(t *testing.T) {
	twilio := newScheme(t, lookup(t, "twilio"), lookup(t, "twilio").Schemes[0])
	good := twilio.sign(t, at(), twilio.pair.Private)
	v := twilio.verifier(t)
	for from, to := range map[string]string{
		".example/": ".example:8443/x/", "https://": "http://", ".example/t": ".example/T", "/twilio": "/twilio?a=1", "hooks.": "hooks.hooks.",
		".example": ".example:443@evil.example", "/twilio$": "/%74wilio",
	} {
		r := good
		r.URL = strings.Replace(good.URL+"$", from, to, 1)
		if r.URL = strings.TrimSuffix(r.URL, "$"); r.URL == good.URL {
			t.Fatalf("%s changes nothing", from)
		}
		if _, err := v.Verify(r, at()); err == nil {
			t.Errorf("%s passed", r.URL)
		}
	}
	row := spec.Provider{Name: "acme", Title: "Acme", ContentTypes: []string{"application/json"}, Facts: spec.Locators{Type: []string{"json:type"}}, Schemes: []spec.Scheme{{
		Name: "v1", Hash: spec.SHA256, Encoding: spec.Hex, Family: spec.Family{Signature: "header:x-acme"}, Content: "{url}.{body}",
		Variants: []spec.Variant{{Content: "{body}"}},
	}}}
	if _, err := provider.New(row); err == nil || !strings.Contains(err.Error(), "variant") {
		t.Errorf("a variant that leaves out the URL: %v", err)
	}
}

// TestKeys_secondReadingIsTriedBesideTheFirst is about Polar's secrets.
func TestKeys_secondReadingIsTriedBesideTheFirst(t *testing.T) {
	p := lookup(t, "polar")
	text := "whsec_" + base64.StdEncoding.EncodeToString([]byte("octo-corp-polar-secret-of-32-byt"))
	standard := lookup(t, "standard-webhooks")
	r := newScheme(t, standard, standard.Schemes[0]).sign(t, at(), text)
	for name, tc := range map[string]struct {
		secrets []string
		ids     []string
		ok      bool
	}{
		"the secret": {[]string{text}, []string{"1"}, true}, "a second one": {[]string{"octo-other-secret", text}, []string{"1", "2"}, true},
		"its text without the prefix": {[]string{strings.TrimPrefix(text, "whsec_")}, []string{"1"}, false},
	} {
		c := &scheme{row: p, s: p.Schemes[0]}
		v := c.verifier(t, tc.secrets...)
		if !slices.Equal(v.SecretIDs(), tc.ids) {
			t.Errorf("%s: ids %q", name, v.SecretIDs())
		}
		proof, err := v.Verify(r, at().Add(time.Second))
		if (err == nil) != tc.ok || tc.ok && proof.SecretID != tc.ids[len(tc.ids)-1] {
			t.Errorf("%s: %+v, %v", name, proof, err)
		}
	}
}
