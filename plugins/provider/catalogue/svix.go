package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func svixRow() spec.Provider {
	return throughSvix(svixDefault, spec.Provider{
		Name:  "svix",
		Title: "Svix",
		Docs:  "https://docs.svix.com/receiving/verifying-payloads/how-manual",
		Facts: spec.Locators{
			Type:  []string{"json:type"},
			Split: spec.SplitLastDot,
			ID:    []string{"header:svix-id", "header:webhook-id"},
			Time:  []spec.TimeAt{{At: "header:svix-timestamp", Unit: spec.Seconds}, {At: "header:webhook-timestamp", Unit: spec.Seconds}},
		},
		Source: "svix-webhooks, Go library tests and svix-server (recomputed)",
		Unsure: []string{"URL of the address ranges"},
	})
}

// Whose schedule of retries it is.
const (
	svixSchedule = "Svix's schedule"
	svixDefault  = svixSchedule + " unless the sender sets another"
)

// throughSvix adds to the row of a sender what Svix does that delivers for it, at its
// schedule; a row with schemes keeps its own.
func throughSvix(schedule string, p spec.Provider) spec.Provider {
	if p.Schemes == nil {
		p.Schemes = []spec.Scheme{{
			Name: "v1", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:     spec.Family{Signature: "header:svix-signature", Timestamp: "header:svix-timestamp", ID: "header:svix-id"},
			Alternates: []spec.Family{{Signature: "header:webhook-signature", Timestamp: "header:webhook-timestamp", ID: "header:webhook-id"}},
			FirstWins:  true,
			Layout:     spec.Versions, Mark: "v1", Encoding: spec.Base64, Content: "{id}.{timestamp}.{body}",
			TimeUnit: spec.Seconds, ToleranceSeconds: 300,
			Key: spec.KeyBase64, KeyPrefix: "whsec_", RawKey: true,
		}, v1a("svix", "webhook")}
	}
	p.Identity.Why = "The message id of Svix, which sends for it: signed, unique, and the same at every try."
	p.ContentTypes = []string{"application/json"}
	p.Timeout = 15 * time.Second
	p.Retry = spec.Retry{Max: 7, Span: 1656 * time.Minute, Note: schedule + ": at once, after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h and 10 h; an endpoint that fails for 5 days is disabled.", Time: eachTryIsSigned}
	p.Cutoff = spec.Cutoff{Span: 120 * time.Hour}
	p.Ranges = []spec.RangeList{{
		Name: "svix", URL: "https://docs.svix.com/webhook-ips.json", Format: spec.RangeJSON, Paths: []string{"*"},
		Docs: "https://docs.svix.com/receiving/source-ips",
	}}
	p.Sends = []spec.Header{
		{Name: "accept", Value: "*/*"},
		{Name: "content-type", Value: "application/json"},
	}
	p.Pitfalls = append(p.Pitfalls, "The id stays the same when a delivery is sent again, the timestamp does not.")
	return p
}
