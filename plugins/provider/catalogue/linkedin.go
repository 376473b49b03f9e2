package catalogue

import "webhookedge/plugins/provider/spec"

func linkedinRow() spec.Provider {
	return spec.Provider{
		Name:  "linkedin",
		Title: "LinkedIn",
		Docs:  "https://learn.microsoft.com/en-us/linkedin/shared/api-guide/webhook-validation",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:x-li-signature"},
			Encoding: spec.Hex, Content: "hmacsha256={body}",
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:type"},
			Action:  []string{"json:leadAction"},
			ID:      []string{"json:leadGenFormResponse + json:leadAction"},
			Time:    []spec.TimeAt{{At: "json:occurredAt", Unit: spec.Milliseconds}},
			Tenant:  []string{"json:owner.organization", "json:owner.sponsoredAccount"},
			Subject: []string{"json:leadGenForm"},
		},
		Batch: &spec.Batch{At: "notifications", Facts: spec.Locators{
			Action:  []string{"json:action"},
			ID:      []string{"json:notificationId"},
			Time:    []spec.TimeAt{{At: "json:lastModifiedAt", Unit: spec.Milliseconds}},
			Tenant:  []string{"json:organizationalEntity"},
			Subject: []string{"json:sourcePost"},
		}},
		Identity: spec.Identity{
			Scope: spec.ScopeTenant,
			Why:   "notificationId, in the signed body, names a notification of a page, and a lead has its own URN.",
		},
		ContentTypes: []string{"application/json"},
		Handshakes:   []spec.Handshake{{Method: "GET", When: "query:challengeCode", Challenge: "query:challengeCode", Response: spec.Response{Kind: spec.HMAC, Hash: spec.SHA256, Encoding: spec.Hex, Content: "{challenge}"}, Answer: spec.Answer{ContentType: "application/json", Body: `{"challengeCode":{challenge|json},"challengeResponse":"{response}"}`}, Unsigned: true}},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The signed text is hmacsha256= and the body, and the header holds the hexadecimal signature alone.",
			"The endpoint is asked again every two hours by a GET with challengeCode: three failures block it.",
			"An app with child applications names one in applicationId, whose secret it wants: give each a route of its own.",
		},
		Source: "Microsoft Learn, LinkedIn webhook validation",
		Unsure: []string{"names of the facts of a lead", "retry"},
	}
}
