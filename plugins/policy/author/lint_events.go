package author

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"

	"webhookedge/plugins/provider/catalogue"
)

const unknownEvent = "unknown-event"

// maxListed is how many names a finding lists.
const maxListed = 24

// eventNames finds names of events, in tables and in conditions, that the catalogue does
// not know: all but an existing one is an error where the row lists its events, and
// otherwise a warning, since no row can list what a provider sends tomorrow.
func (p *Project) eventNames() Findings {
	book := knownNames()
	var found Findings
	p.eachEventInTables(func(location []string, name string) {
		if f, ok := book.look(name); ok {
			at := p.inTable(location, f.Message)
			at.Code, at.Warning = unknownEvent, f.Warning
			found = append(found, at)
		}
	})
	p.rules(unknownEvent, func(rule *ast.Rule) {
		ast.WalkBodies(rule, func(body ast.Body) bool {
			about, refs := pinned(body), aliases(body)
			for _, e := range body {
				found = append(found, book.condition(e, about, refs)...)
			}
			return false
		})
	})
	return found
}

// aliases are the references that variables of a body stand for: the compiler takes them
// out of calls.
func aliases(body ast.Body) map[ast.Var]ast.Ref {
	refs := map[ast.Var]ast.Ref{}
	for _, e := range body {
		if !e.IsEquality() && !e.IsAssignment() || len(e.Operands()) != 2 {
			continue
		}
		for i := range 2 {
			name, isVar := e.Operand(i).Value.(ast.Var)
			if ref, isRef := e.Operand(1 - i).Value.(ast.Ref); isVar && isRef {
				refs[name] = ref
			}
		}
	}
	return refs
}

// condition looks at the names that an expression holds a part of the event against.
func (b *eventBook) condition(e *ast.Expr, about pins, refs map[ast.Var]ast.Ref) Findings {
	if !e.IsCall() && !e.IsEquality() || len(e.Operands()) != 2 {
		return nil
	}
	switch e.Operator().String() {
	case ast.Equal.Name, ast.Equality.Name, ast.NotEqual.Name, ast.Member.Name:
	default:
		return nil
	}
	var found Findings
	for i := range 2 {
		ref, ok := e.Operand(i).Value.(ast.Ref)
		if name, isVar := e.Operand(i).Value.(ast.Var); isVar {
			ref, ok = refs[name]
		}
		if !ok {
			continue
		}
		for _, name := range constants(e.Operand(1 - i)) {
			f, ok := b.look(about.whole(ref, name))
			if !ok {
				f, ok = b.bare(about, ref, name)
			}
			if ok {
				at := place(e.Location, f.Message)
				at.Code, at.Warning = unknownEvent, f.Warning
				found = append(found, at)
			}
		}
	}
	return found
}

// whole is the name with its provider that ref is held against, "" where that is not known:
// the name of any provider's event, or the action of any event.
func (p pins) whole(ref ast.Ref, name string) string {
	switch part := ref.String(); {
	case part == "input.event.type":
		return name
	case part == "input.event.name" && p.provider != "":
		return p.provider + "." + name
	case part == "input.event.action" && p.provider != "" && p.name != "":
		return p.provider + "." + p.name + "." + name
	}
	return ""
}

// bare looks at a name, or an action, of any provider's event: it is warned of where nobody
// in the catalogue has it and somebody has one that is spelt almost alike. A sender of
// one's own may have it.
func (b *eventBook) bare(about pins, ref ast.Ref, name string) (Finding, bool) {
	what, exist := "event", b.types
	switch part := ref.String(); {
	case part == "input.event.name" && about.provider == "":
	case part == "input.event.action" && (about.provider == "" || about.name == ""):
		what, exist = "action", b.actions
	default:
		return Finding{}, false
	}
	if _, known := slices.BinarySearch(exist, name); known || name == "" {
		return Finding{}, false
	}
	near := typo(name, exist)
	if near == "" {
		return Finding{}, false
	}
	return Finding{Warning: true, Message: fmt.Sprintf("the catalogue knows no %s %q of any provider; did you mean %q?", what, name, near)}, true
}

// constants are the texts in a term: itself, or the elements of a set or list.
func constants(t *ast.Term) (texts []string) {
	add := func(t *ast.Term) {
		if text, ok := t.Value.(ast.String); ok {
			texts = append(texts, string(text))
		}
	}
	switch v := t.Value.(type) {
	case ast.String:
		add(t)
	case ast.Set:
		v.Foreach(add)
	case *ast.Array:
		v.Foreach(add)
	}
	return texts
}

// eventBook is what the catalogue knows of names, by provider.
type eventBook struct {
	providers []string
	events    map[string]catalogue.Events
	// types and actions are those of all providers, sorted.
	types, actions []string
}

// knownNames is made once: it compiles every row of the catalogue.
var knownNames = sync.OnceValue(func() *eventBook {
	b := &eventBook{events: map[string]catalogue.Events{}}
	for _, row := range catalogue.All() {
		b.events[row.Name] = catalogue.EventsOf(row)
	}
	for _, e := range knownEvents() { // a schema tells a type, too
		if of := b.events[e.provider]; of.Actions != nil && e.schema {
			if _, there := of.Actions[e.name]; !there {
				of.Actions[e.name] = nil
			}
		}
	}
	b.providers = slices.Sorted(maps.Keys(b.events))
	types, actions := map[string]bool{}, map[string]bool{}
	for _, of := range b.events {
		for name, its := range of.Actions {
			types[name] = true
			for _, action := range its {
				actions[action] = true
			}
		}
	}
	b.types, b.actions = slices.Sorted(maps.Keys(types)), slices.Sorted(maps.Keys(actions))
	return b
})

// look returns what is wrong with the name of an event: a provider, or one with a type and
// perhaps an action.
func (b *eventBook) look(name string) (Finding, bool) {
	provider, rest, hasType := strings.Cut(name, ".")
	events, known := b.events[provider]
	if !known {
		if near := typo(provider, b.providers); near != "" {
			return unknown(name, "provider", provider, near, nil, true)
		}
		return Finding{}, false // the trap unknown-provider, or a sender under custom
	}
	if !hasType || name == provider+".unknown" {
		return Finding{}, false
	}
	kind, action := events.Part(rest)
	actions, typed := events.Actions[kind]
	switch {
	case !typed:
		near := nearest(kind, events.Types(), events.Listed)
		if near == "" && !events.Listed {
			return Finding{}, false
		}
		return unknown(name, provider+" event", kind, near, events.Types(), events.Listed)
	case action == "" || slices.Contains(actions, action):
		return Finding{}, false
	}
	listed := events.ActionsListed(kind)
	near := nearest(action, actions, listed)
	if near == "" && !listed {
		return Finding{}, false
	}
	return unknown(name, "action of "+provider+"."+kind, action, near, actions, listed)
}

// nearest is the name that was probably meant. Where all names are known, that can be the
// other number of it, issue for issues.
func nearest(wrote string, exist []string, all bool) string {
	if near := typo(wrote, exist); near != "" || !all {
		return near
	}
	for _, name := range exist {
		if plural(wrote, name) || plural(name, wrote) {
			return name
		}
	}
	return ""
}

// unknown is an error where a known name was probably meant and all of them are known.
func unknown(name, what, wrote, near string, exist []string, listed bool) (Finding, bool) {
	f := Finding{Warning: near == "" || !listed, Message: fmt.Sprintf("%s: the catalogue knows no %s %q", name, what, wrote)}
	if near != "" {
		f.Message += fmt.Sprintf("; did you mean %q?", near)
	}
	if len(exist) > maxListed {
		exist = append(slices.Clone(exist[:maxListed]), "...")
	}
	if len(exist) > 0 {
		f.Message += fmt.Sprintf("\nknown: %s", strings.Join(exist, ", "))
	}
	return f, true
}

// eachEventInTables calls fn with every name of an event that a table has a row for.
func (p *Project) eachEventInTables(fn func(location []string, name string)) {
	keys := func(location []string, table any) {
		for _, name := range sortedKeys(table) {
			fn(slices.Concat(location, []string{name}), name)
		}
	}
	for _, schema := range []string{routeSchema, privacySchema} {
		p.tablesOf(schema, func(location []string, table map[string]any) { keys(location, table) })
	}
	within := func(member string) func([]string, map[string]any) {
		return func(location []string, table map[string]any) {
			keys(slices.Concat(location, []string{member}), table[member])
		}
	}
	p.tablesOf(tenantSchema, within("known"))
	for _, member := range []string{"accounts", "events", "modes"} {
		p.tablesOf(guardSchema, within(member))
	}
}
