package catalogue

import (
	"time"

	"webhookedge/plugins/provider"
)

func docusignRow() provider.Provider {
	return provider.Provider{
		Name:  "docusign",
		Title: "DocuSign Connect",
		Docs:  "https://developers.docusign.com/platform/webhooks/connect/validate",
		Schemes: []provider.Scheme{{
			Name: "sha256", Kind: provider.HMAC, Hash: provider.SHA256,
			Family: provider.Family{Signature: "header:x-docusign-signature"},
			Layout: provider.Numbered, Encoding: provider.Base64, Content: "{body}",
			Key: provider.KeyText,
		}},
		Facts: provider.Locators{
			Type:    []string{"json:event"},
			ID:      []string{"json:data.envelopeId + json:event + json:generatedDateTime"}, // the body counts its attempts
			Time:    []provider.TimeAt{{At: "json:generatedDateTime", Unit: provider.RFC3339}},
			Tenant:  []string{"json:data.accountId"},
			Subject: []string{"json:data.envelopeId"},
		},
		Identity: provider.Identity{
			Volatile: []string{"retryCount"},
			Why:      "An envelope has each status at one time, which the signed body holds; retryCount counts the tries. XML deliveries are known by what was signed.",
		},
		ContentTypes: []string{"application/json", "text/xml"},
		Timeout:      100 * time.Second,
		Retry:        provider.Retry{Span: 360 * time.Hour, Note: "With growing pauses."},
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"Each active key signs, one numbered header each; any of them proves the sender, and all that are sent are looked at.",
			"The signature covers the line ends of the body.",
		},
		Source: "DocuSign developer docs, Validate HMAC; hookdeck docusign skill",
		Unsure: []string{"retry", "time-out"},
	}
}
