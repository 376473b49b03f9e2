package tojson_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"webhookedge/plugins/internal/tojson"
)

func TestSniff(t *testing.T) {
	part := base64.RawURLEncoding.EncodeToString
	tests := map[string]struct {
		body string
		want tojson.Shape
	}{
		"nothing":                      {"", tojson.ShapeEmpty},
		"blanks":                       {" \t\r\n", tojson.ShapeEmpty},
		"an object":                    {` {"a":1}`, tojson.ShapeJSON},
		"an array":                     {"\n[1]\n", tojson.ShapeJSON},
		"an object over lines":         {"{\n \"a\": 1\n}\n", tojson.ShapeJSON},
		"an array of a value a line":   {"[\n1,\n2\n]", tojson.ShapeJSON},
		"one line of JSON":             {"{\"a\":1}\r\n\r\n", tojson.ShapeJSON},
		"an object that is broken":     {`{"a"`, tojson.ShapeJSON},
		"two objects on a line":        {`{}{}`, tojson.ShapeJSON},
		"an object with a form inside": {`{"a":"x&payload={}&y"}`, tojson.ShapeJSON},
		"lines with a broken one":      {"{}\n{", tojson.ShapeJSON},
		"lines":                        {"{\"a\":1}\n{\"a\":2}", tojson.ShapeLines},
		"lines with blank ones":        {"\n{\"a\":1}\r\n\r\n{\"a\":2}\r\n", tojson.ShapeLines},
		"lines of scalars":             {"1\n\"x\"\nnull", tojson.ShapeLines},
		"more lines than may be":       {strings.Repeat("{}\n", 50_000) + "x", tojson.ShapeLines},
		"a scalar":                     {"1", tojson.ShapeOther},
		"a string":                     {`"{}"`, tojson.ShapeOther},
		"XML":                          {" <?xml version=\"1.0\"?><a/>", tojson.ShapeXML},
		"HTML":                         {"<!doctype html>", tojson.ShapeXML},
		"a multipart form":             {parts(partA), tojson.ShapeMultipart},
		"one behind a blank":           {" " + parts(partA), tojson.ShapeOther},
		"one without its end":          {"--B\r\n" + partA, tojson.ShapeOther},
		"one that ends with another":   {"--B\r\n" + partA + "\r\n--C--", tojson.ShapeOther},
		"a token":                      {part([]byte(`{"alg":"HS256"}`)) + ".e30.c2ln\n", tojson.ShapeJWT},
		"a token with a large head":    {part([]byte(`{"x5c":["`+strings.Repeat("a", 9000)+`"]}`)) + ".e30.c2ln", tojson.ShapeJWT},
		"one without a signature":      {"e30.e30.", tojson.ShapeOther},
		"one that is encrypted":        {"e30.e30.e30.e30.e30", tojson.ShapeOther},
		"one whose head is no JSON":    {"a." + part([]byte(`{}`)) + ".b", tojson.ShapeOther},
		"one whose head is a list":     {part([]byte(`[]`)) + ".e30.c2ln", tojson.ShapeOther},
		"one with a field behind it":   {"e30.e30.c2ln&a=1", tojson.ShapeOther},
		"a form":                       {"payload=%7B%7D", tojson.ShapeOther},
		"text":                         {"hello", tojson.ShapeOther},
		"dots":                         {strings.Repeat(".", 1<<20), tojson.ShapeOther},
		"UTF-16":                       {"\xff\xfe{\x00}\x00", tojson.ShapeOther},
		"what is compressed":           {string(zip(t, "{}")), tojson.ShapeOther},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			body, marked := []byte(tc.body), []byte("\ufeff"+tc.body)
			if got := tojson.Sniff(body); got != tc.want {
				t.Errorf("got %v, want %v", got, tc.want)
			}
			if got := tojson.Sniff(marked); got != tc.want {
				t.Errorf("behind a byte order mark: %v, want %v", got, tc.want)
			}
			if n := testing.AllocsPerRun(10, func() { tojson.Sniff(body) }); n > 0 && tc.want != tojson.ShapeJWT && name != "one whose head is a list" {
				t.Errorf("%v allocations", n)
			}
		})
	}
}

// FuzzSniff holds that no body has two shapes: what takes bodies of one shape takes none
// of another, and a byte order mark changes nothing.
func FuzzSniff(f *testing.F) {
	for _, seed := range []string{
		`{"a":1}`, "{}\n{}", "1\n2", "<a/>", "<a>{}</a>", parts(partA), "e30.e30.c2ln", "a=1", "", " \n", "\ufeff{}", "\ufeff\ufeff{}", "[\n1,\n2]", "--1\r\n\r\n--1--", "-1\n-1",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		shape := tojson.Sniff(body)
		if !strings.HasPrefix(string(body), "\ufeff") {
			if marked := tojson.Sniff([]byte("\ufeff" + string(body))); marked != shape {
				t.Fatalf("%v, behind a byte order mark %v", shape, marked)
			}
		}
		_, _, merr := tojson.Multipart(body, "", tojson.FormOptions{Files: tojson.FilesDescribe})
		_, xerr := tojson.XML(body, "", false)
		_, terr := tojson.Token(body)
		_, lerr := tojson.Lines(body)
		several := strings.Contains(strings.Trim(strings.TrimPrefix(string(body), "\ufeff"), " \t\r\n"), "\n")
		for what, tc := range map[string]struct {
			taken bool
			want  tojson.Shape
		}{
			"multipart": {merr == nil, tojson.ShapeMultipart},
			"XML":       {xerr == nil, tojson.ShapeXML},
			"token":     {terr == nil, tojson.ShapeJWT},
			"lines":     {lerr == nil && several, tojson.ShapeLines},
		} {
			if tc.taken && shape != tc.want {
				t.Fatalf("it is taken for %s, and its shape is %v", what, shape)
			}
		}
		if shape == tojson.ShapeJWT && terr != nil || shape == tojson.ShapeLines && lerr != nil && len(body) < 1<<10 {
			t.Fatalf("its shape is %v: %v, %v", shape, terr, lerr)
		}
	})
}

func BenchmarkSniff(b *testing.B) {
	for name, body := range map[string]string{
		"JSON": `{"a":"` + strings.Repeat("x", 8<<10) + `"}`, "lines": strings.Repeat(`{"a":"`+strings.Repeat("x", 100)+"\"}\n", 80), "form": strings.Repeat("a=1&", 2<<10),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(body)))
			for b.Loop() {
				tojson.Sniff([]byte(body))
			}
		})
	}
}
