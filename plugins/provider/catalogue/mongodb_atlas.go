package catalogue

import (
	"webhookedge/plugins/provider/spec"
)

func mongodbAtlasRow() spec.Provider {
	return spec.Provider{
		Name:  "mongodb-atlas",
		Title: "MongoDB Atlas alerts",
		Docs:  "https://www.mongodb.com/docs/atlas/tutorial/webhook-integration/",
		Schemes: []spec.Scheme{{
			Name: "sha1", Kind: spec.HMAC, Hash: spec.SHA1,
			Family:   spec.Family{Signature: "header:x-mms-signature"},
			Encoding: spec.Base64, Content: "{body}",
			Key: spec.KeyText, KeyMin: 8,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:eventTypeName"},
			Action:  []string{"json:status"},
			Time:    []spec.TimeAt{{At: "json:updated", Unit: spec.RFC3339}, {At: "json:created", Unit: spec.RFC3339}},
			Tenant:  []string{"json:groupId"},
			Subject: []string{"json:id"},
		},
		Identity: spec.Identity{
			Why: "id is that of the alert, which opens, goes on and closes: there is no id of the delivery, and the body holds when the alert was updated.",
		},
		ContentTypes: []string{"application/json"},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The signature is HMAC-SHA1; without a secret there is none.",
			"A template for the body changes the places of type and time.",
			"X-MMS-Event names the state of the alert and is not signed: the body's status is taken.",
		},
		Source: "MongoDB Atlas docs, Integrate with Webhooks",
		Unsure: []string{"retry"},
	}
}
