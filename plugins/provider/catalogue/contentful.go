package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func contentfulRow() spec.Provider {
	return spec.Provider{
		Name:  "contentful",
		Title: "Contentful",
		Docs:  "https://www.contentful.com/developers/docs/webhooks/request-verification/",
		Schemes: []spec.Scheme{{
			Name: "canonical", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:x-contentful-signature", Timestamp: "header:x-contentful-timestamp"},
			Encoding: spec.Hex, Content: "{method}\n{target|contentful}\n{headers-listed:x-contentful-signed-headers}\n{body}",
			TimeUnit: spec.Milliseconds, ToleranceSeconds: 30, AheadSeconds: 300,
			Key: spec.KeyText, KeyMin: 32,
		}},
		Facts: spec.Locators{
			Type:    []string{"header:x-contentful-topic"},
			Split:   spec.SplitLastDot,
			Time:    []spec.TimeAt{{At: "json:sys.updatedAt", Unit: spec.RFC3339}},
			Tenant:  []string{"json:sys.space.sys.id"},
			Subject: []string{"json:sys.id"},
		},
		Identity: spec.Identity{
			Content: true,
			Why:     "The body is the resource with its version and the time of its last change in milliseconds; the topic is a signed header where the list of signed headers names it.",
		},
		ContentTypes: []string{"application/vnd.contentful.management.v1+json", "application/json"},
		Timeout:      30 * time.Second,
		Retry:        spec.Retry{Max: 3, Note: "After 429 and a 5xx.", Time: "Contentful's own library refuses what is older than 30 s."},
		On429:        "Tried again up to three times.",
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/vnd.contentful.management.v1+json"},
			{Name: "x-contentful-topic", Value: "{event}"},
		},
		Pitfalls: []string{
			"The signature covers the method, path and query and a list of headers: a proxy that changes them breaks it.",
			"The list of signed headers is the delivery's own; itself and the timestamp are signed whether it names them or not.",
			"What stands behind a second question mark of the URL is not signed.",
			"The tolerance of 30 s is that of Contentful's own library.",
			"No id tells one event of an object from the next, so the id is made of the body: a try whose body differs counts as another event.",
		},
		Source: "contentful/node-apps-toolkit, sign-request and verify-request with their specs, 3.16.1",
		Unsure: []string{"retry"},
	}
}
