package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func adyenRow() spec.Provider {
	return spec.Provider{
		Name:  "adyen",
		Title: "Adyen",
		Docs:  "https://docs.adyen.com/development-resources/webhooks/verify-hmac-signatures/",
		Schemes: []spec.Scheme{{
			Name: "item", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "json:NotificationRequestItem.additionalData.hmacSignature"},
			Encoding: spec.Base64, Content: "{json:NotificationRequestItem.pspReference|maybe}:{json:NotificationRequestItem.originalReference|maybe}:{json:NotificationRequestItem.merchantAccountCode|maybe}:{json:NotificationRequestItem.merchantReference|maybe|free}:{json:NotificationRequestItem.amount.value|maybe}:{json:NotificationRequestItem.amount.currency|maybe}:{json:NotificationRequestItem.eventCode|maybe}:{json:NotificationRequestItem.success|maybe}",
			BodyUnsigned: true, Each: "notificationItems",
			Key: spec.KeyHex,
		}, {
			Name: "header", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:hmacsignature"},
			Encoding: spec.Base64, Content: "{body}",
			Key: spec.KeyHex,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:type"},
			Time:    []spec.TimeAt{{At: "json:timestamp", Unit: spec.RFC3339}},
			Tenant:  []string{"json:data.balancePlatform"},
			Subject: []string{"json:data.accountHolder.id", "json:data.transfer.id", "json:data.id"},
		},
		Batch: &spec.Batch{At: "notificationItems", Facts: spec.Locators{
			Type:    []string{"json:NotificationRequestItem.eventCode"},
			Time:    []spec.TimeAt{{At: "json:NotificationRequestItem.eventDate", Unit: spec.RFC3339}},
			ID:      []string{"json:NotificationRequestItem.pspReference + json:NotificationRequestItem.eventCode + json:NotificationRequestItem.success"},
			Tenant:  []string{"json:NotificationRequestItem.merchantAccountCode"},
			Subject: []string{"json:NotificationRequestItem.pspReference"},
		}},
		Identity: spec.Identity{
			Volatile: []string{"notificationItems.*.NotificationRequestItem.eventDate"},
			Why:      "Two items of one eventCode, pspReference and success are one event, say the docs (Handle duplicates); all three are signed, and pspReference is unique at Adyen. Platform webhooks name no id: what was signed, with its time, is their identity.",
		},
		ContentTypes: []string{"application/json"},
		Success:      spec.Answer{ContentType: "text/plain", Body: "[accepted]"},
		Timeout:      10 * time.Second,
		Retry:        spec.Retry{Span: 720 * time.Hour, Note: "After 2, 5, 10, 15 and 30 minutes and 1, 2, 4 and 8 hours, for 30 days; the earliest of the queue first, and the next ones once it is taken."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The payments webhook signs eight fields of each item (scheme item); whatever else the body holds is not authenticated.",
			"Platform, management and tokenisation webhooks sign the whole body (scheme header, which must be chosen).",
			"The key is hexadecimal and used decoded.",
			"The eight fields are joined by colons and not escaped: only merchantReference may hold one.",
			"A delivery holds several items, and each of them must verify.",
			"Events of one payment may share its pspReference: pspReference, eventCode and success together are the id of an item.",
		},
		Source: "adyen-node-api-library, hmacValidator tests (both recomputed) and mocks; @adyen/api-library 32.1.0, hmacValidator.js (fields joined unescaped); Adyen docs, Troubleshoot webhooks (retry queue)",
		Unsure: []string{"time-out"},
	}
}
