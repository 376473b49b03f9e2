package catalogue

import "webhookedge/plugins/provider/spec"

func mcpEventsRow() spec.Provider {
	return spec.Provider{
		Name:  "mcp-events",
		Title: "MCP Events",
		Docs:  "https://github.com/modelcontextprotocol/experimental-ext-triggers-events/blob/main/docs/design-sketch-proposal.md",
		Schemes: []spec.Scheme{{
			Name: "v1", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{
				Signature: "header:webhook-signature", Timestamp: "header:webhook-timestamp", ID: "header:webhook-id",
			},
			Layout: spec.Versions, Mark: "v1", Encoding: spec.Base64, Content: "{id}.{timestamp}.{body}",
			TimeUnit: spec.Seconds, ToleranceSeconds: 300,
			Key: spec.KeyBase64, KeyPrefix: "whsec_", KeyMin: 24,
		}},
		Facts: spec.Locators{
			// A body with a type at its top is no event but tells of the subscription:
			// gap or terminated.
			Type: []string{"json:type", "json:name"}, Split: spec.SplitLastDot,
			ID:   []string{"header:webhook-id"},
			Time: []spec.TimeAt{{At: "json:timestamp", Unit: spec.RFC3339}},
		},
		Identity: spec.Identity{
			Scope: spec.ScopeRoute,
			Why:   "webhook-id is signed and the event's id at its server, the same when it is sent again: a route is for one server.",
		},
		ContentTypes: []string{"application/json"},
		// A verification is signed as deliveries are, so only who knows the secret has it
		// answered.
		Handshakes: []spec.Handshake{{Method: "POST", When: "json:type", Is: "verification", Challenge: "json:challenge", Answer: spec.Answer{ContentType: "application/json", Body: `{"challenge":{challenge|json}}`}}},
		Retry:      spec.Retry{Note: "Every event by itself with growing pauses, signed anew, until a 2xx; after repeated failures until the subscription is refreshed.", Time: eachTryIsSigned},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "x-mcp-subscription-id", Value: "sub_{id}"},
		},
		Pitfalls: []string{
			"The client that subscribes makes the secret, whsec_ and 24 to 64 random bytes in base64, and gives it in delivery.secret.",
			"A 2xx tells the server that the event will not be lost, which the edge's answer means.",
			"X-MCP-Subscription-Id is not signed: a secret and a route for each subscription tell them apart.",
			"gap and terminated are events of their own: the client must see them, and the cursor of each event.",
			"v1a signatures beside it, by which a server may be known, are not looked at.",
		},
		Source: "MCP Events design sketch, Webhook-Based Delivery and Webhook Security, commit 082166f",
		Unsure: []string{"the draft may change: SEP-3415"},
	}
}
