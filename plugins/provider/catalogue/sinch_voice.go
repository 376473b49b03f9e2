package catalogue

import "webhookedge/plugins/provider/spec"

func sinchVoiceRow() spec.Provider {
	return spec.Provider{
		Name:  "sinch-voice",
		Title: "Sinch Voice and Verification",
		Docs:  "https://developers.sinch.com/docs/voice/api-reference/authentication/callback-signed-request",
		Schemes: []spec.Scheme{{
			Name: "application", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:authorization", Timestamp: "header:x-timestamp"},
			Mark:     "application {setting:application_key}:",
			Encoding: spec.Base64, Content: "{method}\n{body|md5|base64}\n{header:content-type}\nx-timestamp:{timestamp}\n{target|no-query}",
			TimeUnit: spec.RFC3339, ToleranceSeconds: 300,
			Key: spec.KeyBase64,
		}, {
			Name: "verification", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:authorization", Timestamp: "header:x-timestamp"},
			Mark:     "Application {setting:application_key}:",
			Encoding: spec.Base64, Content: "{method}\n{body|md5|base64}\n{header:content-type}\nx-timestamp:{timestamp}\n{target|no-query}",
			TimeUnit: spec.RFC3339, ToleranceSeconds: 300,
			Key: spec.KeyBase64,
		}},
		Settings: []spec.Setting{{
			Name: "application_key", Doc: "The key of the application, as the dashboard shows it beside the secret.",
			Example: "669E367E-6BBA-48AB-AF15-266871C28135",
		}},
		Facts: spec.Locators{
			Type:    []string{"json:event"},
			ID:      []string{"json:callid + json:event + json:timestamp", "json:id + json:event"},
			Time:    []spec.TimeAt{{At: "json:timestamp", Unit: spec.RFC3339}},
			Tenant:  []string{"json:applicationKey"},
			Subject: []string{"json:callid", "json:id"},
		},
		Identity: spec.Identity{
			Why: "An event has no id: a call has several events, each with its name and time, and a verification has two.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Note: "No retry is documented: a call waits for the answer.", Time: "No retries are documented, so no tolerance can be made of them."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The events ice, ace and pie of a call, and VerificationRequestEvent, want instructions in the answer, which the edge does not give: use respond: continue, and let a service behind Kong answer.",
			"The secret is base64, and its bytes are the key. Verification writes Application with a capital: choose the scheme verification for it.",
			"The signature covers an MD5 of the body, the content type, the time and the path of the URL, and no query: set public_url.",
		},
		Source: "Sinch docs, Callback Request Signing (Voice, with the vector; Verification); @sinch/sdk-client, utils/authorization.helper.js",
		Unsure: []string{"tolerance: Sinch says that the time is there to be checked and not how", "facts of verification events"},
	}
}
