package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func zoomRow() spec.Provider {
	return spec.Provider{
		Name:  "zoom",
		Title: "Zoom",
		Docs:  "https://developers.zoom.us/docs/api/webhooks/",
		Schemes: []spec.Scheme{{
			Name: "v0", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:x-zm-signature", Timestamp: "header:x-zm-request-timestamp"},
			Mark:   "v0=", Encoding: spec.Hex, Content: "v0:{timestamp}:{body}",
			TimeUnit: spec.Seconds, ToleranceSeconds: 7560, AheadSeconds: 300,
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:event"},
			Split:   spec.SplitLastDot,
			ID:      []string{"header:x-zm-trackingid"},
			Time:    []spec.TimeAt{{At: "json:event_ts", Unit: spec.Milliseconds}},
			Tenant:  []string{"json:payload.account_id"},
			Subject: []string{"json:payload.object.uuid", "json:payload.object.id"},
		},
		Identity: spec.Identity{
			Content: true,
			Why:     "The body holds the time in milliseconds and what happened; x-zm-trackingid is not signed.",
		},
		ContentTypes: []string{"application/json"},
		Handshakes:   []spec.Handshake{{Method: "POST", When: "json:event", Is: "endpoint.url_validation", Challenge: "json:payload.plainToken", Response: spec.Response{Kind: spec.HMAC, Hash: spec.SHA256, Encoding: spec.Hex, Content: "{challenge}"}, Answer: spec.Answer{ContentType: "application/json", Body: `{"plainToken":{challenge|json},"encryptedToken":"{response}"}`}}},
		Timeout:      3 * time.Second,
		Retry:        spec.Retry{Max: 3, Span: 126 * time.Minute, Note: "After about 5, 30 and 90 minutes, on a 5xx or a time-out.", Time: "Zoom checks no time and may send a late try with that of the first, so the tolerance is as long as the retries; until then an event is known by its id, and a second one is a duplicate."},
		Status:       map[string]int{"rate_limited": 503},
		On429:        "A 4xx would not be tried again; a 503 is.",
		Sends: []spec.Header{
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
