package spec

import "strings"

// Part applies the rule to an event name. A name that would lose its type or
// its action stays whole.
func (s Split) Part(name string) (kind, action string) {
	at := -1
	switch s {
	case SplitLastDot:
		at = strings.LastIndexByte(name, '.')
	case SplitFirstSlash:
		at = strings.IndexByte(name, '/')
	case SplitLastColon:
		at = strings.LastIndexByte(name, ':')
	case SplitLastScore:
		at = strings.LastIndexByte(name, '_')
	}
	if at <= 0 || at == len(name)-1 {
		return name, ""
	}
	return name[:at], name[at+1:]
}
