package e2e

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// sender is a provider as its documentation describes it.
type sender struct {
	path, secretEnv, secret string
	body                    func(id string) string
	subject                 string
	// sign returns the headers of a delivery of body at a time.
	sign func(secret, id, body string, at time.Time) http.Header
	// signature is the header that carries it.
	signature string
	timed     bool // the scheme signs a time
}

func mac(secret, content string) []byte {
	m := hmac.New(sha256.New, []byte(secret))
	m.Write([]byte(content))
	return m.Sum(nil)
}

func header(pairs ...string) http.Header {
	h := http.Header{"Content-Type": {"application/json"}}
	for i := 0; i < len(pairs); i += 2 {
		h.Set(pairs[i], pairs[i+1])
	}
	return h
}

func senders() map[string]sender {
	key := []byte("standard-webhooks-e2e-key-32-byt")
	return map[string]sender{
		"github": {
			path: "/webhooks/github", secretEnv: "GITHUB_WEBHOOK_SECRET", secret: "github-e2e-secret",
			subject:   "webhooks.github.octo-org.issues.opened",
			signature: "X-Hub-Signature-256",
			body: func(id string) string {
				return `{"action":"opened", "issue":{"number":1,"node_id":"` + id + `"}, "repository":{"full_name":"octo-org/hello","owner":{"login":"octo-org"}},"n":1.50,"e":"\u00e9"}` + "\n"
			},
			sign: func(secret, id, body string, _ time.Time) http.Header {
				return header("X-GitHub-Event", "issues", "X-GitHub-Delivery", id,
					"X-Hub-Signature-256", "sha256="+hex.EncodeToString(mac(secret, body)))
			},
		},
		"stripe": {
			path: "/webhooks/stripe", secretEnv: "STRIPE_WEBHOOK_SECRET", secret: "whsec_stripe-e2e-secret",
			subject:   "webhooks.stripe._.charge.dispute.created",
			signature: "Stripe-Signature", timed: true,
			body: func(id string) string {
				return `{"id":"` + id + `","object":"event","created":1700000000,"type":"charge.dispute.created","data":{"object":{"id":"dp_1"}}}`
			},
			sign: func(secret, _, body string, at time.Time) http.Header {
				t := fmt.Sprint(at.Unix())
				return header("Stripe-Signature", "t="+t+",v1="+hex.EncodeToString(mac(secret, t+"."+body))+",v0="+strings.Repeat("0", 64))
			},
		},
		"slack": {
			path: "/webhooks/slack", secretEnv: "SLACK_SIGNING_SECRET", secret: "slack-e2e-signing-secret",
			subject:   "webhooks.slack.T0001.app_mention",
			signature: "X-Slack-Signature", timed: true,
			body: func(id string) string {
				return `{"type":"event_callback","team_id":"T0001","event_id":"` + id + `","event_time":1700000000,"event":{"type":"app_mention","channel":"C1"}}`
			},
			sign: func(secret, _, body string, at time.Time) http.Header {
				t := fmt.Sprint(at.Unix())
				return header("X-Slack-Request-Timestamp", t, "X-Slack-Signature", "v0="+hex.EncodeToString(mac(secret, "v0:"+t+":"+body)))
			},
		},
		"shopify": {
			path: "/webhooks/shopify", secretEnv: "SHOPIFY_WEBHOOK_SECRET", secret: "shopify-e2e-secret",
			subject:   "webhooks.shopify.octo%2Emyshopify%2Ecom.orders.create",
			signature: "X-Shopify-Hmac-Sha256",
			body: func(id string) string {
				return `{"id":820982911946154508,"token":"` + id + `","admin_graphql_api_id":"gid://shopify/Order/1"}`
			},
			sign: func(secret, id, body string, _ time.Time) http.Header {
				return header("X-Shopify-Topic", "orders/create", "X-Shopify-Shop-Domain", "octo.myshopify.com", "X-Shopify-Webhook-Id", id,
					"X-Shopify-Hmac-Sha256", base64.StdEncoding.EncodeToString(mac(secret, body)))
			},
		},
		"standard-webhooks": {
			path: "/webhooks/standard", secretEnv: "STANDARD_WEBHOOKS_SECRET", secret: "whsec_" + base64.StdEncoding.EncodeToString(key),
			subject:   "webhooks.standard-webhooks._.user.created",
			signature: "Webhook-Signature", timed: true,
			body: func(string) string {
				return `{"type":"user.created","timestamp":"2026-01-02T03:04:05Z","data":{"id":"u1"}}`
			},
			sign: func(_, id, body string, at time.Time) http.Header {
				t := fmt.Sprint(at.Unix())
				return header("Webhook-Id", id, "Webhook-Timestamp", t,
					"Webhook-Signature", "v1,"+base64.StdEncoding.EncodeToString(mac(string(key), id+"."+t+"."+body)))
			},
		},
	}
}

// TestSigning_asProvidersDocument checks the second implementation against values that
// providers publish.
func TestSigning_asProvidersDocument(t *testing.T) {
	s := senders()
	github := s["github"].sign("It's a Secret to Everybody", "1", "Hello, World!", time.Time{})
	if got, want := github.Get("X-Hub-Signature-256"), "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"; got != want {
		t.Errorf("GitHub: got %s, want %s (docs.github.com, Validating webhook deliveries)", got, want)
	}
	slackBody := "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
	slack := s["slack"].sign("8f742231b10e8888abcd99yyyzzz85a5", "", slackBody, time.Unix(1531420618, 0))
	if got, want := slack.Get("X-Slack-Signature"), "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"; got != want {
		t.Errorf("Slack: got %s, want %s (docs.slack.dev, Verifying requests from Slack)", got, want)
	}
}
