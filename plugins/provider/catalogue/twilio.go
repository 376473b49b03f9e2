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
			Key: spec.KeyText,
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
			"The key is the account's auth token; during a promotion the secondary one signs.",
			"The signature covers no time: the idempotency token stops replays, and it is not signed.",
			"The answer is an empty TwiML document: replies to messages and calls are not made here.",
		},
		Source: "twilio-python, request_validator and its tests (recomputed); twilio-node issues 321 and 505, twilio-python issues 392 and 751",
		Unsure: []string{"retry", "time-out"},
	}
}
