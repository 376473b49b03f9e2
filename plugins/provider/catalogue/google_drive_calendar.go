package catalogue

import "webhookedge/plugins/provider/spec"

func googleDriveCalendarRow() spec.Provider {
	return spec.Provider{
		Name:  "google-drive-calendar",
		Title: "Google Drive and Calendar push channels",
		Docs:  "https://developers.google.com/workspace/drive/api/guides/push",
		Schemes: []spec.Scheme{{
			Name: "token", Kind: spec.Token,
			Family: spec.Family{Signature: "header:x-goog-channel-token"},
			Key:    spec.KeyText,
		}},
		Facts: spec.Locators{
			Type:    []string{"header:x-goog-resource-state"},
			ID:      []string{"header:x-goog-channel-id + header:x-goog-message-number"},
			Tenant:  []string{"header:x-goog-channel-id"},
			Subject: []string{"header:x-goog-resource-id"},
		},
		Identity: spec.Identity{
			Scope: spec.ScopeRoute,
			Why:   "A message has a number of its channel, whose id the receiver chose when it made the channel.",
		},
		ContentTypes: []string{"application/json"},
		Bodyless:     true,
		Retry:        spec.Retry{Note: "Backs off after 500, 502, 503 and 504."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "user-agent", Value: "APIs-Google; (+https://developers.google.com/webmasters/APIs-Google.html)"},
			{Name: "x-goog-channel-id", Value: "octo-channel-1"},
			{Name: "x-goog-message-number", Value: "17"},
			{Name: "x-goog-resource-id", Value: "ret08u3rv24htgh289g"},
			{Name: "x-goog-resource-state", Value: "{event}"},
			{Name: "x-goog-resource-uri", Value: "https://www.googleapis.com/drive/v3/files/octo"},
		},
		Pitfalls: []string{
			"The body is empty: fetch what changed.",
			"Channels expire; the first message has the state sync.",
			"The token is the one given to watch: nothing signs the headers.",
		},
		Source: "Google Workspace docs, Push notifications; trigger.dev source catalogue",
		Unsure: []string{"retry"},
	}
}
