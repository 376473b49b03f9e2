package pick

import (
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"

	"webhookedge/plugins/internal/ctl/exit"
)

const (
	maxEcho = 64 // bytes of a value that an error repeats
	maxList = 24 // names that an error lists
)

// Known returns nil where value is one of known. Otherwise it returns the fault of the
// command line, with the nearest name there is. what is the kind in the singular.
func Known(what, value string, known []string) error {
	if slices.Contains(known, value) {
		return nil
	}
	return exit.Usagef("no %s %q%s", what, value[:min(len(value), maxEcho)], Hint(value, known))
}

// Hint is what an error says behind a name that is none of known.
func Hint(value string, known []string) string {
	text := ""
	if near := Nearest(value, known); near != "" {
		text = "; did you mean " + near + "?"
	}
	if len(known) > 0 && len(known) <= maxList {
		text += "; there are: " + strings.Join(known, ", ")
	}
	return text
}

// Nearest returns the name of known that value may be a slip of, and "" where none is near.
func Nearest(value string, known []string) string {
	best, distance := "", 1+max(1, len(value)/3)
	if len(value) > maxEcho {
		return ""
	}
	for _, k := range known {
		if n := levenshtein.ComputeDistance(strings.ToLower(value), strings.ToLower(k)); n < distance {
			best, distance = k, n
		}
	}
	return best
}
