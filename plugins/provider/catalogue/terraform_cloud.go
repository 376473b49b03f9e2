package catalogue

import "webhookedge/plugins/provider"

func terraformCloudRow() provider.Provider {
	return provider.Provider{
		Name:  "terraform-cloud",
		Title: "HCP Terraform notifications",
		Docs:  "https://developer.hashicorp.com/terraform/cloud-docs/api-docs/notification-configurations",
		Schemes: []provider.Scheme{{
			Name: "sha512", Kind: provider.HMAC, Hash: provider.SHA512,
			Family:   provider.Family{Signature: "header:x-tfe-notification-signature"},
			Encoding: provider.Hex, Content: "{body}",
			Key: provider.KeyText, KeyMin: 8,
		}},
		Facts: provider.Locators{
			Type:    []string{"json:notifications.0.trigger"},
			Split:   provider.SplitLastColon,
			Time:    []provider.TimeAt{{At: "json:notifications.0.run_updated_at", Unit: provider.RFC3339}},
			Tenant:  []string{"json:organization_name"},
			Subject: []string{"json:run_id", "json:workspace_id"},
		},
		Batch: &provider.Batch{At: "notifications"},
		Identity: provider.Identity{
			Content: true,
			Why:     "The body holds the run, what happened to it and when.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        provider.Retry{Note: "Not tried again after the verification."},
		Ranges: []provider.RangeList{{
			Name: "terraform-cloud", URL: "https://app.terraform.io/api/meta/ip-ranges", Format: provider.RangeJSON, Paths: []string{"notifications"},
			Docs: "https://developer.hashicorp.com/terraform/cloud-docs/api-docs/ip-ranges",
		}},
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The signature is HMAC with SHA-512.",
			"Saving a configuration sends a verification, which must get a 2xx.",
			"No id tells one event of an object from the next, so the id is made of the body: a try whose body differs counts as another event.",
		},
		Source: "HashiCorp docs, Notification configurations API",
		Unsure: []string{"retry"},
	}
}
