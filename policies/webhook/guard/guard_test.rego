package webhook.guard_test

import data.webhook.guard

lists := {
	"accounts": {"shopify": {"closed.myshopify.com": "the shop is closed"}},
	"branches": {"dependabot/**": "robots do not deploy"},
	"events": {"github.star": "nobody reads stars", "github.issues.pinned": "pins are noise"},
	"modes": {"stripe": "live"},
	"repositories": {"octo-corp/archive": "the repository is archived"},
}

push := {"type": "github.push", "provider": "github", "name": "push", "tenant": "octo-corp"}

test_nothing_listed_allows if {
	guard.decision == {"allow": true} with input as {"event": push, "data": {}}
}

test_event_on_no_list_allows if {
	guard.decision == {"allow": true} with data.webhook.guard.lists as lists
		with input as {"event": push, "data": {"ref": "refs/heads/main", "repository": {"full_name": "octo-corp/hello"}}}
}

test_listed_account_refuses if {
	guard.decision == {"allow": false, "rule": "guard.account", "reason": "the shop is closed"} with data.webhook.guard.lists as lists
		with input as {"event": {"type": "shopify.orders.create", "provider": "shopify", "name": "orders", "tenant": "closed.myshopify.com"}}
}

test_account_of_the_same_name_at_another_provider_allows if {
	guard.decision == {"allow": true} with data.webhook.guard.lists as lists
		with input as {"event": {"type": "github.push", "provider": "github", "name": "push", "tenant": "closed.myshopify.com"}}
}

test_branch_that_matches_a_pattern_refuses if {
	guard.decision == {"allow": false, "rule": "guard.branch", "reason": "robots do not deploy"} with data.webhook.guard.lists as lists
		with input as {"event": push, "data": {"ref": "refs/heads/dependabot/go/opa"}}
}

test_listed_type_with_its_action_refuses if {
	guard.decision == {"allow": false, "rule": "guard.event", "reason": "pins are noise"} with data.webhook.guard.lists as lists
		with input as {"event": {"type": "github.issues.pinned", "provider": "github", "name": "issues", "action": "pinned"}}
}

test_listed_type_refuses_each_of_its_actions if {
	guard.decision == {"allow": false, "rule": "guard.event", "reason": "nobody reads stars"} with data.webhook.guard.lists as lists
		with input as {"event": {"type": "github.star.created", "provider": "github", "name": "star", "action": "created"}}
}

test_test_mode_refuses_where_live_is_wanted if {
	refused := {"allow": false, "rule": "guard.mode", "reason": "only live data is wanted here, this is test"}
	guard.decision == refused with data.webhook.guard.lists as lists
		with input as {"event": {"type": "stripe.charge", "provider": "stripe", "name": "charge"}, "data": {"livemode": false}}
}

test_live_mode_allows_where_live_is_wanted if {
	guard.decision == {"allow": true} with data.webhook.guard.lists as lists
		with input as {"event": {"type": "stripe.charge", "provider": "stripe", "name": "charge"}, "data": {"livemode": true}}
}

test_payload_without_a_mode_refuses_where_live_is_wanted if {
	refused := {"allow": false, "rule": "guard.mode", "reason": "only live data is wanted here, this is unknown"}
	guard.decision == refused with data.webhook.guard.lists as lists
		with input as {"event": {"type": "stripe.charge", "provider": "stripe", "name": "charge"}, "data": {}}
}

test_listed_repository_refuses if {
	guard.decision == {"allow": false, "rule": "guard.repository", "reason": "the repository is archived"} with data.webhook.guard.lists as lists
		with input as {"event": push, "data": {"repository": {"full_name": "octo-corp/archive"}}}
}

test_missing_lists_refuse if {
	guard.decision == {"allow": false, "rule": "guard.default", "reason": "the lists of the guard are missing"} with data.webhook.guard.lists as null
		with input as {"event": push, "data": {}}
}

test_several_reasons_tell_the_first if {
	guard.decision == {"allow": false, "rule": "guard.branch", "reason": "robots do not deploy"} with data.webhook.guard.lists as lists
		with input as {"event": push, "data": {"ref": "refs/heads/dependabot/x", "repository": {"full_name": "octo-corp/archive"}}}
}
