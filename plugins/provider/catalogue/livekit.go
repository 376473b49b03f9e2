package catalogue

import "webhookedge/plugins/provider/spec"

func livekitRow() spec.Provider {
	return spec.Provider{
		Name:  "livekit",
		Title: "LiveKit",
		Docs:  "https://docs.livekit.io/home/server/webhooks/",
		Schemes: []spec.Scheme{{
			Name: "jwt", Kind: spec.JSONToken,
			Family: spec.Family{Signature: "header:authorization"},
			Binds:  []spec.Bind{{At: "claim:sha256", Content: "{body|sha256|base64}"}},
			Key:    spec.KeyText,
			JWT:    spec.JWT{Algorithms: []spec.Algorithm{spec.HS256}, Issuers: []string{"{setting:api_key}"}, NeedExpiry: true},
		}},
		Settings: []spec.Setting{{
			Name: "api_key", Doc: "The API key that belongs to the secret; it is the issuer of the token, and any is taken where it is not set.",
			Example: "APIoctoCorp17", Optional: true,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:event"},
			ID:      []string{"json:id"},
			Time:    []spec.TimeAt{{At: "json:createdAt", Unit: spec.Seconds}},
			Tenant:  []string{"json:room.name"},
			Subject: []string{"json:room.sid"},
		},
		Identity: spec.Identity{
			Why: "id (EV_...) names the event, in the body whose hash is signed.",
		},
		ContentTypes: []string{"application/webhook+json", "application/json"},
		Retry:        spec.Retry{Note: "Tried again a few times."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/webhook+json"},
		},
		Pitfalls: []string{
			"The content type is application/webhook+json.",
			"The token stands in Authorization without the word Bearer.",
			"The key is the API secret, the issuer its API key.",
		},
		Source: "livekit/node-sdks, WebhookReceiver.ts and its test",
		Unsure: []string{"retry"},
	}
}
