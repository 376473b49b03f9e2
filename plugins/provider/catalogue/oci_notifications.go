package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func ociNotificationsRow() spec.Provider {
	return spec.Provider{
		Name:  "oci-notifications",
		Title: "Oracle Cloud (OCI) Notifications",
		Docs:  "https://docs.oracle.com/en-us/iaas/Content/Notification/Tasks/create-subscription-https.htm",
		Schemes: []spec.Scheme{{
			Name: "basic", Kind: spec.Basic,
			Family: spec.Family{Signature: "header:authorization"},
			Key:    spec.KeyUser,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:eventType", "json:type", "header:x-oci-ns-messagetype"},
			Levels:  spec.LevelsDot,
			ID:      []string{"header:x-oci-ns-messageid"},
			Time:    []spec.TimeAt{{At: "json:eventTime", Unit: spec.RFC3339}, {At: "json:timestamp", Unit: spec.RFC3339}},
			Tenant:  []string{"header:x-oci-ns-topicocid"},
			Subject: []string{"json:data.resourceId", "json:dedupeKey"},
		},
		Identity: spec.Identity{
			Why: "X-OCI-NS-MessageId names the message that was published, whatever is tried again.",
		},
		ContentTypes: []string{"application/json", "text/plain"},
		Retry:        spec.Retry{Max: 7, Span: 63 * time.Minute, Note: "At once and after 1, 2, 4, 8, 16 and 32 minutes, for the retry duration of the subscription, which is two hours by default."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "x-oci-ns-messageid", Value: "{id}"},
			{Name: "x-oci-ns-messagetype", Value: "Notification"},
			{Name: "x-oci-ns-topicname", Value: "octo-topic"},
			{Name: "x-oci-ns-topicocid", Value: "ocid1.onstopic.oc1.phx.octo17"},
		},
		Pitfalls: []string{
			"The secret is user:password, as the URL of the subscription has them: https://user:password@hooks.octo-corp.example/webhooks/oci-notifications.",
			"OCI asks without them first and sends them once a 401 names Basic in WWW-Authenticate, which the edge does: the refusals of such first requests are no fault.",
			"A subscription is confirmed by opening the URL in X-OCI-NS-ConfirmationURL, which the event SubscriptionConfirmation has as ConfirmationURL, too.",
			"X-OCI-NS-Signature is not looked at: Oracle publishes what carries it and not what is signed.",
		},
		Source: "OCI docs, Creating an HTTPS (Custom URL) Subscription (basic authentication, 401), Overview of Notifications (header metadata, retries), Confirming a Subscription",
		Unsure: []string{"value of X-OCI-NS-MessageType of notifications", "time-out"},
	}
}
