package catalogue

import "webhookedge/plugins/provider/spec"

func huggingfaceRow() spec.Provider {
	return spec.Provider{
		Name:  "huggingface",
		Title: "Hugging Face",
		Docs:  "https://huggingface.co/docs/hub/webhooks",
		Schemes: []spec.Scheme{{
			Name: "token", Kind: spec.Token,
			Family: spec.Family{Signature: "header:x-webhook-secret"},
			Key:    spec.KeyText, KeyMin: 8,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:event.scope"},
			Levels:  spec.LevelsDot,
			Action:  []string{"json:event.action"},
			Tenant:  []string{"json:repo.owner.id"},
			Subject: []string{"json:repo.name"},
		},
		Identity: spec.Identity{
			None: true,
			Why:  "A delivery has neither an id nor a time, so that a setting changed back and forth has one body twice; no retry is documented.",
		},
		ContentTypes: []string{"application/json"},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"There is no signature: the secret travels in a header of every delivery.",
			"No id tells one event of an object from the next, so the id is made of the body: a try whose body differs counts as another event.",
		},
		Source: "Hugging Face docs, Webhooks; trigger.dev source catalogue",
		Unsure: []string{"retry"},
	}
}
