package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func clickupRow() spec.Provider {
	return spec.Provider{
		Name:  "clickup",
		Title: "ClickUp",
		Docs:  "https://developer.clickup.com/docs/webhooksignature",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:x-signature"},
			Encoding: spec.Hex, Content: "{body}",
			Key: spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"json:event"},
			ID:      []string{"json:event + json:history_items.0.id"},
			Time:    []spec.TimeAt{{At: "json:history_items.0.date", Unit: spec.Milliseconds}},
			Tenant:  []string{"json:webhook_id"},
			Subject: []string{"json:task_id", "json:list_id", "json:folder_id", "json:space_id"},
		},
		Identity: spec.Identity{
			None: true,
			Why:  "An item of the history has one id for each of the events that it causes, so that the name of the event belongs to the id; events of folders and spaces have neither item nor time, and two of them have one body.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      7 * time.Second,
		Retry:        spec.Retry{Max: 5, Note: "A webhook is suspended after 100 failed events."},
		Cutoff:       spec.Cutoff{Failures: 100},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
		},
		Pitfalls: []string{
			"The secret is webhook.secret of the create call's answer.",
		},
		Source: "ClickUp developer docs, Webhook signature",
		Unsure: []string{"retry"},
	}
}
