package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func microsoftTeamsOutgoingRow() spec.Provider {
	return spec.Provider{
		Name:  "microsoft-teams-outgoing",
		Title: "Microsoft Teams outgoing webhook",
		Docs:  "https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-outgoing-webhook",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:authorization"},
			Mark:   "HMAC ", Encoding: spec.Base64, Content: "{body}",
			Key: spec.KeyBase64,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:type"},
			ID:      []string{"json:conversation.id + json:id"},
			Time:    []spec.TimeAt{{At: "json:timestamp", Unit: spec.RFC3339}},
			Tenant:  []string{"json:channelData.tenant.id", "json:channelData.team.id"},
			Subject: []string{"json:conversation.id"},
		},
		Identity: spec.Identity{
			Why: "The id of a message is its time in milliseconds, unique in its conversation; both are in the signed body.",
		},
		ContentTypes: []string{"application/json"},
		Success:      spec.Answer{ContentType: "application/json", Body: `{"type":"message","text":"OK"}`},
		Timeout:      5 * time.Second,
		Retry:        spec.Retry{Note: "No retry."},
		Sends: []spec.Header{
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
