package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func googlePubsubPushRow() spec.Provider {
	return spec.Provider{
		Name:  "google-pubsub-push",
		Title: "Google Cloud Pub/Sub push",
		Docs:  "https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions",
		Schemes: []spec.Scheme{{
			Name: "oidc", Kind: spec.JSONToken,
			Family:       spec.Family{Signature: "header:authorization"},
			Mark:         "Bearer ",
			BodyUnsigned: true,
			Key:          spec.KeyJWKS,
			JWT:          spec.JWT{Algorithms: []spec.Algorithm{spec.RS256}, Issuers: []string{"https://accounts.google.com", "accounts.google.com"}, Audience: "{setting:audience}", Claims: []spec.Expect{{At: "email", Is: "{setting:service_account}"}, {At: "email_verified", Is: "true"}}, NeedExpiry: true, LeewaySeconds: 300},
			Remote: &spec.Remote{
				URL:   "https://www.googleapis.com/oauth2/v3/certs",
				Hosts: []string{"www.googleapis.com"},
				Form:  spec.KeyJWKS,
			},
		}},
		Settings: []spec.Setting{{
			Name: "audience", Doc: "The audience of the push subscription, which is its endpoint's URL unless another one was set.",
			Example: "https://hooks.octo-corp.example/google-pubsub-push",
		}, {
			Name: "service_account", Doc: "The e-mail address of the service account that the subscription signs as.",
			Example: "octo@octo-corp.iam.gserviceaccount.com",
		}},
		Facts: spec.Locators{
			Type:    []string{"json:message.attributes.eventType", "text:message"},
			ID:      []string{"json:message.messageId"},
			Time:    []spec.TimeAt{{At: "json:message.publishTime", Unit: spec.RFC3339}},
			Tenant:  []string{"json:subscription"},
			Subject: []string{"json:message.orderingKey"},
		},
		Identity: spec.Identity{
			Scope: spec.ScopeTenant, Volatile: []string{"deliveryAttempt"},
			Why: "messageId is unique in the topic that the subscription belongs to; deliveryAttempt counts the tries.",
		},
		ContentTypes: []string{"application/json"},
		Success:      spec.Answer{Status: 204},
		Retry:        spec.Retry{Span: 168 * time.Hour, Note: "Anything but 102, 200, 201, 202 and 204 sends the message again with growing pauses, until the retention (7 days by default) or the dead-letter topic."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The token says nothing of the body: it proves that the subscription's service account calls.",
			"message.data is base64.",
			"Switch authentication on in the push subscription, and leave payload unwrapping off.",
		},
		Source: "Google Cloud docs, Authentication for push subscriptions; Google JWKS; google-auth-library 10.9.1, oauth2client.js (300 s of clock skew)",
		Unsure: []string{"type: an attribute of your own choice"},
	}
}
