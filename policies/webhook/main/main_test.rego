package webhook.main_test

import data.webhook.main

push := {
	"event": {
		"type": "github.push", "provider": "github", "name": "push",
		"tenant": "octo-corp", "subject": "octo-corp/hello",
	},
	"data": {"ref": "refs/heads/main", "repository": {"full_name": "octo-corp/hello"}},
	"truncated": false,
}

routes := {"github.push": {"any": {"then": {
	"allow": true,
	"rule": "pushes",
	"targets": [{"subject": ["builds", "octo"]}, {"subject": ["audit"], "stream": "AUDIT"}],
	"labels": {"team": "build"},
	"redact": [{"path": "$.compare"}],
}}}}

test_shipped_tables_publish_every_event_where_it_belongs if {
	main.decision == {"allow": true, "rule": "route.any", "redact": []} with input as push
}

test_decisions_that_allow_add_up if {
	whole := {
		"allow": true,
		"rule": "pushes",
		"targets": [{"subject": ["builds", "octo"]}, {"subject": ["audit"], "stream": "AUDIT"}],
		"labels": {"team": "build"},
		"tenant": "acme",
		"redact": [{"path": "$.compare"}, {"path": "$.pusher.email", "action": "hash"}],
	}
	main.decision == whole with input as push
		with data.webhook.route.routes as routes
		with data.webhook.tenant.accounts.known as {"github": {"octo-corp": "acme"}}
		with data.webhook.privacy.redactions as {"github": [{"path": "$.pusher.email", "action": "hash"}]}
}

test_tenant_in_quarantine_keeps_the_route if {
	held := {
		"allow": true,
		"rule": "tenant.unknown",
		"reason": "the account belongs to no tenant",
		"quarantine": true,
		"redact": [],
	}
	main.decision == held with input as push
		with data.webhook.tenant.accounts.unknown as "quarantine"
}

test_payload_that_cannot_be_read_refuses if {
	refused := {
		"allow": false,
		"rule": "main.truncated",
		"reason": "the payload is no JSON, or too large to be looked at",
		"quarantine": true,
	}
	main.decision == refused with input as {"event": push.event, "truncated": true}
}

test_guard_refuses_before_tenant_and_route if {
	main.decision == {"allow": false, "rule": "guard.event", "reason": "not today"} with input as push
		with data.webhook.guard.lists.events as {"github.push": "not today"}
		with data.webhook.tenant.accounts.unknown as "refuse"
		with data.webhook.route.routes as {}
}

test_tenant_refuses_before_route if {
	main.decision == {"allow": false, "rule": "tenant.unknown", "reason": "the account belongs to no tenant"} with input as push
		with data.webhook.tenant.accounts.unknown as "refuse"
		with data.webhook.route.routes as {}
}

test_event_without_a_route_refuses if {
	main.decision == {"allow": false, "rule": "route.none", "reason": "no route takes this event"} with input as push
		with data.webhook.route.routes as {}
}

test_row_that_refuses_is_the_answer if {
	main.decision == {"allow": false, "rule": "stars", "reason": "nobody reads stars"} with input as push
		with data.webhook.route.routes as {"github": {"any": {"then": {"allow": false, "rule": "stars", "reason": "nobody reads stars"}}}}
}

test_missing_table_of_privacy_refuses if {
	main.decision == {"allow": false, "rule": "privacy.default", "reason": "it is not known what to redact"} with input as push
		with data.webhook.privacy.redactions as null
}

test_decision_of_no_known_shape_refuses if {
	main.decision == {"allow": false, "rule": "main.default", "reason": "no policy decided"} with input as push
		with data.webhook.route.decision as {"allow": true}
		with data.webhook.privacy.decision as {"allow": true}
}
