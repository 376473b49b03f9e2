package webhook.tenant_test

import data.webhook.tenant

table := {"github": {"octo-corp": "acme", "octo-labs": "acme"}, "stripe": {"acct_1Octo": "acme"}}

from_labs := {"type": "github.push", "provider": "github", "name": "push", "tenant": "octo-labs"}

from_elsewhere := {"type": "github.push", "provider": "github", "name": "push", "tenant": "elsewhere"}

test_listed_account_gets_its_tenant if {
	tenant.decision == {"allow": true, "tenant": "acme"} with data.webhook.tenant.accounts.known as table
		with input.event as from_labs
}

test_unlisted_account_is_kept_as_shipped if {
	tenant.decision == {"allow": true} with input.event as from_elsewhere
}

test_unlisted_account_is_quarantined_on_request if {
	held := {"allow": true, "quarantine": true, "rule": "tenant.unknown", "reason": "the account belongs to no tenant"}
	tenant.decision == held with data.webhook.tenant.accounts as {"unknown": "quarantine", "known": table}
		with input.event as from_elsewhere
}

test_unlisted_account_is_refused_on_request if {
	refused := {"allow": false, "rule": "tenant.unknown", "reason": "the account belongs to no tenant"}
	tenant.decision == refused with data.webhook.tenant.accounts as {"unknown": "refuse", "known": table}
		with input.event as from_elsewhere
}

test_event_without_an_account_is_treated_as_unlisted if {
	refused := {"allow": false, "rule": "tenant.unknown", "reason": "the account belongs to no tenant"}
	tenant.decision == refused with data.webhook.tenant.accounts as {"unknown": "refuse", "known": table}
		with input.event as {"type": "github.ping", "provider": "github", "name": "ping"}
}

test_missing_table_refuses if {
	refused := {"allow": false, "rule": "tenant.unknown", "reason": "the account belongs to no tenant"}
	tenant.decision == refused with data.webhook.tenant.accounts as {}
		with input.event as from_labs
}
