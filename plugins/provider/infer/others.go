package infer

import (
	"fmt"
	"slices"
	"strings"
)

// others are the readings of the same bytes that the samples do not tell apart, in words.
func (s *search) others(h *hit) (all []string) {
	covered := false
	for i := range h.text {
		p := &h.text[i]
		covered = covered || p.body || p.unit == "" && p.at != ""
		all = append(all, s.elsewhere(p)...)
		all = append(all, s.unshown(p)...)
	}
	if !covered {
		all = append(all, "What is signed tells nothing of the event: parts of it may be absent in this delivery.")
	}
	for _, e := range h.candidate.also {
		all = append(all, fmt.Sprintf("The signature has no character that tells %s from %s.", h.candidate.encoding, e))
	}
	if s.rewritten != "" {
		all = append(all, "The signature is right for another body than the captured one, on which the row was tried. "+s.rewritten)
	}
	return all
}

// unshown says what of a part no sample shows.
func (s *search) unshown(p *piece) []string {
	switch {
	case p.body && !slices.ContainsFunc(s.q.Samples, func(x Sample) bool { return len(x.Request.Body) > 0 }):
		return []string{"The body is empty, so that nothing shows whether it is signed."}
	case (strings.HasPrefix(p.part, "{url") || strings.HasPrefix(p.part, "{target")) && !s.anyQuery():
		return []string{"The URL has no query, so that nothing shows whether one is signed."}
	case p.part == "{params-sorted}" && s.anyQuery() && len(s.request.Body) > 0:
		return []string{"The parameters may be those of the query or of the body."}
	}
	return nil
}

// elsewhere are the readings of one part by other places, or by none.
func (s *search) elsewhere(p *piece) (all []string) {
	if p.at == "" {
		return nil
	}
	for _, v := range s.values {
		if v.at != p.at && v.text == string(p.text) && !s.differ(v.at, p.at) {
			all = append(all, fmt.Sprintf("%s has the value of %s, and may be what is signed.", v.at, p.at))
		}
	}
	name := strings.ToLower(p.at)
	changes := p.unit != "" || isID(p) || isRandom(p.text) && (strings.Contains(name, "nonce") || strings.Contains(name, "token"))
	if kind, _, _ := strings.Cut(p.at, ":"); kind != "json" && kind != "form" && !changes && !s.varies(p.at) {
		all = append(all, fmt.Sprintf("What stands at %s may be the same in every delivery, and a fixed text of what is signed.", p.at))
	}
	return all
}

func (s *search) anyQuery() bool {
	return slices.ContainsFunc(s.q.Samples, func(x Sample) bool { return strings.Contains(x.Request.URL, "?") })
}

// differ reports whether two places have different values in one of the samples.
func (s *search) differ(a, b string) bool {
	for i := range s.q.Samples {
		if s.valueAt(i, a) != s.valueAt(i, b) {
			return true
		}
	}
	return false
}

// varies reports whether a place has different values in two samples.
func (s *search) varies(at string) bool {
	for i := range s.q.Samples {
		if s.valueAt(i, at) != s.valueAt(0, at) {
			return true
		}
	}
	return false
}

// valueAt is what stands at a place of the i-th sample, "" for nothing.
func (s *search) valueAt(i int, at string) string {
	for _, v := range valuesOf(&s.q.Samples[i].Request) {
		if v.at == at {
			return v.text
		}
	}
	return ""
}
