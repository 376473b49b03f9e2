package tojson_test

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"webhookedge/plugins/internal/jsonscan"
	"webhookedge/plugins/internal/tojson"
)

func TestForm(t *testing.T) {
	tests := map[string]struct {
		body, want string
		alone      bool
		err        error
	}{
		"one document alone":       {"payload=%7B%22a%22%3A+1.0%7D", `{"a": 1.0}`, true, nil},
		"a document beside fields": {"x=1&payload=%5B1%5D&x=2&y=", `{"x":["1","2"],"payload":[1],"y":""}`, false, nil},
		"documents that are two":   {"payload=1&payload=2", `{"payload":["1","2"]}`, false, nil},
		"a form":                   {"b=%22%0A&a=x+y&&c", `{"b":"\"\n","a":"x y","c":""}`, false, nil},
		"nothing":                  {"", `{}`, false, nil},
		"bytes that are not UTF-8": {"a=%FF", "", false, tojson.ErrText},
		"a name that is not UTF-8": {"%FF=a", "", false, tojson.ErrText},
		"a broken escape":          {"a=%G", "", false, tojson.ErrForm},
		"a body of separators":     {strings.Repeat("&", 10_000), "", false, tojson.ErrForm},
		"as many fields as may be": {strings.TrimSuffix(strings.Repeat("a=&", 10_000), "&"), `{"a":[` + strings.TrimSuffix(strings.Repeat(`"",`, 10_000), ",") + `]}`, false, nil},
		"names of all sorts":       {"a%5Bb%5D=1&%22=2", `{"a[b]":"1","\"":"2"}`, false, nil},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got, alone, err := tojson.Form([]byte(tc.body), "payload")
			if !errors.Is(err, tc.err) || string(got) != tc.want || alone != tc.alone {
				t.Errorf("got %.200q alone %v, %v, want %.200q %v, %v", got, alone, err, tc.want, tc.alone, tc.err)
			}
		})
	}
}

// parts joins parts of a multipart form with the boundary B.
func parts(all ...string) string {
	return "--B\r\n" + strings.Join(all, "\r\n--B\r\n") + "\r\n--B--\r\n"
}

func TestMultipart(t *testing.T) {
	const (
		field    = "Content-Disposition: form-data; name=\"a\"\r\n\r\nx \"y\""
		second   = "Content-Disposition: form-data; name=\"a\"\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nz"
		document = "Content-Disposition: form-data; name=\"payload\"\r\n\r\n{\"event\": 1.0}"
		file     = "Content-Disposition: form-data; name=\"f\"; filename=\"../a\\\"b.png\"\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n"
		typeless = "Content-Disposition: form-data; name=\"f\"; filename=\"b\"\r\n\r\n"
	)
	tests := map[string]struct {
		body, contentType string
		files             tojson.Files
		want              string
		alone             bool
		err               error
	}{
		"fields":                        {parts(field, second), "multipart/form-data; boundary=B", "", `{"a":["x \"y\"","z"]}`, false, nil},
		"a document alone":              {parts(document), "multipart/form-data; boundary=\"B\"", "", `{"event": 1.0}`, true, nil},
		"a document beside a field":     {parts(field, document), "multipart/form-data; boundary=B", "", `{"a":"x \"y\"","payload":{"event": 1.0}}`, false, nil},
		"a file that is refused":        {parts(document, file), "multipart/form-data; boundary=B", tojson.FilesRefuse, "", false, tojson.ErrFiles},
		"a file where nothing is said":  {parts(file), "multipart/form-data; boundary=B", "", "", false, tojson.ErrFiles},
		"a file that is described":      {parts(typeless), "multipart/form-data; boundary=B", tojson.FilesDescribe, `{"f":{"filename":"b","size":0,"sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}}`, false, nil},
		"a file that is embedded":       {parts(document, file), "multipart/form-data; boundary=B", tojson.FilesEmbed, `{"payload":{"event": 1.0},"f":{"filename":"a\"b.png","content_type":"image/png","size":6,"sha256":"PNGSUM","data_base64":"iVBORw0K"}}`, false, nil},
		"no boundary":                   {parts(field), "multipart/form-data", "", "", false, tojson.ErrMultipart},
		"a type that cannot be read":    {parts(field), "multipart/form-data; boundary=B; boundary=C", "", "", false, tojson.ErrMultipart},
		"another boundary":              {parts(field), "multipart/form-data; boundary=C", "", "", false, tojson.ErrMultipart},
		"no end":                        {"--B\r\n" + field, "multipart/form-data; boundary=B", "", "", false, tojson.ErrMultipart},
		"a part without a name":         {parts("Content-Type: text/plain\r\n\r\nx"), "multipart/form-data; boundary=B", "", "", false, tojson.ErrMultipart},
		"a field that is not UTF-8":     {parts("Content-Disposition: form-data; name=\"a\"\r\n\r\n\xff"), "multipart/form-data; boundary=B", "", "", false, tojson.ErrText},
		"more fields than are possible": {parts(strings.Split(strings.Repeat(second+"\x00", 10_001), "\x00")[:10_001]...), "multipart/form-data; boundary=B", "", "", false, tojson.ErrMultipart},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got, alone, err := tojson.Multipart([]byte(tc.body), tc.contentType, "payload", tc.files)
			want := strings.ReplaceAll(tc.want, "PNGSUM", fmt.Sprintf("%x", sha256.Sum256([]byte("\x89PNG\r\n"))))
			if !errors.Is(err, tc.err) || string(got) != want || alone != tc.alone {
				t.Errorf("got %q alone %v, %v, want %q %v, %v", got, alone, err, want, tc.alone, tc.err)
			}
		})
	}
}

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
			got, err := tojson.XML([]byte(tc.body), false)
			if err != nil || string(got) != tc.want {
				t.Errorf("got %s, %v, want %s", got, err, tc.want)
			}
		})
	}
	got, err := tojson.XML([]byte(`<?xml version="1.0" encoding="utf-16"?><a>é</a>`), true)
	if err != nil || string(got) != `{"a":"é"}` {
		t.Errorf("a body that was converted before: %s, %v", got, err)
	}
}

func TestXMLRefuses(t *testing.T) {
	for name, body := range map[string]string{
		"nothing": "", "text": "hello", "JSON": `{"a":1}`, "only a prolog": `<?xml version="1.0"?>`, "an element without end": "<a><b></b>", "an end of another": "<a><b></a></b>",
		"an end of another prefix": "<x:a></y:a>", "two roots": "<a/><b/>", "text behind the root": "<a/>x", "an attribute twice": `<a x="1" x="2"/>`, "an end alone": "</a>",
		"a document type":               `<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>`,
		"an entity that expands itself": `<!DOCTYPE a [<!ENTITY b "&b;&b;">]><a>&b;</a>`,
		"an entity of nobody":           "<a>&b;</a>", "an external entity": `<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>`,
		"a charset of nobody": `<?xml version="1.0" encoding="x-nobody"?><a/>`, "bytes that are not UTF-8": "<a>\xff</a>",
		"too deep":          strings.Repeat("<a>", 65) + strings.Repeat("</a>", 65),
		"too many elements": "<a>" + strings.Repeat("<b/>", 100_000) + "</a>",
	} {
		t.Run(name, func(t *testing.T) {
			if got, err := tojson.XML([]byte(body), false); !errors.Is(err, tojson.ErrXML) || got != nil {
				t.Errorf("got %.100s, %v, want ErrXML", got, err)
			}
		})
	}
}

func TestLines(t *testing.T) {
	got, err := tojson.Lines([]byte("{\"a\": 1.0}\r\n\n [2] \n\"x\""))
	if err != nil || string(got) != `[{"a": 1.0},[2],"x"]` {
		t.Errorf("got %s, %v", got, err)
	}
	if got, err := tojson.Lines(nil); err != nil || string(got) != "[]" {
		t.Errorf("no lines: %s, %v", got, err)
	}
	for name, body := range map[string]string{
		"too many lines": strings.Repeat("1\n", tojson.MaxItems+1), "a value over two lines": "[1\n2]", "two values on a line": "1,2", "an end of the list": "1],[2", "text": "hello",
	} {
		if got, err := tojson.Lines([]byte(body)); !errors.Is(err, tojson.ErrLines) || got != nil {
			t.Errorf("%s: %.100s, %v, want ErrLines", name, got, err)
		}
	}
}

func TestToken(t *testing.T) {
	part := base64.RawURLEncoding.EncodeToString
	good := part([]byte(`{"alg":"RS256"}`)) + "." + part([]byte(`{"sub": "a"}`)) + ".c2ln"
	got, err := tojson.Token([]byte(good + "\n"))
	if err != nil || string(got) != `{"sub": "a"}` {
		t.Errorf("got %s, %v", got, err)
	}
	for name, body := range map[string]string{
		"nothing": "", "JSON": "{}", "two parts": "a.b", "an encrypted one": "a.b.c.d.e", "base64 that is none": "a.!.c", "base64 with padding": "a.e30=.c", "no claims": "a..c", "no head": ".e30.c",
	} {
		t.Run(name, func(t *testing.T) {
			if got, err := tojson.Token([]byte(body)); !errors.Is(err, tojson.ErrToken) || got != nil {
				t.Errorf("got %s, %v, want ErrToken", got, err)
			}
		})
	}
}

func packed(t testing.TB, text string, open func(io.Writer) io.WriteCloser) []byte {
	t.Helper()
	var b bytes.Buffer
	w := open(&b)
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestExpand(t *testing.T) {
	text := strings.Repeat("x", 1000)
	zipped := packed(t, text, func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) })
	framed := packed(t, text, func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) })
	raw := packed(t, text, func(w io.Writer) io.WriteCloser {
		f, err := flate.NewWriter(w, flate.BestSpeed)
		if err != nil {
			t.Fatal(err)
		}
		return f
	})
	broken := bytes.Clone(zipped)
	broken[len(broken)-5]++
	tests := map[string]struct {
		body   []byte
		coding string
		limit  int
		want   string
		err    error
	}{
		"none":                                         {[]byte(text), "", 10, text, nil},
		"identity":                                     {[]byte(text), " Identity ", 10, text, nil},
		"gzip, exactly the limit":                      {zipped, "gzip", 1000, text, nil},
		"gzip in another spelling":                     {zipped, "X-GZIP", 1000, text, nil},
		"deflate in its frame":                         {framed, "deflate", 1000, text, nil},
		"deflate without a frame":                      {raw, "deflate", 1000, text, nil},
		"gzip, a byte too large":                       {zipped, "gzip", 999, "", tojson.ErrExpanded},
		"deflate too large":                            {framed, "deflate", 999, "", tojson.ErrExpanded},
		"gzip that is cut":                             {zipped[:len(zipped)-9], "gzip", 1000, "", tojson.ErrEncoding},
		"gzip of a wrong sum":                          {broken, "gzip", 1000, "", tojson.ErrEncoding},
		"gzip that is none":                            {[]byte(text), "gzip", 1000, "", tojson.ErrEncoding},
		"deflate that is none":                         {[]byte(text), "deflate", 1000, "", tojson.ErrEncoding},
		"a coding of nobody":                           {[]byte(text), "br", 1000, "", tojson.ErrEncoding},
		"gzip in two members":                          {append(append([]byte(nil), zipped...), zipped...), "gzip", 2000, text + text, nil},
		"gzip with something behind":                   {append(append([]byte(nil), zipped...), "x"...), "gzip", 1000, "", tojson.ErrEncoding},
		"gzip, the second member a byte too large":     {append(append([]byte(nil), zipped...), zipped...), "gzip", 1999, "", tojson.ErrExpanded},
		"deflate with something behind":                {append(append([]byte(nil), framed...), "x"...), "deflate", 1000, "", tojson.ErrEncoding},
		"deflate without a frame and something behind": {append(append([]byte(nil), raw...), "x"...), "deflate", 1000, "", tojson.ErrEncoding},
		"two codings":                                  {zipped, "gzip, gzip", 1000, "", tojson.ErrEncoding},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := tojson.Expand(tc.body, tc.coding, tc.limit)
			if !errors.Is(err, tc.err) || string(got) != tc.want {
				t.Errorf("got %d bytes, %v, want %d, %v", len(got), err, len(tc.want), tc.err)
			}
		})
	}
}

func TestUTF8(t *testing.T) {
	tests := map[string]struct {
		body, charset, want string
		err                 error
	}{
		"none":                          {"\xff", "", "\xff", nil},
		"UTF-8 is for others to check":  {"\xff", "UTF-8", "\xff", nil},
		"Latin 1":                       {"caf\xe9", "ISO-8859-1", "café", nil},
		"Windows":                       {"\x80", "windows-1252", "€", nil},
		"UTF-16 with a mark":            {"\xff\xfea\x00", "utf-16", "a", nil},
		"UTF-16 without one":            {"\x00a", "UTF-16", "a", nil},
		"UTF-16 of one order":           {"a\x00", "utf-16le", "a", nil},
		"Japanese":                      {"\x83\x65", "shift_jis", "テ", nil},
		"bytes that are none of it":     {"\x83", "shift_jis", "", tojson.ErrCharset},
		"half a surrogate pair":         {"\xd8\x3d", "utf-16be", "", tojson.ErrCharset},
		"a charset of nobody":           {"a", "x-nobody", "", tojson.ErrCharset},
		"a charset that is not decoded": {"a", "hz-gb-2312", "", tojson.ErrCharset},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := tojson.UTF8([]byte(tc.body), tc.charset)
			if !errors.Is(err, tc.err) || string(got) != tc.want {
				t.Errorf("got %q, %v, want %q, %v", got, err, tc.want, tc.err)
			}
		})
	}
}

// FuzzConversions holds that what is converted is JSON, and that errors are of
// the known kinds and say nothing of the body.
func FuzzConversions(f *testing.F) {
	f.Add([]byte("a=1&a=2&b=%C3%A9"))
	f.Add([]byte(parts("Content-Disposition: form-data; name=\"a\"; filename=\"b\"\r\nContent-Type: a/b\r\n\r\nc")))
	f.Add([]byte(`<?xml version="1.0" encoding="windows-1252"?><a x="1">t<b/><b y="2">u</b></a>`))
	f.Add([]byte("eyJhbGciOiJub25lIn0.e30."))
	f.Add([]byte("{}\n[]\n"))
	f.Fuzz(func(t *testing.T, body []byte) {
		sound := func(what string, data []byte, err error, kinds ...error) {
			if err == nil {
				if !json.Valid(data) {
					t.Fatalf("%s: %q became %q", what, body, data)
				}
				return
			}
			for _, kind := range kinds {
				if errors.Is(err, kind) {
					return
				}
			}
			t.Fatalf("%s: an error of no kind: %v", what, err)
		}
		data, _, err := tojson.Form(body, "")
		sound("form", data, err, tojson.ErrForm, tojson.ErrText)
		data, _, err = tojson.Multipart(body, "multipart/form-data; boundary=B", "", tojson.FilesEmbed)
		sound("multipart", data, err, tojson.ErrMultipart, tojson.ErrText)
		data, err = tojson.XML(body, false)
		sound("XML", data, err, tojson.ErrXML)
		if err == nil {
			if _, err := jsonscan.Scan(data, nil); err != nil && !errors.Is(err, jsonscan.ErrDepth) {
				t.Fatalf("XML: %q became %q: %v", body, data, err)
			}
		}
		data, err = tojson.Lines(body)
		sound("lines", data, err, tojson.ErrLines)
		_, _ = tojson.Token(body) // only that it does not panic
		if _, err := tojson.Expand(body, "deflate", 1<<20); err != nil && !errors.Is(err, tojson.ErrEncoding) && !errors.Is(err, tojson.ErrExpanded) {
			t.Fatalf("deflate: an error of no kind: %v", err)
		}
	})
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
		if _, err := tojson.XML([]byte(body.String()), false); err != nil {
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
