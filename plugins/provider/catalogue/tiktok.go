package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func tiktokRow() spec.Provider {
	return spec.Provider{
		Name:  "tiktok",
		Title: "TikTok for Developers",
		Docs:  "https://developers.tiktok.com/doc/webhooks-verification",
		Schemes: []spec.Scheme{{
			Name: "s", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:tiktok-signature", Timestamp: "pair:t"},
			Layout: spec.Pairs, Mark: "s", Encoding: spec.Hex, Content: "{timestamp}.{body}",
			TimeUnit: spec.Seconds, ToleranceSeconds: 259200, AheadSeconds: 300,
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:event"},
			Split:   spec.SplitLastDot,
			Time:    []spec.TimeAt{{At: "json:create_time", Unit: spec.Seconds}},
			Tenant:  []string{"json:client_key"},
			Subject: []string{"json:user_openid"},
		},
		Identity: spec.Identity{
			Content: true,
			Why:     "There is no id: the body holds the app, the user, the event, its second and its content.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Span: 72 * time.Hour, Note: "With growing pauses.", Time: "TikTok checks no time and may send a late try with that of the first, so the tolerance is as long as the retries; until then an event is known by what was signed, and a second one is a duplicate."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The key is the client secret of the app.",
			"content is JSON in a string.",
			"TikTok Shop signs otherwise.",
		},
		Source: "TikTok for Developers docs, Webhooks verification (the time is the receiver's to judge) and Webhooks overview (72 hours)",
		Unsure: []string{"whether a try has a time of its own", "tolerance: the docs leave it to the receiver"},
	}
}
