package catalogue

import (
	"time"

	"webhookedge/plugins/provider"
)

func dropboxRow() provider.Provider {
	return provider.Provider{
		Name:  "dropbox",
		Title: "Dropbox",
		Docs:  "https://www.dropbox.com/developers/reference/webhooks",
		Schemes: []provider.Scheme{{
			Name: "sha256", Kind: provider.HMAC, Hash: provider.SHA256,
			Family:   provider.Family{Signature: "header:x-dropbox-signature"},
			Encoding: provider.Hex, Content: "{body}",
			Key: provider.KeyText, KeyMin: 8,
		}},
		Facts: provider.Locators{
			Type:    []string{"text:list_folder"},
			Tenant:  []string{"json:list_folder.accounts.0"},
			Subject: []string{"json:list_folder.accounts.0"},
		},
		Batch: &provider.Batch{At: "list_folder.accounts"},
		Identity: provider.Identity{
			None: true,
			Why:  "A delivery names accounts whose files changed, and nothing else: the next change has the same body.",
		},
		ContentTypes: []string{"application/json"},
		Handshakes:   []provider.Handshake{{Method: "GET", When: "query:challenge", Challenge: "query:challenge", Answer: provider.Answer{ContentType: "text/plain", Headers: []provider.Header{{Name: "x-content-type-options", Value: "nosniff"}}, Body: "{challenge}"}, Unsigned: true}},
		Timeout:      10 * time.Second,
		Retry:        provider.Retry{Note: "Backs off; an endpoint that fails a lot is disabled."},
		Sends: []provider.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "user-agent", Value: "DropboxWebhooks/1.0"},
		},
		Pitfalls: []string{
			"A delivery names the accounts that changed and nothing else: list their folders. Each account becomes an event of its own, with the list delta.users of all.",
			"The key is the app secret.",
			"The GET that checks the endpoint is not signed.",
		},
		Source: "dropbox/mdwebhook, app.py; Dropbox docs, Webhooks",
		Unsure: []string{"retry", "time-out"},
	}
}
