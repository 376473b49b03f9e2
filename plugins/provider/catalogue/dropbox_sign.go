package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func dropboxSignRow() spec.Provider {
	return spec.Provider{
		Name:  "dropbox-sign",
		Title: "Dropbox Sign",
		Docs:  "https://developers.hellosign.com/docs/events/walkthrough/",
		Schemes: []spec.Scheme{{
			Name: "event-hash", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "json:event.event_hash"},
			Encoding: spec.Hex, Content: "{json:event.event_time}{json:event.event_type}",
			BodyUnsigned: true,
			Key:          spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:event.event_type"},
			ID:      []string{"json:event.event_hash + json:signature_request.signature_request_id", "json:event.event_hash + json:template.template_id"},
			Time:    []spec.TimeAt{{At: "json:event.event_time", Unit: spec.Seconds}},
			Tenant:  []string{"json:account_guid"},
			Subject: []string{"json:signature_request.signature_request_id", "json:template.template_id"},

			FormJSON: "json",
		},
		Identity: spec.Identity{
			Why: "event_hash is the MAC over the time and the type of the event; the id of what it is about is added, which is not signed, as nothing else of the body is.",
		},
		ContentTypes: []string{"multipart/form-data", "application/x-www-form-urlencoded", "application/json"},
		Success:      spec.Answer{ContentType: "text/plain", Body: "Hello API Event Received"},
		Timeout:      30 * time.Second,
		Retry:        spec.Retry{Max: 6, Span: 92 * time.Hour, Note: "After 15 and 45 minutes and 2.25, 6.75, 20.25 and 60.75 hours."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The signature covers the time and the type of an event, and nothing else of the body: whoever has seen a delivery can send another body under it, so fetch what matters through the API.",
			"An answer without the text Hello API Event Received counts as a failure.",
			"The key is the account's API key, or that of the app.",
			"A delivery is a multipart form with the JSON in the field json; files beside it are refused unless the settings of normalize say otherwise.",
			"The signed time is that of the event and the same at every try, so its age is not checked.",
		},
		Source: "Dropbox Sign docs, Events walkthrough and Callbacks & events",
		Unsure: []string{"retry", "Content-Sha256, which is not looked at"},
	}
}
