package provider

import (
	"slices"
	"strings"

	"webhookedge/plugins/internal/formscan"
	"webhookedge/plugins/internal/jsonscan"
)

// values reads places of one request.
type values struct {
	r      *Request
	json   jsonscan.Values
	claims jsonscan.Values // of a JWT
	format Format          // of the body, by its bytes
	form   []byte          // the body where it is a form, else nil
	isForm bool
	// eitherQuery says that the provider sends by GET too.
	eitherQuery bool
	// documentField is the field of a form that holds a JSON document, "" for none.
	documentField string
	doubles       DuplicateKeys
	query         []byte // that of the request, once it is read
	in            *signed
	settings      map[string]string
	key           []byte // of a template that holds {key}
	// fields is what is signed of a form, once it is made.
	fields struct {
		of   partName
		text string
	}
	// challenge is that of a handshake.
	challenge string
}

// get returns the first value at a place and how many there are. JSON members that are
// absent, null, objects or arrays have no value.
func (v *values) get(at place) (text string, n int) {
	switch at.kind {
	case atHeader:
		return v.r.Headers.Get(at.name)
	case atQuery:
		if v.query == nil {
			v.query = []byte(v.r.query())
		}
		return fieldOf(v.query, at.name)
	case atForm:
		return fieldOf(v.form, at.name)
	case atJSON:
		return valueOf(v.json, at.path)
	case atMember:
		if at.path < len(v.json) && v.json[at.path].Kind != jsonscan.Absent {
			return memberName(at.name), 1
		}
	case atClaim:
		return valueOf(v.claims, at.path)
	case atSetting:
		if text = v.settings[at.name]; text != "" {
			return text, 1
		}
	case atText:
		return at.name, 1
	}
	return "", 0
}

func valueOf(found jsonscan.Values, i int) (string, int) {
	if i >= len(found) || found[i].Kind == jsonscan.Absent || found[i].Kind == jsonscan.Container {
		return "", 0
	}
	return found[i].Text, 1
}

// fieldOf returns the first value of a field and how many there are. A value
// with a broken escape counts as two, so that nobody takes it, and so does each in a form
// that is too long to be read.
func fieldOf(body []byte, name string) (text string, n int) {
	for pairs := 0; len(body) > 0; pairs++ {
		if pairs == formscan.MaxPairs {
			return "", 2
		}
		var rawName, raw []byte
		rawName, raw, body = formscan.Next(body)
		if !formscan.Is(rawName, name) {
			continue
		}
		if n++; n > 1 {
			break
		}
		value, err := formscan.Unescape(raw)
		if err != nil {
			return "", 2
		}
		text = string(value)
	}
	return text, n
}

// memberName returns the last name of a JSON path; an index behind it says only that
// the member is a list with items.
func memberName(path string) string {
	name := path[strings.LastIndexByte(path, '.')+1:]
	if rest, ok := strings.CutSuffix(path, ".0"); ok && name == "0" {
		return rest[strings.LastIndexByte(rest, '.')+1:]
	}
	return name
}

// one returns the value at a place where exactly one, of at most most bytes,
// must stand.
func (v *values) one(at place, most int) (string, error) {
	text, n := v.get(at)
	switch {
	case n == 0, n == 1 && text == "":
		return "", ErrMissing
	case n > 1:
		return "", ErrRepeated
	case len(text) > most:
		return "", ErrMalformed
	}
	return text, nil
}

// fact returns the text at a place where it can be passed on, else "".
func (v *values) fact(at place) string {
	if text := v.told(at); isFact(text) {
		return text
	}
	return ""
}

// told returns the text at a place where there is exactly one, else "".
func (v *values) told(at place) string {
	text, n := v.get(at)
	if n > 1 && at.kind == atHeader && v.r.repeats(at.name, text) {
		n = 1
	}
	if n != 1 || at.kind == atJSON && v.json[at.path].Kind == jsonscan.Bool || v.elsewhere(at) {
		return ""
	}
	return text
}

// repeats reports whether every line of a header has one value, as a proxy makes of a
// single line that it adds to its own.
func (r *Request) repeats(name, value string) bool {
	all, ok := r.Headers.(allLines)
	return ok && !slices.ContainsFunc(all.All(name), func(line string) bool { return line != value })
}

// elsewhere reports whether a place is the query of a delivery that says what it
// says in its body: a provider that sends by GET signs the one or the other.
func (v *values) elsewhere(at place) bool {
	return at.kind == atQuery && v.eitherQuery && (v.r.InBody || len(v.r.Body) > 0) && !at.in(v.r.Covers)
}

// joinedFacts returns the first list of places that has a fact at each, joined by
// colons, and whether all of it is signed.
func (v *values) joinedFacts(lists [][]place) (text string, signed bool) {
next:
	for _, list := range lists {
		var texts [maxJoined]string
		signed := true
		for i, at := range list {
			if texts[i] = v.fact(at); texts[i] == "" {
				continue next
			}
			signed = signed && at.in(v.r.Covers)
		}
		if text := strings.Join(texts[:len(list)], ":"); len(text) <= maxFact {
			return text, signed
		}
	}
	return "", true
}

// first returns the first fact that places hold, and whether it is signed.
func (v *values) first(places []place) (text string, signed bool) {
	for _, at := range places {
		if text := v.fact(at); text != "" {
			return text, at.in(v.r.Covers)
		}
	}
	return "", true
}

// firstTold returns the first text that places hold, whatever it is, and whether it
// is signed.
func (v *values) firstTold(places []place) (text string, signed bool) {
	for _, at := range places {
		if text := v.told(at); text != "" {
			return text, at.in(v.r.Covers)
		}
	}
	return "", true
}

// query returns the query of the request as it was sent.
func (r *Request) query() string {
	if r.Query != "" {
		return r.Query
	}
	_, query, _ := strings.Cut(r.URL, "?")
	return query
}

// target returns the path and query of the public URL as they were sent.
func (r *Request) target() string {
	rest := r.URL
	if _, after, ok := strings.Cut(rest, "://"); ok {
		rest = after
	}
	if i := strings.IndexAny(rest, "/?"); i >= 0 {
		return rest[i:]
	}
	return "/"
}
