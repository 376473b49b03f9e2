package catalogue

import (
	"time"

	"webhookedge/plugins/provider/spec"
)

func githubRow() spec.Provider {
	return spec.Provider{
		Name:  "github",
		Title: "GitHub",
		Docs:  "https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:x-hub-signature-256"},
			Layout: spec.Single, Mark: "sha256=", Encoding: spec.Hex, Content: "{body}",
			Key: spec.KeyText, KeyMin: 8,
		}, {
			Name: "sha1", Kind: spec.HMAC, Hash: spec.SHA1, Weak: true, Companion: true,
			Family: spec.Family{Signature: "header:x-hub-signature"},
			Layout: spec.Single, Mark: "sha1=", Encoding: spec.Hex, Content: "{body}",
			Key: spec.KeyText, KeyMin: 8,
		}},
		Facts: spec.Locators{
			Type:     []string{"header:x-github-event"},
			Action:   []string{"json:action"},
			ID:       []string{"header:x-github-delivery"},
			Tenant:   []string{"json:organization.login", "json:repository.owner.login", "json:installation.account.login"},
			Subject:  []string{"json:repository.full_name"},
			FormJSON: "payload",
		},
		Types: githubTypes(),
		Identity: spec.Identity{
			Content: true,
			Why:     "The body holds hashes, ids and times of what changed (pushed_at, updated_at, stargazers_count); X-GitHub-Delivery is not signed, and all hooks of an event share it.",
		},
		ContentTypes: []string{"application/json", "application/x-www-form-urlencoded"},
		Timeout:      10 * time.Second,
		Retry:        spec.Retry{Note: "No automatic retry. Deliveries of the last 3 days can be sent again by hand or through the API, under the same delivery id."},
		On429:        "As any other failure: the delivery is marked as failed and not sent again.",
		Ranges: []spec.RangeList{{
			Name: "github", URL: "https://api.github.com/meta", Format: spec.RangeJSON, Paths: []string{"hooks"},
			Docs: "https://docs.github.com/en/rest/meta/meta",
		}},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "user-agent", Value: "GitHub-Hookshot/0000000"},
			{Name: "x-github-delivery", Value: "{id}"},
			{Name: "x-github-event", Value: "{event}"},
			{Name: "x-github-hook-id", Value: "1"},
			{Name: "x-github-hook-installation-target-id", Value: "1"},
			{Name: "x-github-hook-installation-target-type", Value: "repository"},
		},
		Pitfalls: []string{
			"A hook without a secret sends no signature at all, so its deliveries are refused.",
			"In form deliveries the signature covers the whole encoded body, not the payload field alone.",
			"The signature covers neither the event name nor the delivery id: both come from headers, and there is no timestamp.",
			"Gitea, Forgejo and Gogs send the same headers: a request that has them need not be from GitHub.",
		},
		Source: "GitHub docs, Validating webhook deliveries (test value recomputed); Webhook events and payloads",
	}
}

// githubTypes are what GitHub's documentation (Webhook events and payloads) gives for
// each event beside action, repository, organization, installation and sender. What
// may be null there is not asked for.
func githubTypes() []spec.TypeRule {
	rules := append(githubFirstTypes(), []spec.TypeRule{
		{Type: "issue_comment", Has: []string{"issue", "comment"}},
		{Type: "issues", Has: []string{"issue"}, Lacks: []string{"comment", "pull_request"}},
		{Type: "marketplace_purchase", Has: []string{"marketplace_purchase"}},
		{Type: "membership", Has: []string{"scope", "team"}},
		{Type: "merge_group", Has: []string{"merge_group"}},
		{Type: "meta", Has: []string{"hook", "hook_id"}, Lacks: []string{"zen"}},
		{Type: "package", Has: []string{"package"}},
		{Type: "page_build", Has: []string{"build", "id"}},
		{Type: "personal_access_token_request", Has: []string{"personal_access_token_request"}},
		{Type: "ping", Has: []string{"zen", "hook_id"}},
		{Type: "project", Has: []string{"project"}},
		{Type: "project_card", Has: []string{"project_card"}},
		{Type: "project_column", Has: []string{"project_column"}},
		{Type: "projects_v2", Has: []string{"projects_v2"}},
		{Type: "projects_v2_item", Has: []string{"projects_v2_item"}},
		{Type: "projects_v2_status_update", Has: []string{"projects_v2_status_update"}},
		{Type: "pull_request", Has: []string{"pull_request"}, Lacks: []string{"review", "comment", "thread"}},
		{Type: "pull_request_review", Has: []string{"pull_request", "review"}, Lacks: []string{"comment", "thread"}},
		{Type: "pull_request_review_comment", Has: []string{"pull_request", "comment"}, Lacks: []string{"review", "thread", "issue"}},
		{Type: "pull_request_review_thread", Has: []string{"pull_request", "thread"}, Lacks: []string{"review", "comment"}},
		{Type: "push", Has: []string{"ref", "commits"}, Lacks: []string{"ref_type"}},
		{Type: "registry_package", Has: []string{"registry_package"}},
		{Type: "release", Has: []string{"release"}},
		{Type: "repository_advisory", Has: []string{"repository_advisory"}},
		{Type: "repository_dispatch", Has: []string{"branch"}, Lacks: []string{"ref", "issue", "pull_request", "release"}},
		{Type: "repository_ruleset", Has: []string{"repository_ruleset"}},
		{Type: "repository_vulnerability_alert", Has: []string{"alert"}, Lacks: []string{"commit_oid", "alert.dependency", "alert.secret_type"}},
		{Type: "secret_scanning_alert", Has: []string{"alert"}, Lacks: []string{"commit_oid", "alert.dependency", "location"}},
		{Type: "secret_scanning_alert_location", Has: []string{"alert", "location"}},
		{Type: "security_advisory", Has: []string{"security_advisory"}, Lacks: []string{"alert"}},
		{Type: "sponsorship", Has: []string{"sponsorship"}},
		{Type: "status", Has: []string{"sha", "state", "context", "commit"}},
		{Type: "team", Has: []string{"team"}, Lacks: []string{"scope"}},
		{Type: "team_add", Has: []string{"team"}, Lacks: []string{"scope", "action"}},
		{Type: "workflow_dispatch", Has: []string{"ref", "workflow"}, Lacks: []string{"commits", "ref_type"}},
		{Type: "workflow_job", Has: []string{"workflow_job"}},
		{Type: "workflow_run", Has: []string{"workflow_run"}, Lacks: []string{"since"}},
	}...)
	for _, name := range []string{
		"branch_protection_configuration", "github_app_authorization", "issue_dependencies", "member", "org_block", "organization", "public",
		"repository", "repository_import", "secret_scanning_scan", "security_and_analysis", "star", "sub_issues", "watch",
	} {
		rules = append(rules, spec.TypeRule{Type: name, Lacks: append([]string{"deployment"}, githubBare[:]...)})
	}
	rules = append(rules, spec.TypeRule{Type: "deployment_protection_rule", Lacks: githubBare[:]})
	return rules
}

// githubFirstTypes are the rules of the types up to installation_target.
func githubFirstTypes() []spec.TypeRule {
	return []spec.TypeRule{
		{Type: "branch_protection_rule", Has: []string{"rule"}},
		{Type: "check_run", Has: []string{"check_run"}},
		{Type: "check_suite", Has: []string{"check_suite"}},
		{Type: "code_scanning_alert", Has: []string{"alert", "commit_oid", "ref"}},
		{Type: "commit_comment", Has: []string{"comment"}, Lacks: []string{"issue", "pull_request", "discussion"}},
		{Type: "create", Has: []string{"ref", "ref_type", "master_branch"}, Lacks: []string{"commits"}},
		{Type: "custom_property", Has: []string{"definition"}},
		{Type: "custom_property_values", Has: []string{"new_property_values"}},
		{Type: "delete", Has: []string{"ref", "ref_type"}, Lacks: []string{"master_branch", "commits"}},
		{Type: "dependabot_alert", Has: []string{"alert", "alert.dependency"}},
		{Type: "deploy_key", Has: []string{"key"}},
		{Type: "deployment", Has: []string{"deployment"}, Lacks: []string{"deployment_status", "deployment_callback_url", "workflow_job"}},
		{Type: "deployment_review", Has: []string{"since"}, Lacks: []string{"issue", "pull_request", "release", "commits"}},
		{Type: "deployment_status", Has: []string{"deployment", "deployment_status"}},
		{Type: "discussion", Has: []string{"discussion"}, Lacks: []string{"comment"}},
		{Type: "discussion_comment", Has: []string{"discussion", "comment"}},
		{Type: "fork", Has: []string{"forkee"}},
		{Type: "gollum", Has: []string{"pages"}},
		{Type: "installation", Has: []string{"installation"}, Lacks: append([]string{"repository", "deployment"}, githubBare[:]...)},
		{Type: "installation_repositories", Has: []string{"installation", "repositories_added", "repositories_removed"}},
		{Type: "installation_target", Has: []string{"account", "target_type"}},
	}
}

// githubBare are members of which none stands in an event that always has none of its
// own, such as star.
var githubBare = [...]string{
	"alert", "build", "check_run", "check_suite", "comment", "commits", "definition", "discussion", "forkee", "hook", "issue", "key", "label",
	"marketplace_purchase", "merge_group", "milestone", "new_property_values", "package", "pages", "project", "project_card", "project_column",
	"projects_v2_item", "pull_request", "ref", "registry_package", "release", "repositories_added", "review", "rule", "security_advisory", "sha",
	"team", "workflow_job", "workflow_run",
}
