package catalogue

import "webhookedge/plugins/provider/spec"

func tailscaleRow() spec.Provider {
	return spec.Provider{
		Name:  "tailscale",
		Title: "Tailscale",
		Docs:  "https://tailscale.com/kb/1213/webhooks",
		Schemes: []spec.Scheme{{
			Name: "v1", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:tailscale-webhook-signature", Timestamp: "pair:t"},
			Layout: spec.Pairs, Mark: "v1", Encoding: spec.Hex, Content: "{timestamp}.{body}",
			TimeUnit: spec.Seconds, ToleranceSeconds: 300,
			Key: spec.KeyText,
		}},
		Batch: &spec.Batch{Facts: spec.Locators{
			Type:    []string{"json:type"},
			Time:    []spec.TimeAt{{At: "json:timestamp", Unit: spec.RFC3339}},
			Tenant:  []string{"json:tailnet"},
			Subject: []string{"json:data.nodeID", "json:data.user"},
		}},
		Identity: spec.Identity{
			Why: "A body is a list of events; there is no id, and each event holds its time and what it is about.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Time: "Tailscale's own example refuses what is older than 5 minutes; no retries are documented."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The body is a list: each event in it becomes one of its own.",
			"An endpoint of the type Slack, Discord, Mattermost or Google Chat is not signed.",
		},
		Source: "tailscale/tailscale, docs/webhooks/example.go; @trigger.dev/core, v3/webhooks/index.js",
		Unsure: []string{"retry"},
	}
}
