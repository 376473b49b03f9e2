package catalogue

import (
	"webhookedge/plugins/provider/spec"
)

func klaviyoRow() spec.Provider {
	return spec.Provider{
		Name:  "klaviyo",
		Title: "Klaviyo",
		Docs:  "https://developers.klaviyo.com/en/docs/working_with_system_webhooks",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:klaviyo-signature", Timestamp: "header:klaviyo-timestamp"},
			Encoding: spec.Hex, Content: "{body}{timestamp}",
			TimeUnit: spec.EitherUnit, ToleranceSeconds: 604800, AheadSeconds: 300,
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Tenant: []string{"json:meta.klaviyo_webhook_id", "header:klaviyo-webhook-id"},
		},
		Batch: &spec.Batch{At: "data", Facts: spec.Locators{
			Type:    []string{"json:topic"},
			Levels:  spec.LevelsColon,
			ID:      []string{"json:topic + json:payload.data.id"},
			Subject: []string{"json:payload.data.id"},
		}},
		Identity: spec.Identity{
			Scope: spec.ScopeTenant,
			Why:   "An event has an id in its account, which the webhook's id stands for; both are in the signed body.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Time: "How long system webhooks are tried again is not documented, and Klaviyo leaves the time to the receiver, so the tolerance is a week: an event is known by its id, and a second one is a duplicate."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "klaviyo-webhook-id", Value: "01OCTOHOOK"},
		},
		Pitfalls: []string{
			"A delivery holds a batch of events under data.",
			"No id tells one event of an object from the next, so the id is made of the body: a try whose body differs counts as another event.",
		},
		Source: "Klaviyo docs, Working with system webhooks (headers, data, meta); receivers in public repositories (signed text)",
		Unsure: []string{"signed text: body, then timestamp", "unit of the timestamp: seconds and milliseconds are both taken", "retry"},
	}
}
