package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func giteaRow() spec.Provider {
	return spec.Provider{
		Name:  "gitea",
		Title: "Gitea and Forgejo",
		Docs:  "https://docs.gitea.com/usage/webhooks",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:x-gitea-signature"},
			Encoding: spec.Hex, Content: "{body}", FormContent: "{form-only:payload}",
			Key: spec.KeyText, KeyMin: 8,
		}, {
			Name: "hub", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:x-hub-signature-256"},
			Mark:   "sha256=", Encoding: spec.Hex, Content: "{body}", FormContent: "{form-only:payload}",
			Key: spec.KeyText, KeyMin: 8,
		}, {
			Name: "forgejo", Kind: spec.HMAC, Hash: spec.SHA256,
			Family:   spec.Family{Signature: "header:x-forgejo-signature"},
			Encoding: spec.Hex, Content: "{body}", FormContent: "{form-only:payload}",
			Key: spec.KeyText, KeyMin: 8,
		}},
		Facts: spec.Locators{
			Type:     []string{"header:x-gitea-event-type", "header:x-gitea-event", "header:x-forgejo-event"},
			Action:   []string{"json:action"},
			ID:       []string{"header:x-gitea-delivery", "header:x-forgejo-delivery"},
			Tenant:   []string{"json:repository.owner.login", "json:repository.owner.username", "json:organization.username"},
			Subject:  []string{"json:repository.full_name"},
			FormJSON: "payload",
		},
		Types: giteaTypes(),
		Identity: spec.Identity{
			Content: true,
			Why:     "The body holds the repository with updated_at and what changed with its ids, hashes and times; X-Gitea-Delivery is not signed.",
		},
		ContentTypes: []string{"application/json", "application/x-www-form-urlencoded"},
		Timeout:      5 * time.Second,
		Retry:        spec.Retry{Note: "No retry by itself; deliveries can be sent again by hand."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "x-gitea-delivery", Value: "{id}"},
			{Name: "x-gitea-event", Value: "{event}"},
			{Name: "x-gitea-event-type", Value: "{event}"},
			{Name: "x-github-delivery", Value: "{id}"},
			{Name: "x-github-event", Value: "{event}"},
			{Name: "x-gogs-delivery", Value: "{id}"},
			{Name: "x-gogs-event", Value: "{event}"},
		},
		Pitfalls: []string{
			"Headers of GitHub and Gogs are sent as well: do not tell the sender by its headers.",
			"Form deliveries sign the JSON of the field payload, not the form, so that one with a field beside it is refused: better choose application/json.",
			"The signature covers neither the event name nor the delivery id: both come from headers.",
		},
		Source: "go-gitea/gitea, services/webhook/deliver.go; go-playground/webhooks",
		Unsure: []string{"time-out", "names of Forgejo's headers"},
	}
}

// giteaTypes are the payloads of Gitea's modules/structs/hook.go and Forgejo's. An
// event pull_request_comment is a comment by one header and a review by another, so
// that nothing is asked of it.
func giteaTypes() []spec.TypeRule {
	rules := gogsTypes()
	rules = append(rules, spec.TypeRules([]string{"issue_assign", "issue_label", "issue_milestone"}, []string{"issue"}, []string{"comment", "pull_request"})...)
	rules = append(rules, spec.TypeRules([]string{
		"pull_request_assign", "pull_request_label", "pull_request_milestone", "pull_request_sync", "pull_request_review_request",
	}, []string{"pull_request"}, []string{"comment", "issue"})...)
	rules = append(rules, spec.TypeRules([]string{
		"pull_request_approved", "pull_request_rejected",
		"pull_request_review_approved", "pull_request_review_rejected", "pull_request_review_comment",
	}, []string{"pull_request"}, []string{"comment", "issue"})...)
	return append(rules,
		spec.TypeRule{Type: "package", Has: []string{"package"}},
		spec.TypeRule{Type: "repository", Has: []string{"repository"}, Lacks: []string{"ref", "issue", "pull_request", "release", "comment", "forkee", "page", "package", "commits"}},
		spec.TypeRule{Type: "status", Has: []string{"sha", "state"}, Lacks: []string{"issue", "pull_request", "release", "commits"}},
		spec.TypeRule{Type: "wiki", Has: []string{"page"}},
		spec.TypeRule{Type: "workflow_job", Has: []string{"workflow_job"}},
		spec.TypeRule{Type: "workflow_run", Has: []string{"workflow_run"}},
	)
}
