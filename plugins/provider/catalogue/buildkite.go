package catalogue

import "webhookedge/plugins/provider/spec"

func buildkiteRow() spec.Provider {
	return spec.Provider{
		Name:  "buildkite",
		Title: "Buildkite",
		Docs:  "https://buildkite.com/docs/apis/webhooks/pipelines",
		Schemes: []spec.Scheme{{
			Name: "signature", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:x-buildkite-signature", Timestamp: "pair:timestamp"},
			Layout: spec.Pairs, Mark: "signature", Encoding: spec.Hex, Content: "{timestamp}.{body}",
			TimeUnit: spec.Seconds, ToleranceSeconds: 300,
			Key: spec.KeyText,
		}, {
			Name: "token", Kind: spec.Token, Weak: true,
			Family: spec.Family{Signature: "header:x-buildkite-token"},
			Key:    spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:event", "header:x-buildkite-event"},
			Split:   spec.SplitLastDot,
			ID:      []string{"header:x-buildkite-request"},
			Time:    []spec.TimeAt{{At: "json:build.finished_at", Unit: spec.DateTime}, {At: "json:build.started_at", Unit: spec.DateTime}, {At: "json:build.created_at", Unit: spec.DateTime}},
			Tenant:  []string{"json:pipeline.provider.settings.repository", "json:pipeline.slug"},
			Subject: []string{"json:build.id"},
		},
		Identity: spec.Identity{
			Why: "X-Buildkite-Request is a UUID of the request and not signed; a build that blocks twice can have one body twice, so that the id counts beside the digest.",
		},
		ContentTypes: []string{"application/json"},
		Ranges: []spec.RangeList{{
			Name: "buildkite", URL: "https://api.buildkite.com/v2/meta", Format: spec.RangeJSON, Paths: []string{"webhook_ips"},
			Docs: "https://buildkite.com/docs/apis/rest-api/meta",
		}},
		Retry: spec.Retry{Time: "Buildkite's docs refuse what is older than 5 minutes; no retries are documented."},
		Sends: []spec.Header{
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
