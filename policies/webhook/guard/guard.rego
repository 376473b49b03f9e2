# METADATA
# title: Guard
# description: |
#   Which deliveries are refused although their sender is proved, by the lists in data.yaml
#   beside this file.
# schemas:
#   - input: schema.policy.input
#   - data.webhook.guard.lists: schema.policy.guard
package webhook.guard

# METADATA
# title: Decision
# description: |
#   Allows what nothing denies. Of several reasons the first, in the order of the rules' names,
#   is the answer.
# entrypoint: true
# schemas:
#   - input: schema.policy.input
#   - data.webhook.guard.lists: schema.policy.guard
default decision := {"allow": false, "rule": "guard.default", "reason": "the lists of the guard are missing"}

decision := {"allow": true} if {
	is_object(data.webhook.guard.lists)
	deny == set()
} else := object.union({"allow": false}, first) if {
	first := [why | some why in deny][0]
}

# METADATA
# scope: document
# title: Deny
# description: |
#   Every reason to refuse this event, with the name of the rule that has it. A reason of your
#   own is one more "deny contains" in any file of this package.
# schemas:
#   - input: schema.policy.input
#   - data.webhook.guard.lists: schema.policy.guard
deny contains {"rule": "guard.account", "reason": reason} if {
	reason := data.webhook.guard.lists.accounts[input.event.provider][input.event.tenant]
}

deny contains {"rule": "guard.branch", "reason": reason} if {
	some pattern, reason in data.webhook.guard.lists.branches
	some branch in data.webhook.delivery.branches
	glob.match(pattern, ["/"], branch)
}

deny contains {"rule": "guard.event", "reason": reason} if {
	reason := data.webhook.guard.lists.events[input.event.type]
}

deny contains {"rule": "guard.event", "reason": reason} if {
	reason := data.webhook.guard.lists.events[data.webhook.delivery.kind]
}

deny contains {"rule": "guard.mode", "reason": reason} if {
	wanted := data.webhook.guard.lists.modes[input.event.provider]
	data.webhook.delivery.mode != wanted
	reason := sprintf("only %s data is wanted here, this is %s", [wanted, data.webhook.delivery.mode])
}

deny contains {"rule": "guard.repository", "reason": reason} if {
	reason := data.webhook.guard.lists.repositories[data.webhook.delivery.repository]
}
