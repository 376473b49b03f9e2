package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func googlePlayRow() spec.Provider {
	push := googlePubsubPushRow() // by which Google Play publishes
	const data = "base64:message.data/"
	return spec.Provider{
		Name:     "google-play",
		Title:    "Google Play real-time developer notifications",
		Docs:     "https://developer.android.com/google/play/billing/rtdn-reference",
		Schemes:  push.Schemes,
		Settings: push.Settings,
		Facts: spec.Locators{
			Type: []string{
				data + "member:subscriptionNotification", data + "member:oneTimeProductNotification", data + "member:voidedPurchaseNotification",
				data + "member:pendingRefundReviewNotification", data + "member:testNotification", "text:notification",
			},
			Action:  []string{data + "json:subscriptionNotification.notificationType", data + "json:oneTimeProductNotification.notificationType"},
			ID:      []string{"json:message.messageId"},
			Time:    []spec.TimeAt{{At: data + "json:eventTimeMillis", Unit: spec.Milliseconds}, {At: "json:message.publishTime", Unit: spec.RFC3339}},
			Tenant:  []string{data + "json:packageName"},
			Subject: []string{data + "json:subscriptionNotification.subscriptionId", data + "json:oneTimeProductNotification.sku", data + "json:voidedPurchaseNotification.orderId"},
		},
		Identity: spec.Identity{
			Volatile: []string{"deliveryAttempt"},
			Why:      "messageId is the notification's own at Pub/Sub, the same when it is pushed again; deliveryAttempt counts the tries.",
		},
		ContentTypes: push.ContentTypes,
		Success:      push.Success,
		Retry:        spec.Retry{Span: 168 * time.Hour, Note: push.Retry.Note},
		Sends:        push.Sends,
		Pitfalls: []string{
			"The token says nothing of the body: it proves that the subscription's service account calls, and every fact of the event is unsigned.",
			"The event holds the push message as it came: the notification is message.data in base64. Its facts are read from there.",
			"The action is the number that the reference lists: subscriptionNotification 4 is a purchase, 13 an expiry.",
			"Switch authentication on in the push subscription, and leave payload unwrapping off.",
		},
		Source: "Android docs, Real-time developer notifications reference guide; Google Cloud docs, Authentication for push subscriptions",
	}
}
