package place

import (
	"slices"
	"strings"

	"webhookedge/plugins/internal/formscan"
	"webhookedge/plugins/internal/jsonscan"
	"webhookedge/plugins/provider/spec"
)

// Values reads places of one request.
type Values struct {
	Request  *Request
	JSON     jsonscan.Values
	Claims   jsonscan.Values // of a JWT
	Format   spec.Format     // of the body, by its bytes
	Form     []byte          // the body where it is a form, else nil
	IsForm   bool
	Bodies   *Bodies // nil where neither the body nor the query is read as a row says
	document []byte  // that JSON was found in, for Name
	query    []byte  // that of the request, once it is read
	Settings map[string]string
}

// Get returns the first value at a place and how many there are. JSON members that are
// absent, null, objects or arrays have no value.
func (v *Values) Get(at Place) (text string, n int) {
	switch at.Kind {
	case Header:
		return v.Request.Headers.Get(at.Name)
	case Query:
		if v.query == nil {
			v.query = []byte(v.Request.RawQuery())
		}
		return fieldOf(v.query, at.Name)
	case Form:
		return fieldOf(v.Form, at.Name)
	case Body:
		if len(v.Request.Body) > 0 {
			return string(v.Request.Body), 1
		}
	case XML:
		return elementOf(v.Request.Body, at.Name)
	case Setting:
		if text = v.Settings[at.Name]; text != "" {
			return text, 1
		}
	case Text:
		return at.Name, 1
	}
	return v.inJSON(at)
}

// inJSON is Get of places in a JSON document.
func (v *Values) inJSON(at Place) (text string, n int) {
	switch at.Kind {
	case JSON:
		return valueOf(v.JSON, at.path)
	case Member:
		if at.path < len(v.JSON) && v.JSON[at.path].Kind != jsonscan.Absent {
			return memberName(at.Name), 1
		}
	case Claim:
		return valueOf(v.Claims, at.path)
	case Nested, Base64, Token:
		if text, n = valueOf(v.JSON, at.path); n == 1 {
			return insideOf(at, text)
		}
	case Name:
		return onlyName(v.document, at.inside.names)
	}
	return "", 0
}

func valueOf(found jsonscan.Values, i int) (string, int) {
	if i >= len(found) || found[i].Kind == jsonscan.Absent || found[i].Kind == jsonscan.Container {
		return "", 0
	}
	return found[i].Text, 1
}

// HasClaim reports whether something but null stands at a claim, be it an object.
func (v *Values) HasClaim(at Place) bool {
	return at.path < len(v.Claims) && v.Claims[at.path].Kind != jsonscan.Absent
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

// One returns the value at a place where exactly one, of at most most bytes,
// must stand.
func (v *Values) One(at Place, most int) (string, error) {
	text, n := v.Get(at)
	switch {
	case n == 0, n == 1 && text == "":
		return "", spec.ErrMissing
	case n > 1:
		return "", spec.ErrRepeated
	case len(text) > most:
		return "", spec.ErrMalformed
	}
	return text, nil
}

// Sole returns the text at a place where there is exactly one, else "".
func (v *Values) Sole(at Place) string {
	text, n := v.Get(at)
	if n > 1 && at.Kind == Header && v.Request.repeats(at.Name, text) {
		n = 1
	}
	if n != 1 || at.Kind == JSON && v.JSON[at.path].Kind == jsonscan.Bool || v.elsewhere(at) {
		return ""
	}
	return text
}

// repeats reports whether every line of a header has one value, as a proxy makes of a
// single line that it adds to its own.
func (r *Request) repeats(name, value string) bool {
	all, ok := r.Headers.(AllLines)
	return ok && !slices.ContainsFunc(all.All(name), func(line string) bool { return line != value })
}

// elsewhere reports whether a place is the query of a delivery that says what it
// says in its body: a provider that sends by GET signs the one or the other.
func (v *Values) elsewhere(at Place) bool {
	return at.Kind == Query && v.Bodies != nil && v.Bodies.byGET && (v.Request.InBody || len(v.Request.Body) > 0) && !at.In(v.Request.Covers)
}

// RawQuery returns the query of the request as it was sent.
func (r *Request) RawQuery() string {
	if r.Query != "" {
		return r.Query
	}
	_, query, _ := strings.Cut(r.URL, "?")
	return query
}

// Target returns the path and query of the public URL as they were sent.
func (r *Request) Target() string {
	rest := r.URL
	if _, after, ok := strings.Cut(rest, "://"); ok {
		rest = after
	}
	if i := strings.IndexAny(rest, "/?"); i >= 0 {
		return rest[i:]
	}
	return "/"
}

// Headers reads the headers of a request; pipeline.Headers is one. Get returns
// the first value of name, given in lower case, and how many lines have it.
type Headers interface {
	Get(name string) (value string, n int)
}

// AllLines is what Headers may have as well: all values of a name, in order.
type AllLines interface {
	All(name string) []string
}

// HeaderList is a list of lines in order. It implements Headers.
type HeaderList []spec.Header

// Get implements Headers.
func (l HeaderList) Get(name string) (value string, n int) {
	for i := range l {
		if l[i].Name == name {
			if n == 0 {
				value = l[i].Value
			}
			n++
		}
	}
	return value, n
}

// All returns all values of a name, in order.
func (l HeaderList) All(name string) []string {
	var values []string
	for i := range l {
		if l[i].Name == name {
			values = append(values, l[i].Value)
		}
	}
	return values
}

// Request is what a scheme may sign and Describe may read. It is not kept and
// not changed.
type Request struct {
	Method  string
	URL     string // public URL as the sender called it, for schemes that sign it
	Query   string // raw query, where it is not that of URL
	Headers Headers
	Body    []byte
	// InBody says that the delivery has a body, where Body is not it.
	InBody bool
	// Covers is Proof.Covers for Describe, which marks what else it reads. Nil means
	// that nothing is known of a proof, and nothing is marked.
	Covers []string
}

// Bounds of what a delivery may carry. Real signature headers are below 1,400
// bytes (RSA with 4096 bits is 684, a JWT with claims some more), ids below
// 100, timestamps 10 or 13 digits or an RFC 3339 time.
const (
	MaxHeader     = 4096
	MaxToken      = 16 << 10 // a JWT whose claim is the body (Lago)
	MaxBodyToken  = 64 << 10 // a JWT in the body, of which a claim may hold another with its certificates
	MaxID         = 256
	MaxTimestamp  = 40
	MaxSignatures = 16
)
