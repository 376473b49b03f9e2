package schema

import (
	"fmt"
	"regexp"
	"strings"
)

// validator returns what is wrong with v, or "".
type validator func(f *field, v, arg any) string

// validatorOrder is Kong's: the first fault of a field is the one reported.
var validatorOrder = []string{
	"eq", "ne", "not_one_of", "one_of", "gt", "uuid", "between", "len_eq", "len_min", "len_max",
	"starts_with", "match", "contains",
}

// validators by attribute. The map is never changed.
var validators = map[string]validator{
	"eq": func(_ *field, v, arg any) string { return unless(equal(v, clean(arg)), "value must be %s", show(arg)) },
	"ne": func(_ *field, v, arg any) string {
		return unless(!equal(v, clean(arg)), "value must not be %s", show(arg))
	},
	"one_of":     oneOf,
	"not_one_of": notOneOf,
	"gt": func(_ *field, v, arg any) string {
		n, ok := toNumber(v)
		limit, _ := toNumber(arg)
		return unless(ok && n > limit, "value must be greater than %s", show(arg))
	},
	"uuid": func(_ *field, v, _ any) string {
		return unless(uuidPattern.MatchString(show(v)), "expected a valid UUID")
	},
	"between": func(_ *field, v, arg any) string {
		list, _ := arg.([]any)
		low, _ := toNumber(list[0])
		high, _ := toNumber(list[1])
		n, ok := toNumber(v)
		return unless(ok && n >= low && n <= high, "value should be between %d and %d", int64(low), int64(high))
	},
	"len_eq": func(_ *field, v, arg any) string {
		return unless(length(v) == count(arg), "length must be %d", count(arg))
	},
	"len_min": func(_ *field, v, arg any) string {
		return unless(length(v) >= count(arg), "length must be at least %d", count(arg))
	},
	"len_max": func(_ *field, v, arg any) string {
		return unless(length(v) <= count(arg), "length must be at most %d", count(arg))
	},
	"starts_with": func(_ *field, v, arg any) string {
		prefix, _ := arg.(string)
		return unless(strings.HasPrefix(show(v), prefix), "should start with: %s", prefix)
	},
	"match": func(_ *field, v, arg any) string {
		s, ok := v.(string)
		pattern, _ := arg.(string)
		return unless(ok && matches(s, pattern), "invalid value: %s", show(v))
	},
	"contains": containsValue,
}

var uuidPattern = regexp.MustCompile(`(?i)^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)

func unless(ok bool, format string, args ...any) string {
	if ok {
		return ""
	}
	return fmt.Sprintf(format, args...)
}

func oneOf(_ *field, v, arg any) string {
	options, _ := clean(arg).([]any)
	return unless(contains(options, v), "expected one of: %s", list(options))
}

func notOneOf(_ *field, v, arg any) string {
	options, _ := clean(arg).([]any)
	return unless(!contains(options, v), "must not be one of: %s", list(options))
}

func list(options []any) string {
	texts := make([]string, len(options))
	for i, o := range options {
		texts[i] = show(o)
	}
	return strings.Join(texts, ", ")
}

func count(arg any) int { n, _ := toNumber(arg); return int(n) }

// length is in bytes for a string, in entries for a table.
func length(v any) int {
	switch v := v.(type) {
	case string:
		return len(v)
	case []any:
		return len(v)
	case map[string]any:
		return len(v)
	}
	return 0
}

func containsValue(_ *field, v, arg any) string {
	l, _ := v.([]any)
	return unless(contains(l, clean(arg)), "expected to contain: %s", show(arg))
}

func texts(list []any) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = show(v)
	}
	return out
}

// quoted writes names as 'a', 'b'.
func quoted(names []string) string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = "'" + n + "'"
	}
	return strings.Join(out, ", ")
}
