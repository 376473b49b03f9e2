package webhook.privacy_test

import data.webhook.privacy

table := {
	"*": [{"path": "$..password", "action": "drop"}],
	"github": [{"path": "$.sender.email", "action": "hash"}],
	"github.pull_request": [{"path": "$.pull_request.body"}],
	"github.pull_request.opened": [{"path": "$.pull_request.title", "action": "mask"}],
	"stripe": [{"path": "$.data.object.billing_details", "action": "drop"}],
}

test_nothing_listed_redacts_nothing if {
	privacy.decision == {"allow": true, "redact": []} with data.webhook.privacy.redactions as {}
		with input.event as {"type": "github.push", "provider": "github", "name": "push"}
}

test_rows_of_all_names_add_up_narrowest_first if {
	places := [
		{"path": "$.pull_request.title", "action": "mask"},
		{"path": "$.pull_request.body"},
		{"path": "$.sender.email", "action": "hash"},
		{"path": "$..password", "action": "drop"},
	]
	event := {"type": "github.pull_request.opened", "provider": "github", "name": "pull_request", "action": "opened"}
	privacy.decision == {"allow": true, "redact": places} with data.webhook.privacy.redactions as table
		with input.event as event
}

test_missing_table_refuses if {
	refused := {"allow": false, "rule": "privacy.default", "reason": "it is not known what to redact"}
	privacy.decision == refused with data.webhook.privacy.redactions as null
		with input.event as {"type": "github.push", "provider": "github", "name": "push"}
}
