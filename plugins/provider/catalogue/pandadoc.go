package catalogue

import (
	"time"

	"webhookedge/plugins/provider"
)

func pandadocRow() provider.Provider {
	return provider.Provider{
		Name:  "pandadoc",
		Title: "PandaDoc",
		Docs:  "https://developers.pandadoc.com/docs/webhook-verification",
		Schemes: []provider.Scheme{{
			Name: "sha256", Kind: provider.HMAC, Hash: provider.SHA256,
			Family:   provider.Family{Signature: "query:signature"},
			Encoding: provider.Hex, Content: "{body}",
			Key: provider.KeyText,
		}},
		Facts: provider.Locators{},
		Batch: &provider.Batch{Facts: provider.Locators{
			Type:    []string{"json:event"},
			Time:    []provider.TimeAt{{At: "json:data.date_modified", Unit: provider.RFC3339}},
			Subject: []string{"json:data.id"},
		}},
		Identity: provider.Identity{
			Content: true,
			Why:     "The body holds the document, its status and date_modified in microseconds.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      20 * time.Second,
		Retry:        provider.Retry{Note: "Failed deliveries are tried again."},
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The signature is a query parameter: keep it out of access logs.",
			"No id tells one event of an object from the next, so the id is made of the body: a try whose body differs counts as another event.",
		},
		Source: "PandaDoc developer docs, Webhook verification",
		Unsure: []string{"retry"},
	}
}
