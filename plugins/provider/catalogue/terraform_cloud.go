package catalogue

import "webhookedge/plugins/provider/spec"

func terraformCloudRow() spec.Provider {
	return spec.Provider{
		Name:  "terraform-cloud",
		Title: "HCP Terraform notifications",
		Docs:  "https://developer.hashicorp.com/terraform/cloud-docs/api-docs/notification-configurations",
		Schemes: []spec.Scheme{{
			Name: "sha512", Kind: spec.HMAC, Hash: spec.SHA512,
			Family:   spec.Family{Signature: "header:x-tfe-notification-signature"},
			Encoding: spec.Hex, Content: "{body}",
			Key: spec.KeyText, KeyMin: 8,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:notifications.0.trigger"},
			Split:   spec.SplitLastColon,
			Time:    []spec.TimeAt{{At: "json:notifications.0.run_updated_at", Unit: spec.RFC3339}},
			Tenant:  []string{"json:organization_name"},
			Subject: []string{"json:run_id", "json:workspace_id"},
		},
		Batch: &spec.Batch{At: "notifications"},
		Identity: spec.Identity{
			Content: true,
			Why:     "The body holds the run, what happened to it and when.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Note: "Not tried again after the verification."},
		Ranges: []spec.RangeList{{
			Name: "terraform-cloud", URL: "https://app.terraform.io/api/meta/ip-ranges", Format: spec.RangeJSON, Paths: []string{"notifications"},
			Docs: "https://developer.hashicorp.com/terraform/cloud-docs/api-docs/ip-ranges",
		}},
		Sends: []spec.Header{
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
