package catalogue

import "webhookedge/plugins/provider/spec"

func saleorRow() spec.Provider {
	return spec.Provider{
		Name:  "saleor",
		Title: "Saleor",
		Docs:  "https://docs.saleor.io/developer/extending/webhooks/payload-signature",
		Schemes: []spec.Scheme{{
			Name: "jws", Kind: spec.DetachedJWS,
			Family:   spec.Family{Signature: "header:saleor-signature"},
			Content:  "{body}",
			Detached: spec.Detached{Unencoded: true},
			Key:      spec.KeyJWKS,
			JWT:      spec.JWT{Algorithms: []spec.Algorithm{spec.RS256}},
			Remote: &spec.Remote{
				URL: "https://{setting:host}/.well-known/jwks.json", Hosts: []string{"{setting:host}"}, Form: spec.KeyJWKS,
			},
		}},
		Settings: []spec.Setting{
			{Name: "host", Doc: "Host of your Saleor API, such as my-shop.saleor.cloud, which publishes the key.", Example: "octo-corp.saleor.cloud"},
		},
		Facts: spec.Locators{
			Type: []string{"json:__typename", "text:event"},
		},
		Identity: spec.Identity{
			Content: true,
			Why:     "The subscription query decides what a payload holds, and no id or time of a delivery is sent.",
		},
		ContentTypes: []string{"application/json"},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "saleor-api-url", Value: "https://octo-corp.saleor.cloud/graphql/"},
			{Name: "saleor-domain", Value: "octo-corp.saleor.cloud"},
			{Name: "saleor-event", Value: "{event}"},
		},
		Pitfalls: []string{
			"The signature covers the body alone, and the event's name in Saleor-Event is not signed: ask for __typename in the subscription query, which is the type of the event.",
			"Nothing signed tells the time: ask for issuedAt in the query, and let a policy look at it.",
			"A webhook with a secret key of its own is signed with an HMAC by older versions: leave the secret empty.",
		},
		Source: "@saleor/app-sdk (npm) 1.15.0, chunk-45VRFJLY.js, verifySignatureWithJwks and getJwksUrlFromSaleorApiUrl; headers.d.ts",
		Unsure: []string{"retry", "time-out", "b64 and crit of the header: RFC 7797, which the SDK's flattenedVerify needs for a raw body"},
	}
}
