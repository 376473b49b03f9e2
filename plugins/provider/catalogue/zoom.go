package catalogue

import (
	"time"

	"webhookedge/plugins/provider"
)

func zoomRow() provider.Provider {
	return provider.Provider{
		Name:  "zoom",
		Title: "Zoom",
		Docs:  "https://developers.zoom.us/docs/api/webhooks/",
		Schemes: []provider.Scheme{{
			Name: "v0", Kind: provider.HMAC, Hash: provider.SHA256,
			Family: provider.Family{Signature: "header:x-zm-signature", Timestamp: "header:x-zm-request-timestamp"},
			Mark:   "v0=", Encoding: provider.Hex, Content: "v0:{timestamp}:{body}",
			TimeUnit: provider.Seconds, ToleranceSeconds: 300,
			Key: provider.KeyText,
		}},
		Facts: provider.Locators{
			Type:    []string{"json:event"},
			Split:   provider.SplitLastDot,
			ID:      []string{"header:x-zm-trackingid"},
			Time:    []provider.TimeAt{{At: "json:event_ts", Unit: provider.Milliseconds}},
			Tenant:  []string{"json:payload.account_id"},
			Subject: []string{"json:payload.object.uuid", "json:payload.object.id"},
		},
		Identity: provider.Identity{
			Content: true,
			Why:     "The body holds the time in milliseconds and what happened; x-zm-trackingid is not signed.",
		},
		ContentTypes: []string{"application/json"},
		Handshakes:   []provider.Handshake{{Method: "POST", When: "json:event", Is: "endpoint.url_validation", Challenge: "json:payload.plainToken", Response: provider.Response{Kind: provider.HMAC, Hash: provider.SHA256, Encoding: provider.Hex, Content: "{challenge}"}, Answer: provider.Answer{ContentType: "application/json", Body: `{"plainToken":{challenge|json},"encryptedToken":"{response}"}`}}},
		Timeout:      3 * time.Second,
		Retry:        provider.Retry{Max: 3, Span: 126 * time.Minute, Note: "After about 5, 30 and 90 minutes, on a 5xx or a time-out."},
		Status:       map[string]int{"rate_limited": 503},
		On429:        "A 4xx would not be tried again; a 503 is.",
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "user-agent", Value: "Zoom Marketplace/1.0a"},
			{Name: "x-zm-trackingid", Value: "{id}"},
		},
		Pitfalls: []string{
			"The endpoint is validated again every 72 h.",
			"The key is the app's secret token, not the verification token.",
		},
		Source: "zoom/webhook-sample, index.js; elastic/beats tests (value of the validation recomputed); Zoom changelog (72 h)",
		Unsure: []string{"retry", "x-zm-trackingid as the id", "tolerance: 5 minutes are customary"},
	}
}
