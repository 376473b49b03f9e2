package catalogue

import (
	"time"

	"webhookedge/plugins/provider"
)

func googlePubsubPushRow() provider.Provider {
	return provider.Provider{
		Name:  "google-pubsub-push",
		Title: "Google Cloud Pub/Sub push",
		Docs:  "https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions",
		Schemes: []provider.Scheme{{
			Name: "oidc", Kind: provider.JSONToken,
			Family:       provider.Family{Signature: "header:authorization"},
			Mark:         "Bearer ",
			BodyUnsigned: true,
			Key:          provider.KeyJWKS,
			JWT:          provider.JWT{Algorithms: []provider.Algorithm{provider.RS256}, Issuers: []string{"https://accounts.google.com", "accounts.google.com"}, Audience: "{setting:audience}", Claims: []provider.Expect{{At: "email", Is: "{setting:service_account}"}, {At: "email_verified", Is: "true"}}, NeedExpiry: true},
			Remote: &provider.Remote{
				URL:   "https://www.googleapis.com/oauth2/v3/certs",
				Hosts: []string{"www.googleapis.com"},
				Form:  provider.KeyJWKS,
			},
		}},
		Settings: []provider.Setting{{
			Name: "audience", Doc: "The audience of the push subscription, which is its endpoint's URL unless another one was set.",
			Example: "https://hooks.octo-corp.example/google-pubsub-push",
		}, {
			Name: "service_account", Doc: "The e-mail address of the service account that the subscription signs as.",
			Example: "octo@octo-corp.iam.gserviceaccount.com",
		}},
		Facts: provider.Locators{
			Type:    []string{"json:message.attributes.eventType", "text:message"},
			ID:      []string{"json:message.messageId"},
			Time:    []provider.TimeAt{{At: "json:message.publishTime", Unit: provider.RFC3339}},
			Tenant:  []string{"json:subscription"},
			Subject: []string{"json:message.orderingKey"},
		},
		Identity: provider.Identity{
			Scope: provider.ScopeTenant, Volatile: []string{"deliveryAttempt"},
			Why: "messageId is unique in the topic that the subscription belongs to; deliveryAttempt counts the tries.",
		},
		ContentTypes: []string{"application/json"},
		Success:      provider.Answer{Status: 204},
		Retry:        provider.Retry{Span: 168 * time.Hour, Note: "Anything but 102, 200, 201, 202 and 204 sends the message again with growing pauses, until the retention (7 days by default) or the dead-letter topic."},
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The token says nothing of the body: it proves that the subscription's service account calls.",
			"message.data is base64.",
			"Switch authentication on in the push subscription, and leave payload unwrapping off.",
		},
		Source: "Google Cloud docs, Authentication for push subscriptions; Google JWKS",
		Unsure: []string{"type: an attribute of your own choice"},
	}
}
