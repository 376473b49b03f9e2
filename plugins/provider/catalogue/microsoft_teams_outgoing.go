package catalogue

import (
	"time"

	"webhookedge/plugins/provider"
)

func microsoftTeamsOutgoingRow() provider.Provider {
	return provider.Provider{
		Name:  "microsoft-teams-outgoing",
		Title: "Microsoft Teams outgoing webhook",
		Docs:  "https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-outgoing-webhook",
		Schemes: []provider.Scheme{{
			Name: "sha256", Kind: provider.HMAC, Hash: provider.SHA256,
			Family: provider.Family{Signature: "header:authorization"},
			Mark:   "HMAC ", Encoding: provider.Base64, Content: "{body}",
			Key: provider.KeyBase64,
		}},
		Facts: provider.Locators{
			Type:    []string{"json:type"},
			ID:      []string{"json:conversation.id + json:id"},
			Time:    []provider.TimeAt{{At: "json:timestamp", Unit: provider.RFC3339}},
			Tenant:  []string{"json:channelData.tenant.id", "json:channelData.team.id"},
			Subject: []string{"json:conversation.id"},
		},
		Identity: provider.Identity{
			Why: "The id of a message is its time in milliseconds, unique in its conversation; both are in the signed body.",
		},
		ContentTypes: []string{"application/json"},
		Success:      provider.Answer{ContentType: "application/json", Body: `{"type":"message","text":"OK"}`},
		Timeout:      5 * time.Second,
		Retry:        provider.Retry{Note: "No retry."},
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The security token is base64 and used decoded.",
			"Teams shows the answer in the channel.",
		},
		Source: "Microsoft Learn, Create an outgoing webhook; trigger.dev source catalogue",
		Unsure: []string{"time-out"},
	}
}
