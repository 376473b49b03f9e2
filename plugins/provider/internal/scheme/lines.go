package scheme

import (
	"slices"

	"webhookedge/plugins/provider/internal/place"
	"webhookedge/plugins/provider/spec"
)

// numbered reads the headers <name>-1, <name>-2 and so on, up to the first
// that is not there.
func (s *Compiled) numbered(h place.Headers, f *Family, in *signed) error {
	for _, name := range f.numbers {
		value, n := h.Get(name)
		switch {
		case n == 0:
			return in.some()
		case n > 1:
			return spec.ErrRepeated
		case len(value) > place.MaxHeader:
			return spec.ErrMalformed
		}
		if err := s.signatures(value, f, in); err != nil {
			return err
		}
	}
	return in.some()
}

// lines reads every line of a header.
func (s *Compiled) lines(h place.Headers, name string, f *Family, in *signed) error {
	value, n := h.Get(name)
	values := []string{value}
	if n > 1 {
		all, ok := h.(place.AllLines)
		if !ok {
			return spec.ErrRepeated
		}
		values = all.All(name)
	}
	if len(values) > place.MaxSignatures {
		return spec.ErrMalformed
	}
	for i, value := range values {
		switch {
		case len(value) > place.MaxHeader:
			return spec.ErrMalformed
		case slices.Contains(values[:i], value):
			return spec.ErrRepeated
		}
		if err := s.signatures(value, f, in); err != nil {
			return err
		}
	}
	return in.some()
}
