package webhook.delivery_test

import data.webhook.delivery

test_names_of_an_event_with_an_action_go_from_narrow_to_wide if {
	event := {"provider": "github", "name": "pull_request", "action": "opened", "type": "github.pull_request.opened"}
	delivery.names == ["github.pull_request.opened", "github.pull_request", "github", "*"] with input.event as event
}

test_names_of_an_event_without_an_action_are_three if {
	event := {"provider": "github", "name": "push", "type": "github.push"}
	delivery.names == ["github.push", "github", "*"] with input.event as event
}

test_repository_is_found_wherever_a_code_host_puts_it if {
	said := {host: name |
		some host, payload in {
			"github": {"repository": {"full_name": "octo-corp/hello"}},
			"gitlab": {"project": {"path_with_namespace": "octo/corp/hello"}},
			"azure": {"resource": {"repository": {"name": "hello"}}},
		}
		name := delivery.repository with input.data as payload
	}
	said == {"github": "octo-corp/hello", "gitlab": "octo/corp/hello", "azure": "hello"}
}

test_repository_of_a_payment_is_undefined if {
	not delivery.repository with input.data as {"object": "charge"}
}

test_branches_are_found_wherever_a_code_host_puts_them if {
	said := {situation: names |
		some situation, payload in {
			"push": {"ref": "refs/heads/release/1.2"},
			"push of a tag": {"ref": "refs/tags/v1"},
			"branch created": {"ref": "feature", "ref_type": "branch"},
			"tag created": {"ref": "v1", "ref_type": "tag"},
			"bitbucket": {"push": {"changes": [
				{"new": {"type": "branch", "name": "main"}, "old": {"type": "branch", "name": "main"}},
				{"new": null, "old": {"type": "branch", "name": "gone"}},
				{"new": {"type": "tag", "name": "v1"}},
			]}},
			"azure": {"resource": {"refUpdates": [{"name": "refs/heads/main"}, {"name": "refs/tags/v1"}]}},
			"payment": {"object": "charge"},
		}
		names := delivery.branches with input.data as payload
	}
	said == {
		"push": {"release/1.2"},
		"push of a tag": set(),
		"branch created": {"feature"},
		"tag created": set(),
		"bitbucket": {"main", "gone"},
		"azure": {"main"},
		"payment": set(),
	}
}

test_mode_is_read_from_what_providers_send if {
	said := [mode |
		some payload in [
			{"livemode": true}, {"livemode": false},
			{"live": "true"}, {"live": "false"},
			{"environment": "live"}, {"environment": "test"}, {"environment": "production"},
			{"meta": {"test_mode": false}}, {"meta": {"test_mode": true}},
			{},
		]
		mode := delivery.mode with input.data as payload
	]
	said == ["live", "test", "live", "test", "live", "test", "unknown", "live", "test", "unknown"]
}
