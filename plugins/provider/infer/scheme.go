package infer

import (
	"fmt"
	"strings"
	"time"

	"webhookedge/plugins/provider/spec"
)

// tolerance of a signed time that a row has where the sender says nothing, in seconds.
const tolerance = 300

// read makes the scheme that h shows, and offers it.
func (s *search) read(h *hit) {
	c := h.candidate
	scheme := spec.Scheme{
		Name: string(h.kind), Kind: h.kind, Hash: h.hash, Family: spec.Family{Signature: c.at.at}, Layout: c.layout, Mark: c.mark, Encoding: c.encoding,
		Key: h.key.form, KeyPrefix: h.key.prefix, KeyDerive: h.key.derive, BodyUnsigned: true,
	}
	if h.hash != "" {
		scheme.Name = string(h.hash)
	}
	switch c.layout {
	case spec.Single:
		scheme.Layout = ""
	case spec.Pairs:
		scheme.Separator, scheme.Assign = unless(c.separator, ","), unless(c.assign, "=")
	case spec.List:
		scheme.Separator = unless(c.separator, ",")
	}
	o := offer{secret: h.key.secret, notes: h.key.notes(), rank: rankOf(h), others: s.others(h)}
	for i := range h.text {
		p := &h.text[i]
		if p.owner != "" && (p.owner != c.at.at || c.layout == spec.Single || c.layout == spec.Versions) {
			return // a pair of another list
		}
		if p.unit != "" && scheme.Timestamp == "" {
			scheme.Timestamp, scheme.TimeUnit, scheme.ToleranceSeconds = p.at, p.unit, tolerance
			o.at, _ = spec.ParseTime(string(p.text), p.unit)
			scheme.Content += "{timestamp}"
			continue
		}
		if p.owner != "" {
			return // no row can sign a second one
		}
		if p.base != "" {
			o.base = p.base
		}
		if scheme.ID == "" && isID(p) {
			scheme.ID, scheme.Content = p.at, scheme.Content+"{id}"
			continue
		}
		scheme.BodyUnsigned = scheme.BodyUnsigned && !p.body
		scheme.Content += p.part
	}
	if scheme.Each = ""; scheme.Timestamp == "" {
		o.at = time.Time{}
	}
	s.offer(scheme, o)
}

// unless returns text, "" where it is what a row without it means.
func unless(text, usual string) string {
	if text == usual {
		return ""
	}
	return text
}

// isID reports whether a header or parameter names a delivery.
func isID(p *piece) bool {
	kind, name, _ := strings.Cut(p.at, ":")
	if kind != "header" && kind != "query" || p.part != "{"+p.at+"}" {
		return false
	}
	name = strings.ToLower(name)
	for _, end := range []string{"-id", "_id", "delivery", "-uuid", "-guid"} {
		if strings.HasSuffix(name, end) {
			return true
		}
	}
	return name == "id"
}

// rankOf orders readings: a signature before a digest, a longer hash before a shorter
// one, what covers the body before what does not.
func rankOf(h *hit) int {
	rank := 10 - h.hash.Size()/8
	if h.kind == spec.Digest {
		rank += 20
	}
	for i := range h.text {
		if h.text[i].body {
			return rank
		}
	}
	return rank + 40
}

// shortValue is the length in bytes below which a header's value may as well be a fixed
// text that is signed.
const shortValue = 8

// others are the readings of the same bytes by other places, in words.
func (s *search) others(h *hit) (all []string) {
	for i := range h.text {
		p := &h.text[i]
		for _, v := range s.values {
			if p.at != "" && v.at != p.at && v.text == string(p.text) {
				all = append(all, fmt.Sprintf("%s has the value of %s, and may be what is signed.", v.at, p.at))
			}
		}
		switch {
		case p.at != "" && p.unit == "" && len(p.text) < shortValue:
			all = append(all, fmt.Sprintf("What stands at %s is short, and may be a fixed text of what is signed.", p.at))
		case p.body && len(s.request.Body) == 0:
			all = append(all, "The body is empty, so that nothing shows whether it is signed.")
		case strings.HasPrefix(p.part, "{url}") && !strings.Contains(string(p.text), "?"):
			all = append(all, "The URL has no query, so that nothing shows whether one is signed.")
		case p.part == "{target}" && !strings.Contains(string(p.text), "?"):
			all = append(all, "The URL has no query, so that nothing shows whether one is signed.")
		case p.part == "{params-sorted}" && strings.Contains(s.request.URL, "?") && len(s.request.Body) > 0:
			all = append(all, "The parameters may be those of the query or of the body.")
		}
	}
	if h.hash == "" || len(h.candidate.also) == 0 {
		return all
	}
	for _, e := range h.candidate.also {
		all = append(all, fmt.Sprintf("The signature has no character that tells %s from %s.", h.candidate.encoding, e))
	}
	return all
}
