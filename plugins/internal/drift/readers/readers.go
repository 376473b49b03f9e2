// Package readers says who reads a field of a payload, and so is concerned when it changes.
package readers

import (
	"strings"

	"webhookedge/plugins/internal/drift"
	"webhookedge/plugins/internal/redact"
	"webhookedge/plugins/normalize"
	"webhookedge/plugins/policy/engine"
	"webhookedge/plugins/provider"
)

// Of returns what finds the readers of a field: the redactions of a config, the places
// where row finds facts, and the rules of the policy, as reads then returns them.
func Of(redactions []normalize.RedactConfig, row *provider.Provider, reads func() []engine.Read) func(place []string) []drift.Reader {
	rules := make([]redact.Rule, len(redactions))
	for n, r := range redactions {
		rules[n] = redact.Rule{Path: r.Path, Action: redact.Mask} // where it leads is all that counts
	}
	redactor, err := redact.Compile(rules, nil)
	facts := row.ReadsJSON()
	return func(place []string) (all []drift.Reader) {
		if err == nil { // normalize refuses the others
			for n, concerned := range redactor.Concerns(place) {
				if concerned {
					all = append(all, drift.Reader{Kind: drift.ReadByRedaction, Name: rules[n].Path})
				}
			}
		}
		for _, fact := range facts {
			if drift.Reads(fact, place) {
				all = append(all, drift.Reader{Kind: drift.ReadByFact, Name: strings.Join(fact, ".")})
			}
		}
		for _, r := range reads() {
			if path, ok := r.Payload(); ok && drift.Reads(path, place) {
				all = append(all, drift.Reader{Kind: drift.ReadByPolicy, Name: r.Rule, File: r.File, Row: r.Row})
			}
		}
		return all
	}
}
