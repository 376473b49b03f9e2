# METADATA
# title: Delivery
# description: |
#   What several policies want to know of a delivery, worked out once and under one name
#   whichever provider sent it.
# schemas:
#   - input: schema.policy.input
package webhook.delivery

# METADATA
# title: Names
# description: |
#   The names by which a table can speak of this event, the narrowest first: the whole type
#   (github.pull_request.opened), the type without its action (github.pull_request) where there is
#   one, the provider (github), and "*" for every event.
# schemas:
#   - input: schema.policy.input
names := [input.event.type, kind, input.event.provider, "*"] if {
	input.event.action
} else := [input.event.type, input.event.provider, "*"]

# METADATA
# title: Kind
# description: The type of the event without its action.
# schemas:
#   - input: schema.policy.input
kind := concat(".", [input.event.provider, input.event.name]) if {
	input.event.action
} else := input.event.type

# METADATA
# title: Repository
# description: The whole name of the repository, owner and all, that a code host's delivery is about.
# schemas:
#   - input: schema.policy.input
repository := name if {
	name := input.data.repository.full_name # GitHub, Gitea, Bitbucket
} else := name if {
	name := input.data.project.path_with_namespace # GitLab
} # Azure DevOps

else := input.data.resource.repository.name

# METADATA
# scope: document
# title: Branches
# description: |
#   The branches that a push moved, made or removed, and the one that a create or delete event
#   is about. It is a set, since one push can move several. Tags are no branches.
# schemas:
#   - input: schema.policy.input
branches contains branch_of(input.data.ref) # pushes of GitHub, Gitea and GitLab

branches contains input.data.ref if {
	input.data.ref_type == "branch" # create and delete of GitHub and Gitea
}

branches contains end.name if {
	some change in input.data.push.changes # Bitbucket
	some end in [object.get(change, "new", null), object.get(change, "old", null)]
	end.type == "branch"
}

branches contains branch if {
	some update in input.data.resource.refUpdates # Azure DevOps
	branch := branch_of(update.name)
}

# branch_of is undefined for the ref of a tag.
branch_of(ref) := substring(ref, count("refs/heads/"), -1) if startswith(ref, "refs/heads/")

# METADATA
# scope: document
# title: Mode
# description: |
#   Whether the delivery is about live data or about a test, for providers that say so in the
#   payload: "live", "test", or "unknown" for all others.
# schemas:
#   - input: schema.policy.input
default mode := "unknown"

mode := "live" if {
	input.data.livemode == true # Stripe
} else := "test" if {
	input.data.livemode == false
} else := "live" if {
	input.data.live in {true, "true"} # Adyen
} else := "test" if {
	input.data.live in {false, "false"}
} else := input.data.environment if {
	input.data.environment in {"live", "test"} # Adyen for platforms
} else := "live" if {
	input.data.meta.test_mode == false # Lemon Squeezy
} else := "test" if {
	input.data.meta.test_mode == true
}
