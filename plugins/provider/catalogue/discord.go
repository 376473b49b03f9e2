package catalogue

import (
	"time"

	"webhookedge/plugins/provider"
)

func discordRow() provider.Provider {
	return provider.Provider{
		Name:  "discord",
		Title: "Discord",
		Docs:  "https://docs.discord.com/developers/events/webhook-events",
		Schemes: []provider.Scheme{{
			Name: "ed25519", Kind: provider.Ed25519,
			Family:   provider.Family{Signature: "header:x-signature-ed25519", Timestamp: "header:x-signature-timestamp"},
			Encoding: provider.Hex, Content: "{timestamp}{body}",
			TimeUnit: provider.Seconds, ToleranceSeconds: 300,
			Key: provider.KeyHex,
		}},
		Facts: provider.Locators{
			Type:    []string{"json:event.type", "json:data.name", "json:type"},
			ID:      []string{"json:id"},
			Time:    []provider.TimeAt{{At: "json:event.timestamp", Unit: provider.DateTime}},
			Tenant:  []string{"json:guild_id", "json:application_id"},
			Subject: []string{"json:channel_id", "json:event.data.user.id"},
		},
		Identity: provider.Identity{
			Why: "id is a snowflake of the interaction, unique at Discord; an event without one holds its time in microseconds.",
		},
		ContentTypes: []string{"application/json"},
		Handshakes:   []provider.Handshake{{Method: "POST", When: "json:type", Is: "1", Without: "json:event.type", Answer: provider.Answer{ContentType: "application/json", Body: `{"type":1}`}}, {Method: "POST", When: "json:type", Is: "0", Answer: provider.Answer{Status: 204, ContentType: "application/json"}}},
		Success:      provider.Answer{Status: 204},
		Timeout:      3 * time.Second,
		Retry:        provider.Retry{Span: 612 * time.Second, Note: "Webhook events: several tries for up to 10 minutes; an endpoint that fails often is disabled. Interactions: none."},
		Sends: []provider.Header{
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
