package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func discordRow() spec.Provider {
	return spec.Provider{
		Name:  "discord",
		Title: "Discord",
		Docs:  "https://docs.discord.com/developers/events/webhook-events",
		Schemes: []spec.Scheme{{
			Name: "ed25519", Kind: spec.Ed25519,
			Family:   spec.Family{Signature: "header:x-signature-ed25519", Timestamp: "header:x-signature-timestamp"},
			Encoding: spec.Hex, Content: "{timestamp}{body}",
			TimeUnit: spec.Seconds, ToleranceSeconds: 612, AheadSeconds: 300,
			Key: spec.KeyHex,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:event.type", "json:data.name", "json:type"},
			ID:      []string{"json:id"},
			Time:    []spec.TimeAt{{At: "json:event.timestamp", Unit: spec.DateTime}},
			Tenant:  []string{"json:guild_id", "json:application_id"},
			Subject: []string{"json:channel_id", "json:event.data.user.id"},
		},
		Identity: spec.Identity{
			Why: "id is a snowflake of the interaction, unique at Discord; an event without one holds its time in microseconds.",
		},
		ContentTypes: []string{"application/json"},
		Handshakes:   []spec.Handshake{{Method: "POST", When: "json:type", Is: "1", Without: "json:event.type", Answer: spec.Answer{ContentType: "application/json", Body: `{"type":1}`}}, {Method: "POST", When: "json:type", Is: "0", Answer: spec.Answer{Status: 204, ContentType: "application/json"}}},
		Success:      spec.Answer{Status: 204},
		Timeout:      3 * time.Second,
		Retry:        spec.Retry{Span: 612 * time.Second, Note: "Webhook events: several tries for up to 10 minutes; an endpoint that fails often is disabled. Interactions: none.", Time: "Discord checks no time and may send a late try with that of the first, so the tolerance is as long as the retries; until then an event is known by its id, and a second one is a duplicate."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The key is the application's public key in hexadecimal.",
			"Discord sends wrong signatures on purpose, which must get 401, or the endpoint is removed.",
			"An interaction wants an answer with a body: send those elsewhere, or answer later through the API.",
			"Webhook events have no id.",
		},
		Source: "discord-api-docs, webhook-events and interactions/overview; a real signed request in ssMMiles/discord-interactions (recomputed)",
		Unsure: []string{"tolerance: Discord states none"},
	}
}
