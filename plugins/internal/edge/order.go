package edge

// Row is a stage's place in the chain.
type Row struct {
	Stage    string // package and metric label
	Plugin   string // the Kong plugin of this stage alone, "" where there is none
	Priority int    // Kong runs plugins of higher priority first
	Refuses  string // statuses that it refuses with, for people
	Why      string // why it stands where it stands
}

// Order is the chain. Cheap checks come first, and nothing unauthenticated
// reaches a broker, a policy or a log of bodies. The priorities lie under
// Kong's own ip-restriction (990) and rate-limiting (910), so that those can
// stand in front, and above request-transformer (801), so that what is stored
// is what was signed.
func Order() []Row {
	return []Row{
		{"ipallow", "webhook-ipallow", 890, "403", "a look into a trie, and strangers cost nothing more"},
		{"ratelimit", "webhook-ratelimit", 880, "403, 429, 503", "a count, before the cost of a hash; limits by tenant and event type wait until normalize, so that a forgery cannot spend them"},
		{"verify", "webhook-verify", 870, "401, 405", "nothing that is not proved goes further; a handshake ends here because only a proved sender gets an answer to it"},
		{"normalize", "", 0, "400, 413, 422", "parses what was proved, once, so that later stages see one shape"},
		{"policy", "webhook-policy", 860, "403, 500, 503", "decides by what was proved and parsed, before anything is stored"},
		{"publish", "webhook-publish", 850, "401, 413, 503", "last, because a 2xx means that the event is stored"},
	}
}

// EdgePriority is the priority of webhook-edge, which stands for all rows.
const EdgePriority = 870

// Stages returns the names of all stages in order, the closed set of the
// metrics' stage label.
func Stages() []string {
	var names []string
	for _, row := range Order() {
		names = append(names, row.Stage)
	}
	return names
}

func priority(plugin string) int {
	for _, row := range Order() {
		if row.Plugin == plugin {
			return row.Priority
		}
	}
	return EdgePriority
}
