package infer

import (
	"regexp"
	"strings"

	"webhookedge/plugins/provider/spec"
)

// tolerance of a signed time that a row has where the sender says nothing, in seconds.
const tolerance = 300

// reads makes the scheme that h shows, and reports whether it is a reading.
func (s *search) reads(h *hit) bool {
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
		if !h.text[i].add(&scheme, &o, c) {
			return false
		}
	}
	return s.offer(scheme, o)
}

// add writes p into the content of a scheme whose signature is c, and reports whether a
// row can have it there: a pair only as the signed time, in its own list.
func (p *piece) add(scheme *spec.Scheme, o *offer, c *candidate) bool {
	if p.owner != "" && (p.owner != c.at.at || c.layout == spec.Single || c.layout == spec.Versions || scheme.Timestamp != "") {
		return false
	}
	if p.base != "" {
		o.base = p.base
	}
	switch {
	case p.unit != "" && scheme.Timestamp == "":
		scheme.Timestamp, scheme.TimeUnit, scheme.ToleranceSeconds = p.at, p.unit, tolerance
		o.at, _ = spec.ParseTime(string(p.text), p.unit)
		scheme.Content += "{timestamp}"
	case scheme.ID == "" && isID(p):
		scheme.ID, scheme.Content = p.at, scheme.Content+"{id}"
	default:
		scheme.BodyUnsigned = scheme.BodyUnsigned && !p.body
		scheme.Content += p.part
	}
	return true
}

// unless returns text, "" where it is what a row without it means.
func unless(text, usual string) string {
	if text == usual {
		return ""
	}
	return text
}

// deliveryID are header names that hold the id of a delivery, and not one of an account.
var deliveryID = regexp.MustCompile(`(^|[-_.])(delivery|message|msg|event|webhook|request|notification|svix|hook|trigger)[-_]?(id|uuid|guid)?$|^id$`)

// isID reports whether a header or parameter names a delivery.
func isID(p *piece) bool {
	kind, name, _ := strings.Cut(p.at, ":")
	return (kind == "header" || kind == "query") && p.part == "{"+p.at+"}" && deliveryID.MatchString(strings.ToLower(name)) && isRandom(p.text)
}

// isRandom reports whether a text looks as if no other delivery has it.
func isRandom(text []byte) bool {
	digits := 0
	for _, c := range text {
		if c >= '0' && c <= '9' {
			digits++
		}
	}
	return len(text) >= 8 && digits >= 4
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
