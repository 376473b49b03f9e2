package detail

import (
	"bytes"
	"encoding/base64"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"webhookedge/plugins/internal/ctl/inspector/api"
	"webhookedge/plugins/internal/formscan"
	"webhookedge/plugins/internal/jsonscan"
	"webhookedge/plugins/internal/redact"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/spec"
	"webhookedge/plugins/streams/archive"
)

const (
	// minTold is the shortest text in bytes that is looked for wherever it may stand; at
	// its own place any is taken out.
	minTold = 12
	maxTold = 64 // texts that are looked for
	// overlap is what is searched behind what is shown, so that no text is cut in two.
	overlap = 64 << 10
)

// masker takes out what must not be shown.
type masker struct {
	places places
	json   *redact.Redactor // nil where a payload has nothing to take out
	rules  []redact.Rule
	form   string // field of a form that holds a JSON document
	told   [][]byte
}

// newMasker returns the masker of a row; row and r may be nil.
func newMasker(row *provider.Provider, r *route) *masker {
	m := &masker{}
	settings := map[string]string{}
	if row != nil {
		m.form, settings = row.Facts.FormJSON, row.Examples()
	}
	for name, value := range r.given() {
		settings[name] = value
	}
	m.places = placesOf(row, settings)
	if m.rules = m.places.rules(row != nil); len(m.rules) > 0 {
		// Names of a row that are no path are refused where the row is compiled.
		m.json, _ = redact.Compile(m.rules, nil)
	}
	for _, secret := range r.secrets() {
		m.tell(secret)
	}
	return m
}

// tell has a text taken out wherever it stands, as it is and as it is escaped.
func (m *masker) tell(text string) {
	for _, form := range []string{text, url.QueryEscape(text), base64.StdEncoding.EncodeToString([]byte(text))} {
		one := []byte(form)
		if len(one) < minTold || len(m.told) >= maxTold || slices.ContainsFunc(m.told, func(known []byte) bool { return bytes.Equal(known, one) }) {
			continue
		}
		m.told = append(m.told, one)
	}
}

// tellParts has the parts of a header or a parameter taken out, such as those of
// t=1,v1=hex or of Bearer and a token.
func (m *masker) tellParts(value string) {
	m.tell(value)
	for _, part := range strings.FieldsFunc(value, func(r rune) bool { return strings.ContainsRune(" ,;:", r) }) {
		if _, after, ok := strings.Cut(part, "="); ok && strings.Trim(after, "=") != "" {
			part = after
		}
		m.tell(strings.Trim(part, `"`))
	}
}

// learn remembers what the request has at the places of secrets.
func (m *masker) learn(c *request) {
	for _, h := range c.headers {
		if h.Value != archive.Removed && m.places.hides("header", h.Name) {
			m.tellParts(h.Value)
		}
	}
	for name, values := range queryOf(c.query) {
		if m.places.hides("query", name) {
			for _, value := range values {
				m.tellParts(value)
			}
		}
	}
	if slices.Contains(m.places.tokens, "body") {
		m.tellToken(string(c.body))
	}
	for _, document := range [...][]byte{c.body, m.documentOf(c)} {
		m.learnTokens(document)
		for _, name := range of(m.places.all, "json") {
			m.tell(textAt(document, name))
		}
	}
}

// learnTokens remembers the signatures of the JWTs in a JSON document.
func (m *masker) learnTokens(document []byte) {
	for _, name := range of(m.places.tokens, "json") {
		m.tellToken(textAt(document, name))
	}
}

// textAt is the string at a path of a JSON document, "" where there is none.
func textAt(document []byte, path string) string {
	start, end, ok := jsonscan.Locate(document, path)
	if !ok || end-start < 2 || document[start] != '"' {
		return ""
	}
	return string(jsonscan.Text(document[start:end]))
}

// tellToken has the signature of a JWT taken out.
func (m *masker) tellToken(token string) {
	if parts := strings.Split(strings.TrimSpace(token), "."); len(parts) == 3 {
		m.tell(parts[2])
	}
}

// documentOf is the JSON document that a form holds, nil for none.
func (m *masker) documentOf(c *request) []byte {
	if m.form == "" {
		return nil
	}
	read := formscan.Document
	if formscan.IsMultipart(c.body) {
		read = formscan.MultipartDocument
	}
	document, err := read(c.body, m.form)
	if err != nil {
		return nil
	}
	return document
}

// queryOf reads what of a query can be read.
func queryOf(query string) url.Values {
	values, _ := url.ParseQuery(query) // an error is that of other pairs
	return values
}

// sweep takes out all texts that are known.
func (m *masker) sweep(text []byte) []byte {
	for _, told := range m.told {
		if bytes.Contains(text, told) {
			text = bytes.ReplaceAll(text, told, []byte(redact.Masked))
		}
	}
	return text
}

// text is a text without secrets, at most so long.
func (m *masker) text(text string, most int) string {
	if len(text) > most+overlap {
		text = text[:most+overlap]
	}
	swept := m.sweep([]byte(text))
	return strings.ToValidUTF8(string(cut(swept, most)), "\uFFFD")
}

// cut shortens text to most bytes, and never inside of a character.
func cut(text []byte, most int) []byte {
	if len(text) <= most {
		return text
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return text[:most]
}

// target is path and query of the request, whose secrets have a mask in their places.
func (m *masker) target(c *request) string {
	masked := *c
	masked.query = m.fields("query", c.query)
	return masked.target()
}

// fields masks the values of secret fields of a query or a form.
func (m *masker) fields(kind, raw string) string {
	parts := strings.Split(raw, "&")
	for i, part := range parts {
		name, _, ok := strings.Cut(part, "=")
		plain, err := url.QueryUnescape(name)
		if err != nil {
			plain = name
		}
		if ok && m.places.hides(kind, plain) {
			parts[i] = name + "=" + redact.Masked
		}
	}
	return strings.Join(parts, "&")
}

// header is a header as it may be shown.
func (m *masker) header(h spec.Header, covers []string) api.Header {
	out := api.Header{Name: m.text(h.Name, maxHeader), Signed: slices.Contains(covers, "header:"+h.Name)}
	if h.Value == archive.Removed || m.places.hides("header", h.Name) {
		out.Value, out.Masked = redact.Masked, true
		return out
	}
	out.Value = m.text(h.Value, maxHeader)
	return out
}
