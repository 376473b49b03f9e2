package catalogue

import "webhookedge/plugins/provider/spec"

func gogsRow() spec.Provider {
	return spec.Provider{
		Name:  "gogs",
		Title: "Gogs",
		Docs:  "https://gogs.io/docs/features/webhook",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:x-gogs-signature"},
			Encoding: spec.Hex, Content: "{body}", FormContent: "{form-only:payload}",
			Key: spec.KeyText, KeyMin: 8,
		}},
		Facts: spec.Locators{
			Type:     []string{"header:x-gogs-event"},
			Action:   []string{"json:action"},
			ID:       []string{"header:x-gogs-delivery"},
			Tenant:   []string{"json:repository.owner.username", "json:repository.owner.login"},
			Subject:  []string{"json:repository.full_name"},
			FormJSON: "payload",
		},
		Types: gogsTypes(),
		Identity: spec.Identity{
			Content: true,
			Why:     "The body holds the repository with updated_at, which each push moves, and what changed with its ids and hashes; X-Gogs-Delivery is not signed.",
		},
		ContentTypes: []string{"application/json", "application/x-www-form-urlencoded"},
		Retry:        spec.Retry{Note: "No retry."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "x-gogs-delivery", Value: "{id}"},
			{Name: "x-gogs-event", Value: "{event}"},
		},
		Pitfalls: []string{
			"Form deliveries sign the JSON of the field payload, not the form, so that one with a field beside it is refused: better choose application/json.",
			"The signature covers neither the event name nor the delivery id: both come from headers.",
		},
		Source: "go-playground/webhooks and drone/go-scm (header, payloads); gogs/gogs, internal/database/actions.go, CommitRepo and PushTag (updated_at)",
	}
}

// gogsTypes are the payloads of Gogs' documentation (Webhooks, Event types), which
// Gitea's share.
func gogsTypes() []spec.TypeRule {
	return []spec.TypeRule{
		{Type: "create", Has: []string{"ref", "ref_type"}, Lacks: []string{"pusher_type", "commits"}},
		{Type: "delete", Has: []string{"ref", "ref_type", "pusher_type"}, Lacks: []string{"commits"}},
		{Type: "fork", Has: []string{"forkee"}},
		{Type: "issue_comment", Has: []string{"issue", "comment"}},
		{Type: "issues", Has: []string{"issue"}, Lacks: []string{"comment", "pull_request"}},
		{Type: "pull_request", Has: []string{"pull_request"}, Lacks: []string{"comment", "issue"}},
		{Type: "push", Has: []string{"ref", "commits"}, Lacks: []string{"ref_type"}},
		{Type: "release", Has: []string{"release"}},
	}
}
