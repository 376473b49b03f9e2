package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func docusignRow() spec.Provider {
	return spec.Provider{
		Name:  "docusign",
		Title: "DocuSign Connect",
		Docs:  "https://developers.docusign.com/platform/webhooks/connect/validate",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:x-docusign-signature"},
			Layout: spec.Numbered, Encoding: spec.Base64, Content: "{body}",
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:event"},
			ID:      []string{"json:data.envelopeId + json:event + json:generatedDateTime"}, // the body counts its attempts
			Time:    []spec.TimeAt{{At: "json:generatedDateTime", Unit: spec.RFC3339}},
			Tenant:  []string{"json:data.accountId"},
			Subject: []string{"json:data.envelopeId"},
		},
		Identity: spec.Identity{
			Volatile: []string{"retryCount"},
			Why:      "An envelope has each status at one time, which the signed body holds; retryCount counts the tries. XML deliveries are known by what was signed.",
		},
		ContentTypes: []string{"application/json", "text/xml"},
		Timeout:      100 * time.Second,
		Retry:        spec.Retry{Span: 360 * time.Hour, Note: "With growing pauses."},
		Sends: []spec.Header{
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
