package webhook.route_test

import data.webhook.route

to(name) := {"then": {"allow": true, "rule": name, "subject": [name]}}

table := {
	"github.pull_request.opened": {"any": to("reviews")},
	"github.pull_request": {"tenant": {"octo-corp": to("corp-pulls")}},
	"github.push": {
		"resource": {"octo-corp/infra": {
			"branches": [
				{"pattern": "main", "then": {"allow": true, "rule": "deploys", "subject": ["deploys"]}},
				{"pattern": "release/*", "then": {"allow": true, "rule": "releases", "subject": ["releases"]}},
			],
			"then": {"allow": true, "rule": "builds", "subject": ["builds"]},
		}},
		"tenant": {"octo-corp": to("corp-pushes")},
	},
	"github": {"any": to("github")},
}

pull(action, tenant) := {
	"type": concat(".", ["github.pull_request", action]), "provider": "github",
	"name": "pull_request", "action": action, "tenant": tenant,
}

push(subject) := {
	"type": "github.push", "provider": "github", "name": "push",
	"tenant": "octo-corp", "subject": subject,
}

went(event, payload) := rule if {
	rule := route.decision.rule with data.webhook.route.routes as table
		with input as {"event": event, "data": payload}
}

test_whole_type_goes_before_type if {
	went(pull("opened", "octo-corp"), {}) == "reviews"
}

test_type_goes_before_provider if {
	went(pull("closed", "octo-corp"), {}) == "corp-pulls"
}

test_name_whose_rows_do_not_fit_leaves_it_to_the_next if {
	went(pull("closed", "elsewhere"), {}) == "github"
}

test_resource_goes_before_tenant if {
	went(push("octo-corp/infra"), {}) == "builds"
	went(push("octo-corp/hello"), {}) == "corp-pushes"
}

test_branch_goes_before_the_rest_of_its_row if {
	went(push("octo-corp/infra"), {"ref": "refs/heads/main"}) == "deploys"
	went(push("octo-corp/infra"), {"ref": "refs/heads/release/1.2"}) == "releases"
	went(push("octo-corp/infra"), {"ref": "refs/heads/feature"}) == "builds"
}

test_row_is_the_decision if {
	decision := route.decision with data.webhook.route.routes as table
		with input as {"event": push("octo-corp/infra"), "data": {"ref": "refs/heads/main"}}
	decision == {"allow": true, "rule": "deploys", "subject": ["deploys"]}
}

test_event_without_a_row_refuses if {
	refused := {"allow": false, "rule": "route.none", "reason": "no route takes this event"}
	route.decision == refused with data.webhook.route.routes as table
		with input.event as {"type": "stripe.charge", "provider": "stripe", "name": "charge"}
}

test_every_event_passes_as_shipped if {
	route.decision == {"allow": true, "rule": "route.any"} with input.event as push("octo-corp/hello")
}
