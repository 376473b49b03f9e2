package catalogue

import "webhookedge/plugins/provider/spec"

func pylonRow() spec.Provider {
	return spec.Provider{
		Name:  "pylon",
		Title: "Pylon",
		Docs:  "https://docs.usepylon.com/pylon-docs/developer/webhooks",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:x-pylon-signature"},
			Encoding: spec.Hex, Content: "{body}",
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:event_type", "json:type", "text:webhook"},
			Levels:  spec.LevelsDot,
			ID:      []string{"json:event_id"},
			Subject: []string{"json:issue_id", "json:issue.id", "json:id"},
		},
		Identity: spec.Identity{
			None: true,
			Why:  "The body is a template of the trigger's own, with an id only where that puts one into event_id: without, two events can have one body.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Note: "Unknown."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"You write the payload in the trigger: put event_type, event_id and issue_id into it.",
			"Let the webhook use POST: requests of custom apps are signed over their query instead.",
			"This is the support platform usepylon.com: getpylon.com signs in another way.",
		},
		Source: "Pylon knowledge base, How do I verify the webhook signatures; Pylon docs, Webhooks",
		Unsure: []string{"retry", "time-out"},
	}
}
