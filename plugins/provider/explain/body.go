package explain

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"webhookedge/plugins/provider/spec"
)

// maxRewrite is the largest body in bytes that is written anew for a trial.
const maxRewrite = 1 << 20

// Body is what was signed where something changed the body on its way.
type Body struct {
	Name, Text string // as a Cause has them
	Bytes      []byte
}

// bodyTrials are what happens to a body on its way.
func (e *examiner) bodyTrials(*spec.Scheme) []trial {
	var trials []trial
	for _, b := range Bodies(e.c.Request.Body) {
		trials = append(trials, trial{b.Name, b.Text, replaced(b.Bytes)})
	}
	return trials
}

// Bodies are the bodies that may have become body, by what happens to one on its way.
func Bodies(body []byte) []Body {
	all := []Body{
		{BodyNewline, "The body has a line end behind it that was not signed; something added it, such as an editor or `echo`.", bytes.TrimRight(body, "\r\n")},
		{BodyNewline, "The line end behind the signed body is missing; something cut it off.", append(bytes.Clone(body), '\n')},
		{BodyNewline, "The line end (CR LF) behind the signed body is missing; something cut it off.", append(bytes.Clone(body), "\r\n"...)},
		{BodyNewline, "The line ends of the body were changed from CR LF to LF.", crlf(body)},
		{BodyNewline, "The line ends of the body were changed from LF to CR LF.", bytes.ReplaceAll(body, []byte("\r\n"), []byte("\n"))},
		{BodyRewritten, "A byte order mark was put in front of the body.", bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))},
	}
	if len(body) > maxRewrite {
		return all
	}
	const decoded = "The signature is that of the form-encoded body, and the decoded one arrived: verify the bytes as they came, before anything parses them."
	if text, err := url.QueryUnescape(string(body)); err == nil {
		all = append(all, Body{BodyDecoded, "The signature is that of the decoded form, and the body is still form-encoded.", []byte(text)})
		if _, field, ok := strings.Cut(text, "="); ok {
			all = append(all, Body{BodyDecoded, "The signature is that of the JSON inside the form's field, not of the form.", []byte(field)})
		}
	}
	for _, escape := range []func(string) string{url.QueryEscape, url.PathEscape} {
		all = append(all, Body{BodyDecoded, decoded, []byte("payload=" + escape(string(body)))})
	}
	for from, to := range map[string]string{"%20": "+", "+": "%20"} {
		all = append(all, Body{BodyDecoded, "The form was decoded and encoded anew, with its blanks in another form.", bytes.ReplaceAll(body, []byte(from), []byte(to))})
	}
	if pairs, err := url.ParseQuery(string(body)); err == nil && bytes.ContainsRune(body, '=') {
		all = append(all, Body{BodyDecoded, "The form was decoded and encoded anew, with blanks or names in another form or order.", []byte(pairs.Encode())})
	}
	for _, f := range jsonForms() {
		if written, ok := f.write(body); ok {
			all = append(all, Body{
				BodyRewritten, "The JSON body was parsed and written anew on its way (it was signed as " + f.name + "): pass the bytes on as they came.", written,
			})
		}
	}
	return all
}

func replaced(body []byte) func(*attempt) bool {
	return func(a *attempt) bool {
		if bytes.Equal(a.request.Body, body) {
			return false
		}
		a.request.Body = body
		return true
	}
}

func crlf(body []byte) []byte {
	return bytes.ReplaceAll(bytes.ReplaceAll(body, []byte("\r\n"), []byte("\n")), []byte("\n"), []byte("\r\n"))
}

// jsonForm is how a well-known library writes JSON.
type jsonForm struct {
	name  string
	write func([]byte) ([]byte, bool)
}

func jsonForms() []jsonForm {
	style := func(s jsonStyle) func([]byte) ([]byte, bool) {
		return func(body []byte) ([]byte, bool) { return rewrite(body, s) }
	}
	var forms []jsonForm
	for _, f := range []struct {
		name  string
		style jsonStyle
	}{
		{"compact JSON", jsonStyle{item: ",", colon: ":"}},
		{"JSON with a blank after commas and colons", jsonStyle{item: ", ", colon: ": "}},
		{"JSON indented by two", jsonStyle{item: ",", colon: ": ", indent: "  "}},
		{"JSON indented by four", jsonStyle{item: ",", colon: ": ", indent: "    "}},
		{"JSON indented by tabs", jsonStyle{item: ",", colon: ": ", indent: "\t"}},
	} {
		plain, escaped := f.style, f.style
		escaped.ascii = true
		last, both := plain, escaped
		last.end, both.end = "\n", "\n"
		forms = append(
			forms, jsonForm{f.name, style(plain)}, jsonForm{f.name + " with \\u escapes", style(escaped)},
			jsonForm{f.name + " and a line end", style(last)}, jsonForm{f.name + " with \\u escapes and a line end", style(both)},
		)
	}
	return append(
		forms,
		jsonForm{`compact JSON with \u escapes and \/`, style(jsonStyle{item: ",", colon: ":", ascii: true, slash: true})}, // PHP
		jsonForm{`compact JSON with \u003c for <`, style(jsonStyle{item: ",", colon: ":", html: true})},                    // Go
		jsonForm{"compact JSON with sorted names", sorted},
	)
}

func sorted(body []byte) ([]byte, bool) {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	var v any
	if dec.Decode(&v) != nil {
		return nil, false
	}
	written := encoded(v, false)
	return written, written != nil
}

// encoded returns the compact JSON of v, nil where it has none.
func encoded(v any, html bool) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(html)
	if enc.Encode(v) != nil {
		return nil
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

type jsonStyle struct {
	item, colon, indent, end string
	ascii, slash, html       bool // escape what is not ASCII, slashes, and <, > and &
}

// rewrite writes the JSON of body in another style; order and numbers stay.
func rewrite(body []byte, s jsonStyle) ([]byte, bool) {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	w := &writer{style: s}
	for {
		t, err := dec.Token()
		if errors.Is(err, io.EOF) {
			w.out.WriteString(s.end)
			return w.out.Bytes(), len(w.open) == 0 && w.out.Len() > len(s.end)
		}
		if err != nil {
			return nil, false
		}
		w.token(t)
	}
}

// writer writes JSON tokens in a style.
type writer struct {
	style jsonStyle
	out   bytes.Buffer
	open  []container
}

type container struct {
	object bool
	n      int // tokens so far: names and values of an object count one each
}

func (w *writer) token(t json.Token) {
	if d, ok := t.(json.Delim); ok && (d == '}' || d == ']') {
		last := w.open[len(w.open)-1]
		w.open = w.open[:len(w.open)-1]
		if last.n > 0 {
			w.line()
		}
		w.out.WriteString(d.String())
		return
	}
	w.before()
	switch v := t.(type) {
	case json.Delim:
		w.out.WriteString(v.String())
		w.open = append(w.open, container{object: v == '{'})
	case string:
		w.quote(v)
	case json.Number:
		w.out.WriteString(v.String())
	case bool:
		w.out.WriteString(strconv.FormatBool(v))
	default:
		w.out.WriteString("null")
	}
}

func (w *writer) before() {
	if len(w.open) == 0 {
		return
	}
	c := &w.open[len(w.open)-1]
	c.n++
	if c.object && c.n%2 == 0 {
		w.out.WriteString(w.style.colon)
		return
	}
	if c.n > 1 {
		w.out.WriteString(w.style.item)
	}
	w.line()
}

func (w *writer) line() {
	if w.style.indent != "" {
		w.out.WriteString("\n" + strings.Repeat(w.style.indent, len(w.open)))
	}
}

func (w *writer) quote(s string) {
	quoted := string(encoded(s, w.style.html))
	if w.style.ascii {
		quoted = asciiOnly(quoted)
	}
	if w.style.slash {
		quoted = strings.ReplaceAll(quoted, "/", `\/`)
	}
	w.out.WriteString(quoted)
}

// asciiOnly escapes what is not ASCII in a JSON string, as UTF-16 (RFC 8259,
// section 7).
func asciiOnly(quoted string) string {
	var b strings.Builder
	for _, r := range quoted {
		if r < utf8.RuneSelf {
			b.WriteRune(r)
			continue
		}
		for _, unit := range utf16.AppendRune(nil, r) {
			fmt.Fprintf(&b, `\u%04x`, unit)
		}
	}
	return b.String()
}

// truncated tells what speaks for a body that is not whole.
func (e *examiner) truncated() []Cause {
	body := e.c.Request.Body
	if text, n := e.c.Request.Headers.Get("content-length"); n == 1 {
		if want, err := strconv.Atoi(text); err == nil && want > len(body) {
			return []Cause{{BodyTruncated, "The body is shorter than its Content-Length says: " + strconv.Itoa(len(body)) + " of " + text + " bytes.", false}}
		}
	}
	if media, _ := e.c.Request.Headers.Get("content-type"); !strings.Contains(media, "json") {
		return nil
	}
	var v json.RawMessage
	if err := json.NewDecoder(bytes.NewReader(body)).Decode(&v); errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return []Cause{{BodyTruncated, "The JSON body ends in the middle: it was cut on its way, or a limit on bodies is lower than its size.", false}}
	}
	return nil
}
