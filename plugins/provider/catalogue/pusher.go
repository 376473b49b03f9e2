package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func pusherRow() spec.Provider {
	return spec.Provider{
		Name:  "pusher",
		Title: "Pusher Channels",
		Docs:  "https://pusher.com/docs/channels/server_api/webhooks/",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:x-pusher-signature"},
			Encoding: spec.Hex, Content: "{body}",
			Expect: []spec.Expect{{At: "header:x-pusher-key", Is: "{setting:app_key}"}},
			Key:    spec.KeyText,
		}},
		Settings: []spec.Setting{{
			Name: "app_key", Doc: "The app key that must stand in X-Pusher-Key; any is taken where it is not set.",
			Example: "octokey1", Optional: true,
		}},
		Facts: spec.Locators{
			Time:   []spec.TimeAt{{At: "json:time_ms", Unit: spec.Milliseconds}},
			Tenant: []string{"header:x-pusher-key"},
		},
		Batch: &spec.Batch{At: "events", Facts: spec.Locators{
			Type:    []string{"json:name"},
			Subject: []string{"json:channel"},
		}},
		Identity: spec.Identity{
			Content: true,
			Why:     "The body holds time_ms, the time of its events in milliseconds.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      4 * time.Second,
		Retry:        spec.Retry{Span: 5 * time.Minute},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "x-pusher-key", Value: "octokey1"},
		},
		Pitfalls: []string{
			"X-Pusher-Key names the key that signed; give the secrets of all keys that are in use.",
			"No id tells one event of an object from the next, so the id is made of the body: a try whose body differs counts as another event.",
		},
		Source: "pusher-http-node tests (recomputed); Bird docs, Channels webhooks (time-out, retry)",
	}
}
