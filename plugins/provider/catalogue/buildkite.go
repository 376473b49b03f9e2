package catalogue

import "webhookedge/plugins/provider"

func buildkiteRow() provider.Provider {
	return provider.Provider{
		Name:  "buildkite",
		Title: "Buildkite",
		Docs:  "https://buildkite.com/docs/apis/webhooks/pipelines",
		Schemes: []provider.Scheme{{
			Name: "signature", Kind: provider.HMAC, Hash: provider.SHA256,
			Family: provider.Family{Signature: "header:x-buildkite-signature", Timestamp: "pair:timestamp"},
			Layout: provider.Pairs, Mark: "signature", Encoding: provider.Hex, Content: "{timestamp}.{body}",
			TimeUnit: provider.Seconds, ToleranceSeconds: 300,
			Key: provider.KeyText,
		}, {
			Name: "token", Kind: provider.Token, Weak: true,
			Family: provider.Family{Signature: "header:x-buildkite-token"},
			Key:    provider.KeyText,
		}},
		Facts: provider.Locators{
			Type:    []string{"json:event", "header:x-buildkite-event"},
			Split:   provider.SplitLastDot,
			ID:      []string{"header:x-buildkite-request"},
			Time:    []provider.TimeAt{{At: "json:build.finished_at", Unit: provider.DateTime}, {At: "json:build.started_at", Unit: provider.DateTime}, {At: "json:build.created_at", Unit: provider.DateTime}},
			Tenant:  []string{"json:pipeline.provider.settings.repository", "json:pipeline.slug"},
			Subject: []string{"json:build.id"},
		},
		Identity: provider.Identity{
			Why: "X-Buildkite-Request is a UUID of the request and not signed; a build that blocks twice can have one body twice, so that the id counts beside the digest.",
		},
		ContentTypes: []string{"application/json"},
		Ranges: []provider.RangeList{{
			Name: "buildkite", URL: "https://api.buildkite.com/v2/meta", Format: provider.RangeJSON, Paths: []string{"webhook_ips"},
			Docs: "https://buildkite.com/docs/apis/rest-api/meta",
		}},
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "user-agent", Value: "Buildkite-Request"},
			{Name: "x-buildkite-event", Value: "{event}"},
			{Name: "x-buildkite-request", Value: "{id}"},
		},
		Pitfalls: []string{
			"A service sends either the token or the signature: choose the signature.",
			"The event name stands in a header, which the signature does not cover; the body repeats it.",
		},
		Source: "Buildkite docs repository, apis/webhooks",
		Unsure: []string{"X-Buildkite-Request as the id", "retry"},
	}
}
