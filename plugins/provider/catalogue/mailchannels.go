package catalogue

import "webhookedge/plugins/provider/spec"

func mailchannelsRow() spec.Provider {
	return spec.Provider{
		Name:  "mailchannels",
		Title: "MailChannels Email API",
		Docs:  "https://docs.mailchannels.net/email-api/advanced/delivery-events",
		Schemes: []spec.Scheme{{
			Name: "ed25519", Kind: spec.HTTPSignature,
			Family: spec.Family{Signature: "header:signature", Timestamp: "pair:created"},
			Message: spec.Message{
				Algorithms: []spec.MessageAlgorithm{spec.MessageEd25519},
				Components: []string{"content-digest"}, Parameters: []string{"alg", "keyid"},
			},
			TimeUnit: spec.Seconds, ToleranceSeconds: 300,
			Key: spec.KeySPKI,
			Remote: &spec.Remote{
				URL: "https://api.mailchannels.net/tx/v1/webhook/public-key?id={kid}", Hosts: []string{"api.mailchannels.net"},
				Member: "key", Form: spec.KeySPKI,
			},
		}},
		Facts: spec.Locators{},
		Batch: &spec.Batch{Facts: spec.Locators{
			Type:    []string{"json:event"},
			Time:    []spec.TimeAt{{At: "json:timestamp", Unit: spec.Seconds}},
			Tenant:  []string{"json:customer_handle"},
			Subject: []string{"json:smtp_id", "json:request_id"},
		}},
		Identity: spec.Identity{
			Why: "Events have no id: request_id is that of the request that sent the mail. Each is known by its content, which holds the time.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Time: "The library that reads MailChannels' signatures refuses what is older than 5 minutes; no retries are documented."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"MailChannels signs for all its customers with one key, and the URL is not signed: customer_handle, the tenant of an event, tells whose it is, and a policy must check it.",
			"A delivery holds up to 1000 events, each of which becomes one of its own.",
			"The label of the signature changes with each delivery, so a proxy must not add a signature of its own.",
		},
		Source: "MailChannels docs, Delivery events, Verifying message signatures; nuxt-webhook-validators, mailchannels.js",
		Unsure: []string{"tolerance: the library takes 5 minutes", "retry", "time-out"},
	}
}
