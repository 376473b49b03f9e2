# METADATA
# title: Route
# description: |
#   Where an event goes, by the table in data.yaml beside this file. The rules name no event: a
#   new route is a new row. Every step is a look-up by key, so a long table is as fast as a short
#   one.
# schemas:
#   - input: schema.policy.input
#   - data.webhook.route.routes: schema.policy.route
package webhook.route

# METADATA
# title: Decision
# description: |
#   What the event's row says: the first of its branches that matches, else its then. Without a
#   row the event is refused.
# entrypoint: true
# schemas:
#   - input: schema.policy.input
#   - data.webhook.route.routes: schema.policy.route
default decision := {"allow": false, "rule": "route.none", "reason": "no route takes this event"}

decision := by_branch if {
	row.branches
	by_branch := [way.then | some way in row.branches; taken(way.pattern)][0]
} else := row.then

# METADATA
# title: Row
# description: |
#   The row of the narrowest name that has one: the whole type, the type without its action, the
#   provider, "*". Under a name, the row of the resource goes before the one of the tenant, and
#   that before the row any.
# schemas:
#   - input: schema.policy.input
#   - data.webhook.route.routes: schema.policy.route
row := found if {
	found := under(data.webhook.route.routes[input.event.type])
} else := found if {
	found := under(data.webhook.route.routes[data.webhook.delivery.kind])
} else := found if {
	found := under(data.webhook.route.routes[input.event.provider])
} else := under(data.webhook.route.routes["*"])

under(rows) := found if {
	found := rows.resource[input.event.subject]
} else := found if {
	found := rows.tenant[input.event.tenant]
} else := rows.any

taken(pattern) if {
	some branch in data.webhook.delivery.branches
	glob.match(pattern, ["/"], branch)
}
