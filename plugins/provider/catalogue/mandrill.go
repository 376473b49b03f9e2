package catalogue

import "webhookedge/plugins/provider/spec"

func mandrillRow() spec.Provider {
	return spec.Provider{
		Name:  "mandrill",
		Title: "Mailchimp Transactional (Mandrill)",
		Docs:  "https://mailchimp.com/developer/transactional/guides/track-respond-activity-webhooks/",
		Schemes: []spec.Scheme{{
			Name: "sha1", Kind: spec.HMAC, Hash: spec.SHA1,
			Family:   spec.Family{Signature: "header:x-mandrill-signature"},
			Encoding: spec.Base64, Content: "{url}{form-sorted}",
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			FormJSON: "mandrill_events",
		},
		Batch: &spec.Batch{Facts: spec.Locators{
			Type:    []string{"json:event"},
			Time:    []spec.TimeAt{{At: "json:ts", Unit: spec.Seconds}},
			Tenant:  []string{"json:msg.subaccount"},
			Subject: []string{"json:msg._id"},
		}},
		Identity: spec.Identity{
			Content: true,
			Why:     "A list of events is sent again as it was; each event holds its time and the id of its message.",
		},
		ContentTypes: []string{"application/x-www-form-urlencoded"},
		Handshakes:   []spec.Handshake{{Method: "HEAD", Unsigned: true}},
		Retry:        spec.Retry{Note: "Several tries over some days."},
		Sends: []spec.Header{
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
