package scheme

import (
	"slices"

	"webhookedge/plugins/provider/internal/place"
	"webhookedge/plugins/provider/internal/signedtext"
	"webhookedge/plugins/provider/spec"
)

// maxCopies is the most copies of a body that a scheme makes: a form's fields without
// their escapes, once more as text, sorted, and as the signed text.
const maxCopies = 4

// UnprovedCopies returns how many copies of a delivery's body v has in memory at most,
// beside the body itself, before it knows whether the delivery is proved: none where
// the body is hashed as it came.
func (v *Verifier) UnprovedCopies() int {
	s := v.compiled
	switch {
	case s.Kind != spec.HMAC && s.Signs(), // by a function that wants the whole text
		len(s.Bound) > 0, // which are compared as texts
		s.Scan != nil, v.each != nil,
		!s.Text.Streams(), s.formText != nil && !s.formText.Streams(),
		slices.ContainsFunc(s.places(), signedtext.InForm):
		return maxCopies
	}
	return 0
}

// places returns where a delivery of s must hold something, but for its content.
// Those in a JSON body are in s.scan, too.
func (s *Compiled) places() []place.Place {
	var all []place.Place
	for i := range s.Families {
		f := &s.Families[i]
		all = append(append(all, f.Signature, f.Timestamp, f.ID), f.also...)
	}
	for i := range s.Expected {
		all = append(all, s.Expected[i].At)
	}
	if s.RemoteKeys != nil {
		all = append(all, s.RemoteKeys.At, s.RemoteKeys.keyID)
	}
	return all
}
