package catalogue

import "webhookedge/plugins/provider"

func livekitRow() provider.Provider {
	return provider.Provider{
		Name:  "livekit",
		Title: "LiveKit",
		Docs:  "https://docs.livekit.io/home/server/webhooks/",
		Schemes: []provider.Scheme{{
			Name: "jwt", Kind: provider.JSONToken,
			Family: provider.Family{Signature: "header:authorization"},
			Binds:  []provider.Bind{{At: "claim:sha256", Content: "{body|sha256|base64}"}},
			Key:    provider.KeyText,
			JWT:    provider.JWT{Algorithms: []provider.Algorithm{provider.HS256}, Issuers: []string{"{setting:api_key}"}, NeedExpiry: true},
		}},
		Settings: []provider.Setting{{
			Name: "api_key", Doc: "The API key that belongs to the secret; it is the issuer of the token, and any is taken where it is not set.",
			Example: "APIoctoCorp17", Optional: true,
		}},
		Facts: provider.Locators{
			Type:    []string{"json:event"},
			ID:      []string{"json:id"},
			Time:    []provider.TimeAt{{At: "json:createdAt", Unit: provider.Seconds}},
			Tenant:  []string{"json:room.name"},
			Subject: []string{"json:room.sid"},
		},
		Identity: provider.Identity{
			Why: "id (EV_...) names the event, in the body whose hash is signed.",
		},
		ContentTypes: []string{"application/webhook+json", "application/json"},
		Retry:        provider.Retry{Note: "Tried again a few times."},
		Sends: []provider.Header{
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
