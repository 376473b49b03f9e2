package catalogue

import "webhookedge/plugins/provider/spec"

func imagekitRow() spec.Provider {
	return spec.Provider{
		Name:  "imagekit",
		Title: "ImageKit",
		Docs:  "https://imagekit.io/docs/webhooks",
		Schemes: []spec.Scheme{{
			Name: "v1", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:webhook-signature", Timestamp: "header:webhook-timestamp", ID: "header:webhook-id"},
			Layout: spec.Versions, Mark: "v1", Encoding: spec.Base64, Content: "{id}.{timestamp}.{body}",
			TimeUnit: spec.Seconds, ToleranceSeconds: 300,
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:type"},
			Split:   spec.SplitLastDot,
			ID:      []string{"header:webhook-id"},
			Time:    []spec.TimeAt{{At: "json:created_at", Unit: spec.RFC3339}},
			Subject: []string{"json:data.fileId", "json:data.asset.url", "json:request.x_request_id"},
		},
		Identity: spec.Identity{
			Why: "webhook-id of Standard Webhooks: signed, and the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Note: "Failed deliveries are tried again.", Time: eachTryIsSigned},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The id stays the same when a delivery is sent again, the timestamp does not.",
			"The key is the secret as it is shown, whsec_ included.",
			"The older x-ik-signature is not looked at.",
		},
		Source: "@imagekit/nodejs 7.11.0, resources/webhooks.js (unwrap); ImageKit docs, Webhooks",
		Unsure: []string{"retry", "places of the subjects"},
	}
}
