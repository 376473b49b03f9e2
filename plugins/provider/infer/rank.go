package infer

import (
	"cmp"
	"regexp"
	"slices"

	"webhookedge/plugins/provider/spec"
)

// read makes readings of the hits there are, each once, and forgets them.
func (s *search) read() {
	order := []spec.Layout{spec.Numbered, spec.Versions, spec.Pairs, spec.Single, spec.List}
	slices.SortStableFunc(s.hits, func(a, b hit) int {
		return cmp.Compare(slices.Index(order, a.candidate.layout), slices.Index(order, b.candidate.layout))
	})
	seen := map[string]bool{}
	for i := range s.hits {
		h := &s.hits[i]
		id := string(h.kind) + string(h.hash) + h.candidate.at.at + string(h.candidate.raw) + string(h.key.form) + h.key.prefix + h.key.derive
		for _, p := range h.text {
			id += p.part
		}
		if !seen[id] {
			seen[id] = s.reads(h)
		}
	}
	s.hits = nil
}

// readings are those that were made, likeliest first.
func (s *search) readings() []Reading {
	slices.SortStableFunc(s.made, func(a, b Reading) int {
		if (a.Row == nil) != (b.Row == nil) {
			return map[bool]int{true: 1, false: -1}[a.Row == nil]
		}
		return cmp.Compare(a.rank, b.rank)
	})
	return s.made
}

// sure reports whether the first of readings is the only one of its signature, and none
// that has no row is likelier.
func (s *search) sure(readings []Reading) bool {
	first := &readings[0]
	if len(first.Others) > 0 {
		return false
	}
	return !slices.ContainsFunc(readings[1:], func(other Reading) bool {
		return other.rank < first.rank || other.Scheme.Signature == first.Scheme.Signature
	})
}

// md5 is a signature of a hash that the language of rows does not have.
var md5 = regexp.MustCompile(`^([a-z0-9]+=)?[0-9a-fA-F]{32}$`)

// causes say why nothing fits.
func (s *search) causes() (all []string) {
	switch {
	case s.stopped:
		all = append(all, "The search ended before its time: the delivery has too much that may be signed, or a body that is too large.")
	case slices.ContainsFunc(s.values, func(v value) bool { return md5.MatchString(v.text) }):
		all = append(all, "The delivery has what is as long as an MD5: if that is the signature, no row can have it.")
	case len(s.candidates) == 0:
		all = append(all, "Nothing in the delivery looks like a signature of SHA-1, SHA-256, SHA-384 or SHA-512, and the secret does not stand in it.")
	default:
		all = append(all, "The delivery has what may be a signature, and nothing that was tried makes it: the secret may be another one, or the capture not what was sent.")
	}
	return all
}
