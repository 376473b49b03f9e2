package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func ouraRow() spec.Provider {
	return spec.Provider{
		Name:  "oura",
		Title: "Oura",
		Docs:  "https://cloud.ouraring.com/v2/docs",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:x-oura-signature", Timestamp: "header:x-oura-timestamp"},
			Encoding: spec.HexUpper, Content: "{timestamp}{body}",
			TimeUnit: spec.EitherUnit, ToleranceSeconds: 300,
			Key: spec.KeyText,
		}},
		Settings: []spec.Setting{{
			Name: "verification_token", Doc: "The verification token of the subscription.",
			Secret: true, Example: "octo-corp-oura-verification-token",
		}},
		Facts: spec.Locators{
			Type:    []string{"json:data_type"},
			Action:  []string{"json:event_type"},
			ID:      []string{"json:object_id + json:event_type + json:event_time"},
			Time:    []spec.TimeAt{{At: "json:event_time", Unit: spec.RFC3339}},
			Tenant:  []string{"json:user_id"},
			Subject: []string{"json:object_id"},
		},
		Identity: spec.Identity{
			Why: "An object, what happened to it and when make the id, all in the signed body.",
		},
		ContentTypes: []string{"application/json"},
		Handshakes:   []spec.Handshake{{Method: "GET", When: "query:challenge", Token: "query:verification_token", TokenSetting: "verification_token", Challenge: "query:challenge", Answer: spec.Answer{ContentType: "application/json", Body: `{"challenge":{challenge|json}}`}, Unsigned: true}},
		Timeout:      10 * time.Second,
		Retry:        spec.Retry{Time: "No retries are documented, so no tolerance can be made of them."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The key is the client secret of the application.",
			"A GET with verification_token and challenge checks the endpoint: the token is the one that was sent with the subscription.",
			"A subscription ends after some time and must be renewed.",
		},
		Source: "Oura API v2 docs, Webhook subscription routes (example of verification)",
		Unsure: []string{"the unit of the time: both are taken", "retry"},
	}
}
