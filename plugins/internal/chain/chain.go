package chain

import (
	"slices"

	"webhookedge/plugins/internal/settings"
	"webhookedge/plugins/internal/stages"
)

// Server is the name of the binary, of its socket and of the plugin that is all
// stages in one. It serves the plugins of single stages too.
const Server = "webhook-edge"

// Priority is the priority of webhook-edge, which stands for all rows.
const Priority = 870

// Row is a stage's place in the chain.
type Row struct {
	Stage    string   // metric label, and package unless the row is a Step
	Plugin   string   // the Kong plugin of this stage alone, "" where there is none
	Priority int      // Kong runs plugins of higher priority first
	Before   []string // stages that the plugin of this stage alone runs before it
	Refuses  string   // statuses that it refuses with, for people; "" for none
	Why      string   // why it stands where it stands
	Step     bool     // done by the server of the plugins: no package and no settings of its own
	Second   bool     // the second half of the stage, which needs what was found out since the first; webhook-edge only

	// config is that of Plugin.
	config configurable
	// open opens what the row's stages of all instances share.
	open stages.Opener
}

// Rows is the chain. Cheap checks come first, and nothing unauthenticated reaches a
// broker, a policy or a log of bodies. The priorities lie under Kong's own
// ip-restriction (990) and rate-limiting (910), so that those can stand in front, and
// above request-transformer (801), so that what is stored is what was signed.
func Rows() []Row {
	return []Row{
		{Stage: "ipallow", Plugin: "webhook-ipallow", Priority: 890, Refuses: "403", config: configOf[settings.IPAllowConfig](), open: stages.OpenAddresses,
			Why: "a look into a trie, and strangers cost nothing more"},
		{Stage: "ratelimit", Plugin: "webhook-ratelimit", Priority: 880, Refuses: "403, 429, 503", config: configOf[settings.RateLimitConfig](), open: stages.OpenLimits,
			Why: "a count, before the cost of a hash"},
		{Stage: "body", Step: true, Refuses: "413, 503", open: stages.OpenBody,
			Why: "a body over 64 KiB, or that Kong has in a file, is read here: whom the stages before refuse takes none of the memory for bodies"},
		{Stage: "verify", Plugin: "webhook-verify", Priority: 870, Before: []string{"body"}, Refuses: "401, 405", config: configOf[settings.VerifyConfig](), open: stages.OpenVerify,
			Why: "nothing that is not proved goes further; a handshake ends here because only a proved sender gets an answer to it"},
		{Stage: "ipallow", Second: true, open: stages.OpenStaleLists,
			Why: "only a proved sender whose address is missing in the provider's list says that the list is out of date"},
		{Stage: "normalize", Refuses: "400, 413, 422", open: stages.OpenNormalize,
			Why: "parses what was proved, once, so that later stages see one shape"},
		{Stage: "ratelimit", Second: true, Refuses: "403, 429, 503", open: stages.OpenLateLimits,
			Why: "limits by tenant and event type, which a forgery must not spend"},
		{Stage: "policy", Plugin: "webhook-policy", Priority: 860, Before: []string{"body", "normalize"}, Refuses: "403, 500, 503", config: configOf[settings.PolicyConfig](), open: stages.OpenPolicy,
			Why: "decides by what was proved and parsed, before anything is stored"},
		{Stage: "publish", Plugin: "webhook-publish", Priority: 850, Before: []string{"body", "normalize"}, Refuses: "401, 413, 503", config: configOf[settings.PublishConfig](), open: stages.OpenPublish,
			Why: "last, because a 2xx means that the event is stored"},
	}
}

// Stages returns the names of all stages in order, the closed set of the
// metrics' stage label.
func Stages() []string {
	var names []string
	for _, row := range Rows() {
		if !row.Second {
			names = append(names, row.Stage)
		}
	}
	return names
}

// Packages returns the names of the stages that are packages, in order: those that
// have settings, a README and metrics of their own.
func Packages() []string {
	var names []string
	for _, row := range Rows() {
		if !row.Step && !row.Second {
			names = append(names, row.Stage)
		}
	}
	return names
}

// Perimeter returns the names of the stages before the body is read. They look at who
// calls, and a release from the quarantine leaves them out.
func Perimeter() []string {
	all := Stages()
	return all[:slices.Index(all, "body")]
}

// runs says whether the plugin of the stage alone, or webhook-edge where alone is "",
// has row in its chain.
func (row Row) runs(alone string) bool {
	if alone == "" || row.Stage == alone {
		return alone == "" || !row.Second
	}
	at := slices.IndexFunc(Rows(), func(r Row) bool { return r.Stage == alone })
	return !row.Second && slices.Contains(Rows()[at].Before, row.Stage)
}
