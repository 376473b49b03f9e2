package catalogue

import "webhookedge/plugins/provider/spec"

func cloudflareStreamRow() spec.Provider {
	return spec.Provider{
		Name:  "cloudflare-stream",
		Title: "Cloudflare Stream",
		Docs:  "https://developers.cloudflare.com/stream/manage-video-library/using-webhooks/",
		Schemes: []spec.Scheme{{
			Name: "sig1", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:webhook-signature", Timestamp: "pair:time"},
			Layout: spec.Pairs, Mark: "sig1", Encoding: spec.Hex, Content: "{timestamp}.{body}",
			TimeUnit: spec.Seconds, ToleranceSeconds: 300,
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:status.state"},
			Time:    []spec.TimeAt{{At: "json:modified", Unit: spec.RFC3339}},
			Subject: []string{"json:uid"},
		},
		Identity: spec.Identity{
			Content: true,
			Why:     "The body is the video with the time of its last change in microseconds and its state.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Time: "No retries are documented, so no tolerance can be made of them."},
		Sends: []spec.Header{
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
