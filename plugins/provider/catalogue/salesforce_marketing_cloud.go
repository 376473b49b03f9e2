package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func salesforceMarketingCloudRow() spec.Provider {
	return spec.Provider{
		Name:  "salesforce-marketing-cloud",
		Title: "Salesforce Marketing Cloud",
		Docs:  "https://developer.salesforce.com/docs/marketing/marketing-cloud/guide/ens-notification-signing.html",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:x-sfmc-ens-signature"},
			Encoding: spec.Base64, Content: "{body}",
			Key: spec.KeyText,
		}},
		Batch: &spec.Batch{Facts: spec.Locators{
			Type:    []string{"json:eventCategoryType"},
			Split:   spec.SplitLastDot,
			Time:    []spec.TimeAt{{At: "json:timestampUTC", Unit: spec.Milliseconds}},
			Tenant:  []string{"json:mid"},
			Subject: []string{"json:compositeId"},
		}},
		Identity: spec.Identity{
			Why: "A body is a list of events; there is no id that every event has, and each holds its time in milliseconds and whom it is about.",
		},
		ContentTypes: []string{"application/json"},
		Handshakes:   []spec.Handshake{{Method: "POST", When: "json:verificationKey", Without: "header:x-sfmc-ens-signature", Unsigned: true}},
		Timeout:      30 * time.Second,
		Retry:        spec.Retry{Span: 168 * time.Hour, Note: "A callback that keeps failing is suspended."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The signature key is told once, when the callback is made, and is used as it is, without decoding.",
			"Making a callback sends an unsigned POST with a verificationKey, which is answered with 200 and kept nowhere: read it from a capture, and send it to /platform/v1/ens-verify.",
		},
		Source: "Salesforce developer docs, Notification Signing and ens-verify",
		Unsure: []string{"that the key is not decoded", "retry"},
	}
}
