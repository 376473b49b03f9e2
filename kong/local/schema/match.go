package schema

import (
	"fmt"

	"github.com/yuin/gopher-lua/pm"
)

// matchRule is an element of match_none: what must not match, and what is said of it.
type matchRule struct {
	Pattern string `json:"pattern"`
	Err     string `json:"err"`
}

// matchAny is match_any: one of the patterns must match.
type matchAny struct {
	Patterns []string `json:"patterns"`
	Err      string   `json:"err"`
}

// prepareMatches returns the patterns that Lua would not take, and rules of fields that are
// no strings.
func (f *field) prepareMatches(path string) (faults []error) {
	var all []string
	for _, rule := range f.MatchNone {
		all = append(all, rule.Pattern)
	}
	if f.MatchAny != nil {
		all = append(all, f.MatchAny.Patterns...)
	}
	if len(all) > 0 && f.Type != "string" {
		faults = append(faults, fmt.Errorf("%s: only strings can match a pattern", path))
	}
	for _, pattern := range all {
		if _, err := matches(pattern, ""); err != nil {
			faults = append(faults, fmt.Errorf("%s: pattern %q: %w", path, pattern, err))
		}
	}
	return faults
}

// unmatched returns what is said of a string that breaks a rule of patterns, "" for none.
func (f *field) unmatched(v any) string {
	text, ok := v.(string)
	if !ok {
		return ""
	}
	for _, rule := range f.MatchNone {
		if found, _ := matches(rule.Pattern, text); found {
			return rule.Err
		}
	}
	if f.MatchAny == nil {
		return ""
	}
	for _, pattern := range f.MatchAny.Patterns {
		if found, _ := matches(pattern, text); found {
			return ""
		}
	}
	return f.MatchAny.Err
}

// matches is Lua's string.match, whose patterns are no regular expressions.
func matches(pattern, text string) (bool, error) {
	found, err := pm.Find(pattern, []byte(text), 0, 1)
	return len(found) > 0, err
}
