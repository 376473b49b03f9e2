package catalogue

import (
	"time"

	"webhookedge/plugins/provider"
)

func mollieRow() provider.Provider {
	return provider.Provider{
		Name:  "mollie",
		Title: "Mollie",
		Docs:  "https://docs.mollie.com/reference/webhooks-new",
		Schemes: []provider.Scheme{{
			Name: "sha256", Kind: provider.HMAC, Hash: provider.SHA256,
			Family: provider.Family{Signature: "header:x-mollie-signature"},
			Mark:   "sha256=", Encoding: provider.Hex, Content: "{body}",
			Lines: true,
			Key:   provider.KeyText,
		}},
		Facts: provider.Locators{
			Type:    []string{"json:type"},
			Split:   provider.SplitLastDot,
			ID:      []string{"json:id"},
			Time:    []provider.TimeAt{{At: "json:createdAt", Unit: provider.RFC3339}},
			Subject: []string{"json:entityId"},
		},
		Identity: provider.Identity{
			Why: "id (event_...) names the event, in the signed body.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      15 * time.Second,
		Retry:        provider.Retry{Max: 10, Span: 26 * time.Hour},
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"Classic webhooks carry an id and no signature: use the next-generation webhooks.",
			"While a secret is rotated each secret signs, on a line of its own; any of them proves the sender, and equal lines are refused.",
		},
		Source: "Mollie docs, Webhooks (next generation); mollie-api-php, SignatureValidator.php (several lines); trigger.dev source catalogue",
		Unsure: []string{"retry", "time-out"},
	}
}
