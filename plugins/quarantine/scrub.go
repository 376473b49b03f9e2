package quarantine

import (
	"net/url"
	"slices"
	"strings"

	"webhookedge/plugins/internal/redact"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/spec"
	"webhookedge/plugins/streams/archive"
)

// scrubber removes from records what authorises their requests.
type scrubber struct {
	always  []string // names of headers that the user adds
	schemes []places
	facts   []string // places of what an event says, which is not secret

	// The places in which the provider puts the secret itself into its bodies. Such a
	// body is not signed, so that it can be changed and changed back.
	paths  []string // of JSON bodies
	fields []string // of form-encoded bodies
}

// newScrubber returns the scrubber of a row. chosen is the scheme of the route with
// its settings filled in, nil where that is not known here.
func newScrubber(row *provider.Provider, chosen *spec.Scheme, always []string) *scrubber {
	s := &scrubber{always: always, facts: factsOf(row)}
	for i := range row.Schemes {
		written := &row.Schemes[i]
		scheme := written
		if chosen != nil && chosen.Name == scheme.Name {
			scheme = chosen
		}
		p := placesOf(row, scheme, written)
		s.schemes = append(s.schemes, p)
		if p.shows() {
			s.addBody(scheme.Each, p.signature)
		}
	}
	return s
}

// scheme returns the places of the scheme of a name, nil where there is none.
func (s *scrubber) scheme(name string) *places {
	at := slices.IndexFunc(s.schemes, func(p places) bool { return p.name == name })
	if at < 0 {
		return nil
	}
	return &s.schemes[at]
}

// apply removes secrets from r. keys make the sums by which a release tells that
// a removed token was the right one.
func (s *scrubber) apply(r *archive.Record, keys *archive.Keys) {
	var proved *places
	if r.Verification != nil {
		proved = s.scheme(r.Verification.Scheme)
	}
	seen := map[string]int{}
	for i := range r.Headers {
		line := &r.Headers[i]
		index := seen[line.Name]
		seen[line.Name]++
		at := "header:" + line.Name
		if !slices.Contains(s.always, line.Name) && !s.secret(at, line.Name, proved) {
			continue
		}
		r.NoteRemoved(archive.Token{At: at, Index: index}, string(line.Value), s.mark(at), keys)
		line.Value = []byte(archive.Removed)
	}
	query := func(name string) bool { return s.secret("query:"+name, name, proved) }
	r.Query = []byte(s.removeFields(r, "query:", string(r.Query), query, keys))
	if head, rest, ok := strings.Cut(string(r.PublicURL), "?"); ok {
		r.PublicURL = []byte(head + "?" + s.removeFields(nil, "query:", rest, query, keys))
	}
	s.hideInBody(r, keys)
	slices.Sort(r.Removed)
	r.Removed = slices.Compact(r.Removed)
}

// secret reports whether what stands at a place of a name is not kept. proved is
// the scheme by which the delivery was proved, nil where it was not: a place that
// one scheme signs in and another shows its password in holds a signature then.
func (s *scrubber) secret(at, name string, proved *places) bool {
	if proved != nil && !proved.shows() && proved.holds(at) {
		return false
	}
	public := slices.Contains(s.facts, at)
	for i := range s.schemes {
		p := &s.schemes[i]
		if p.shows() && p.holds(at) || slices.Contains(p.words, at) {
			return true
		}
		public = public || p.holds(at) || slices.Contains(p.public, at)
	}
	return !public && redact.Authorises(name)
}

// mark is what stands before a token at a place.
func (s *scrubber) mark(at string) string {
	for i := range s.schemes {
		if p := &s.schemes[i]; p.shows() && p.holds(at) {
			return p.mark
		}
	}
	return ""
}

// removeFields removes the values of secret fields from a query or a form. With r, it
// notes them there, at places of the given kind, such as "query:".
func (s *scrubber) removeFields(r *archive.Record, kind, raw string, secret func(name string) bool, keys *archive.Keys) string {
	if raw == "" {
		return ""
	}
	seen := map[string]int{}
	parts := strings.Split(raw, "&")
	for i, part := range parts {
		name, value, ok := strings.Cut(part, "=")
		plain, err := url.QueryUnescape(name)
		if err != nil {
			plain = name
		}
		if !ok || !secret(plain) {
			continue
		}
		parts[i] = name + "=" + archive.Removed
		if r == nil {
			continue
		}
		text, err := url.QueryUnescape(value)
		if err != nil {
			text = value
		}
		r.NoteRemoved(archive.Token{At: kind + plain, Index: seen[plain]}, text, s.mark(kind+plain), keys)
		seen[plain]++
	}
	return strings.Join(parts, "&")
}

// addBody takes the places out of signature that are in a body, those of JSON inside each
// element of a list of it.
func (s *scrubber) addBody(each string, signature []string) {
	for _, at := range signature {
		switch kind, name, _ := strings.Cut(at, ":"); kind {
		case "json":
			if each != "" {
				name = each + "[*]." + name
			}
			s.paths = append(s.paths, "$."+name)
		case "form":
			s.fields = append(s.fields, name)
		}
	}
}

// hideInBody puts something else in place of tokens: their keyed hashes, by which a release
// finds the right one, or a mask where there is no key. A body that cannot be searched
// is not kept.
func (s *scrubber) hideInBody(r *archive.Record, keys *archive.Keys) {
	multipart := func(l archive.Line) bool {
		return l.Name == "content-type" && strings.HasPrefix(strings.ToLower(strings.TrimSpace(string(l.Value))), "multipart/")
	}
	switch {
	case r.Size == 0:
		return
	case len(s.fields) > 0 && slices.ContainsFunc(r.Headers, multipart):
		r.Body, r.Cut = nil, true
	case len(s.fields) > 0:
		before := len(r.Body)
		secret := func(name string) bool { return slices.Contains(s.fields, name) }
		r.Body = []byte(s.removeFields(r, "form:", string(r.Body), secret, keys))
		r.Size += len(r.Body) - before
	}
	if len(s.paths) > 0 {
		r.HideInBody(s.paths, keys)
	}
}
