package redact

import (
	"fmt"
	"strconv"
	"strings"
)

// Bounds of a path.
const (
	maxPath  = 1024 // bytes
	maxSteps = 64
)

type stepKind uint8

const (
	byName stepKind = iota
	byIndex
	byAny
)

// step is one selector. deep lets it match at any depth below where it stands.
type step struct {
	kind  stepKind
	name  string
	index int
	deep  bool
}

// parse reads a path. The error is an ErrPath.
func parse(path string) ([]step, error) {
	rest, ok := strings.CutPrefix(path, "$")
	if !ok || rest == "" || len(path) > maxPath {
		return nil, fmt.Errorf("%w: it must begin with $, lead somewhere and have at most %d bytes", ErrPath, maxPath)
	}
	var steps []step
	for rest != "" {
		var s step
		var err error
		if s, rest, err = next(rest); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrPath, err)
		}
		steps = append(steps, s)
	}
	if len(steps) > maxSteps {
		return nil, fmt.Errorf("%w: more than %d steps", ErrPath, maxSteps)
	}
	return steps, nil
}

// next cuts the first selector off rest.
func next(rest string) (step, string, error) {
	var s step
	if after, ok := strings.CutPrefix(rest, ".."); ok {
		s.deep, rest = true, after
		if !strings.HasPrefix(rest, "[") {
			rest = "." + rest
		}
	}
	if strings.HasPrefix(rest, "[") {
		return bracket(s, rest[1:])
	}
	rest, ok := strings.CutPrefix(rest, ".")
	if !ok {
		return s, "", fmt.Errorf("a name must follow a dot or stand in brackets")
	}
	end := strings.IndexAny(rest, ".[")
	if end < 0 {
		end = len(rest)
	}
	s.name, rest = rest[:end], rest[end:]
	switch {
	case s.name == "*":
		s.kind, s.name = byAny, ""
	case s.name == "" || strings.ContainsAny(s.name, " *]'\"\\@?()"):
		return s, "", fmt.Errorf("a name is empty or must stand in brackets and quotes")
	}
	return s, rest, nil
}

// bracket reads what stands behind an opening bracket.
func bracket(s step, rest string) (step, string, error) {
	if rest != "" && (rest[0] == '\'' || rest[0] == '"') {
		name, after, ok := quoted(rest)
		if after, closed := strings.CutPrefix(after, "]"); ok && closed {
			s.name = name
			return s, after, nil
		}
		return s, "", fmt.Errorf("a quoted name does not end")
	}
	inside, after, ok := strings.Cut(rest, "]")
	if ok && inside == "*" {
		s.kind = byAny
		return s, after, nil
	}
	n, err := strconv.ParseUint(inside, 10, 31)
	if !ok || err != nil || strconv.FormatUint(n, 10) != inside {
		return s, "", fmt.Errorf("brackets must hold a position, a star or a quoted name")
	}
	s.kind, s.index = byIndex, int(n)
	return s, after, nil
}

// quoted reads a name in quotes, in which a backslash stands before a quote or
// a backslash.
func quoted(text string) (name, rest string, ok bool) {
	var b strings.Builder
	for i := 1; i < len(text); i++ {
		switch c := text[i]; {
		case c == text[0]:
			return b.String(), text[i+1:], true
		case c != '\\':
			b.WriteByte(c)
		case i+1 < len(text) && (text[i+1] == '\\' || text[i+1] == '\'' || text[i+1] == '"'):
			i++
			b.WriteByte(text[i])
		default:
			return "", "", false
		}
	}
	return "", "", false
}

// Touches reports for each rule whether it may change what stands at a place,
// given by the names that lead there: by redacting that value or one around it,
// or, dropping an element, by moving a later one to the place.
func (r *Redactor) Touches(place []string) []bool {
	touches := make([]bool, len(r.rules))
	for i, steps := range r.rules {
		touches[i] = leadsToward(steps, place)
	}
	return touches
}

// leadsToward reports whether steps may end on the way to place or at it.
func leadsToward(steps []step, place []string) bool {
	switch {
	case len(steps) == 0:
		return true
	case len(place) == 0:
		return false
	}
	s := &steps[0]
	_, err := strconv.Atoi(place[0])
	here := s.kind == byAny || s.kind == byName && s.name == place[0] || s.kind == byIndex && err == nil
	return here && leadsToward(steps[1:], place[1:]) || s.deep && leadsToward(steps, place[1:])
}
