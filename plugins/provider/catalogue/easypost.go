package catalogue

import (
	"time"

	"webhookedge/plugins/provider"
)

func easypostRow() provider.Provider {
	return provider.Provider{
		Name:  "easypost",
		Title: "EasyPost",
		Docs:  "https://docs.easypost.com/guides/webhooks-guide",
		Schemes: []provider.Scheme{{
			Name: "sha256", Kind: provider.HMAC, Hash: provider.SHA256,
			Family: provider.Family{Signature: "header:x-hmac-signature"},
			Mark:   "hmac-sha256-hex=", Encoding: provider.Hex, Content: "{body}",
			Key: provider.KeyText, KeyMin: 8,
		}},
		Facts: provider.Locators{
			Type:    []string{"json:description"},
			Split:   provider.SplitLastDot,
			ID:      []string{"json:id"},
			Time:    []provider.TimeAt{{At: "json:created_at", Unit: provider.RFC3339}},
			Tenant:  []string{"json:user_id"},
			Subject: []string{"json:result.id"},
		},
		Identity: provider.Identity{
			Volatile: []string{"status", "pending_urls", "completed_urls"},
			Why:      "id (evt_...) names the event, in the signed body; status, pending_urls and completed_urls tell how its delivery goes.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      7 * time.Second,
		Retry:        provider.Retry{Max: 6},
		Sends: []provider.Header{
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
