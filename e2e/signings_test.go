package e2e

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"hash/crc32"
	"strconv"
	"strings"
	"testing"
	"time"
)

// random returns a secret as a dashboard shows it, of 64 characters, which Contentful's
// are to have.
func random() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b)
	return hex.EncodeToString(b)
}

func mac1(key, content string) []byte {
	m := hmac.New(sha1.New, []byte(key))
	m.Write([]byte(content))
	return m.Sum(nil)
}

func b64(b []byte) string { return base64.StdEncoding.EncodeToString(b) }

func seconds(r *request) string { return strconv.FormatInt(r.at.Unix(), 10) }

func millis(r *request) string { return strconv.FormatInt(r.at.UnixMilli(), 10) }

// pubPEM is a public key in PEM, pubDER in DER.
func pubDER(t *testing.T, key any) []byte {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func pubPEM(t *testing.T, key any) string {
	t.Helper()
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: pubDER(t, key)}))
}

func rsaKey(t *testing.T) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func rsaSign(t *testing.T, key *rsa.PrivateKey, content string) []byte {
	t.Helper()
	sum := sha256.Sum256([]byte(content))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	return signature
}

func ecKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// jwtText is the part of a token that is signed.
func jwtText(t *testing.T, alg string, claims map[string]any) string {
	t.Helper()
	body, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	return base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"`+alg+`","typ":"JWT"}`)) + "." + base64.RawURLEncoding.EncodeToString(body)
}

func hexSum(content string) string {
	sum := sha256.Sum256([]byte(content))
	return hex.EncodeToString(sum[:])
}

// signings are new each time, with other keys.
func signings(t *testing.T) map[string]*signing {
	t.Helper()
	all := map[string]*signing{}
	for _, more := range []map[string]*signing{overBody(), overMore(), overURL(), inBody(), presented(t), byPublicKey(t), byMessage(t)} {
		for name, s := range more {
			all[name] = s
		}
	}
	return all
}

// simple signs the body alone, in a header.
func simple(body, header, prefix string, sum func(key, content string) []byte, write func([]byte) string) *signing {
	key := random()
	return &signing{config: key, body: body, sign: func(r *request) { r.header.Set(header, prefix+write(sum(key, r.body))) }}
}

// overBody are those that sign the body and nothing else.
func overBody() map[string]*signing {
	with := func(s *signing, pairs ...string) *signing {
		plain := s.sign
		s.sign = func(r *request) {
			for i := 0; i < len(pairs); i += 2 {
				r.header.Set(pairs[i], pairs[i+1])
			}
			plain(r)
		}
		return s
	}
	return map[string]*signing{
		// docs.github.com, Validating webhook deliveries
		"github": with(simple(`{"action":"opened","issue":{"number":1},"repository":{"full_name":"octo/hello"}}`, "X-Hub-Signature-256", "sha256=", mac, hex.EncodeToString), "X-GitHub-Event", "issues", "X-GitHub-Delivery", "second-1"),
		// shopify.dev, Deliver webhooks through HTTPS
		"shopify": with(simple(`{"id":1}`, "X-Shopify-Hmac-Sha256", "", mac, b64), "X-Shopify-Topic", "orders/create", "X-Shopify-Shop-Domain", "octo.myshopify.com", "X-Shopify-Webhook-Id", "second-2"),
		// developers.intercom.com, Webhooks, Signed notifications
		"intercom": simple(`{"type":"notification_event","topic":"contact.created","id":"notif_second"}`, "X-Hub-Signature", "sha1=", mac1, hex.EncodeToString),
		// developer.atlassian.com, Jira webhooks, Secure admin webhooks
		"jira": with(simple(`{"webhookEvent":"jira:issue_created","timestamp":1749722400000}`, "X-Hub-Signature", "sha256=", mac, hex.EncodeToString), "X-Atlassian-Webhook-Identifier", "second-3"),
		// support.atlassian.com, Bitbucket, Manage webhooks
		"bitbucket": with(simple(`{"push":{"changes":[]},"repository":{"full_name":"octo/hello"}}`, "X-Hub-Signature", "sha256=", mac, hex.EncodeToString), "X-Event-Key", "repo:push", "X-Request-Uuid", "second-4"),
		// developers.facebook.com, Webhooks, Validating payloads
		"meta": simple(`{"object":"page","entry":[{"id":"1","time":1749722400,"changes":[{"field":"feed","value":{}}]}]}`, "X-Hub-Signature-256", "sha256=", mac, hex.EncodeToString),
		// typeform.com, Secure your webhooks
		"typeform": simple(`{"event_id":"second-5","event_type":"form_response","form_response":{"form_id":"f1"}}`, "Typeform-Signature", "sha256=", mac, b64),
		// razorpay.com, Validate and test webhooks
		"razorpay": with(simple(`{"event":"payment.captured","account_id":"acc_1"}`, "X-Razorpay-Signature", "", mac, hex.EncodeToString), "X-Razorpay-Event-Id", "second-6"),
		// developer.pagerduty.com, Verifying signatures
		"pagerduty": simple(`{"event":{"id":"second-7","event_type":"incident.triggered"}}`, "X-PagerDuty-Signature", "v1=", mac, hex.EncodeToString),
		// dropbox.com/developers, Webhooks
		"dropbox": simple(`{"list_folder":{"accounts":["dbid:second"]}}`, "X-Dropbox-Signature", "", mac, hex.EncodeToString),
		// developers.docusign.com, Connect, HMAC
		"docusign": simple(`{"event":"envelope-completed","data":{"accountId":"second"}}`, "X-DocuSign-Signature-1", "", mac, b64),
		// developer.xero.com, Webhooks, Intent to receive
		"xero": simple(`{"events":[{"resourceId":"second","eventType":"UPDATE","eventCategory":"INVOICE","tenantId":"t","eventDateUtc":"2025-06-12T10:00:00.000"}],"firstEventSequence":1,"lastEventSequence":1}`, "X-Xero-Signature", "", mac, b64),
	}
}

// overMore are those that sign a time or an id beside the body.
func overMore() map[string]*signing {
	all := map[string]*signing{}
	add := func(name, body string, sign func(r *request, key string)) {
		key := random()
		all[name] = &signing{config: key, body: body, sign: func(r *request) { sign(r, key) }}
	}
	// docs.stripe.com, Verify webhook signatures manually
	add("stripe", `{"id":"evt_second","type":"charge.succeeded","created":1749722400}`, func(r *request, key string) {
		r.header.Set("Stripe-Signature", "t="+seconds(r)+",v1="+hex.EncodeToString(mac(key, seconds(r)+"."+r.body)))
	})
	// docs.slack.dev, Verifying requests from Slack
	add("slack", `{"type":"event_callback","event_id":"EvSecond","team_id":"T1","event":{"type":"app_mention"}}`, func(r *request, key string) {
		r.header.Set("X-Slack-Request-Timestamp", seconds(r))
		r.header.Set("X-Slack-Signature", "v0="+hex.EncodeToString(mac(key, "v0:"+seconds(r)+":"+r.body)))
	})
	// developers.zoom.us, Verify webhook events
	add("zoom", `{"event":"meeting.started","payload":{"account_id":"A1"},"event_ts":1749722400000}`, func(r *request, key string) {
		r.header.Set("X-Zm-Request-Timestamp", seconds(r))
		r.header.Set("X-Zm-Trackingid", "second-8")
		r.header.Set("X-Zm-Signature", "v0="+hex.EncodeToString(mac(key, "v0:"+seconds(r)+":"+r.body)))
	})
	// developer.zendesk.com, Verifying webhooks
	add("zendesk", `{"id":"second-9","type":"zen:event-type:user.created","account_id":1}`, func(r *request, key string) {
		at := r.at.UTC().Format(time.RFC3339)
		r.header.Set("X-Zendesk-Webhook-Signature-Timestamp", at)
		r.header.Set("X-Zendesk-Webhook-Signature", b64(mac(key, at+r.body)))
	})
	// developer.calendly.com, Webhook signatures
	add("calendly", `{"event":"invitee.created","created_at":"2025-06-12T10:00:00.000000Z","created_by":"https://api.calendly.com/users/second"}`, func(r *request, key string) {
		r.header.Set("Calendly-Webhook-Signature", "t="+seconds(r)+",v1="+hex.EncodeToString(mac(key, seconds(r)+"."+r.body)))
	})
	// The keys of the two are the bytes behind the prefix.
	for name, header := range map[string]string{"standard-webhooks": "Webhook-", "svix": "Svix-", "gitlab": "Webhook-"} {
		raw := make([]byte, 32)
		_, _ = rand.Read(raw)
		all[name] = &signing{
			config: "whsec_" + b64(raw), body: `{"type":"user.created","object_kind":"push","n":1.50}`,
			// standardwebhooks.com, Signature scheme; docs.svix.com, Verifying payloads manually
			sign: func(r *request) {
				id := "msg_second_" + strings.ReplaceAll(name, "-", "_")
				r.header.Set(header+"Id", id)
				r.header.Set(header+"Timestamp", seconds(r))
				r.header.Set(header+"Signature", "v1,"+b64(mac(string(raw), id+"."+seconds(r)+"."+r.body))+" v1,"+b64(make([]byte, 32)))
			},
		}
	}
	return all
}

// overURL are those that sign the URL.
func overURL() map[string]*signing {
	all := map[string]*signing{}
	add := func(name string, s *signing, sign func(r *request, key string)) {
		key := random()
		s.config, s.sign = key, func(r *request) { sign(r, key) }
		all[name] = s
	}
	const form = "application/x-www-form-urlencoded"
	// twilio.com/docs, Webhooks security: the URL, then names and values sorted
	add("twilio", &signing{contentType: form, body: "To=%2B1202&From=%2B1415&SmsStatus=delivered&AccountSid=AC1"}, func(r *request, key string) {
		r.query = "?a=1"
		r.header.Set("I-Twilio-Idempotency-Token", "second-10")
		r.header.Set("X-Twilio-Signature", b64(mac1(key, r.url+"?a=1"+"AccountSidAC1From+1415SmsStatusdeliveredTo+1202")))
	})
	// mailchimp.com/developer, Authenticating webhook requests
	add("mandrill", &signing{contentType: form, body: "mandrill_events=%5B%7B%22event%22%3A%22send%22%2C%22_id%22%3A%22second%22%7D%5D"}, func(r *request, key string) {
		r.header.Set("X-Mandrill-Signature", b64(mac1(key, r.url+`mandrill_events[{"event":"send","_id":"second"}]`)))
	})
	// developer.squareup.com, Verify and validate an event notification
	add("square", &signing{body: `{"merchant_id":"M1","type":"payment.updated","event_id":"second-11"}`}, func(r *request, key string) {
		r.header.Set("X-Square-Hmacsha256-Signature", b64(mac(key, r.url+r.body)))
	})
	// developers.hubspot.com, Validating requests, v3
	add("hubspot", &signing{body: `[{"eventId":1,"subscriptionType":"contact.creation","portalId":7,"objectId":1,"occurredAt":1749722400000}]`}, func(r *request, key string) {
		r.header.Set("X-HubSpot-Request-Timestamp", millis(r))
		r.header.Set("X-HubSpot-Signature-v3", b64(mac(key, "POST"+r.url+r.body+millis(r))))
	})
	// developers.hubspot.com, Validating requests, v1
	add("hubspot-v1", &signing{provider: "hubspot", scheme: "v1", body: `[{"eventId":2,"subscriptionType":"contact.creation","portalId":7,"objectId":2,"occurredAt":1749722400000}]`}, func(r *request, key string) {
		r.header.Set("X-HubSpot-Signature-Version", "v1")
		r.header.Set("X-HubSpot-Signature", hexSum(key+r.body))
	})
	// developer.atlassian.com/cloud/trello, Webhooks, Webhook signatures
	add("trello", &signing{body: `{"action":{"id":"second-12","type":"updateCard"},"model":{"id":"m"}}`}, func(r *request, key string) {
		r.header.Set("X-Trello-Webhook", b64(mac1(key, r.body+r.url)))
	})
	return all
}

// inBody are those whose signature or time stands in the body.
func inBody() map[string]*signing {
	mailgun, linear, braintree := random(), random(), random()
	raw := make([]byte, 32)
	_, _ = rand.Read(raw)
	return map[string]*signing{
		// documentation.mailgun.com, Securing webhooks
		"mailgun": {config: mailgun, sign: func(r *request) {
			const token = "second-token-50-characters-long"
			r.body = fmt.Sprintf(`{"signature":{"timestamp":"%s","token":"%s","signature":"%x"},"event-data":{"event":"opened","id":"second-13","domain":{"name":"octo.example"}}}`,
				seconds(r), token, mac(mailgun, seconds(r)+token))
		}},
		// linear.app/developers, Securing webhooks
		"linear": {config: linear, sign: func(r *request) {
			r.body = `{"action":"create","type":"Issue","organizationId":"o","webhookTimestamp":` + millis(r) + `}`
			r.header.Set("Linear-Delivery", "second-14")
			r.header.Set("Linear-Event", "Issue")
			r.header.Set("Linear-Signature", hex.EncodeToString(mac(linear, r.body)))
		}},
		// docs.adyen.com, Verify HMAC signatures (standard webhooks)
		"adyen": {config: hex.EncodeToString(raw), sign: func(r *request) {
			signature := b64(mac(string(raw), "second-15::TestMerchant:order-1:1130:EUR:AUTHORISATION:true"))
			r.body = `{"live":"false","notificationItems":[{"NotificationRequestItem":{"additionalData":{"hmacSignature":"` + signature + `"},"amount":{"currency":"EUR","value":1130},` +
				`"eventCode":"AUTHORISATION","eventDate":"2025-06-12T10:00:00+02:00","merchantAccountCode":"TestMerchant","merchantReference":"order-1","pspReference":"second-15","success":"true"}}]}`
		}},
		// developer.paypal.com/braintree, Webhooks; braintree_python, webhook_notification_gateway.py
		"braintree": {
			config: braintree, settings: map[string]string{"public_key": "secondpublickey"}, contentType: "application/x-www-form-urlencoded",
			sign: func(r *request) {
				key := sha1.Sum([]byte(braintree))
				payload := b64([]byte(`<notification><kind>check</kind></notification>`))
				r.body = "bt_signature=secondpublickey%7C" + hex.EncodeToString(mac1(string(key[:]), payload)) + "&bt_payload=" + strings.NewReplacer("+", "%2B", "/", "%2F", "=", "%3D").Replace(payload)
			},
		},
	}
}

// presented are those that show a secret or a token.
func presented(t *testing.T) map[string]*signing {
	telegram, azure, vonage := random(), "octo:"+random(), random()
	return map[string]*signing{
		// core.telegram.org/bots/api, setWebhook
		"telegram": {config: telegram, body: `{"update_id":10000,"message":{"message_id":1}}`, sign: func(r *request) { r.header.Set("X-Telegram-Bot-Api-Secret-Token", telegram) }},
		// learn.microsoft.com, Service hooks, Webhooks
		"azure-devops": {config: azure, body: `{"id":"second-16","eventType":"build.complete"}`, sign: func(r *request) { r.header.Set("Authorization", "Basic "+b64([]byte(azure))) }},
		// developer.vonage.com, Signed webhooks
		"vonage": {config: vonage, body: `{"message_uuid":"second-17","status":"delivered"}`, sign: func(r *request) {
			text := jwtText(t, "HS256", map[string]any{"iss": "Vonage", "iat": r.at.Unix(), "payload_hash": hexSum(r.body), "jti": "second", "api_key": "a"})
			r.header.Set("Authorization", "Bearer "+text+"."+base64.RawURLEncoding.EncodeToString(mac(vonage, text)))
		}},
	}
}

// byPublicKey are those that sign with a private key.
func byPublicKey(t *testing.T) map[string]*signing {
	t.Helper()
	pub, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	pem2, telnyxKey, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	sendgrid, plaid, rsa1 := ecKey(t), ecKey(t), rsaKey(t)
	return map[string]*signing{
		// docs.discord.com, Interactions, Setting up an endpoint
		"discord": {config: hex.EncodeToString(pub), body: `{"type":2,"id":"second-18","application_id":"a","data":{"name":"hello"}}`, sign: func(r *request) {
			r.header.Set("X-Signature-Timestamp", seconds(r))
			r.header.Set("X-Signature-Ed25519", hex.EncodeToString(ed25519.Sign(ed, []byte(seconds(r)+r.body))))
		}},
		// developers.telnyx.com, Webhook signing
		"telnyx": {config: b64(pem2), body: `{"data":{"event_type":"message.received","id":"second-19"}}`, sign: func(r *request) {
			r.header.Set("Telnyx-Timestamp", seconds(r))
			r.header.Set("Telnyx-Signature-Ed25519", b64(ed25519.Sign(telnyxKey, []byte(seconds(r)+"|"+r.body))))
		}},
		// twilio.com/docs/sendgrid, Event webhook security features
		"sendgrid": {config: b64(pubDER(t, sendgrid.Public())), body: `[{"email":"a@octo.example","event":"delivered","sg_event_id":"second-20","timestamp":1749722400}]`, sign: func(r *request) {
			sum := sha256.Sum256([]byte(seconds(r) + r.body))
			signature, err := ecdsa.SignASN1(rand.Reader, sendgrid, sum[:])
			if err != nil {
				t.Fatal(err)
			}
			r.header.Set("X-Twilio-Email-Event-Webhook-Timestamp", seconds(r))
			r.header.Set("X-Twilio-Email-Event-Webhook-Signature", b64(signature))
		}},
		// plaid.com/docs, Webhook verification; the key is what /webhook_verification_key/get returns
		"plaid": {config: ecJWK(plaid), body: `{"webhook_type":"ITEM","webhook_code":"ERROR","environment":"sandbox"}`, sign: func(r *request) {
			text := jwtText(t, "ES256", map[string]any{"iat": r.at.Unix(), "request_body_sha256": hexSum(r.body)})
			sum := sha256.Sum256([]byte(text))
			x, y, err := ecdsa.Sign(rand.Reader, plaid, sum[:])
			if err != nil {
				t.Fatal(err)
			}
			r.header.Set("Plaid-Verification", text+"."+base64.RawURLEncoding.EncodeToString(append(x.FillBytes(make([]byte, 32)), y.FillBytes(make([]byte, 32))...)))
		}},
		// developer.paypal.com, Webhooks integration guide, Message verification
		"paypal": {config: pubPEM(t, rsa1.Public()), settings: map[string]string{"webhook_id": "8PT597110X687430LKGECATA"}, body: `{"id":"WH-second","event_type":"PAYMENT.CAPTURE.COMPLETED"}`, sign: func(r *request) {
			at := r.at.UTC().Format(time.RFC3339)
			signed := "second-21|" + at + "|8PT597110X687430LKGECATA|" + fmt.Sprint(crc32.ChecksumIEEE([]byte(r.body)))
			r.header.Set("Paypal-Transmission-Id", "second-21")
			r.header.Set("Paypal-Transmission-Time", at)
			r.header.Set("Paypal-Auth-Algo", "SHA256withRSA")
			r.header.Set("Paypal-Cert-Url", "https://api.paypal.com/v1/notifications/certs/CERT-second")
			r.header.Set("Paypal-Transmission-Sig", b64(rsaSign(t, rsa1, signed)))
		}},
		// docs.aws.amazon.com/sns, Verifying the signatures of Amazon SNS messages
		"aws-sns": {config: pubPEM(t, rsa1.Public()), settings: map[string]string{"topic_arn": "arn:aws:sns:eu-central-1:1:second"}, contentType: "text/plain; charset=UTF-8", sign: func(r *request) {
			at := r.at.UTC().Format("2006-01-02T15:04:05.000Z")
			signed := "Message\nhello\nwörld\nMessageId\nsecond-22\nTimestamp\n" + at + "\nTopicArn\narn:aws:sns:eu-central-1:1:second\nType\nNotification\n"
			r.body = `{"Type":"Notification","MessageId":"second-22","TopicArn":"arn:aws:sns:eu-central-1:1:second","Message":"hello\nw\u00f6rld","Timestamp":"` + at +
				`","SignatureVersion":"2","Signature":"` + b64(rsaSign(t, rsa1, signed)) + `","SigningCertURL":"https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-1.pem"}`
		}},
	}
}

// ecJWK writes a public key as a JSON Web Key (RFC 7517).
func ecJWK(key *ecdsa.PrivateKey) string {
	point, err := key.PublicKey.Bytes()
	if err != nil {
		return ""
	}
	text := base64.RawURLEncoding.EncodeToString
	return `{"kty":"EC","crv":"P-256","use":"sig","alg":"ES256","x":"` + text(point[1:33]) + `","y":"` + text(point[33:]) + `"}`
}
