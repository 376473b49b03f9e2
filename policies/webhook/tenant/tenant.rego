# METADATA
# title: Tenant
# description: |
#   Which of your tenants an event belongs to, by the account that the provider names. The table
#   is data.yaml beside this file.
# schemas:
#   - input: schema.policy.input
#   - data.webhook.tenant.accounts: schema.policy.tenant
package webhook.tenant

# METADATA
# title: Decision
# description: |
#   The tenant of the account. The setting unknown says what becomes of an account that is not in
#   the table, or of an event without one: keep lets it pass as it came, quarantine holds it
#   back, refuse refuses it.
# entrypoint: true
# schemas:
#   - input: schema.policy.input
#   - data.webhook.tenant.accounts: schema.policy.tenant
default decision := {"allow": false, "rule": "tenant.unknown", "reason": "the account belongs to no tenant"}

decision := {"allow": true, "tenant": tenant} if {
	tenant := data.webhook.tenant.accounts.known[input.event.provider][input.event.tenant]
} else := {"allow": true} if {
	data.webhook.tenant.accounts.unknown == "keep"
} else := {"allow": true, "quarantine": true, "rule": "tenant.unknown", "reason": "the account belongs to no tenant"} if {
	data.webhook.tenant.accounts.unknown == "quarantine"
}
