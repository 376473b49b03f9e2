package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func bitbucketRow() spec.Provider {
	return spec.Provider{
		Name:  "bitbucket",
		Title: "Bitbucket Cloud",
		Docs:  "https://support.atlassian.com/bitbucket-cloud/docs/manage-webhooks/",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:x-hub-signature"},
			Mark:   "sha256=", Encoding: spec.Hex, Content: "{body}",
			Key: spec.KeyText, KeyMin: 8,
		}},
		Facts: spec.Locators{
			Type:    []string{"header:x-event-key"},
			Split:   spec.SplitLastColon,
			ID:      []string{"header:x-request-uuid"},
			Tenant:  []string{"json:repository.workspace.slug", "json:repository.owner.username", "json:repository.owner.nickname", "json:repository.owner.display_name"},
			Subject: []string{"json:repository.full_name"},
		},
		Types: bitbucketTypes(),
		Identity: spec.Identity{
			Why: "X-Request-UUID names the request and is not signed; a push back and forth can have one body twice, so that the id counts beside the digest.",
		},
		ContentTypes: []string{"application/json"},
		Timeout:      10 * time.Second,
		Retry:        spec.Retry{Max: 2, Note: "After a 5xx or a time-out; X-Attempt-Number counts them."},
		Status:       map[string]int{"rate_limited": 503},
		On429:        "A 4xx would not be tried again; a 503 is.",
		Ranges:       []spec.RangeList{atlassianRanges("bitbucket")},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "user-agent", Value: "Bitbucket-Webhooks/2.0"},
			{Name: "x-attempt-number", Value: "1"},
			{Name: "x-event-key", Value: "{event}"},
			{Name: "x-hook-uuid", Value: "{id}"},
			{Name: "x-request-uuid", Value: "{id}"},
		},
		Pitfalls: []string{
			"X-Hub-Signature carries SHA-256 here, not SHA-1 as elsewhere.",
			"A webhook without a secret is not signed, so its deliveries are refused.",
			"X-Hook-UUID names the webhook: it is no secret.",
			"The signature covers neither the event name nor the request id: both come from headers.",
		},
		Source: "Atlassian support, Manage webhooks (test value recomputed); real deliveries",
		Unsure: []string{"retry", "time-out"},
	}
}

// bitbucketTypes are the payloads of Bitbucket Cloud's documentation (Event payloads).
func bitbucketTypes() []spec.TypeRule {
	pull, other := []string{"pullrequest"}, []string{"comment", "approval", "changes_request"}
	rules := spec.TypeRules([]string{"pullrequest:created", "pullrequest:updated", "pullrequest:fulfilled", "pullrequest:rejected"}, pull, other)
	rules = append(rules, spec.TypeRules([]string{"pullrequest:approved", "pullrequest:unapproved"}, []string{"pullrequest", "approval"}, nil)...)
	rules = append(rules, spec.TypeRules([]string{"pullrequest:changes_request_created", "pullrequest:changes_request_removed"}, []string{"pullrequest", "changes_request"}, nil)...)
	rules = append(rules, spec.TypeRules([]string{
		"pullrequest:comment_created", "pullrequest:comment_updated", "pullrequest:comment_deleted",
		"pullrequest:comment_resolved", "pullrequest:comment_reopened",
	}, []string{"pullrequest", "comment"}, nil)...)
	rules = append(rules, spec.TypeRules([]string{"repo:commit_status_created", "repo:commit_status_updated"}, []string{"commit_status"}, nil)...)
	return append(rules,
		spec.TypeRule{Type: "issue:comment_created", Has: []string{"issue", "comment"}},
		spec.TypeRule{Type: "issue:created", Has: []string{"issue"}, Lacks: []string{"comment", "changes"}},
		spec.TypeRule{Type: "issue:updated", Has: []string{"issue"}, Lacks: []string{"pullrequest"}},
		spec.TypeRule{Type: "repo:commit_comment_created", Has: []string{"comment", "commit"}, Lacks: pull},
		spec.TypeRule{Type: "repo:fork", Has: []string{"fork"}},
		spec.TypeRule{Type: "repo:push", Has: []string{"push"}},
		spec.TypeRule{Type: "repo:updated", Has: []string{"changes"}, Lacks: []string{"issue", "pullrequest", "push"}},
	)
}
