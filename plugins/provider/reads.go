package provider

import (
	"strings"

	"webhookedge/plugins/internal/jsonscan"
)

// reads reports whether f names a place of a kind.
func (f *Locators) reads(kind placeKind) bool {
	for _, list := range [...][]string{f.Type, f.Action, f.ID, f.Tenant, f.Subject} {
		for _, text := range list {
			if strings.Contains(text, string(kind)+":") {
				return true
			}
		}
	}
	return false
}

// ReadsJSON returns the places of the JSON of a delivery that tell its facts, each
// as the names that lead there; those of a batch's items are not among them.
func (p *Provider) ReadsJSON() [][]string {
	var texts []string
	for _, list := range [...][]string{p.Facts.Type, p.Facts.Action, p.Facts.Tenant, p.Facts.Subject} {
		texts = append(texts, list...)
	}
	for _, text := range p.Facts.ID {
		texts = append(texts, strings.Split(text, joiner)...)
	}
	for _, t := range p.Facts.Time {
		texts = append(texts, t.At)
	}
	var all [][]string
	for _, text := range texts {
		kind, path, _ := strings.Cut(text, ":")
		if k := placeKind(kind); k != atJSON && k != atMember {
			continue
		}
		if names, err := jsonscan.Segments(path); err == nil { // Compile has refused the others
			all = append(all, names)
		}
	}
	return all
}
