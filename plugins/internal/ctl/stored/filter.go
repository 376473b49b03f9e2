package stored

import (
	"strings"

	"webhookedge/plugins/event"
)

// Filter picks events. The zero value picks all.
type Filter struct {
	Provider, Tenant, ID string
	// Type and Subject are texts in which a star stands for any characters. Subject is
	// that of the event, the resource.
	Type, Subject string
}

// Picks reports whether e is asked for.
func (f *Filter) Picks(e *event.Event) bool {
	same := func(want, is string) bool { return want == "" || want == is }
	return same(f.Provider, e.Provider) && same(f.Tenant, e.Tenant) && same(f.ID, e.ID) &&
		matches(f.Type, e.FullType()) && matches(f.Subject, e.Subject)
}

// matches reports whether text is as pattern says, "" being any.
func matches(pattern, text string) bool {
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return pattern == "" || pattern == text
	}
	text, ok := strings.CutPrefix(text, parts[0])
	if !ok {
		return false
	}
	last := parts[len(parts)-1]
	for _, part := range parts[1 : len(parts)-1] {
		_, after, found := strings.Cut(text, part)
		if !found {
			return false
		}
		text = after
	}
	return strings.HasSuffix(text, last)
}
