package catalogue

import "webhookedge/plugins/provider"

func mandrillRow() provider.Provider {
	return provider.Provider{
		Name:  "mandrill",
		Title: "Mailchimp Transactional (Mandrill)",
		Docs:  "https://mailchimp.com/developer/transactional/guides/track-respond-activity-webhooks/",
		Schemes: []provider.Scheme{{
			Name: "sha1", Kind: provider.HMAC, Hash: provider.SHA1,
			Family:   provider.Family{Signature: "header:x-mandrill-signature"},
			Encoding: provider.Base64, Content: "{url}{form-sorted}",
			Key: provider.KeyText,
		}},
		Facts: provider.Locators{
			FormJSON: "mandrill_events",
		},
		Batch: &provider.Batch{Facts: provider.Locators{
			Type:    []string{"json:event"},
			Time:    []provider.TimeAt{{At: "json:ts", Unit: provider.Seconds}},
			Tenant:  []string{"json:msg.subaccount"},
			Subject: []string{"json:msg._id"},
		}},
		Identity: provider.Identity{
			Content: true,
			Why:     "A list of events is sent again as it was; each event holds its time and the id of its message.",
		},
		ContentTypes: []string{"application/x-www-form-urlencoded"},
		Handshakes:   []provider.Handshake{{Method: "HEAD", Unsigned: true}},
		Retry:        provider.Retry{Note: "Several tries over some days."},
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/x-www-form-urlencoded"},
			{Name: "user-agent", Value: "Mandrill-Webhook/1.0"},
		},
		Pitfalls: []string{
			"The signature covers the URL as registered, its user and password included: public_url must be the URL that was entered there.",
			"A HEAD request checks the URL before there is a key; it is not signed.",
			"The first POST is a test without events, signed with the key test-webhook: it is refused, and the webhook works all the same.",
			"_id names the message, which all its events share, so the id is made of the delivery.",
		},
		Source: "django-anymail, mandrill view and its tests",
		Unsure: []string{"key of the first POST", "retry"},
	}
}
