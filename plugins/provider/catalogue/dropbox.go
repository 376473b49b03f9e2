package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func dropboxRow() spec.Provider {
	return spec.Provider{
		Name:  "dropbox",
		Title: "Dropbox",
		Docs:  "https://www.dropbox.com/developers/reference/webhooks",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:x-dropbox-signature"},
			Encoding: spec.Hex, Content: "{body}",
			Key: spec.KeyText, KeyMin: 8,
		}},
		Facts: spec.Locators{
			Type:    []string{"text:list_folder"},
			Tenant:  []string{"json:list_folder.accounts.0"},
			Subject: []string{"json:list_folder.accounts.0"},
		},
		Batch: &spec.Batch{At: "list_folder.accounts"},
		Identity: spec.Identity{
			None: true,
			Why:  "A delivery names accounts whose files changed, and nothing else: the next change has the same body.",
		},
		ContentTypes: []string{"application/json"},
		Handshakes:   []spec.Handshake{{Method: "GET", When: "query:challenge", Challenge: "query:challenge", Answer: spec.Answer{ContentType: "text/plain", Headers: []spec.Header{{Name: "x-content-type-options", Value: "nosniff"}}, Body: "{challenge}"}, Unsigned: true}},
		Timeout:      10 * time.Second,
		Retry:        spec.Retry{Note: "Backs off; an endpoint that fails a lot is disabled."},
		Sends: []spec.Header{
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
