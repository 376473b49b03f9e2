package tojson_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"webhookedge/plugins/internal/tojson"
)

func TestXML(t *testing.T) {
	tests := map[string]struct{ body, want string }{
		"a text":                      {"<a>x</a>", `{"a":"x"}`},
		"white space of a text stays": {"<a> x </a>", `{"a":" x "}`},
		"nothing":                     {"<a/>", `{"a":""}`},
		"attributes":                  {`<a x="1" y="&quot;"/>`, `{"a":{"@x":"1","@y":"\""}}`},
		"attributes and a text":       {`<a x="1">t</a>`, `{"a":{"@x":"1","#text":"t"}}`},
		"children":                    {"<a>\n <b>1</b>\n <c/>\n</a>", `{"a":{"b":"1","c":""}}`},
		"children of one name":        {"<a><b>1</b><c>2</c><b>3</b></a>", `{"a":{"b":["1","3"],"c":"2"}}`},
		"text between children":       {"<a>x<b/>y</a>", `{"a":{"b":"","#text":"xy"}}`},
		"prefixes":                    {`<s:a xmlns:s="urn:s"><s:b s:x="1"/></s:a>`, `{"s:a":{"@xmlns:s":"urn:s","s:b":{"@s:x":"1"}}}`},
		"the five entities":           {"<a>&lt;&amp;&gt;&apos;&quot;&#233;&#x1F600;</a>", `{"a":"<&>'\"é😀"}`},
		"a section of characters":     {"<a><![CDATA[<b>&]]></a>", `{"a":"<b>&"}`},
		"prolog, comment, processing": {"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- c --><a><?p x?>t<!-- d --></a>\n", `{"a":"t"}`},
		"a charset of the prolog":     {"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a>\xe9</a>", `{"a":"é"}`},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := tojson.XML([]byte(tc.body), "", false)
			if err != nil || string(got) != tc.want {
				t.Errorf("got %s, %v, want %s", got, err, tc.want)
			}
		})
	}
}

func TestXML_charset(t *testing.T) {
	const latin, wide, none = `<?xml version="1.0" encoding="ISO-8859-1"?>`, `<?xml version="1.0" encoding="utf-16"?>`, `<?xml version="1.0"?>`
	utf16 := func(text string) string { // little endian
		var b strings.Builder
		for _, unit := range utf16.Encode([]rune(text)) {
			b.WriteString(string([]byte{byte(unit), byte(unit >> 8)}))
		}
		return b.String()
	}
	const ok = `{"a":"é"}`
	for name, tc := range map[string]struct {
		body, charset string
		relabel       bool
		want          string
	}{
		"nothing said":                              {"<a>é</a>", "", false, ok},
		"a byte order mark":                         {"\ufeff<a>é</a>", "", false, ok},
		"a mark against the declaration":            {"\ufeff" + latin + "<a>é</a>", "", false, ok},
		"a mark before what is not UTF-8":           {"\ufeff" + latin + "<a>\xe9</a>", "iso-8859-1", true, ""},
		"the declaration":                           {latin + "<a>\xe9</a>", "", false, ok},
		"the declaration in single quotes":          {`<?xml version='1.0' encoding='ISO-8859-1' standalone='no' ?><a>` + "\xe9</a>", "", false, ok},
		"a declaration behind blanks":               {"\r\n " + latin + "<a>\xe9</a>", "", false, ok},
		"the declaration against a header":          {latin + "<a>\xe9</a>", "utf-8", true, ok},
		"the declaration against another header":    {latin + "<a>\xe9</a>", "windows-1251", true, ok},
		"UTF-8 declared, whatever a header says":    {`<?xml version="1.0" encoding="UTF-8"?><a>é</a>`, "gbk", true, ok},
		"UTF-8 declared, and not there":             {`<?xml version="1.0" encoding="UTF-8"?><a>` + "\xe9</a>", "iso-8859-1", true, ""},
		"a header for UTF-8":                        {none + "<a>é</a>", "gbk", true, ok},
		"a label for what is not UTF-8":             {none + "<a>\xe9</a>", "iso-8859-1", true, ok},
		"a label that is not allowed":               {none + "<a>\xe9</a>", "iso-8859-1", false, ""},
		"UTF-16 declared in UTF-8":                  {wide + "<a>é</a>", "", false, ok},
		"UTF-16 where the row says so":              {"\xff\xfe" + utf16(wide+"<a>é</a>"), "utf-16", true, ok},
		"UTF-16 without a mark":                     {utf16(wide + "<a>é</a>"), "utf-16le", true, ok},
		"UTF-16 that the row does not say":          {"\xff\xfe" + utf16(wide+"<a>é</a>"), "", false, ""},
		"ASCII in UTF-16 that the row does not say": {utf16("<a>e</a>"), "", false, ""},
		"markup that is hidden in escapes":          {`<?xml version="1.0" encoding="iso-2022-jp"?><a>` + "\x1b$B<>\x1b(B</a>", "", false, `{"a":"湿"}`},
		"a charset of nobody":                       {`<?xml version="1.0" encoding="x-nobody"?><a>e</a>`, "", false, ""},
		"a declaration that is broken":              {`<?xml encoding="utf-8" version="1.0"?><a>e</a>`, "", false, ""},
		"a declaration with two encodings":          {`<?xml version="1.0" encoding="utf-8" encoding="gbk"?><a>e</a>`, "", false, ""},
		"a declaration inside":                      {`<a><?xml version="1.0" encoding="gbk"?>e</a>`, "", false, ""},
		"an instruction that begins like one":       {`<?xml-stylesheet encoding="gbk"?><a>é</a>`, "", false, ok},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := tojson.XML([]byte(tc.body), tc.charset, tc.relabel)
			if string(got) != tc.want || (tc.want == "") != errors.Is(err, tojson.ErrXML) {
				t.Errorf("got %s, %v, want %s", got, err, tc.want)
			}
		})
	}
}

func TestXML_refuses(t *testing.T) {
	var manyAttributes string
	for i := range 1_001 {
		manyAttributes += fmt.Sprintf(`x%d="" `, i)
	}
	for name, body := range map[string]string{
		"nothing": "", "text": "hello", "JSON": `{"a":1}`, "only a prolog": `<?xml version="1.0"?>`, "an element without end": "<a><b></b>", "an end of another": "<a><b></a></b>",
		"an end of another prefix": "<x:a></y:a>", "two roots": "<a/><b/>", "text behind the root": "<a/>x", "an attribute twice": `<a x="1" x="2"/>`, "an end alone": "</a>",
		"a document type":               `<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>`,
		"an entity that expands itself": `<!DOCTYPE a [<!ENTITY b "&b;&b;">]><a>&b;</a>`,
		"an entity of nobody":           "<a>&b;</a>", "an external entity": `<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>`,
		"a charset of nobody": `<?xml version="1.0" encoding="x-nobody"?><a/>`, "bytes that are not UTF-8": "<a>\xff</a>",
		"too deep":          strings.Repeat("<a>", 65) + strings.Repeat("</a>", 65),
		"too many elements": "<a>" + strings.Repeat("<b/>", 100_000) + "</a>", "too many comments": "<a>" + strings.Repeat("<!---->", 300_000) + "</a>",
		"too many attributes": "<a " + manyAttributes + "/>", "too many attributes of many": "<a>" + strings.Repeat(`<b x="" y="" z=""/>`, 33_334) + "</a>",
		"a tag that does not end": "<a><b", "a comment that does not end": "<a><!-- --</a>", "a section that does not end": "<a><![CDATA[ ]]</a>", "an instruction that does not end": "<a><?x ></a>", "a bracket alone": "<",
	} {
		t.Run(name, func(t *testing.T) {
			if got, err := tojson.XML([]byte(body), "", false); !errors.Is(err, tojson.ErrXML) || got != nil {
				t.Errorf("got %.100s, %v, want ErrXML", got, err)
			}
		})
	}
}

func BenchmarkXML(b *testing.B) {
	var body strings.Builder
	body.WriteString("<order id=\"1\">")
	for i := range 100 {
		fmt.Fprintf(&body, "<line n=\"%d\"><sku>A-%d</sku><quantity>2</quantity></line>", i, i)
	}
	body.WriteString("</order>")
	b.SetBytes(int64(body.Len()))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := tojson.XML([]byte(body.String()), "", false); err != nil {
			b.Fatal(err)
		}
	}
}

func TestXMLField(t *testing.T) {
	tests := map[string]struct {
		data, want string
		err        error
	}{
		"a document":             {`{"a":"1","x":"PGE+PGI+MTwvYj48L2E+","c":["2"]}`, `{"a":"1","x":{"a":{"b":"1"}},"c":["2"]}`, nil},
		"one with line feeds":    {`{"x":"PGE+PGI+\nMTwvYj48\r\nL2E+\n"}`, `{"x":{"a":{"b":"1"}}}`, nil},
		"none":                   {`{"a":"1"}`, `{"a":"1"}`, nil},
		"two of the name":        {`{"x":["PGEvPg==","PGEvPg=="]}`, `{"x":["PGEvPg==","PGEvPg=="]}`, nil},
		"no object":              {`[1]`, `[1]`, nil},
		"what is no base64":      {`{"x":"s3cret!"}`, "", tojson.ErrForm},
		"what is no XML":         {`{"x":"czNjcmV0"}`, "", tojson.ErrXML},
		"a document with a type": {`{"x":"PCFET0NUWVBFIGEgW10+PGEvPg=="}`, "", tojson.ErrXML},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := tojson.XMLField([]byte(tc.data), "x")
			if string(got) != tc.want || !errors.Is(err, tc.err) {
				t.Errorf("got %s, %v, want %s", got, err, tc.want)
			}
		})
	}
}
