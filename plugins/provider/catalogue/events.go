package catalogue

import (
	"maps"
	"slices"
	"strings"

	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/spec"
)

// Events is what is known of the names of a provider's events.
type Events struct {
	// Actions are the known actions of each type, sorted; none where nothing is known of them.
	Actions map[string][]string
	// Listed says that the row lists every type of the provider's documentation. A type that
	// is not among them can still be one of tomorrow.
	Listed bool

	open map[string]bool // types with actions that are not known
}

// ActionsListed reports whether the actions of a type are all that the provider documents.
func (e *Events) ActionsListed(kind string) bool { return e.Listed && !e.open[kind] }

// EventsOf returns the names of the events of p that its rules, its samples and the places
// of its types tell.
func EventsOf(p *provider.Provider) Events {
	e := Events{Actions: map[string][]string{}, Listed: len(p.Types) > 0, open: map[string]bool{}}
	for _, rule := range p.Types {
		e.add(p.Facts.Split.Part(rule.Type))
	}
	for _, name := range SampleEvents(p) {
		e.add(p.Facts.Split.Part(name))
	}
	for _, place := range p.Facts.Type {
		if kind, name, _ := strings.Cut(place, ":"); kind == "text" || kind == "member" {
			e.add(p.Facts.Split.Part(name[strings.LastIndexByte(name, '.')+1:]))
		}
	}
	documented := map[string][]string{}
	if p.Name == "github" {
		documented = githubActions()
	}
	for kind, actions := range documented {
		e.add(kind, "")
		for _, action := range actions {
			e.add(kind, action)
		}
	}
	for kind := range e.Actions {
		_, known := documented[kind]
		// Where the action stands apart from the name, the rules tell names alone.
		e.open[kind] = !known && (p.Facts.Split == spec.SplitNone || len(p.Facts.Action) > 0)
	}
	return e
}

func (e *Events) add(kind, action string) {
	all := e.Actions[kind]
	if at, there := slices.BinarySearch(all, action); action != "" && !there {
		all = slices.Insert(all, at, action)
	}
	e.Actions[kind] = all
}

// Types returns the known types, sorted.
func (e *Events) Types() []string { return slices.Sorted(maps.Keys(e.Actions)) }

// Part parts a name behind the provider's, "pull_request.opened", into type and action: the
// longest known type goes first, else what stands before the last dot, or before the first
// where no known type has one.
func (e *Events) Part(name string) (kind, action string) {
	dotted := false
	for known := range e.Actions {
		dotted = dotted || strings.Contains(known, ".")
		if (name == known || strings.HasPrefix(name, known+".")) && len(known) > len(kind) {
			kind = known
		}
	}
	switch {
	case kind != "":
		return kind, strings.TrimPrefix(strings.TrimPrefix(name, kind), ".")
	case dotted:
		return spec.SplitLastDot.Part(name)
	}
	kind, action, _ = strings.Cut(name, ".")
	return kind, action
}
