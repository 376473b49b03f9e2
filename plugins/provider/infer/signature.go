package infer

import (
	"encoding/base64"
	"encoding/hex"
	"regexp"
	"slices"
	"strings"

	"webhookedge/plugins/provider/spec"
)

// candidate is what may be a signature: bytes of a text, with how they stand in it.
type candidate struct {
	at        value
	raw       []byte
	layout    spec.Layout
	mark      string
	separator string
	assign    string
	encoding  spec.Encoding
	also      []spec.Encoding // which the text is in, too
	first     string          // element of a list, its time
	pairs     []value         // beside it: pair:t
}

// Bounds of what is taken for signatures.
const (
	maxCandidates = 512
	maxEntries    = 16   // of a list
	maxSignature  = 1024 // bytes, of RSA
)

// marked is a text with something in front of it that names what follows: sha256=,
// v1=, HMAC and a blank.
var marked = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9_.-]{0,31})([=:, ]) ?(.+)$`)

// version is a name of which a sender has several, so that a list of them is usual.
var version = regexp.MustCompile(`^[a-z]{1,3}[0-9]{1,2}$`)

// candidatesOf returns the texts of v that may be signatures, of any size.
func candidatesOf(v value) []candidate {
	if len(v.text) > 4096 {
		return nil
	}
	all := slices.Concat(single(v), listed(v), versions(v))
	return all[:min(len(all), maxCandidates)]
}

// single is one signature, with or without a mark.
func single(v value) []candidate {
	base := candidate{at: v, layout: spec.Single}
	if name, ok := strings.CutSuffix(v.at, "-1"); ok && v.kind() == "header" {
		base.layout, base.at.at = spec.Numbered, name
	}
	all := base.decoded(v.text)
	m := marked.FindStringSubmatch(v.text)
	if m == nil {
		return all
	}
	base.mark = strings.TrimSuffix(v.text, m[3])
	if version.MatchString(m[1]) && m[2] != " " {
		return all // an entry of a list, of which one is there
	}
	return append(all, base.decoded(m[3])...)
}

// listed are the entries of pairs, t=1,v1=<signature>, and of a list without names.
func listed(v value) (all []candidate) {
	for _, separator := range []string{",", ";", "&", " ", "|"} {
		entries := strings.Split(v.text, separator)
		if len(entries) > maxEntries {
			continue
		}
		blank := ""
		if separator != " " && strings.Contains(v.text, separator+" ") {
			blank = " "
		}
		for i, entry := range entries {
			entries[i] = strings.TrimPrefix(entry, blank)
		}
		for _, assign := range []string{"=", ":", "|"} {
			if separator != assign {
				all = append(all, pairsOf(v, entries, separator+blank, assign)...)
			}
		}
		if len(entries) < 2 {
			continue
		}
		for i, entry := range entries {
			c := candidate{at: v, layout: spec.List, separator: separator + blank}
			if unitOf(entries[0]) != "" && i > 0 {
				c.first = entries[0]
			}
			all = append(all, c.decoded(entry)...)
		}
	}
	return all
}

func pairsOf(v value, entries []string, separator, assign string) (all []candidate) {
	var pairs []value
	for _, entry := range entries {
		name, text, ok := strings.Cut(entry, assign)
		if !ok || name == "" || strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r > '~' }) {
			return nil
		}
		pairs = append(pairs, value{"pair:" + name, text})
	}
	if len(pairs) == 1 && !version.MatchString(pairs[0].name()) && assign != "|" {
		return nil // one mark, one signature
	}
	for _, p := range pairs {
		c := candidate{at: v, layout: spec.Pairs, mark: p.name(), separator: separator, assign: assign, pairs: pairs}
		all = append(all, c.decoded(p.text)...)
	}
	return all
}

// versions are the entries of v1,<signature> v1,<signature>.
func versions(v value) (all []candidate) {
	entries := strings.Split(v.text, " ")
	if len(entries) > maxEntries {
		return nil
	}
	for _, entry := range entries {
		name, text, ok := strings.Cut(entry, ",")
		if !ok || !version.MatchString(name) {
			return nil
		}
		c := candidate{at: v, layout: spec.Versions, mark: name}
		all = append(all, c.decoded(text)...)
	}
	return all
}

// decoded returns c with each reading of a text as bytes.
func (c candidate) decoded(text string) (all []candidate) {
	var found []spec.Encoding
	var last []byte
	flush := func() {
		if len(found) > 0 {
			next := c
			next.raw, next.encoding, next.also = last, found[0], found[1:]
			all = append(all, next)
		}
		found, last = nil, nil
	}
	for _, e := range encodings(text) {
		raw, ok := e.Decode(text)
		if !ok || len(raw) < 20 || len(raw) > maxSignature {
			continue
		}
		if string(raw) != string(last) {
			flush()
		}
		found, last = append(found, e), raw
	}
	flush()
	return all
}

// encodings are those that text may be in, the usual first. One that only the case of its
// digits tells from another is not named twice.
func encodings(text string) []spec.Encoding {
	var all []spec.Encoding
	if _, err := hex.DecodeString(text); err == nil {
		lower, upper := strings.ContainsAny(text, "abcdef"), strings.ContainsAny(text, "ABCDEF")
		switch {
		case lower && upper:
			all = append(all, spec.HexAny)
		case upper:
			all = append(all, spec.HexUpper)
		default:
			all = append(all, spec.Hex)
		}
		if hashOf(len(text)/2) != "" {
			return all // which base64 of another size is as good as never
		}
	}
	for _, e := range []struct {
		name spec.Encoding
		base *base64.Encoding
	}{{spec.Base64, base64.StdEncoding}, {spec.Base64URL, base64.URLEncoding}, {spec.Base64Raw, base64.RawStdEncoding}, {spec.Base64URLRaw, base64.RawURLEncoding}} {
		if _, err := e.base.Strict().DecodeString(text); err == nil {
			all = append(all, e.name)
		}
	}
	// Bytes that are a multiple of three have no padding, with which the others would
	// then say the same.
	if slices.Contains(all, spec.Base64) && slices.Contains(all, spec.Base64Raw) {
		all = slices.DeleteFunc(all, func(e spec.Encoding) bool { return e == spec.Base64Raw || e == spec.Base64URLRaw })
	} else if slices.Contains(all, spec.Base64URL) && slices.Contains(all, spec.Base64URLRaw) {
		all = slices.DeleteFunc(all, func(e spec.Encoding) bool { return e == spec.Base64URLRaw })
	}
	return all
}

// hashes are those of the language.
func hashes() []spec.Hash { return []spec.Hash{spec.SHA512, spec.SHA384, spec.SHA256, spec.SHA1} }

// hashOf returns the hash whose sums have a size, "" for none.
func hashOf(size int) spec.Hash {
	for _, h := range hashes() {
		if h.Size() == size {
			return h
		}
	}
	return ""
}
