package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func flutterwaveRow() spec.Provider {
	return spec.Provider{
		Name:  "flutterwave",
		Title: "Flutterwave",
		Docs:  "https://developer.flutterwave.com/docs/webhooks",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:flutterwave-signature"},
			Encoding: spec.Base64, Content: "{body}",
			Key: spec.KeyText, KeyMin: 8,
		}, {
			Name: "verif-hash", Kind: spec.Token, Weak: true,
			Family: spec.Family{Signature: "header:verif-hash"},
			Key:    spec.KeyText, KeyMin: 8,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:type", "json:event"},
			Split:   spec.SplitLastDot,
			Time:    []spec.TimeAt{{At: "json:timestamp", Unit: spec.Milliseconds}, {At: "json:data.created_at", Unit: spec.RFC3339}},
			Subject: []string{"json:data.id"},
		},
		Identity: spec.Identity{
			Content: true,
			Why:     "The body holds the transaction, its state and the time of the event in milliseconds.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      60 * time.Second,
		Retry:        spec.Retry{Max: 3, Span: 90 * time.Minute, Note: "30 minutes apart, where tries are switched on."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"Version 4 signs (flutterwave-signature); version 3 only repeats the secret hash (verif-hash), which must be chosen in the settings.",
			"No id tells one event of an object from the next, so the id is made of the body: a try whose body differs counts as another event.",
		},
		Source: "Receivers of both versions in public repositories, which agree on header, hash and encoding",
		Unsure: []string{"places of the event's facts in version 4", "retry", "time-out"},
	}
}
