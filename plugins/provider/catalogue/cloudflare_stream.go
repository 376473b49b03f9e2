package catalogue

import "webhookedge/plugins/provider"

func cloudflareStreamRow() provider.Provider {
	return provider.Provider{
		Name:  "cloudflare-stream",
		Title: "Cloudflare Stream",
		Docs:  "https://developers.cloudflare.com/stream/manage-video-library/using-webhooks/",
		Schemes: []provider.Scheme{{
			Name: "sig1", Kind: provider.HMAC, Hash: provider.SHA256,
			Family: provider.Family{Signature: "header:webhook-signature", Timestamp: "pair:time"},
			Layout: provider.Pairs, Mark: "sig1", Encoding: provider.Hex, Content: "{timestamp}.{body}",
			TimeUnit: provider.Seconds, ToleranceSeconds: 300,
			Key: provider.KeyText,
		}},
		Facts: provider.Locators{
			Type:    []string{"json:status.state"},
			Time:    []provider.TimeAt{{At: "json:modified", Unit: provider.RFC3339}},
			Subject: []string{"json:uid"},
		},
		Identity: provider.Identity{
			Content: true,
			Why:     "The body is the video with the time of its last change in microseconds and its state.",
		},
		ContentTypes: []string{"application/json"},
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The state of the video (ready, error) stands in for an event name.",
			"No id tells one event of an object from the next, so the id is made of the body: a try whose body differs counts as another event.",
		},
		Source: "Cloudflare docs, Stream: Use webhooks",
		Unsure: []string{"retry", "time-out", "tolerance: 5 minutes are customary"},
	}
}
