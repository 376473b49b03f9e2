package detail

import (
	"bytes"
	"encoding/hex"
	"strings"
	"unicode/utf8"

	"webhookedge/plugins/internal/ctl/inspector/api"
	"webhookedge/plugins/internal/jsonscan"
	"webhookedge/plugins/streams/archive"
)

// The kinds of a body.
const (
	kindJSON   = "json"
	kindText   = "text"
	kindBinary = "binary"
)

// body returns the body of a request without secrets, as far as it can be shown and some
// more, and the places of what was taken out. It is nil, with a sentence, where the body
// cannot be searched for what must not be shown.
func (m *masker) body(c *request) (shown []byte, places []string, absent string) {
	encoding, _ := c.headers.Get("content-encoding")
	if encoding = strings.ToLower(strings.TrimSpace(encoding)); encoding != "" && encoding != "identity" && m.searches() {
		return nil, nil, "The body is not shown: it is compressed, and may hold a secret that cannot be found in it."
	}
	shown, places, ok := m.payload(c.body)
	if !ok {
		return nil, nil, "The body is not shown: it is no whole JSON, and may hold a secret that cannot be found in it."
	}
	if c.media() == "application/x-www-form-urlencoded" && !looksLikeJSON(c.body) {
		shown = []byte(m.fields("form", string(shown)))
		for _, name := range of(m.places.all, "form") {
			if _, there := queryOf(string(c.body))[name]; there {
				places = append(places, "form:"+name)
			}
		}
	}
	return shown, places, ""
}

// searches reports whether a body may hold what must not be shown.
func (m *masker) searches() bool { return m.json != nil || len(m.places.tokens) > 0 }

// payload is body for the payload of an event, or the body of a request. It is not ok
// where the payload cannot be searched.
func (m *masker) payload(data []byte) (shown []byte, places []string, ok bool) {
	shown = data
	if m.json != nil && looksLikeJSON(data) {
		if _, err := jsonscan.Scan(bytes.TrimPrefix(data, bom()), nil); err != nil {
			return nil, nil, false
		}
		left, hit, err := m.json.Apply(bytes.TrimPrefix(data, bom()))
		if err != nil {
			return nil, nil, false
		}
		shown = left
		for i, is := range hit {
			if is {
				places = append(places, m.rules[i].Path)
			}
		}
	}
	// A masker is that of one delivery, so that what it learns may be told for all.
	m.learnTokens(data)
	if len(shown) > maxText+overlap {
		shown = shown[:maxText+overlap]
	}
	return m.sweep(shown), places, true
}

// bom is the byte order mark of UTF-8.
func bom() []byte { return []byte("\ufeff") }

func looksLikeJSON(body []byte) bool {
	text := bytes.TrimLeft(bytes.TrimPrefix(body, bom()), " \t\r\n")
	return len(text) > 0 && (text[0] == '{' || text[0] == '[')
}

// bodyOf is a payload for people; size is that of the whole.
func bodyOf(shown []byte, size, most int) api.Body {
	b := api.Body{Size: size, Kind: kindText}
	switch {
	case isBinary(shown):
		part := shown[:min(len(shown), most/2)]
		b.Kind, b.Text, b.Cut = kindBinary, hex.EncodeToString(part), len(part) < len(shown) || len(shown) < size
		return b
	case looksLikeJSON(shown):
		b.Kind = kindJSON
	}
	part := cut(shown, most)
	b.Text = strings.ToValidUTF8(string(part), "\uFFFD")
	b.Cut = len(part) < len(shown)
	return b
}

// isBinary reports whether a payload is no text: it has a NUL, or one character in ten is
// none of UTF-8.
func isBinary(data []byte) bool {
	const looked = 4 << 10
	wrong, all := 0, 0
	for part := data[:min(len(data), looked)]; len(part) > 0; all++ {
		r, size := utf8.DecodeRune(part)
		if r == 0 {
			return true
		}
		if r == utf8.RuneError && size == 1 {
			wrong++
		}
		part = part[size:]
	}
	return wrong > 1 && wrong*10 > all
}

// units is how many UTF-16 units a text takes, as JavaScript counts.
func units(text []byte) int {
	n := 0
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		if n++; r > 0xFFFF {
			n++
		}
		text = text[size:]
	}
	return n
}

// span is where a value of a JSON document stands in the text that is shown of it; end is 0
// where it is not in there. base is where the document begins.
func span(shown []byte, base int, path string) (start, end int) {
	part := cut(shown, maxText)
	if path == "" || base > len(part) || !utf8.Valid(part) {
		return 0, 0
	}
	from, to, ok := jsonscan.Locate(part[base:], path)
	if from, to = from+base, to+base; !ok || to >= len(part) {
		return 0, 0
	}
	start = units(part[:from])
	return start, start + units(part[from:to])
}

// sentence is an error as the page shows it.
func sentence(err error) string {
	text := archive.Escape(err.Error())
	if text == "" {
		return ""
	}
	if r, size := utf8.DecodeRuneInString(text); size > 0 {
		text = strings.ToUpper(string(r)) + text[size:]
	}
	return strings.TrimRight(text, ".") + "."
}
