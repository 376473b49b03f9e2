package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func pandadocRow() spec.Provider {
	return spec.Provider{
		Name:  "pandadoc",
		Title: "PandaDoc",
		Docs:  "https://developers.pandadoc.com/docs/webhook-verification",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "query:signature"},
			Encoding: spec.Hex, Content: "{body}",
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{},
		Batch: &spec.Batch{Facts: spec.Locators{
			Type:    []string{"json:event"},
			Time:    []spec.TimeAt{{At: "json:data.date_modified", Unit: spec.RFC3339}},
			Subject: []string{"json:data.id"},
		}},
		Identity: spec.Identity{
			Content: true,
			Why:     "The body holds the document, its status and date_modified in microseconds.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      20 * time.Second,
		Retry:        spec.Retry{Note: "Failed deliveries are tried again."},
		Sends: []spec.Header{
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
