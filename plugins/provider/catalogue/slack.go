package catalogue

import (
	"time"

	"webhookedge/plugins/provider"
)

func slackRow() provider.Provider {
	return provider.Provider{
		Name:  "slack",
		Title: "Slack",
		Docs:  "https://docs.slack.dev/authentication/verifying-requests-from-slack/",
		Schemes: []provider.Scheme{{
			Name: "v0", Kind: provider.HMAC, Hash: provider.SHA256,
			Family: provider.Family{Signature: "header:x-slack-signature", Timestamp: "header:x-slack-request-timestamp"},
			Layout: provider.Single, Mark: "v0=", Encoding: provider.Hex, Content: "v0:{timestamp}:{body}",
			TimeUnit: provider.Seconds, ToleranceSeconds: 300,
			Key: provider.KeyText, KeyMin: 16,
		}},
		Facts: provider.Locators{
			Type:     []string{"json:event.type", "json:type", "form:command"},
			Action:   []string{"json:event.subtype"},
			ID:       []string{"json:event_id", "json:trigger_id", "form:trigger_id"},
			Time:     []provider.TimeAt{{At: "json:event_time", Unit: provider.Seconds}},
			Tenant:   []string{"json:team_id", "json:team.id", "form:team_id", "json:enterprise_id", "form:enterprise_id"},
			Subject:  []string{"json:event.channel", "json:event.channel.id", "json:channel.id", "form:channel_id"},
			FormJSON: "payload",
		},
		Identity: provider.Identity{
			Why: "event_id is unique at Slack, in the signed body, and the same at every try; trigger_id is that of one interaction.",
		},
		ContentTypes: []string{"application/json", "application/x-www-form-urlencoded"},
		Handshakes: []provider.Handshake{{
			Method: "POST", When: "json:type", Is: "url_verification", Challenge: "json:challenge",
			Answer: provider.Answer{ContentType: "text/plain", Body: "{challenge}"},
		}},
		Timeout: 3 * time.Second,
		Retry:   provider.Retry{Max: 3, Span: 6 * time.Minute, Note: "Events API: at once, after 1 minute, after 5 minutes. An answer with X-Slack-No-Retry: 1 stops them."},
		On429:   "As any other failure: Events API deliveries are sent again, commands and interactions show the user an error.",
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "user-agent", Value: "Slackbot 1.0 (+https://api.slack.com/robots)"},
		},
		Pitfalls: []string{
			"The retry after a timeout comes at 3 s, while the first request may still be under way: event_id tells the double.",
			"Slash commands and interactivity are form-encoded; the signature covers the encoded body.",
			"The field token of a body is the retired way to authenticate and proves nothing.",
		},
		Source: "Slack docs, Verifying requests from Slack (test value recomputed); Events API, Error handling",
		Unsure: []string{"a subscription is disabled when more than 95 % of deliveries fail within an hour"},
	}
}
