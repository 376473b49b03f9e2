package schema

import (
	"fmt"
	"strings"
)

// validators returns the attributes that say what a value must be, in Kong's
// order: the first fault of a field is the one reported.
func validators() []string { return []string{"one_of", "between", "len_min", "len_max", "match"} }

// violates returns what is wrong with v by one validator, or "".
func violates(validator string, v, arg any) string {
	switch validator {
	case "one_of":
		options, _ := clean(arg).([]any)
		return unless(contains(options, v), "expected one of: %s", strings.Join(texts(options), ", "))
	case "between":
		list, _ := arg.([]any)
		low, _ := toNumber(list[0])
		high, _ := toNumber(list[1])
		n, ok := toNumber(v)
		return unless(ok && n >= low && n <= high, "value should be between %d and %d", int64(low), int64(high))
	case "len_min":
		return unless(length(v) >= count(arg), "length must be at least %d", count(arg))
	case "len_max":
		return unless(length(v) <= count(arg), "length must be at most %d", count(arg))
	}
	s, ok := v.(string)
	pattern, _ := arg.(string)
	return unless(ok && matches(s, pattern), "invalid value: %s", show(v))
}

func unless(ok bool, format string, args ...any) string {
	if ok {
		return ""
	}
	return fmt.Sprintf(format, args...)
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

func texts(list []any) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = show(v)
	}
	return out
}

// quoted writes names as 'a', 'b'.
func quoted(names []string) string { return "'" + strings.Join(names, "', '") + "'" }
