// Package catalogue holds the webhook senders that are known, one file each: its row,
// the functions that are its own, and what payloads of its types must have. Beside it
// lie its vectors, testdata/<name>, and its samples, samples/<name>.
package catalogue

import (
	"slices"
	"strings"

	"webhookedge/plugins/provider"
)

// Lookup returns the row with the given name, compiled. Each call returns a
// new one, so look up once and keep it.
func Lookup(name string) (*provider.Provider, bool) {
	for _, row := range rows() {
		if row.Name != name {
			continue
		}
		// A row of the catalogue always compiles: a test says so for each.
		return &row, row.Compile() == nil
	}
	return nil, false
}

// All returns all rows in the order of their names, compiled.
func All() []*provider.Provider {
	var all []*provider.Provider
	for _, row := range rows() {
		if row.Compile() == nil {
			all = append(all, &row)
		}
	}
	slices.SortFunc(all, func(a, b *provider.Provider) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// Names returns the names of all rows, sorted.
func Names() []string {
	var names []string
	for _, row := range rows() {
		names = append(names, row.Name)
	}
	slices.Sort(names)
	return names
}

// Name is the name of a row, as a type for configurations.
type Name string

// Enum returns the possible names.
func (Name) Enum() []string { return Names() }
