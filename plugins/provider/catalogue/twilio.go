package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func twilioRow() spec.Provider {
	return spec.Provider{
		Name:    "twilio",
		Title:   "Twilio",
		Docs:    "https://www.twilio.com/docs/usage/webhooks/webhooks-security",
		Methods: []string{"POST", "GET"},
		Schemes: []spec.Scheme{{
			Name: "sha1", Kind: spec.HMAC, Hash: spec.SHA1,
			Family:   spec.Family{Signature: "header:x-twilio-signature"},
			Encoding: spec.Base64, Content: "{url}",
			FormContent: "{url}{form-sorted}", Binds: []spec.Bind{{At: "query:bodySHA256", Content: "{body|sha256|hex}"}},
			Variants: twilioVariants(),
			Key:      spec.KeyText,
		}, {
			// The algorithm that x-twilio-webhooks-signature-settings names, which is not
			// signed, is not read: the settings of the route say what a secret is for.
			Name: "shared-key", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:x-twilio-signature"},
			Encoding: spec.Base64, Content: "{url}",
			FormContent: "{url}{form-sorted}", Binds: []spec.Bind{{At: "query:bodySHA256", Content: "{body|sha256|hex}"}},
			Variants: twilioVariants(),
			Key:      spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"form:EventType", "form:StatusCallbackEvent", "form:MessageStatus", "form:SmsStatus", "form:CallStatus", "json:EventType"},
			ID:      []string{"header:i-twilio-idempotency-token"},
			Tenant:  []string{"form:AccountSid", "query:AccountSid"},
			Subject: []string{"form:MessageSid", "form:SmsSid", "form:CallSid", "form:ConversationSid"},
		},
		Identity: spec.Identity{
			Why: "I-Twilio-Idempotency-Token is the same at every try and not signed; a call that does one thing twice has one form twice, so that it counts beside the digest.",
		},
		ContentTypes: []string{"application/x-www-form-urlencoded", "application/json"},
		Success:      spec.Answer{ContentType: "text/xml", Body: "<Response></Response>"},
		Timeout:      15 * time.Second,
		Retry:        spec.Retry{Note: "Messaging and voice call the fallback URL; connection overrides in the URL (#rc=2) add tries; status callbacks are not tried again in general."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/x-www-form-urlencoded"},
			{Name: "i-twilio-idempotency-token", Value: "{id}"},
			{Name: "user-agent", Value: "TwilioProxy/1.1"},
		},
		Pitfalls: []string{
			"The signature covers the public URL with its query: public_url must be the URL that was entered there. This is why most verifications fail.",
			"The key is the account's auth token; during a promotion the secondary one signs. Deliveries with the header X-Twilio-Webhooks-Signature-Settings are signed with a SharedKey: choose the scheme shared-key for algorithm=HMAC_SHA256.",
			"The URL is signed with its port or without, and with its query escaped in one of several ways: all are tried.",
			"The signature covers no time: the idempotency token stops replays, and it is not signed.",
			"The answer is an empty TwiML document: replies to messages and calls are not made here.",
		},
		Source: "twilio 6.3.1 for Node, lib/webhooks/webhooks.js (port, escapes of the URL, SharedKey); twilio-python, request_validator and its tests (recomputed); twilio-node issues 321 and 505, twilio-python issues 392 and 751",
		Unsure: []string{"retry", "time-out"},
	}
}

// twilioVariants are the ways in which Twilio's back ends write the URL that they call:
// with the port or without, escaped as browsers do, or its query written anew (twilio
// 6.3.1, lib/webhooks/webhooks.js, validateRequest).
func twilioVariants() []spec.Variant {
	var all []spec.Variant
	for _, filters := range []string{"other-port", "escaped", "escaped|other-port", "requery", "requery|other-port"} {
		all = append(all, spec.Variant{Content: "{url|" + filters + "}", FormContent: "{url|" + filters + "}{form-sorted}"})
	}
	return all
}
