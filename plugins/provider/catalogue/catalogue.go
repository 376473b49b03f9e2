// Package catalogue holds the webhook senders that are known, one file each: its row,
// the functions that are its own, and what payloads of its types must have. Beside it
// lie its vectors, testdata/<name>, and its samples, samples/<name>.
package catalogue

import (
	"slices"
	"strings"

	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/spec"
)

// row is a sender of the list: its name, and what makes its row.
type row struct {
	name string
	make func() spec.Provider
}

// Lookup returns the provider with the given name. Each call returns a new one, so
// look up once and keep it.
func Lookup(name string) (*provider.Provider, bool) {
	i, found := slices.BinarySearchFunc(rows[:], name, func(r row, name string) int { return strings.Compare(r.name, name) })
	if !found {
		return nil, false
	}
	p, err := provider.New(rows[i].make())
	return p, err == nil // a row of the catalogue always compiles: a test says so for each
}

// All returns all providers in the order of their names.
func All() []*provider.Provider {
	var all []*provider.Provider
	for _, r := range rows {
		if p, err := provider.New(r.make()); err == nil {
			all = append(all, p)
		}
	}
	return all
}

// Names returns the names of all rows, sorted.
func Names() []string {
	var names []string
	for _, r := range rows {
		names = append(names, r.name)
	}
	return names
}

// Name is the name of a row, as a type for configurations.
type Name string

// Enum returns the possible names.
func (Name) Enum() []string { return Names() }
