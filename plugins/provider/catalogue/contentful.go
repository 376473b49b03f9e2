package catalogue

import (
	"time"

	"webhookedge/plugins/provider"
)

func contentfulRow() provider.Provider {
	return provider.Provider{
		Name:  "contentful",
		Title: "Contentful",
		Docs:  "https://www.contentful.com/developers/docs/webhooks/request-verification/",
		Schemes: []provider.Scheme{{
			Name: "canonical", Kind: provider.HMAC, Hash: provider.SHA256,
			Family:   provider.Family{Signature: "header:x-contentful-signature", Timestamp: "header:x-contentful-timestamp"},
			Encoding: provider.Hex, Content: "{method}\n{target}\n{headers-listed:x-contentful-signed-headers}\n{body}",
			TimeUnit: provider.Milliseconds, ToleranceSeconds: 30,
			Key: provider.KeyText, KeyMin: 32,
		}},
		Facts: provider.Locators{
			Type:    []string{"header:x-contentful-topic"},
			Split:   provider.SplitLastDot,
			Time:    []provider.TimeAt{{At: "json:sys.updatedAt", Unit: provider.RFC3339}},
			Tenant:  []string{"json:sys.space.sys.id"},
			Subject: []string{"json:sys.id"},
		},
		Identity: provider.Identity{
			Content: true,
			Why:     "The body is the resource with its version and the time of its last change in milliseconds; the topic is a signed header where the list of signed headers names it.",
		},
		ContentTypes: []string{"application/vnd.contentful.management.v1+json", "application/json"},
		Timeout:      30 * time.Second,
		Retry:        provider.Retry{Max: 3, Note: "After 429 and a 5xx."},
		On429:        "Tried again up to three times.",
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/vnd.contentful.management.v1+json"},
			{Name: "x-contentful-topic", Value: "{event}"},
		},
		Pitfalls: []string{
			"The signature covers the method, path and query and a list of headers: a proxy that changes them breaks it.",
			"The list of signed headers is the delivery's own: it must name itself and the timestamp.",
			"The tolerance of 30 s is that of Contentful's own library.",
			"No id tells one event of an object from the next, so the id is made of the body: a try whose body differs counts as another event.",
		},
		Source: "contentful/node-apps-toolkit, sign-request and verify-request with their specs",
		Unsure: []string{"retry"},
	}
}
