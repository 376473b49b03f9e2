package act

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"webhookedge/plugins/internal/ctl/inspector/api"
	"webhookedge/plugins/provider"
)

// maxDifferences bounds the texts of a body that are masked one by one.
const maxDifferences = 64

// masked stands in the place of a value that is not shown.
const masked = "[masked]"

// words are texts that are shown nowhere: secrets, in the forms that a request has them.
type words []string

// wordsOf returns the secret of a sender and those of its settings that are secret.
func wordsOf(s *sender) words {
	var all words
	all.add(s.Secret)
	for i := range s.Row.Settings {
		if set := &s.Row.Settings[i]; set.Secret {
			all.add(s.Settings[set.Name])
		}
	}
	return all
}

func (w *words) add(secret string) {
	if secret == "" {
		return
	}
	*w = append(*w, secret, url.QueryEscape(secret), url.PathEscape(secret), base64.StdEncoding.EncodeToString([]byte(secret)), base64.RawURLEncoding.EncodeToString([]byte(secret)))
	if text, err := json.Marshal(secret); err == nil {
		*w = append(*w, strings.Trim(string(text), `"`))
	}
	// A user and a password are one secret, and show apart.
	if _, password, ok := strings.Cut(secret, ":"); ok && password != "" {
		*w = append(*w, password)
	}
}

// in reports whether a text has one of w.
func (w words) in(text string) bool {
	return slices.ContainsFunc(w, func(word string) bool { return strings.Contains(text, word) })
}

// masked returns a text without any of w.
func (w words) masked(text string) string {
	for _, word := range w {
		text = strings.ReplaceAll(text, word, masked)
	}
	return text
}

// shown returns a signed request as it may be shown. Whatever is another in the request of
// a stranger, who has another secret, is masked: that needs no knowledge of the places in
// which a scheme puts its proof, and what cannot be told apart is not shown at all.
func shown(signed, stranger *provider.Signed, hide words) *api.Request {
	r := &api.Request{From: "gateway", Method: signed.Method, URL: shownURL(signed.URL, stranger.URL, hide), Body: shownBody(signed.Body, stranger.Body, hide)}
	for i, h := range signed.Headers {
		line := api.Header{Name: h.Name, Value: h.Value}
		same := i < len(stranger.Headers) && stranger.Headers[i] == h
		if !same || hide.in(h.Value) || telling(h.Name) {
			line.Value, line.Masked = masked, true
		}
		r.Headers = append(r.Headers, line)
	}
	return r
}

// telling reports whether the name of a header says that its value authorises.
func telling(name string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc([]string{"authorization", "cookie", "token", "secret", "password", "signature", "api-key"}, func(part string) bool {
		return strings.Contains(name, part)
	})
}

func shownURL(text, other string, hide words) string {
	base, query, has := strings.Cut(text, "?")
	otherBase, otherQuery, _ := strings.Cut(other, "?")
	if base != otherBase || hide.in(base) {
		return masked
	}
	if !has {
		return base
	}
	fields, _ := maskFields(query, otherQuery, hide)
	return base + "?" + fields
}

// maskFields masks the values of a query or a form that differ from another's.
func maskFields(text, other string, hide words) (out string, names []string) {
	parts, others := strings.Split(text, "&"), strings.Split(other, "&")
	for i, part := range parts {
		if i < len(others) && others[i] == part && !hide.in(part) {
			continue
		}
		name, _, _ := strings.Cut(part, "=")
		if hide.in(name) {
			name = masked
		}
		parts[i], names = name+"="+masked, append(names, name)
	}
	return strings.Join(parts, "&"), names
}

// shownBody masks the values of JSON and of a form that differ from a stranger's. Where
// something else differs, nothing of the body is shown.
func shownBody(body, other []byte, hide words) api.Body {
	if bytes.Equal(body, other) && !hide.in(string(body)) {
		return bodyOf(body)
	}
	whole := api.Body{Kind: bodyOf(body).Kind, Size: len(body), Cut: true, Masked: []string{"body"}}
	var text string
	var names []string
	var mine, theirs any
	switch {
	case json.Unmarshal(body, &mine) == nil && json.Unmarshal(other, &theirs) == nil:
		var ok bool
		if text, names, ok = maskJSON(string(body), string(other), mine, theirs); !ok {
			return whole
		}
	case isForm(body) && isForm(other):
		var fields []string
		text, fields = maskFields(string(body), string(other), hide)
		for _, name := range fields {
			names = append(names, "form:"+name)
		}
	default:
		return whole
	}
	if hide.in(text) {
		return whole
	}
	b := bodyOf([]byte(text))
	b.Size, b.Masked = len(body), names
	return b
}

// maskJSON replaces the texts of a document that differ from another's. It fails where
// the two are not the same then, byte for byte: something else differs, or a text is
// written in a way that was not found.
func maskJSON(body, other string, mine, theirs any) (out string, places []string, ok bool) {
	if !differences("$", mine, theirs, func(place, a, b string) {
		if places = append(places, place); len(places) <= maxDifferences {
			body, other = replaceText(body, a), replaceText(other, b)
		}
	}) || body != other || len(places) > maxDifferences {
		return "", nil, false
	}
	return body, places, true
}

// replaceText masks a text in a document, where it is written with as few escapes as
// possible or with those of encoding/json.
func replaceText(document, text string) string {
	for _, escape := range []bool{false, true} {
		var plain bytes.Buffer
		enc := json.NewEncoder(&plain)
		enc.SetEscapeHTML(escape)
		if enc.Encode(text) == nil {
			document = strings.ReplaceAll(document, strings.TrimSuffix(plain.String(), "\n"), `"`+masked+`"`)
		}
	}
	return document
}

// differences tells each of the texts of a value that differ from another's, and fails
// where something else than a text differs.
func differences(place string, mine, theirs any, each func(place, a, b string)) bool {
	switch a := mine.(type) {
	case string:
		b, ok := theirs.(string)
		if ok && a != b {
			each(place, a, b)
		}
		return ok
	case map[string]any:
		b, ok := theirs.(map[string]any)
		if !ok || len(a) != len(b) {
			return false
		}
		for name, value := range a {
			other, there := b[name]
			if !there || !differences(place+"."+name, value, other, each) {
				return false
			}
		}
		return true
	case []any:
		b, ok := theirs.([]any)
		if !ok || len(a) != len(b) {
			return false
		}
		for i := range a {
			if !differences(place+"[]", a[i], b[i], each) {
				return false
			}
		}
		return true
	}
	return mine == theirs
}

// isForm reports whether a body looks like fields of a form.
func isForm(body []byte) bool {
	return bytes.IndexByte(body, '=') > 0 && !bytes.ContainsAny(body, " \r\n\t<{\"")
}
