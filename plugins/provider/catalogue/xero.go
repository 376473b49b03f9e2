package catalogue

import (
	"time"

	"webhookedge/plugins/provider"
)

func xeroRow() provider.Provider {
	return provider.Provider{
		Name:  "xero",
		Title: "Xero",
		Docs:  "https://developer.xero.com/documentation/guides/webhooks/overview/",
		Schemes: []provider.Scheme{{
			Name: "sha256", Kind: provider.HMAC, Hash: provider.SHA256,
			Family:   provider.Family{Signature: "header:x-xero-signature"},
			Encoding: provider.Base64, Content: "{body}",
			Key: provider.KeyText,
		}},
		Facts: provider.Locators{},
		Batch: &provider.Batch{At: "events", Facts: provider.Locators{
			Type:    []string{"json:eventCategory"},
			Action:  []string{"json:eventType"},
			Time:    []provider.TimeAt{{At: "json:eventDateUtc", Unit: provider.DateTime}},
			ID:      []string{"json:resourceId + json:eventCategory + json:eventType + json:eventDateUtc"},
			Tenant:  []string{"json:tenantId"},
			Subject: []string{"json:resourceId"},
		}},
		Identity: provider.Identity{
			Scope: provider.ScopeTenant,
			Why:   "A resource of an organisation has one event of a kind at a time, which the signed body holds in milliseconds; there is no id.",
		},
		ContentTypes: []string{"application/json"},
		BareRefusals: true,
		Timeout:      5 * time.Second,
		Retry:        provider.Retry{Span: 24 * time.Hour, Note: "With growing pauses, then the subscription is disabled."},
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The intent to receive is some signed requests, a part of them wrongly: right ones must get 200 and wrong ones 401 without a body, within 5 s.",
			"Answers must set no cookies.",
			"Sequence numbers name no delivery, and entropy changes with every try: a try again counts as another event.",
		},
		Source: "NangoHQ/nango (header, encoding); Xero docs, Webhooks overview",
		Unsure: []string{"retry"},
	}
}
