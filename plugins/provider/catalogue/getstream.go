package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func getstreamRow() spec.Provider {
	return spec.Provider{
		Name:  "getstream",
		Title: "Stream",
		Docs:  "https://getstream.io/chat/docs/node/webhooks_overview/",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:x-signature"},
			Encoding: spec.Hex, Content: "{body}",
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:type"},
			Split:   spec.SplitLastDot,
			ID:      []string{"header:x-webhook-id"},
			Time:    []spec.TimeAt{{At: "json:created_at", Unit: spec.RFC3339}},
			Subject: []string{"json:cid", "json:call_cid", "json:channel_id"},
		},
		Identity: spec.Identity{
			Why: "X-Webhook-Id is the same at every try and not signed, so that the digest of the body joins it.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      6 * time.Second,
		Retry:        spec.Retry{Max: 2, Span: 15 * time.Second, Note: "After 408, 429, a 5xx, a time-out or an error of the network; all tries together have 15 s."},
		On429:        "Tried again.",
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "x-api-key", Value: "octoapikey17"},
			{Name: "x-webhook-attempt", Value: "1"},
			{Name: "x-webhook-id", Value: "{id}"},
		},
		Pitfalls: []string{
			"The key is the API secret of the app that X-Api-Key names.",
			"Leave compression of webhooks off: Stream signs the body before it is compressed.",
			"Nothing signs a time: a captured delivery is told by its id and body alone.",
		},
		Source: "@stream-io/node-sdk 0.7.64, dist/index.cjs.js (verifySignature); Stream docs, Webhooks overview and Push webhook",
	}
}
