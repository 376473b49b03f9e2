package scheme

import (
	"encoding/base64"
	"net/url"
	"slices"
	"strings"

	"webhookedge/plugins/provider/internal/place"
	"webhookedge/plugins/provider/internal/structured"
	"webhookedge/plugins/provider/spec"
)

// SignatureBase returns the text that is signed of a request (RFC 9421 section 2.5). The
// error is ErrMissing for a component that the request lacks, and ErrMalformed for one
// that is there twice, belongs to responses or trailers, or is named by a parameter other
// than key, sf, bs and name (section 2.1).
func SignatureBase(r *place.Request, input *structured.Member) (string, error) {
	var b strings.Builder
	for i := range input.Items {
		item := &input.Items[i]
		if item.Kind != structured.String || item.Text == "" || slices.ContainsFunc(input.Items[:i], func(other structured.Item) bool { return other.Raw == item.Raw }) {
			return "", spec.ErrMalformed
		}
		value, err := component(r, item)
		if err != nil {
			return "", err
		}
		b.WriteString(item.Raw + ": " + value + "\n")
	}
	b.WriteString(`"@signature-params": ` + input.Raw)
	return b.String(), nil
}

// component returns the value of a component. A line end in it would be another line of
// the signed text.
func component(r *place.Request, item *structured.Item) (value string, err error) {
	switch {
	case item.Text[0] == '@':
		value, err = derived(r, item)
	case !spec.IsHeaderName(item.Text):
		return "", spec.ErrMalformed
	default:
		value, err = header(r, item)
	}
	if err == nil && strings.ContainsFunc(value, func(c rune) bool { return c < ' ' && c != '\t' || c == 0x7f }) {
		return "", spec.ErrMalformed
	}
	return value, err
}

// header returns the lines of a header as one, or in the form that a parameter names: the
// member of a dictionary (key), the field as a serializer writes it (sf), or each line in
// base64 (bs). Nobody can want two of them (sections 2.1 to 2.1.3).
func header(r *place.Request, item *structured.Item) (string, error) {
	if len(item.Params) > 1 {
		return "", spec.ErrMalformed
	}
	form := structured.Param{}
	if len(item.Params) == 1 {
		form = item.Params[0]
	}
	switch {
	case form.Name == "key" && form.Kind == structured.String:
		return memberOf(r, item.Text, form.Text)
	case form.Name == "" || wholeField(item):
	default:
		return "", spec.ErrMalformed
	}
	lines, err := linesOf(r, item.Text)
	if err != nil {
		return "", err
	}
	if form.Name == "bs" {
		for i := range lines {
			lines[i] = ":" + base64.StdEncoding.EncodeToString([]byte(lines[i])) + ":"
		}
	}
	text := strings.Join(lines, ", ")
	if form.Name == "sf" { // a dictionary in the one spelling that is read here is what a serializer writes
		if _, err := structured.Dictionary(text); err != nil {
			return "", spec.ErrMalformed
		}
	}
	return text, nil
}

// wholeField reports whether a component is a field with all that it says, in whatever form.
func wholeField(item *structured.Item) bool {
	switch {
	case len(item.Params) == 0:
		return true
	case len(item.Params) > 1 || item.Text == "" || item.Text[0] == '@':
		return false
	}
	p := &item.Params[0]
	return (p.Name == "sf" || p.Name == "bs") && p.Kind == structured.Boolean && p.Text == "1"
}

// memberOf returns a member of a dictionary.
func memberOf(r *place.Request, name, key string) (string, error) {
	all, err := field(r, name)
	if err != nil {
		return "", err
	}
	member := structured.Find(all, key)
	if member == nil {
		return "", spec.ErrMissing
	}
	return member.Raw, nil
}

// linesOf returns the lines of a header without the blanks around them.
func linesOf(r *place.Request, name string) ([]string, error) {
	text, n := r.Headers.Get(name)
	all := []string{text}
	switch lines, ok := r.Headers.(place.AllLines); {
	case n == 0:
		return nil, spec.ErrMissing
	case n > 1 && !ok:
		return nil, spec.ErrRepeated
	case n > 1:
		all = slices.Clone(lines.All(name))
	}
	for i := range all {
		all[i] = strings.Trim(all[i], " \t")
	}
	return all, nil
}

// derived returns what the method or the URL is (section 2.2). Of the URL, which is the
// public one, nothing is rewritten but the case of its host and the port that it need
// not name.
func derived(r *place.Request, item *structured.Item) (string, error) {
	if item.Text == "@query-param" {
		return queryParameter(r, item)
	}
	scheme, rest, ok := strings.Cut(r.URL, "://")
	if len(item.Params) > 0 || !ok && item.Text != "@method" {
		return "", spec.ErrMalformed
	}
	path, query, asked := strings.Cut(r.Target(), "?")
	if path == "" {
		path = "/"
	}
	switch item.Text {
	case "@method":
		return r.Method, nil
	case "@target-uri":
		return r.URL, nil
	case "@scheme":
		return strings.ToLower(scheme), nil
	case "@path":
		return path, nil
	case "@query":
		return "?" + query, nil
	case "@request-target":
		if asked {
			path += "?" + query
		}
		return path, nil
	case "@authority":
		host := strings.ToLower(rest)
		if end := strings.IndexAny(host, "/?#"); end >= 0 {
			host = host[:end]
		}
		return strings.TrimSuffix(host, map[string]string{"https": ":443", "http": ":80"}[strings.ToLower(scheme)]), nil
	}
	return "", spec.ErrMalformed
}

// queryParameter returns the one value of a parameter of the query, both written as
// section 2.2.8 has it.
func queryParameter(r *place.Request, item *structured.Item) (string, error) {
	if len(item.Params) != 1 || item.Params[0].Name != "name" || item.Params[0].Kind != structured.String {
		return "", spec.ErrMalformed
	}
	var value string
	n := 0
	_, query, _ := strings.Cut(r.Target(), "?")
	for pair := range strings.SplitSeq(query, "&") {
		name, text, _ := strings.Cut(pair, "=")
		plain, err := url.QueryUnescape(name)
		if err != nil || escapeParameter(plain) != item.Params[0].Text {
			continue
		}
		n++
		if text, err = url.QueryUnescape(text); err != nil {
			return "", spec.ErrMalformed
		}
		value = escapeParameter(text)
	}
	switch n {
	case 0:
		return "", spec.ErrMissing
	case 1:
		return value, nil
	}
	return "", spec.ErrRepeated
}

// escapeParameter escapes as the URL standard does for forms, but with %20 for a blank.
func escapeParameter(text string) string {
	return strings.NewReplacer("+", "%20", "%2A", "*", "~", "%7E").Replace(url.QueryEscape(text))
}
