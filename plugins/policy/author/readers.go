package author

import (
	"slices"
	"strconv"

	"webhookedge/plugins/policy/engine"
)

// InputReads returns where the policy reads the input. A nil project reads nothing.
func (p *Project) InputReads() []engine.Read {
	if p == nil {
		return nil
	}
	return p.policy.Reads()
}

// Redaction is a place that the data of the policy has redacted.
type Redaction struct {
	Path string
	File string
	Row  int
}

// Redactions returns what the tables of redactions list under names of an event. A nil project
// lists nothing.
func (p *Project) Redactions(names []string) (all []Redaction) {
	if p == nil {
		return nil
	}
	p.tablesOf(privacySchema, func(location []string, table map[string]any) {
		for _, name := range names {
			rows, _ := table[name].([]any)
			for i, row := range rows {
				at := slices.Concat(location, []string{name, strconv.Itoa(i), "path"})
				if path, _ := lookUp(row, []string{"path"}); path != nil {
					text, _ := path.(string)
					file, line := p.whereData(at)
					all = append(all, Redaction{text, file, line})
				}
			}
		}
	})
	return all
}
