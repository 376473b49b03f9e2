package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func resendRow() spec.Provider {
	return spec.Provider{
		Name:  "resend",
		Title: "Resend",
		Docs:  "https://resend.com/docs/dashboard/webhooks/introduction",
		Schemes: []spec.Scheme{{
			Name: "v1", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:     spec.Family{Signature: "header:svix-signature", Timestamp: "header:svix-timestamp", ID: "header:svix-id"},
			Alternates: []spec.Family{{Signature: "header:webhook-signature", Timestamp: "header:webhook-timestamp", ID: "header:webhook-id"}},
			FirstWins:  true,
			Layout:     spec.Versions, Mark: "v1", Encoding: spec.Base64, Content: "{id}.{timestamp}.{body}",
			TimeUnit: spec.Seconds, ToleranceSeconds: 300,
			Key: spec.KeyBase64, KeyPrefix: "whsec_", RawKey: true,
		}, v1a("svix", "webhook")},
		Facts: spec.Locators{
			Type:    []string{"json:type"},
			Split:   spec.SplitLastDot,
			ID:      []string{"header:svix-id", "header:webhook-id"},
			Time:    []spec.TimeAt{{At: "json:created_at", Unit: spec.RFC3339}, {At: "json:timestamp", Unit: spec.RFC3339}},
			Subject: []string{"json:data.email_id", "json:data.id"},
		},
		Identity: spec.Identity{
			Why: "The message id of Svix, which sends for it: signed, unique, and the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      15 * time.Second,
		Retry:        spec.Retry{Max: 7, Span: 1656 * time.Minute, Note: "Svix's schedule: at once, after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h and 10 h; an endpoint that fails for 5 days is disabled.", Time: eachTryIsSigned},
		Cutoff:       spec.Cutoff{Span: 120 * time.Hour},
		Ranges:       []spec.RangeList{svixRanges()},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The id stays the same when a delivery is sent again, the timestamp does not.",
		},
		Source: "hookdeck/webhook-skills, resend; django-anymail, resend view; Resend docs, Retries and replays",
	}
}
