# METADATA
# title: Privacy
# description: |
#   What is taken out of a payload before it is stored, by event. The table is data.yaml beside
#   this file; the rows of all names of the event add up.
# schemas:
#   - input: schema.policy.input
#   - data.webhook.privacy.redactions: schema.policy.privacy
package webhook.privacy

# METADATA
# title: Decision
# description: Allows every event and names the places of its payload that are redacted.
# entrypoint: true
# schemas:
#   - input: schema.policy.input
#   - data.webhook.privacy.redactions: schema.policy.privacy
default decision := {"allow": false, "rule": "privacy.default", "reason": "it is not known what to redact"}

decision := {"allow": true, "redact": redact} if is_object(data.webhook.privacy.redactions)

# METADATA
# title: Redact
# description: The places of all names of the event, those of the narrowest first.
# schemas:
#   - input: schema.policy.input
#   - data.webhook.privacy.redactions: schema.policy.privacy
redact := [place |
	some name in data.webhook.delivery.names
	some place in data.webhook.privacy.redactions[name]
]
