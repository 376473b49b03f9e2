# METADATA
# title: Main
# description: |
#   The decision that the edge asks for. It puts together what guard, tenant, route and privacy
#   decide: the first of them that refuses is the answer, and when none does they add up.
# schemas:
#   - input: schema.policy.input
package webhook.main

# METADATA
# title: Decision
# description: Refuses what cannot be looked at, what a policy refuses, and what none decides.
# entrypoint: true
# schemas:
#   - input: schema.policy.input
default decision := {"allow": false, "rule": "main.default", "reason": "no policy decided"}

decision := unreadable if {
	input.truncated
} else := object.union_n([route, tenant, {"redact": redact}]) if {
	data.webhook.guard.decision.allow
	tenant := data.webhook.tenant.decision
	tenant.allow
	route := data.webhook.route.decision
	route.allow
	data.webhook.privacy.decision.allow
	redact := array.concat(object.get(route, "redact", []), data.webhook.privacy.decision.redact)
} else := refusal

# METADATA
# title: Refusal
# description: The first refusal, in the order in which the policies are asked.
# schemas:
#   - input: schema.policy.input
refusal := [decided |
	some decided in [
		data.webhook.guard.decision,
		data.webhook.tenant.decision,
		data.webhook.route.decision,
		data.webhook.privacy.decision,
	]
	not decided.allow
][0]

unreadable := {
	"allow": false,
	"rule": "main.truncated",
	"reason": "the payload is no JSON, or too large to be looked at",
	"quarantine": true,
}
