package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func paypalRow() spec.Provider {
	return spec.Provider{
		Name:  "paypal",
		Title: "PayPal",
		Docs:  "https://developer.paypal.com/api/rest/webhooks/rest/",
		Schemes: []spec.Scheme{{
			Name: "certificate", Kind: spec.RSA, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:paypal-transmission-sig", Timestamp: "header:paypal-transmission-time"},
			Encoding: spec.Base64, Content: "{header:paypal-transmission-id}|{timestamp}|{setting:webhook_id}|{body|crc32}",
			TimeUnit: spec.RFC3339, ToleranceSeconds: 259200, AheadSeconds: 300,
			Expect: []spec.Expect{{At: "header:paypal-auth-algo", Is: "SHA256withRSA"}},
			Key:    spec.KeyCertificate,
			Remote: &spec.Remote{
				At:         "header:paypal-cert-url",
				Hosts:      []string{"api.paypal.com", "api.sandbox.paypal.com"},
				PathPrefix: "/v1/notifications/certs/",
				Form:       spec.KeyCertificate,
				CertNames:  []string{"messageverificationcerts.paypal.com", "messageverificationcerts.sandbox.paypal.com"},
				Example:    "https://api.paypal.com/v1/notifications/certs/CERT-360caa42-fca2a594-octo",
			},
		}},
		Settings: []spec.Setting{{
			Name: "webhook_id", Doc: "The id of the webhook as PayPal's dashboard shows it; it is a part of what is signed.",
			Example: "8PT597110X687430LKGECATA",
		}},
		Facts: spec.Locators{
			Type:    []string{"json:event_type"},
			Split:   spec.SplitLastDot,
			ID:      []string{"json:id"},
			Time:    []spec.TimeAt{{At: "json:create_time", Unit: spec.RFC3339}},
			Tenant:  []string{"json:resource.payee.merchant_id"},
			Subject: []string{"json:resource.id"},
		},
		Identity: spec.Identity{
			Why: "id (WH-...) names the event and is the same at every try; of the body the CRC-32 alone is signed, which is no hash.",
		},
		ContentTypes: []string{"application/json"},
		Retry:        spec.Retry{Max: 25, Span: 72 * time.Hour, Time: "PayPal checks no time and may send a late try with that of the first, so the tolerance is as long as the retries; a second one is a duplicate by an id that nothing signs."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "paypal-auth-algo", Value: "SHA256withRSA"},
			{Name: "paypal-auth-version", Value: "v2"},
			{Name: "paypal-transmission-id", Value: "{id}"},
			{Name: "paypal-transmission-time", Value: "{time}"},
			{Name: "user-agent", Value: "PayPal/AUHD-1.0-1"},
		},
		Pitfalls: []string{
			"The id of the webhook (webhook_id) is signed and not sent: it must be configured.",
			"The signature covers the body through its CRC-32 only, which is no hash: whoever has seen a delivery can make other bodies of its CRC, so fetch what matters through the API.",
			"PayPal states no tolerance for the transmission time, and tries for 3 days: a delivery whose time is older is refused.",
			"Instant Payment Notification is another protocol and not handled.",
		},
		Source: "PayPal-Python-SDK, notifications.py and its test value (recomputed with openssl); real deliveries; PayPal docs, Webhooks (25 tries in 3 days)",
		Unsure: []string{"whether a try has another transmission time"},
	}
}
