package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func microsoftGraphRow() spec.Provider {
	return spec.Provider{
		Name:  "microsoft-graph",
		Title: "Microsoft Graph change notifications",
		Docs:  "https://learn.microsoft.com/graph/change-notifications-delivery-webhooks",
		Schemes: []spec.Scheme{{
			Name: "client-state", Kind: spec.Token,
			Family: spec.Family{Signature: "json:clientState"},
			Each:   "value",
			Key:    spec.KeyText,
		}, {
			Name: "rich", Kind: spec.JSONToken,
			Family: spec.Family{Signature: "json:validationTokens"},
			Each:   "value",
			Expect: []spec.Expect{{At: "json:clientState", Is: "{setting:client_state}"}},
			// The body is proved by clientState alone, as in the first scheme.
			BodyUnsigned: true,
			Key:          spec.KeyJWKS,
			JWT: spec.JWT{
				Algorithms: []spec.Algorithm{spec.RS256},
				Issuers:    []string{"https://sts.windows.net/{setting:tenant_id}/", "https://login.microsoftonline.com/{setting:tenant_id}/v2.0"},
				Audience:   "{setting:app_id}", NeedExpiry: true,
				// Version 1 of the tokens has appid, version 2 has azp.
				Claims: []spec.Expect{{At: "appid | azp", Is: "{setting:graph_app}"}},
			},
			Vouched: spec.Vouched{Claim: "tid", At: "json:tenantId"},
			Encrypted: spec.Encrypted{
				At: "encryptedContent", As: "decryptedContent", Cipher: spec.RSAHMAC, Keys: "decryption_key",
			},
			Remote: &spec.Remote{URL: "https://login.microsoftonline.com/common/discovery/v2.0/keys", Hosts: []string{"login.microsoftonline.com"}, Form: spec.KeyJWKS},
		}},
		Settings: []spec.Setting{{
			Name: "client_state", Doc: "For rich: the clientState of the subscriptions, which must stand in every item.",
			Secret: true, Example: "octo-corp-client-state",
		}, {
			Name: "app_id", Doc: "For rich: the id of the application that subscribed, for which the validation tokens are.",
			Example: "8e460676-ae3f-4b1e-8790-ee0fb5d6148f",
		}, {
			Name: "tenant_id", Doc: "For rich: the one tenant whose items are taken; without it those of every tenant that the application subscribed in.",
			Example: "84bd8158-6d4d-4958-8b9f-9d6445542f95", Optional: true,
		}, {
			Name: "graph_app", Doc: "For rich: the application as which Microsoft Graph asks for tokens; the default is Microsoft Graph Change Tracking.",
			Default: "0bf30f3b-4a52-48df-9a82-234910c4a086",
		}, {
			Name: "decryption_key", Doc: "For rich: the private key in PEM of the certificate of the subscriptions, during a change the new and the old one. Without it encryptedContent stays as it comes.",
			Secret: true, Optional: true,
		}},
		Facts: spec.Locators{},
		Batch: &spec.Batch{At: "value", Facts: spec.Locators{
			Type:    []string{"json:changeType", "json:lifecycleEvent"},
			ID:      []string{"json:id"},
			Tenant:  []string{"json:tenantId"},
			Subject: []string{"json:resource"},
		}},
		Identity: spec.Identity{
			None: true,
			Why:  "id is optional: a notification without one names a resource that changed, and the next change has the same body.",
		},
		ContentTypes: []string{"application/json"},
		Handshakes:   []spec.Handshake{{Method: "POST", When: "query:validationToken", Challenge: "query:validationToken", Answer: spec.Answer{ContentType: "text/plain", Body: "{challenge}"}, Unsigned: true}},
		Success:      spec.Answer{Status: 202},
		Timeout:      3 * time.Second,
		Retry:        spec.Retry{Span: 4 * time.Hour, Note: "Slow endpoints are throttled, then dropped."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"There is no signature: clientState, chosen with the subscription, is a token that stands in every item, and each of them must be right.",
			"Items of several tenants and subscriptions may share a delivery: give one clientState to all of them.",
			"Rich notifications (includeResourceData) carry tokens of Microsoft Graph (validationTokens): set the scheme rich, which verifies every one, wants one for the tenant of each item, and decrypts encryptedContent to decryptedContent where the setting decryption_key is set.",
			"Neither scheme signs the body. The MAC of encryptedContent is made with a key that whoever has the certificate can choose.",
			"Lifecycle notifications carry no tokens: give rich subscriptions a lifecycleNotificationUrl of another route, with the scheme client-state.",
			"Subscriptions expire and must be renewed.",
		},
		Source: "Microsoft Learn, Change notifications by webhook; Microsoft Q&A and NangoHQ/nango (validation token); Microsoft Graph docs, Set up change notifications that include resource data (tokens: issuer, audience, appid of the publisher; decryption) and changeNotificationEncryptedContent (ciphers), changeNotificationCollection (a token for each application and tenant)",
		Unsure: []string{"time-out", "retry"},
	}
}
