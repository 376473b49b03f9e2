package provider

// rulesOf returns a rule for each name, with has and lacks alike.
func rulesOf(names, has, lacks []string) []TypeRule {
	rules := make([]TypeRule, len(names))
	for i, name := range names {
		rules[i] = TypeRule{Type: name, Has: has, Lacks: lacks}
	}
	return rules
}

// giteaTypes are the payloads of Gitea's modules/structs/hook.go and Forgejo's. An
// event pull_request_comment is a comment by one header and a review by another, so
// that nothing is asked of it.
func giteaTypes() []TypeRule {
	rules := gogsTypes()
	rules = append(rules, rulesOf([]string{"issue_assign", "issue_label", "issue_milestone"}, []string{"issue"}, []string{"comment", "pull_request"})...)
	rules = append(rules, rulesOf([]string{
		"pull_request_assign", "pull_request_label", "pull_request_milestone", "pull_request_sync", "pull_request_review_request",
	}, []string{"pull_request"}, []string{"comment", "issue"})...)
	rules = append(rules, rulesOf([]string{
		"pull_request_approved", "pull_request_rejected",
		"pull_request_review_approved", "pull_request_review_rejected", "pull_request_review_comment",
	}, []string{"pull_request"}, []string{"comment", "issue"})...)
	return append(rules,
		TypeRule{Type: "package", Has: []string{"package"}},
		TypeRule{Type: "repository", Has: []string{"repository"}, Lacks: []string{"ref", "issue", "pull_request", "release", "comment", "forkee", "page", "package", "commits"}},
		TypeRule{Type: "status", Has: []string{"sha", "state"}, Lacks: []string{"issue", "pull_request", "release", "commits"}},
		TypeRule{Type: "wiki", Has: []string{"page"}},
		TypeRule{Type: "workflow_job", Has: []string{"workflow_job"}},
		TypeRule{Type: "workflow_run", Has: []string{"workflow_run"}},
	)
}

// gogsTypes are the payloads of Gogs' documentation (Webhooks, Event types), which
// Gitea's share.
func gogsTypes() []TypeRule {
	return []TypeRule{
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

// bitbucketTypes are the payloads of Bitbucket Cloud's documentation (Event payloads).
func bitbucketTypes() []TypeRule {
	pull, other := []string{"pullrequest"}, []string{"comment", "approval", "changes_request"}
	rules := rulesOf([]string{"pullrequest:created", "pullrequest:updated", "pullrequest:fulfilled", "pullrequest:rejected"}, pull, other)
	rules = append(rules, rulesOf([]string{"pullrequest:approved", "pullrequest:unapproved"}, []string{"pullrequest", "approval"}, nil)...)
	rules = append(rules, rulesOf([]string{"pullrequest:changes_request_created", "pullrequest:changes_request_removed"}, []string{"pullrequest", "changes_request"}, nil)...)
	rules = append(rules, rulesOf([]string{
		"pullrequest:comment_created", "pullrequest:comment_updated", "pullrequest:comment_deleted",
		"pullrequest:comment_resolved", "pullrequest:comment_reopened",
	}, []string{"pullrequest", "comment"}, nil)...)
	rules = append(rules, rulesOf([]string{"repo:commit_status_created", "repo:commit_status_updated"}, []string{"commit_status"}, nil)...)
	return append(rules,
		TypeRule{Type: "issue:comment_created", Has: []string{"issue", "comment"}},
		TypeRule{Type: "issue:created", Has: []string{"issue"}, Lacks: []string{"comment", "changes"}},
		TypeRule{Type: "issue:updated", Has: []string{"issue"}, Lacks: []string{"pullrequest"}},
		TypeRule{Type: "repo:commit_comment_created", Has: []string{"comment", "commit"}, Lacks: pull},
		TypeRule{Type: "repo:fork", Has: []string{"fork"}},
		TypeRule{Type: "repo:push", Has: []string{"push"}},
		TypeRule{Type: "repo:updated", Has: []string{"changes"}, Lacks: []string{"issue", "pullrequest", "push"}},
	)
}
