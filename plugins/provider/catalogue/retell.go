package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func retellRow() spec.Provider {
	return spec.Provider{
		Name:  "retell",
		Title: "Retell AI",
		Docs:  "https://docs.retellai.com/features/secure-webhook",
		Schemes: []spec.Scheme{{
			Name: "d", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:x-retell-signature", Timestamp: "pair:v"},
			Layout: spec.Pairs, Mark: "d", Encoding: spec.Hex, Content: "{body}{timestamp}",
			TimeUnit: spec.Milliseconds, ToleranceSeconds: 300,
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:event"},
			Time:    []spec.TimeAt{{At: "json:call.end_timestamp", Unit: spec.Milliseconds}, {At: "json:call.start_timestamp", Unit: spec.Milliseconds}},
			Tenant:  []string{"json:call.agent_id"},
			Subject: []string{"json:call.call_id"},
		},
		Identity: spec.Identity{
			Content: true,
			Why:     "A call starts, ends and is analysed once, and the body names it with its times.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      10 * time.Second,
		Retry:        spec.Retry{Max: 3, Time: "Retell's own libraries refuse what is older than 5 minutes."},
		Ranges:       []spec.RangeList{{Name: "retell", Docs: "https://docs.retellai.com/features/secure-webhook"}},
		Sends: []spec.Header{
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
