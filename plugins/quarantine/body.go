package quarantine

import (
	"slices"
	"strings"

	"webhookedge/plugins/streams/archive"
)

// bodyTokens are the places in which a provider puts the secret itself into its
// bodies. Such a body is not signed, so that it can be changed and changed back.
type bodyTokens struct {
	paths  []string // of JSON bodies
	fields []string // of form-encoded bodies
}

// add takes the places out of signature that are in a body, those of JSON inside each
// element of a list of it.
func (b *bodyTokens) add(each string, signature []string) {
	for _, at := range signature {
		switch kind, name, _ := strings.Cut(at, ":"); kind {
		case "json":
			if each != "" {
				name = each + "[*]." + name
			}
			b.paths = append(b.paths, "$."+name)
		case "form":
			b.fields = append(b.fields, name)
		}
	}
}

// hide puts something else in place of tokens: their keyed hashes, by which a release
// finds the right one, or a mask where there is no key. A body that cannot be searched
// is not kept.
func (b *bodyTokens) hide(s *scrubber, r *archive.Record, keys *archive.Keys) {
	if r.Size == 0 {
		return
	}
	if len(b.fields) > 0 {
		b.hideFields(s, r, keys)
	}
	if len(b.paths) > 0 {
		r.HideInBody(b.paths, keys)
	}
}

func (b *bodyTokens) hideFields(s *scrubber, r *archive.Record, keys *archive.Keys) {
	if media := strings.TrimSpace(firstHeader(r, "content-type")); strings.HasPrefix(strings.ToLower(media), "multipart/") {
		r.Body, r.Cut = nil, true
		return
	}
	before := len(r.Body)
	secret := func(name string) bool { return slices.Contains(b.fields, name) }
	r.Body = []byte(s.fields(r, "form:", string(r.Body), secret, keys))
	r.Size += len(r.Body) - before
}

// firstHeader returns the first value of a header, "" where there is none.
func firstHeader(r *archive.Record, name string) string {
	at := slices.IndexFunc(r.Headers, func(l archive.Line) bool { return l.Name == name })
	if at < 0 {
		return ""
	}
	return string(r.Headers[at].Value)
}
