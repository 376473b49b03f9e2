package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func easypostRow() spec.Provider {
	return spec.Provider{
		Name:  "easypost",
		Title: "EasyPost",
		Docs:  "https://docs.easypost.com/guides/webhooks-guide",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:x-hmac-signature"},
			Mark:   "hmac-sha256-hex=", Encoding: spec.Hex, Content: "{body}",
			Key: spec.KeyText, KeyMin: 8,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:description"},
			Split:   spec.SplitLastDot,
			ID:      []string{"json:id"},
			Time:    []spec.TimeAt{{At: "json:created_at", Unit: spec.RFC3339}},
			Tenant:  []string{"json:user_id"},
			Subject: []string{"json:result.id"},
		},
		Identity: spec.Identity{
			Volatile: []string{"status", "pending_urls", "completed_urls"},
			Why:      "id (evt_...) names the event, in the signed body; status, pending_urls and completed_urls tell how its delivery goes.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      7 * time.Second,
		Retry:        spec.Retry{Max: 6},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "user-agent", Value: "EasyPost/1.0"},
		},
		Pitfalls: []string{
			"EasyPost normalises the secret to NFKD: keep to ASCII, where that changes nothing.",
			"Numbers like 614.0 change when the body is written anew.",
		},
		Source: "easypost-node, src/utils/util.js and issue 467",
		Unsure: []string{"retry", "X-Hmac-Signature-V2, which is not looked at"},
	}
}
