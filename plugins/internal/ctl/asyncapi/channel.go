package asyncapi

import (
	"regexp"
	"slices"
	"strings"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/ctl/kongyml"
	"webhookedge/plugins/internal/payloadschema"
	"webhookedge/plugins/provider/catalogue"
	"webhookedge/plugins/provider/spec"
	"webhookedge/plugins/publish"
)

// named is an event with a schema; the zero value stands for all others.
type named struct {
	name, kind, action string
	separator          string
	actions            bool // it has actions, which its name does not tell
}

// name parts the name of a schema, <event> or <event>.<action>, as the provider's events
// are parted. What looks like an action is one where the provider is known to have it; of
// names that nobody knows, the built-in ones are events, and a user's own are parted.
func name(provider, of string) *named {
	e := &named{name: of, kind: of}
	row, ok := catalogue.Lookup(provider)
	if !ok {
		return e
	}
	e.separator = row.Separator()
	events := catalogue.EventsOf(row)
	_, known := events.Actions[of]
	if !known {
		kind, action := row.Facts.Split.Part(of)
		if action == "" {
			kind, action = events.Part(of)
		}
		builtin := payloadschema.BuiltinID(provider, of, "") != ""
		if action != "" && (!builtin || slices.Contains(events.Actions[kind], action)) {
			e.kind, e.action = kind, action
		}
	}
	parted := row.Facts.Split != spec.SplitNone || len(row.Facts.Action) > 0 && !known
	e.actions = e.action == "" && (parted || len(events.Actions[e.kind]) > 0)
	return e
}

// address is the subject of events, with parameters in braces.
func (e *named) address(s *kongyml.Settings) string {
	tenant := "{tenant}"
	if fixed := s.Normalize.Tenant; fixed != "" && !strings.ContainsAny(fixed, "{}:") {
		tenant = event.EscapeToken(fixed)
	}
	of := s.Publish.SubjectPrefix + "." + event.EscapeToken(s.Name())
	text := of + "." + tenant + ".{event}"
	if e.name != "" {
		levels := (&event.Event{Provider: s.Name(), Type: e.kind, Action: e.action, Separator: e.separator}).NATSSubject(s.Publish.SubjectPrefix)
		text = of + "." + tenant + strings.TrimPrefix(levels, of+"._")
	}
	exact := s.Publish.Dedupe == publish.DedupeExact
	switch {
	case e.actions:
		text += ".{action}"
	case exact && e.name != "" && e.action == "":
		text += "._"
	}
	if exact {
		text += ".{id}"
	}
	return text
}

func (e *named) what(provider string) string {
	if e.name == "" {
		return "events of " + provider + " whose payload has no schema"
	}
	return "events " + provider + "." + e.name
}

// parameters yields the names in braces.
func parameters(address string) map[string]bool {
	all := map[string]bool{}
	for _, m := range regexp.MustCompile(`\{([a-z]+)\}`).FindAllStringSubmatch(address, -1) {
		all[m[1]] = true
	}
	return all
}

func parameterOf(name, mode string) parameter {
	p := parameter{Description: map[string]string{
		"tenant": "The account of the provider, * for all of them.",
		"event":  "The levels of the event's name and its action, one token or more, > for all of them.",
		"action": "What happened to the resource, * for all of it.",
		"id":     "The event's own last token, which no filter needs: end with >.",
	}[name]}
	if attribute := name; name == "tenant" || name == "action" {
		p.Location = "$message.payload#/" + attribute
		if mode == publish.ModeBinary {
			p.Location = "$message.header#/ce-" + attribute
		}
	}
	return p
}
