package redact

import "strconv"

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
