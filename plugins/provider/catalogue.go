package provider

import (
	"slices"
	"strings"
)

// Lookup returns the row with the given name, compiled. Each call returns a
// new one, so look up once and keep it.
func Lookup(name string) (*Provider, bool) {
	for _, row := range rows() {
		if row.Name != name {
			continue
		}
		// A row of the catalogue always compiles: a test says so for each.
		return &row, row.Compile() == nil
	}
	return nil, false
}

// Catalogue returns all rows in the order of their names, compiled.
func Catalogue() []*Provider {
	var all []*Provider
	for _, row := range rows() {
		if row.Compile() == nil {
			all = append(all, &row)
		}
	}
	slices.SortFunc(all, func(a, b *Provider) int { return strings.Compare(a.Name, b.Name) })
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
