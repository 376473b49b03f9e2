package provider

import "slices"

// maxCopies is the most copies of a body that a scheme makes: a form's fields without
// their escapes, once more as text, sorted, and as the signed text.
const maxCopies = 4

// UnprovedCopies returns how many copies of a delivery's body v has in memory at most,
// beside the body itself, before it knows whether the delivery is proved: none where
// the body is hashed as it came.
func (v *Verifier) UnprovedCopies() int {
	s := v.scheme
	switch {
	case s.Kind != HMAC && s.signs(), // by a function that wants the whole text
		len(s.binds) > 0, // which are compared as texts
		s.scan != nil, v.each != nil,
		!s.content.streams(), s.form != nil && !s.form.streams(),
		slices.ContainsFunc(s.places(), inForm):
		return maxCopies
	}
	return 0
}

// streams reports whether t can be written without a copy of the body.
func (t *template) streams() bool {
	for i := range t.segments {
		for j := range t.segments[i].parts {
			switch p := &t.segments[i].parts[j]; p.name {
			case partBody:
				if len(p.filters) > 0 {
					return false
				}
			case partForm, partParams, partOnly, partPHP, partPlivo:
				return false
			case partPlace:
				if inForm(p.at) {
					return false
				}
			}
		}
	}
	return true
}

// places returns where a delivery of s must hold something, but for its content.
// Those in a JSON body are in s.scan, too.
func (s *scheme) places() []place {
	var all []place
	for i := range s.families {
		f := &s.families[i]
		all = append(append(all, f.signature, f.timestamp, f.id), f.also...)
	}
	for i := range s.expect {
		all = append(all, s.expect[i].at)
	}
	if s.remote != nil {
		all = append(all, s.remote.at, s.remote.keyID)
	}
	return all
}

func inForm(at place) bool { return at.kind == atForm }
