package drift

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
)

// Types is a set of JSON types. Integer is a number without fraction and exponent, as
// consumers with static types tell them apart.
type Types uint8

// The types, in the order in which they are listed.
const (
	Null Types = 1 << iota
	Boolean
	Integer
	Number
	String
	Object
	Array

	kinds = 7
)

func names() [kinds]string {
	return [kinds]string{"null", "boolean", "integer", "number", "string", "object", "array"}
}

// Names lists the types; an integer is a number, too.
func (t Types) Names() []string {
	if t&Number != 0 {
		t &^= Integer
	}
	all := []string{}
	for i, name := range names() {
		if t&(1<<i) != 0 {
			all = append(all, name)
		}
	}
	return all
}

// MarshalJSON writes the names.
func (t Types) MarshalJSON() ([]byte, error) { return json.Marshal(t.Names()) }

// UnmarshalJSON reads the names.
func (t *Types) UnmarshalJSON(text []byte) error {
	var all []string
	if err := json.Unmarshal(text, &all); err != nil {
		return err
	}
	*t = 0
	known := names()
	for _, name := range all {
		i := slices.Index(known[:], name)
		if i < 0 {
			return fmt.Errorf("no type %q", name)
		}
		*t |= 1 << i
	}
	return nil
}

// typeOf is the index of the type of raw, a JSON value, or of what begins with it.
func typeOf(kind byte, raw []byte) int {
	switch kind {
	case 'n':
		return 0
	case 't', 'f':
		return 1
	case '"':
		return 4
	case '{':
		return 5
	case '[':
		return 6
	}
	if bytes.ContainsAny(raw, ".eE") {
		return 3
	}
	return 2
}
