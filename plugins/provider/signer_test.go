package provider_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/catalogue"
	"webhookedge/plugins/provider/spec"
)

func TestSign_sendsTheHeadersOfTheProvider(t *testing.T) {
	tests := map[string]struct {
		provider string
		options  provider.Options
		want     []string // names
	}{
		"GitHub sends both signatures": {"github", provider.Options{}, []string{"accept", "content-type", "user-agent", "x-github-delivery", "x-github-event", "x-github-hook-id",
			"x-github-hook-installation-target-id", "x-github-hook-installation-target-type", "x-hub-signature", "x-hub-signature-256"}},
		"a weak scheme that is chosen stands alone": {"github", provider.Options{Scheme: "sha1"}, []string{"accept", "content-type", "user-agent", "x-github-delivery", "x-github-event", "x-github-hook-id",
			"x-github-hook-installation-target-id", "x-github-hook-installation-target-type", "x-hub-signature"}},
		"Stripe":            {"stripe", provider.Options{}, []string{"accept", "cache-control", "content-type", "stripe-signature", "user-agent"}},
		"Slack":             {"slack", provider.Options{}, []string{"accept", "content-type", "user-agent", "x-slack-request-timestamp", "x-slack-signature"}},
		"Standard Webhooks": {"standard-webhooks", provider.Options{}, []string{"accept", "content-type", "user-agent", "webhook-id", "webhook-signature", "webhook-timestamp"}},
		"Shopify": {"shopify", provider.Options{}, []string{"accept", "content-type", "user-agent", "x-shopify-api-version", "x-shopify-event-id", "x-shopify-hmac-sha256",
			"x-shopify-shop-domain", "x-shopify-topic", "x-shopify-triggered-at", "x-shopify-webhook-id"}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			p := lookup(t, tc.provider)
			tc.options.Secrets = []provider.Secret{secret(p.Schemes[0], 1)}
			signer, err := p.Signer(tc.options)
			if err != nil {
				t.Fatal(err)
			}
			signed, err := signer.Sign(provider.Unsigned{Body: []byte("{}"), Event: "orders/create", ID: "d1", At: at()})
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, h := range signed.Headers {
				names = append(names, h.Name)
				if strings.ContainsAny(h.Value, "{}") {
					t.Errorf("%s was not filled in: %s", h.Name, h.Value)
				}
			}
			if diff := cmp.Diff(tc.want, names); diff != "" {
				t.Errorf("headers (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSign_refusesWhatAHeaderCannotHold(t *testing.T) {
	whole := provider.Unsigned{Body: []byte("{}"), Event: "push", ID: "d1", At: at()}
	tests := map[string]struct {
		provider string
		change   func(u *provider.Unsigned)
	}{
		"no event":              {"github", func(u *provider.Unsigned) { u.Event = "" }},
		"an event of two lines": {"github", func(u *provider.Unsigned) { u.Event = "push\r\nx-evil: 1" }},
		"no id":                 {"github", func(u *provider.Unsigned) { u.ID = "" }},
		"no id to sign":         {"standard-webhooks", func(u *provider.Unsigned) { u.ID = "" }},
		"an id with a dot":      {"standard-webhooks", func(u *provider.Unsigned) { u.ID = "a.b" }},
		"a time before 1970":    {"stripe", func(u *provider.Unsigned) { u.At = time.Unix(-1, 0) }},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			p := lookup(t, tc.provider)
			signer, err := p.Signer(provider.Options{Secrets: []provider.Secret{secret(p.Schemes[0], 1)}})
			if err != nil {
				t.Fatal(err)
			}
			u := whole
			tc.change(&u)
			if signed, err := signer.Sign(u); !errors.Is(err, provider.ErrOption) || signed.Headers != nil {
				t.Errorf("got %v, %v", signed.Headers, err)
			}
		})
	}
}

func TestSigner_refusesTheSameOptionsAsTheVerifier(t *testing.T) {
	p := lookup(t, "github")
	if _, err := p.Signer(provider.Options{Secrets: []provider.Secret{{}}}); !errors.Is(err, provider.ErrKey) {
		t.Errorf("an empty secret: %v", err)
	}
	if _, err := p.Signer(provider.Options{Scheme: "md5", Secrets: []provider.Secret{secret(p.Schemes[0], 1)}}); !errors.Is(err, provider.ErrOption) {
		t.Errorf("an unknown scheme: %v", err)
	}
}

// A sample is what its row describes: signed, it verifies, and it names its
// event, tenant or subject.
func TestSample_isADelivery(t *testing.T) {
	for _, p := range catalogue.All() {
		events := catalogue.SampleEvents(p)
		if len(events) < 1 || !slices.IsSorted(events) {
			t.Errorf("%s has the samples %v", p.Name, events)
		}
		for _, event := range events {
			t.Run(p.Name+"/"+event, func(t *testing.T) {
				body, contentType, ok := catalogue.Sample(p, event)
				if !ok || len(body) > 4<<10 {
					t.Fatalf("%v, %d bytes", ok, len(body))
				}
				c := newScheme(t, p, p.Schemes[0])
				r := c.signSample(t, event, body, contentType, at(), c.pair.Private)
				proof, err := c.verify(c.verifier(t), r, at())
				if err != nil {
					t.Fatal(err)
				}
				if proof.Payload != nil {
					r.Body = proof.Payload
					if !bytes.Equal(proof.Payload, body) {
						t.Errorf("decrypted %s", proof.Payload)
					}
					if p.HasForm(spec.FormatXML) { // which normalize makes JSON of
						return
					}
				}
				facts, err := p.Describe(r)
				if err != nil {
					t.Fatal(err)
				}
				if p.Batch != nil {
					if items := describeItems(t, p, r, facts); len(items) > 0 {
						facts = items[0]
					}
				}
				if facts.Type == "" {
					t.Error("no type")
				}
			})
		}
	}
}

func TestSample_ofAnUnknownEvent(t *testing.T) {
	for _, event := range []string{"", "no.such", "../stripe/payment_intent.succeeded"} {
		if _, _, ok := catalogue.Sample(lookup(t, "github"), event); ok {
			t.Errorf("found %q", event)
		}
	}
	if events := catalogue.SampleEvents(&provider.Provider{Provider: spec.Provider{Name: "none"}}); events != nil {
		t.Errorf("got %v", events)
	}
}
