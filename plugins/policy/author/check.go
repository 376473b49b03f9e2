package author

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	"webhookedge/plugins/internal/redact"
	"webhookedge/plugins/policy/engine"
)

// noStream is the code of a subject that no stream, or not the named one, takes.
const noStream = "no-stream"

// CheckOptions say what Check looks at.
type CheckOptions struct {
	engine.Options

	// Streams are the subjects of each stream; without any, subjects are not checked.
	Streams map[string][]string
}

// Check returns everything that is wrong in dir, and traps and unformatted files as warnings.
// The error is that of looking.
func Check(dir string, o CheckOptions) (Findings, error) {
	p, found := Open(dir, o.Options)
	if p == nil {
		return found, nil
	}
	p.Streams = o.Streams
	tables, err := p.tables()
	if err != nil {
		return nil, err
	}
	unformatted, err := Format(dir, false)
	if err != nil {
		return nil, err
	}
	found = slices.Concat(found, tables, p.decisionShapes(), p.routeDecisions(), p.redactions(), p.payloadFields(), p.eventNames(), p.untakenSubjects(), p.Lint())
	for _, u := range unformatted {
		found = append(found, Finding{File: u.File, Row: u.Row(), Code: "format", Warning: true, Message: fmt.Sprintf("not as `webhookctl policy fmt %s` writes it", u.File)})
	}
	return found.sorted(), nil
}

func (p *Project) routeDecisions() Findings {
	var found Findings
	p.eachRouteDecision(func(location []string, _ *engine.Decision, err error) {
		if err != nil {
			found = append(found, p.inTable(location, fmt.Sprint(err)))
		}
	})
	return found
}

// redactions finds places of the table of redactions that are no paths.
func (p *Project) redactions() Findings {
	var found Findings
	p.tablesOf(privacySchema, func(location []string, table map[string]any) {
		for _, name := range slices.Sorted(maps.Keys(table)) {
			rows, _ := table[name].([]any)
			for i, row := range rows {
				path, _ := lookUp(row, []string{"path"})
				text, ok := path.(string)
				if !ok {
					continue // its schema says so
				}
				if _, err := redact.Compile([]redact.Rule{{Path: text, Action: redact.Mask}}, nil); err != nil {
					found = append(found, p.inTable(slices.Concat(location, []string{name, strconv.Itoa(i), "path"}), fmt.Sprint(err)))
				}
			}
		}
	})
	return found
}
