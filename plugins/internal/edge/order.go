package edge

// Row is a stage's place in the chain.
type Row struct {
	Stage    string // metric label, and package unless it is a Step
	Plugin   string // the Kong plugin of this stage alone, "" where there is none
	Priority int    // Kong runs plugins of higher priority first
	Refuses  string // statuses that it refuses with, for people
	Why      string // why it stands where it stands
	Step     bool   // done by the server of the plugins: no package and no settings of its own
}

// Order is the chain. Cheap checks come first, and nothing unauthenticated
// reaches a broker, a policy or a log of bodies. The priorities lie under
// Kong's own ip-restriction (990) and rate-limiting (910), so that those can
// stand in front, and above request-transformer (801), so that what is stored
// is what was signed.
func Order() []Row {
	return []Row{
		{Stage: "ipallow", Plugin: "webhook-ipallow", Priority: 890, Refuses: "403", Why: "a look into a trie, and strangers cost nothing more"},
		{Stage: "ratelimit", Plugin: "webhook-ratelimit", Priority: 880, Refuses: "403, 429, 503", Why: "a count, before the cost of a hash; limits by tenant and event type wait until normalize, so that a forgery cannot spend them"},
		{Stage: "body", Step: true, Refuses: "413, 503", Why: "a body over 64 KiB, or that Kong has in a file, is read here: whom the stages before refuse takes none of the memory for bodies"},
		{Stage: "verify", Plugin: "webhook-verify", Priority: 870, Refuses: "401, 405", Why: "nothing that is not proved goes further; a handshake ends here because only a proved sender gets an answer to it"},
		{Stage: "normalize", Refuses: "400, 413, 422", Why: "parses what was proved, once, so that later stages see one shape"},
		{Stage: "policy", Plugin: "webhook-policy", Priority: 860, Refuses: "403, 500, 503", Why: "decides by what was proved and parsed, before anything is stored"},
		{Stage: "publish", Plugin: "webhook-publish", Priority: 850, Refuses: "401, 413, 503", Why: "last, because a 2xx means that the event is stored"},
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

// Packages returns the names of the stages that are packages, in order: those that
// have settings, a README and metrics of their own.
func Packages() []string {
	var names []string
	for _, row := range Order() {
		if !row.Step {
			names = append(names, row.Stage)
		}
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
