package provider

import (
	"slices"
	"strings"
)

// discourseTypes are by the one member that an event's body holds (Discourse, web hook
// payloads).
func discourseTypes() []TypeRule {
	var rules []TypeRule
	for member, names := range map[string][]string{
		"category":     {"category_created", "category_updated", "category_destroyed"},
		"group":        {"group_created", "group_updated", "group_destroyed"},
		"notification": {"notification_created"},
		"ping":         {"ping"},
		"post":         {"post_created", "post_edited", "post_destroyed", "post_recovered"},
		"tag":          {"tag_created", "tag_updated", "tag_destroyed"},
		"topic":        {"topic_created", "topic_edited", "topic_revised", "topic_destroyed", "topic_recovered"},
		"user": {
			"user_created", "user_updated", "user_destroyed", "user_approved", "user_confirmed_email",
			"user_logged_in", "user_logged_out", "user_suspended", "user_unsuspended",
		},
	} {
		rules = append(rules, rulesOf(names, []string{member}, nil)...)
	}
	slices.SortFunc(rules, func(a, b TypeRule) int { return strings.Compare(a.Type, b.Type) })
	return rules
}

// helpscoutTypes are by the number that a conversation has and nothing else (Help
// Scout, Webhook payloads). What is left of a deleted one is not documented.
func helpscoutTypes() []TypeRule {
	number := []string{"number"}
	rules := rulesOf([]string{
		"convo.agent.reply.created", "convo.assigned", "convo.created", "convo.custom-fields", "convo.customer.reply.created",
		"convo.moved", "convo.note.created", "convo.status", "convo.tags",
	}, number, nil)
	return append(rules, rulesOf([]string{"customer.created", "customer.updated", "satisfaction.ratings"}, nil, number)...)
}

// sentryTypes are by the member of data that a resource has (Sentry, Webhooks).
func sentryTypes() []TypeRule {
	return []TypeRule{
		{Type: "comment", Has: []string{"data.comment_id"}},
		{Type: "error", Has: []string{"data.error"}},
		{Type: "event_alert", Has: []string{"data.event", "data.triggered_rule"}},
		{Type: "installation", Has: []string{"data.installation"}},
		{Type: "issue", Has: []string{"data.issue"}},
		{Type: "metric_alert", Has: []string{"data.metric_alert"}},
	}
}

// snykTypes are those of Snyk's documentation (Webhooks, event types).
func snykTypes() []TypeRule {
	return []TypeRule{
		{Type: "ping", Lacks: []string{"project", "newIssues"}},
		{Type: "project_snapshot/v0", Has: []string{"project", "org", "newIssues"}},
	}
}
