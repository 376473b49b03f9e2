package catalogue

import (
	"slices"
	"strings"
	"time"

	"webhookedge/plugins/provider/spec"
)

func discourseRow() spec.Provider {
	return spec.Provider{
		Name:  "discourse",
		Title: "Discourse",
		Docs:  "https://meta.discourse.org/t/configure-webhooks/49045",
		Schemes: []spec.Scheme{{
			Name: "sha256", Kind: spec.HMAC, Hash: spec.SHA256,
			Family: spec.Family{Signature: "header:x-discourse-event-signature"},
			Mark:   "sha256=", Encoding: spec.Hex, Content: "{body}",
			Key: spec.KeyText, KeyMin: 8,
		}},
		Facts: spec.Locators{
			Type:    []string{"header:x-discourse-event"},
			ID:      []string{"header:x-discourse-event-id"},
			Tenant:  []string{"header:x-discourse-instance"},
			Subject: []string{"json:topic.id", "json:post.id", "json:user.id"},
		},
		Types: discourseTypes(),
		Identity: spec.Identity{
			Scope: spec.ScopeTenant,
			Why:   "X-Discourse-Event-Id counts in one forum, which X-Discourse-Instance names; neither is signed, and a topic that is closed twice can have one body twice.",
		},
		ContentTypes: []string{"application/json", "application/x-www-form-urlencoded"},
		Forms:        []spec.Format{spec.FormatJSON}, // also where a hook is set to the form's content type
		Retry:        spec.Retry{Max: 4, Span: 156 * time.Minute, Note: "Off by default; else four tries after 1, 5, 25 and 125 minutes, and 404 or 410 at the last one deactivates the webhook."},
		Sends: []spec.Header{
			{Name: "accept", Value: "*/*"},
			{Name: "content-type", Value: "application/json"},
			{Name: "user-agent", Value: "Discourse/3.5"},
			{Name: "x-discourse-event", Value: "{event}"},
			{Name: "x-discourse-event-id", Value: "{id}"},
			{Name: "x-discourse-event-type", Value: "topic"},
			{Name: "x-discourse-instance", Value: "https://forum.octo-corp.example"},
		},
		Pitfalls: []string{
			"A webhook may say that its body is form-encoded although it is JSON: choose application/json in its settings.",
			"X-Discourse-Event-Id counts within one instance.",
			"The signature covers no header: event, id and instance are unsigned.",
		},
		Source: "discourse/discourse, emit_web_hook_event.rb",
	}
}

// discourseTypes are by the one member that an event's body holds (Discourse, web hook
// payloads).
func discourseTypes() []spec.TypeRule {
	var rules []spec.TypeRule
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
		rules = append(rules, spec.TypeRules(names, []string{member}, nil)...)
	}
	slices.SortFunc(rules, func(a, b spec.TypeRule) int { return strings.Compare(a.Type, b.Type) })
	return rules
}
