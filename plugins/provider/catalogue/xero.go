package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func xeroRow() spec.Provider {
	return spec.Provider{
		Name:  "xero",
		Title: "Xero",
		Docs:  "https://developer.xero.com/documentation/guides/webhooks/overview/",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:x-xero-signature"},
			Encoding: spec.Base64, Content: "{body}",
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{},
		Batch: &spec.Batch{At: "events", Facts: spec.Locators{
			Type:    []string{"json:eventCategory"},
			Action:  []string{"json:eventType"},
			Time:    []spec.TimeAt{{At: "json:eventDateUtc", Unit: spec.DateTime}},
			ID:      []string{"json:resourceId + json:eventCategory + json:eventType + json:eventDateUtc"},
			Tenant:  []string{"json:tenantId"},
			Subject: []string{"json:resourceId"},
		}},
		Identity: spec.Identity{
			Scope: spec.ScopeTenant,
			Why:   "A resource of an organisation has one event of a kind at a time, which the signed body holds in milliseconds; there is no id.",
		},
		ContentTypes: []string{"application/json"},
		BareRefusals: true,
		Timeout:      5 * time.Second,
		Retry:        spec.Retry{Span: 24 * time.Hour, Note: "With growing pauses, then the subscription is disabled."},
		Cutoff:       spec.Cutoff{Span: 24 * time.Hour},
		Sends: []spec.Header{
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
