package catalogue

import (
	"time"

	"webhookedge/plugins/provider"
)

func retellRow() provider.Provider {
	return provider.Provider{
		Name:  "retell",
		Title: "Retell AI",
		Docs:  "https://docs.retellai.com/features/secure-webhook",
		Schemes: []provider.Scheme{{
			Name: "d", Kind: provider.HMAC, Hash: provider.SHA256,
			Family: provider.Family{Signature: "header:x-retell-signature", Timestamp: "pair:v"},
			Layout: provider.Pairs, Mark: "d", Encoding: provider.Hex, Content: "{body}{timestamp}",
			TimeUnit: provider.Milliseconds, ToleranceSeconds: 300,
			Key: provider.KeyText,
		}},
		Facts: provider.Locators{
			Type:    []string{"json:event"},
			Time:    []provider.TimeAt{{At: "json:call.end_timestamp", Unit: provider.Milliseconds}, {At: "json:call.start_timestamp", Unit: provider.Milliseconds}},
			Tenant:  []string{"json:call.agent_id"},
			Subject: []string{"json:call.call_id"},
		},
		Identity: provider.Identity{
			Content: true,
			Why:     "A call starts, ends and is analysed once, and the body names it with its times.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      10 * time.Second,
		Retry:        provider.Retry{Max: 3},
		Ranges:       []provider.RangeList{{Name: "retell", Docs: "https://docs.retellai.com/features/secure-webhook"}},
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"In the header v is the time and d the signature.",
			"The key is the API key that carries the webhook badge.",
			"No id tells one event of an object from the next, so the id is made of the body: a try whose body differs counts as another event.",
		},
		Source: "trigger.dev source catalogue",
		Unsure: []string{"retry"},
	}
}
