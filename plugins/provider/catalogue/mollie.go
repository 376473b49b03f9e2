package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func mollieRow() spec.Provider {
	return spec.Provider{
		Name:  "mollie",
		Title: "Mollie",
		Docs:  "https://docs.mollie.com/reference/webhooks-new",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:x-mollie-signature"},
			Mark:   "sha256=", Encoding: spec.Hex, Content: "{body}",
			Lines: true,
			Key:   spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:type"},
			Split:   spec.SplitLastDot,
			ID:      []string{"json:id"},
			Time:    []spec.TimeAt{{At: "json:createdAt", Unit: spec.RFC3339}},
			Subject: []string{"json:entityId"},
		},
		Identity: spec.Identity{
			Why: "id (event_...) names the event, in the signed body.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      15 * time.Second,
		Retry:        spec.Retry{Max: 10, Span: 26 * time.Hour},
		Sends: []spec.Header{
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
