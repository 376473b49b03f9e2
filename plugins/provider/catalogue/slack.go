package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func slackRow() spec.Provider {
	return spec.Provider{
		Name:  "slack",
		Title: "Slack",
		Docs:  "https://docs.slack.dev/authentication/verifying-requests-from-slack/",
		Schemes: []spec.Scheme{{
			Name: "v0", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:x-slack-signature", Timestamp: "header:x-slack-request-timestamp"},
			Layout: spec.Single, Mark: "v0=", Encoding: spec.Hex, Content: "v0:{timestamp}:{body}",
			TimeUnit: spec.Seconds, ToleranceSeconds: 300,
			Key: spec.KeyText, KeyMin: 16,
		}},
		Facts: spec.Locators{
			Type:     []string{"json:event.type", "json:type", "form:command"},
			Action:   []string{"json:event.subtype"},
			ID:       []string{"json:event_id", "json:trigger_id", "form:trigger_id"},
			Time:     []spec.TimeAt{{At: "json:event_time", Unit: spec.Seconds}},
			Tenant:   []string{"json:team_id", "json:team.id", "form:team_id", "json:enterprise_id", "form:enterprise_id"},
			Subject:  []string{"json:event.channel", "json:event.channel.id", "json:channel.id", "form:channel_id"},
			FormJSON: "payload",
		},
		Identity: spec.Identity{
			Why: "event_id is unique at Slack, in the signed body, and the same at every try; trigger_id is that of one interaction.",
		},
		ContentTypes: []string{"application/json", "application/x-www-form-urlencoded"},
		Handshakes: []spec.Handshake{{
			Method: "POST", When: "json:type", Is: "url_verification", Challenge: "json:challenge",
			Answer: spec.Answer{ContentType: "text/plain", Body: "{challenge}"},
		}},
		Cutoff:  spec.Cutoff{Percent: 95, Span: time.Hour},
		Timeout: 3 * time.Second,
		Retry:   spec.Retry{Max: 3, Span: 6 * time.Minute, Note: "Events API: at once, after 1 minute, after 5 minutes. An answer with X-Slack-No-Retry: 1 stops them.", Time: "Slack's own libraries refuse what is older than 5 minutes."},
		On429:   "As any other failure: Events API deliveries are sent again, commands and interactions show the user an error.",
		Sends: []spec.Header{
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
