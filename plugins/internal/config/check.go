package config

import "strconv"

// Check reports everything that keeps v, a struct or a pointer to one, from being
// a configuration: unsupported types, tags that are missing, misspelt or
// contradict each other, defaults that break their own rules. Tests call it.
// The error is an ErrModel.
func Check(v any) error {
	_, err := modelOf(v)
	return err
}

// bounds is the range of a number in words.
func (s *shape) bounds() string {
	number := func(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
	switch {
	case *s.max == maxExact:
		return number(*s.min) + " or more"
	case *s.min == -maxExact:
		return number(*s.max) + " or less"
	default:
		return number(*s.min) + " to " + number(*s.max)
	}
}
