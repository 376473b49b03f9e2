package redact

import (
	"fmt"
	"slices"
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
		touches[i] = leads(steps, place, false)
	}
	return touches
}

// leads reports whether steps may end on the way to place or at it, or also below it.
func leads(steps []step, place []string, below bool) bool {
	switch {
	case len(steps) == 0:
		return true
	case len(place) == 0:
		return below && !slices.ContainsFunc(steps, func(s step) bool { return s.deep })
	}
	s := &steps[0]
	_, err := strconv.Atoi(place[0])
	here := s.kind == byAny || s.kind == byName && (s.name == place[0] || below && place[0] == "*" && !s.deep) || s.kind == byIndex && err == nil
	return here && leads(steps[1:], place[1:], below) || s.deep && leads(steps, place[1:], below)
}

// Concerns reports for each rule whether it may redact what stands at a place, one around
// it, or a part of it that the rule names step by step: a rule for any depth may lead below
// every place. A star in a place is any name.
func (r *Redactor) Concerns(place []string) []bool {
	concerns := make([]bool, len(r.rules))
	for i, steps := range r.rules {
		concerns[i] = leads(steps, place, true)
	}
	return concerns
}
