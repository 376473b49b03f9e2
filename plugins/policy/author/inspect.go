package author

import (
	"fmt"
	"io"
	"slices"

	"webhookedge/plugins/policy/engine"
)

// Inspection is what a policy reads.
type Inspection struct {
	Decision string
	// Paths are the places of the input that are read, each with who reads it,
	// sorted. All that lies under a path counts as read.
	Paths []InputPath
	// Whole are the reads that force the whole payload to be converted.
	Whole []engine.Read
}

// InputPath is a place of the input.
type InputPath struct {
	Name string // input.data.repository.full_name
	By   []engine.Read
}

// Inspect tells what the policy reads of the input.
func (p *Project) Inspect() *Inspection {
	in := &Inspection{Decision: p.entry().String()}
	for _, r := range p.policy.Reads() {
		if r.Whole() {
			in.Whole = append(in.Whole, r)
		}
		i := slices.IndexFunc(in.Paths, func(x InputPath) bool { return x.Name == r.Name() })
		if i < 0 {
			in.Paths = append(in.Paths, InputPath{Name: r.Name()})
			i = len(in.Paths) - 1
		}
		in.Paths[i].By = append(in.Paths[i].By, r)
	}
	return in
}

// Write writes the inspection for people.
func (in *Inspection) Write(w io.Writer) error {
	text := "decision " + in.Decision + "\n\nreads\n"
	for _, path := range in.Paths {
		text += "  " + path.Name + "\n"
		for _, r := range path.By {
			text += fmt.Sprintf("    %s  %s:%d\n", r.Rule, r.File, r.Row)
		}
	}
	if len(in.Whole) == 0 {
		text += "\nOnly these parts of a payload are converted.\n"
	} else {
		text += "\nThe whole payload is converted for every event, because of\n"
		lines := sources{}
		for _, r := range in.Whole {
			text += fmt.Sprintf("  %s:%d: %s in %s\n", r.File, r.Row, lines.line(r.File, r.Row), r.Rule)
		}
		text += "A fixed name in the place of what is known only with the event avoids it.\n"
	}
	_, err := io.WriteString(w, text)
	return err
}
