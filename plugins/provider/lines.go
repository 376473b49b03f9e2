package provider

import "slices"

// numbered reads the headers <name>-1, <name>-2 and so on, up to the first
// that is not there.
func (s *scheme) numbered(h Headers, f *family, in *signed) error {
	for _, name := range f.numbers {
		value, n := h.Get(name)
		switch {
		case n == 0:
			return in.some()
		case n > 1:
			return ErrRepeated
		case len(value) > maxHeader:
			return ErrMalformed
		}
		if err := s.signatures(value, f, in); err != nil {
			return err
		}
	}
	return in.some()
}

// lines reads every line of a header.
func (s *scheme) lines(h Headers, name string, f *family, in *signed) error {
	value, n := h.Get(name)
	values := []string{value}
	if n > 1 {
		all, ok := h.(allLines)
		if !ok {
			return ErrRepeated
		}
		values = all.All(name)
	}
	if len(values) > maxSignatures {
		return ErrMalformed
	}
	for i, value := range values {
		switch {
		case len(value) > maxHeader:
			return ErrMalformed
		case slices.Contains(values[:i], value):
			return ErrRepeated
		}
		if err := s.signatures(value, f, in); err != nil {
			return err
		}
	}
	return in.some()
}
