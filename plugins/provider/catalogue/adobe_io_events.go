package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func adobeIoEventsRow() spec.Provider {
	return spec.Provider{
		Name:  "adobe-io-events",
		Title: "Adobe I/O Events",
		Docs:  "https://developer.adobe.com/events/docs/guides/",
		Schemes: []spec.Scheme{{
			Name: "rsa", Kind: spec.RSA, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:x-adobe-digital-signature-1"},
			Encoding: spec.Base64, Content: "{body}",
			Expect: []spec.Expect{{At: "json:recipient_client_id", Is: "{setting:client_id}"}},
			Key:    spec.KeyPEM,
			Remote: &spec.Remote{
				URL: "https://static.adobeioevents.com", At: "header:x-adobe-public-key1-path", Hosts: []string{"static.adobeioevents.com"},
				PathPrefix: "/prod/keys/", PathSuffix: ".pem", Form: spec.KeyPEM, Example: "https://static.adobeioevents.com/prod/keys/pub-key-octo.pem",
			},
		}},
		Settings: []spec.Setting{{
			Name: "client_id", Doc: "The client id of the project in the Adobe Developer Console.",
			Pins: true, Example: "octo17clientid",
		}},
		Facts: spec.Locators{
			Type:    []string{"json:type", "text:event"},
			Split:   spec.SplitLastDot,
			ID:      []string{"json:event_id", "json:id"},
			Time:    []spec.TimeAt{{At: "json:time", Unit: spec.RFC3339}},
			Tenant:  []string{"json:source"},
			Subject: []string{"json:data.repositoryMetadata.repo:path", "json:data.id"},
		},
		Identity: spec.Identity{
			Why: "event_id, in the signed body, is the same at every try.",
		},
		ContentTypes: []string{"application/json"},
		Handshakes:   []spec.Handshake{{Method: "GET", When: "query:challenge", Challenge: "query:challenge", Answer: spec.Answer{ContentType: "application/json", Body: `{"challenge":{challenge|json}}`}, Unsigned: true}},
		Timeout:      10 * time.Second,
		Retry:        spec.Retry{Span: 24 * time.Hour, Note: "With growing pauses; then the registration is marked unstable."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "user-agent", Value: "Adobe/1.0"},
		},
		Pitfalls: []string{
			"Adobe signs for all its customers with one key: recipient_client_id, in the signed body, must be that of the setting client_id.",
			"Of two signatures that are sent the first is checked, by the key at the path that the delivery names below Adobe's own host.",
			"Batches of events are not taken: choose deliveries one by one.",
			"Saving a webhook sends a GET with a challenge.",
		},
		Source: "@adobe/aio-lib-events 4.1.0, src/signatureUtils.js; adobe/aio-lib-java, EventVerifier",
		Unsure: []string{"names of the facts of events that are no CloudEvents"},
	}
}
