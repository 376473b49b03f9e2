package author

import "fmt"

// Read is a part of the input that a rule reads.
type Read struct {
	Input string `json:"input"` // as Rego writes it: input.data.ref
	Rule  string `json:"rule"`
	File  string `json:"file"`
	Row   int    `json:"row"`
	// Whole marks what has the whole payload converted, for every event.
	Whole bool `json:"whole_payload,omitempty"`
}

// Reads lists what the policy reads, in the order of the input.
func (p *Project) Reads() []Read {
	var all []Read
	for _, r := range p.policy.Reads() {
		all = append(all, Read{Input: r.Name(), Rule: r.Rule, File: r.File, Row: r.Row, Whole: r.Whole()})
	}
	return all
}

// Inspect lists, for people, what the policy reads, by which rules, and what reads it whole.
func (p *Project) Inspect() string {
	text, whole, last, lines := fmt.Sprintf("decision %v\n\nreads\n", p.entry), "", "", sources{}
	for _, r := range p.Reads() {
		if r.Input != last {
			text += "  " + r.Input + "\n"
			last = r.Input
		}
		text += fmt.Sprintf("    %s  %s:%d\n", r.Rule, r.File, r.Row)
		if r.Whole {
			whole += fmt.Sprintf("  %s:%d: %s in %s\n", r.File, r.Row, lines.line(r.File, r.Row), r.Rule)
		}
	}
	if whole == "" {
		return text + "\nOnly these parts of a payload are converted.\n"
	}
	return text + "\nThe whole payload is converted for every event, because of\n" + whole +
		"A fixed name in the place of what is known only with the event avoids it.\n"
}
