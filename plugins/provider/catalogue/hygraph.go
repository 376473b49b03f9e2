package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func hygraphRow() spec.Provider {
	return spec.Provider{
		Name:  "hygraph",
		Title: "Hygraph",
		Docs:  "https://hygraph.com/docs/api-reference/basics/webhooks",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:gcms-signature", Timestamp: "pair:t"},
			Layout: spec.Pairs, Mark: "sign", Separator: ", ", Written: "sign={signature}, env={setting:environment}, t={timestamp}",
			Encoding: spec.Base64, Content: `{{}"Body":{body|json},"EnvironmentName":{setting:environment|json},"TimeStamp":{timestamp}}`,
			TimeUnit: spec.Milliseconds, ToleranceSeconds: 300,
			Key: spec.KeyText,
		}},
		Settings: []spec.Setting{{
			Name: "environment", Doc: "Name of the project's environment whose webhook it is, as env in the header has it.",
			Default: "master", Example: "master",
		}},
		Facts: spec.Locators{
			Type:    []string{"json:data.__typename"},
			Action:  []string{"json:operation"},
			Time:    []spec.TimeAt{{At: "json:data.updatedAt", Unit: spec.RFC3339}},
			Subject: []string{"json:data.id"},
		},
		Identity: spec.Identity{
			None: true,
			Why:  "There is no id of a delivery, and without the entry's payload two updates of one entry have the same body: each delivery is an event of its own.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      3 * time.Second,
		Retry: spec.Retry{
			Max: 4, Note: "Five requests in all; how far apart is not documented.",
			Time: "Five tries with a time-out of 3 seconds fit into five minutes; a later one may keep the time of the first, which nothing documents.",
		},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"A webhook without a secret key sends no signature, so its deliveries are refused.",
			"Webhooks belong to an environment, whose name is signed: set environment where it is not master.",
			"The signed text is a JSON document that holds the body as a string, the environment and the time in milliseconds.",
			"Set the webhook's method to POST: Hygraph can send GET, PUT and DELETE, too.",
			"A later try is another event, since nothing tells it from a second change of the entry.",
		},
		Source: "@hygraph/utils (npm) 1.2.1, index.js, verifyWebhookSignature (header, signed text); Hygraph docs, Webhooks (operation, data, environments, 3000 ms, 4 retries)",
		Unsure: []string{"pauses between the retries", "whether a later try is signed anew"},
	}
}
