package drift

import "strings"

// Reader is something that reads a field of a payload: a rule of a policy, a redaction, or
// a place where the provider's row finds a fact.
type Reader struct {
	Kind string `json:"kind"` // policy, redaction or fact
	Name string `json:"name"` // the rule, or the path
	File string `json:"file,omitempty"`
	Row  int    `json:"row,omitempty"`
}

// The kinds of readers.
const (
	ReadByPolicy    = "policy"
	ReadByRedaction = "redaction"
	ReadByFact      = "fact"
)

// MaxReaders bounds what is listed for one change.
const MaxReaders = 16

// Place is a path as the names that lead to it; "0" stands for the elements of an array,
// and "*" for names that are data. It is false for what is no path of a change.
func Place(path string) (names []string, ok bool) {
	steps, ok := parse(path)
	for i, step := range steps {
		switch step {
		case stepEach:
			steps[i] = "0"
		case stepAny:
			steps[i] = "*"
		}
	}
	return steps, ok
}

// Reads reports whether who reads what stands at read, with all below it, reads what stands
// at place, or a part of it. A position in read is any.
func Reads(read, place []string) bool {
	for i := range min(len(read), len(place)) {
		if position := place[i] == "0" && strings.Trim(read[i], "0123456789") == ""; read[i] != place[i] && place[i] != "*" && !position {
			return false
		}
	}
	return true
}
