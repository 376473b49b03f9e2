package infer

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/internal/place"
	"webhookedge/plugins/provider/internal/signedtext"
	"webhookedge/plugins/provider/spec"
)

// piece is a part of a text that may be signed.
type piece struct {
	part  string // in a content: {header:x-id}, or a text that stands for itself
	text  []byte // what stands for it in the sample
	at    string // its place, where it has one
	unit  spec.Unit
	owner string // place of the list in which a pair stands
	base  string // of a URL: what is signed in place of scheme and host
	key   bool   // the key, whose text depends on how it is read
	body  bool   // it covers the body
}

func literal(text string) piece { return piece{part: text, text: []byte(text)} }

// pieces are what a signed text may be made of.
type pieces struct {
	bodies  []piece // the body, and what stands for it
	times   []piece
	ids     []piece // headers and parameters, likely ones first
	urls    []piece
	scalars []piece // of the body
	method  piece
	key     piece
	marks   []piece // texts such as v0
}

// Most of each that are put together.
const (
	maxTimes = 4
	maxIDs   = 12
)

func piecesOf(s *search) *pieces {
	r := s.request
	p := &pieces{
		method: piece{part: "{method}", text: []byte(r.Method)}, key: piece{part: "{key}", key: true}, urls: urlsOf(r), bodies: bodiesOf(r),
	}
	for _, v := range s.values {
		x := piece{part: "{" + v.at + "}", text: []byte(v.text), at: v.at, unit: unitOf(v.text)}
		inBody := v.kind() == "json" || v.kind() == "form"
		if inBody && strings.ContainsFunc(v.text, unicode.IsControl) {
			x.part = "{" + v.at + "|free}"
		}
		switch {
		case len(v.text) > maxValue && v.kind() == "form":
			x.part = "{" + v.at + "|free}"
			p.bodies = append(p.bodies, x)
		case len(v.text) > maxValue:
		case x.unit != "" && v.kind() != "json":
			p.times = append(p.times, x)
		case inBody:
			p.scalars = append(p.scalars, x)
		case likely(&v) > 0:
			p.ids = append(p.ids, x)
		}
	}
	p.times = append(p.times, pairedTimes(s.candidates)...)
	slices.SortStableFunc(p.ids, func(a, b piece) int {
		return cmp.Compare(likely(&value{b.at, ""}), likely(&value{a.at, ""}))
	})
	p.times, p.ids = p.times[:min(len(p.times), maxTimes)], p.ids[:min(len(p.ids), maxIDs)]
	for _, mark := range []string{"v0", "v1", "v2"} {
		p.marks = append(p.marks, literal(mark))
	}
	return p
}

// pairedTimes are the times that stand in lists with a signature.
func pairedTimes(candidates []candidate) (all []piece) {
	seen := map[string]bool{}
	for i := range candidates {
		c := &candidates[i]
		beside := slices.Clone(c.pairs)
		if c.first != "" {
			beside = append(beside, value{"pair:0", c.first})
		}
		for _, v := range beside {
			if unit := unitOf(v.text); unit != "" && !seen[c.at.at+v.at] {
				seen[c.at.at+v.at] = true
				all = append(all, piece{part: "{" + v.at + "}", text: []byte(v.text), at: v.at, unit: unit, owner: c.at.at})
			}
		}
	}
	return all
}

// likely says how likely a header or parameter is signed beside a body, 0 for never.
func likely(v *value) int {
	name := strings.ToLower(v.name())
	switch name {
	case "accept", "accept-encoding", "connection", "content-length", "user-agent", "authorization", "cookie", "via", "forwarded", "expect", "te":
		return 0
	case "host", "content-type", "date", "origin":
		return 1
	}
	if strings.HasPrefix(name, "x-forwarded-") || strings.HasPrefix(name, "x-real-") {
		return 1
	}
	score := 2
	for _, word := range []string{"nonce", "-id", "_id", "id", "request", "delivery", "message", "time", "token"} {
		if strings.Contains(name, word) {
			score++
		}
	}
	return score
}

// urlsOf are the forms of the public URL that may be signed. What a proxy changes is
// tried, too: the scheme, and a host that it passes on.
func urlsOf(r *provider.Request) (all []piece) {
	u, err := url.Parse(r.URL)
	if err != nil || u.Host == "" {
		return nil
	}
	target := r.Target()
	path, _, _ := strings.Cut(target, "?")
	hosts := []string{u.Host}
	if host, n := r.Headers.Get("x-forwarded-host"); n == 1 && host != u.Host && host != "" {
		hosts = append(hosts, host)
	}
	bare := strings.TrimSuffix(r.URL, target) // where the target is / and the URL has none
	for _, host := range hosts {
		for _, scheme := range []string{u.Scheme, "https", "http"} {
			base := scheme + "://" + host
			full := piece{part: "{url}", text: []byte(base + strings.TrimPrefix(r.URL, bare)), base: base}
			if slices.ContainsFunc(all, func(p piece) bool { return string(p.text) == string(full.text) }) {
				continue
			}
			all = append(all, full)
			if path != target {
				all = append(all, piece{part: "{url|no-query}", text: []byte(base + path), base: base})
			}
		}
	}
	all = append(all, piece{part: "{target}", text: []byte(target)})
	if path != target {
		all = append(all, piece{part: "{target|no-query}", text: []byte(path)})
	}
	return all
}

// bodiesOf are the body and what the language of rows makes of one: hashes, and the
// fields of a form.
func bodiesOf(r *provider.Request) (all []piece) {
	parts := []string{
		"{body}", "{body|sha256|hex}", "{body|sha256|base64}", "{body|sha512|hex}", "{body|sha256|hex|upper}", "{body|sha256|base64url}",
		"{body|sha512|base64}", "{body|sha1|hex}", "{body|sha384|hex}",
	}
	v := place.Values{Request: r}
	if form := place.WithoutBOM(r.Body); len(form) > 0 && place.FormatOf(form, []spec.Format{spec.FormatJSON, spec.FormatForm, spec.FormatXML}) == spec.FormatForm {
		v.IsForm, v.Form = true, form
		parts = append(parts, "{form-sorted}")
		if name, ok := document(form); ok {
			parts = append(parts, "{form-only:"+name+"}")
		}
	}
	if v.IsForm || r.RawQuery() != "" {
		parts = append(parts, "{params-sorted}")
	}
	for _, part := range parts {
		t, err := signedtext.Compile(part, &place.Paths{})
		if err != nil {
			continue
		}
		if text, err := t.Text(&signedtext.Input{Values: v, Stamp: &signedtext.Stamp{}}); err == nil {
			all = append(all, piece{part: part, text: []byte(text), body: true})
		}
	}
	return all
}
