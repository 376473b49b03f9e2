package tojson_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"webhookedge/plugins/internal/tojson"
)

// worst are bodies of about n bytes that cost much where nothing is bounded.
func worst(n int) map[string]string {
	numbered := func(n int, shape string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, shape, i)
		}
		return b.String()
	}
	fill := func(text string) string { return strings.Repeat(text, n/len(text)) }
	return map[string]string{
		"separators of a form":            fill("&"),
		"fields of a form":                fill("a&"),
		"escaped fields of a form":        fill("%61=%61&"),
		"as many fields as may be":        numbered(9_999, "%d=x&"),
		"one field of escapes":            "a=" + fill("%22"),
		"parts":                           parts(strings.Split(strings.TrimSuffix(strings.Repeat(partA+"\x00", n/60), "\x00"), "\x00")...),
		"a part of quotes":                parts("Content-Disposition: form-data; name=\"a\"\r\n\r\n" + fill(`"`)),
		"elements":                        "<a>" + fill("<b/>") + "</a>",
		"as many elements as may be":      "<a>" + strings.Repeat("<b/>", 99_999) + "</a>",
		"elements of many names":          "<a>" + numbered(99_999, "<b%d/>") + "</a>",
		"elements with text":              "<a>" + strings.Repeat("<b>t</b>", 99_999) + "</a>",
		"attributes of one element":       "<a " + numbered(n/12, `a%d="" `) + "/>",
		"as many attributes as may be":    "<a>" + strings.Repeat("<b "+numbered(1000, `a%d="" `)+"/>", 100) + "</a>",
		"attributes of as many elements":  "<a>" + strings.Repeat(`<b c=""/>`, 99_999) + "</a>",
		"equals in a tag":                 "<a " + fill("=") + "/>",
		"comments":                        "<a>" + fill("<!---->") + "</a>",
		"brackets":                        fill("<"),
		"text of entities":                "<a>" + fill("&#34;") + "</a>",
		"text of quotes":                  "<a>" + fill(`"`) + "</a>",
		"a long name":                     "<" + fill("a") + "/>",
		"an attribute of all of it":       `<a b="` + fill("x") + `"/>`,
		"a declaration that does not end": "<?xml " + fill(" "),
		"lines":                           fill("1\n"),
		"blank lines":                     fill("\n"),
		"lines of one object":             fill("{}\n"),
		"as many lines as may be":         strings.Repeat(`{"a":1}`+"\n", tojson.MaxItems),
		"dots":                            fill("."),
		"a token of all of it":            "e30." + strings.Repeat("eyJh", n/4) + ".c2ln",
		"a token with a long head":        "e" + strings.Repeat("30KC", n/4) + ".e30.c2ln",
	}
}

// TestConversions_worst holds that no body makes a conversion take more memory than a few
// times the body, and a fixed part for what is counted.
func TestConversions_worst(t *testing.T) {
	const size = 4 << 20
	for name, body := range worst(size) {
		t.Run(name, func(t *testing.T) {
			for what, convert := range map[string]func([]byte) error{
				"form":      func(b []byte) error { _, _, err := tojson.Form(b, tojson.FormOptions{}); return err },
				"multipart": func(b []byte) error { _, _, err := tojson.Multipart(b, tojson.FormOptions{}); return err },
				"XML":       func(b []byte) error { _, err := tojson.XML(b, "", false); return err },
				"lines":     func(b []byte) error { _, err := tojson.Lines(b); return err },
				"token":     func(b []byte) error { _, err := tojson.Token(b); return err },
			} {
				in := []byte(body)
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				err := convert(in)
				runtime.ReadMemStats(&after)
				got, most := after.TotalAlloc-before.TotalAlloc, uint64(8*len(in)+48<<20)
				if got > most {
					t.Errorf("%s: %d bytes for %d (%v)", what, got, len(in), err)
				}
			}
		})
	}
}
