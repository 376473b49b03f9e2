package author

import "fmt"

// Inspect lists, for people, what the policy reads, by which rules, and what reads it whole.
func (p *Project) Inspect() string {
	text, whole, last, lines := fmt.Sprintf("decision %v\n\nreads\n", p.entry), "", "", sources{}
	for _, r := range p.policy.Reads() {
		if name := r.Name(); name != last {
			text += "  " + name + "\n"
			last = name
		}
		text += fmt.Sprintf("    %s  %s:%d\n", r.Rule, r.File, r.Row)
		if r.Whole() {
			whole += fmt.Sprintf("  %s:%d: %s in %s\n", r.File, r.Row, lines.line(r.File, r.Row), r.Rule)
		}
	}
	if whole == "" {
		return text + "\nOnly these parts of a payload are converted.\n"
	}
	return text + "\nThe whole payload is converted for every event, because of\n" + whole +
		"A fixed name in the place of what is known only with the event avoids it.\n"
}
