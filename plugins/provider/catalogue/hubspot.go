package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func hubspotRow() spec.Provider {
	return spec.Provider{
		Name:  "hubspot",
		Title: "HubSpot",
		Docs:  "https://developers.hubspot.com/docs/api/webhooks/validating-requests",
		Schemes: []spec.Scheme{{
			Name: "v3", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:x-hubspot-signature-v3", Timestamp: "header:x-hubspot-request-timestamp"},
			Encoding: spec.Base64, Content: "{method}{url|decode-hubspot}{body}{timestamp}",
			TimeUnit: spec.Milliseconds, ToleranceSeconds: 300,
			Key: spec.KeyText,
		}, {
			Name: "v2", Kind: spec.Digest, Hash: spec.SHA256, Weak: true, Companion: true,
			Family:   spec.Family{Signature: "header:x-hubspot-signature"},
			Encoding: spec.Hex, Content: "{key}{method}{url}{body}",
			Expect: []spec.Expect{{At: "header:x-hubspot-signature-version", Is: "v2"}},
			Key:    spec.KeyText,
		}, {
			Name: "v1", Kind: spec.Digest, Hash: spec.SHA256, Weak: true,
			Family:   spec.Family{Signature: "header:x-hubspot-signature"},
			Encoding: spec.Hex, Content: "{key}{body}",
			Expect: []spec.Expect{{At: "header:x-hubspot-signature-version", Is: "v1"}},
			Key:    spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:subscriptionType"},
			Split:   spec.SplitLastDot,
			Tenant:  []string{"json:origin.portalId"},
			Subject: []string{"json:object.objectId"},
		},
		Batch: &spec.Batch{Facts: spec.Locators{
			Type:    []string{"json:subscriptionType"},
			Split:   spec.SplitLastDot,
			ID:      []string{"json:subscriptionId + json:eventId + json:occurredAt"}, // the body counts its attempts
			Time:    []spec.TimeAt{{At: "json:occurredAt", Unit: spec.Milliseconds}},
			Tenant:  []string{"json:portalId"},
			Subject: []string{"json:objectId"},
		}},
		Identity: spec.Identity{
			Scope: spec.ScopeTenant, Volatile: []string{"attemptNumber"},
			Why: "eventId alone need not be unique, say the docs: the subscription and the time are added, all of them in the signed body, within one portal; attemptNumber counts the tries.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      5 * time.Second,
		Retry:        spec.Retry{Max: 10, Span: 24 * time.Hour, Time: "HubSpot's own libraries and docs refuse what is older than 5 minutes."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The signature covers the public URL: public_url must be the URL that was entered there.",
			"Deliveries carry the older X-HubSpot-Signature too, a bare hash that can be extended and signs no time: v1 and v2 count only where they are chosen and no v3 stands beside them.",
			"HubSpot decodes some percent-encoded characters of the URL before it signs, and so does the check.",
			"eventId is not unique, so the id is made of the delivery; attemptNumber counts up with every try, which is then another event.",
		},
		Source: "hubspot-api-nodejs, signature.ts and its tests; real deliveries",
		Unsure: []string{"retry", "list of decoded characters"},
	}
}
