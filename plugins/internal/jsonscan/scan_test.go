package jsonscan_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"

	"webhookedge/plugins/internal/jsonscan"
)

func compile(t testing.TB, paths ...string) *jsonscan.Paths {
	t.Helper()
	p, err := jsonscan.Compile(paths...)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestScan_picksScalars(t *testing.T) {
	str := func(s string) jsonscan.Value { return jsonscan.Value{Text: s, Kind: jsonscan.String} }
	num := func(s string) jsonscan.Value { return jsonscan.Value{Text: s, Kind: jsonscan.Number} }
	tests := map[string]struct {
		body  string
		paths []string
		want  jsonscan.Values
	}{
		"no paths at all":                             {`{"a":1}`, nil, nil},
		"members at several levels":                   {`{"a":"x","b":{"c":{"d":"y"},"e":true}}`, []string{"b.c.d", "a", "b.e"}, jsonscan.Values{str("y"), str("x"), {Text: "true", Kind: jsonscan.Bool}}},
		"an element of an array":                      {`{"items":[{"id":1},{"id":2}]}`, []string{"items.1.id", "items.0.id", "items.2.id"}, jsonscan.Values{num("2"), num("1"), {}}},
		"an array at the top":                         {`[[],["z"]]`, []string{"1.0"}, jsonscan.Values{str("z")}},
		"a member whose name is a number":             {`{"0":"zero"}`, []string{"0"}, jsonscan.Values{str("zero")}},
		"the same path twice":                         {`{"a":1}`, []string{"a", "a"}, jsonscan.Values{num("1"), num("1")}},
		"a path and a longer one":                     {`{"a":{"b":1}}`, []string{"a", "a.b"}, jsonscan.Values{{Kind: jsonscan.Container}, num("1")}},
		"the shorter of two paths":                    {`{"a":2}`, []string{"a", "a.b"}, jsonscan.Values{num("2"), {}}},
		"a number as it is written":                   {`{"n":-1.50E+3,"big":123456789012345678901234567890}`, []string{"n", "big"}, jsonscan.Values{num("-1.50E+3"), num("123456789012345678901234567890")}},
		"an empty string is there":                    {`{"a":""}`, []string{"a"}, jsonscan.Values{str("")}},
		"null is absent":                              {`{"a":null}`, []string{"a"}, jsonscan.Values{{}}},
		"objects and arrays are there without a text": {`{"b":{},"c":[{}],"d":{"e":[]}}`, []string{"b", "c", "d.e", "d"}, jsonscan.Values{{Kind: jsonscan.Container}, {Kind: jsonscan.Container}, {Kind: jsonscan.Container}, {Kind: jsonscan.Container}}},
		"half of a surrogate pair":                    {`{"a":"cut\ud83d","\ud83db":1}`, []string{"a"}, jsonscan.Values{str("cut\ufffd")}},
		"escapes in names and values":                 {`{"\u0074ype":"caf\u00e9 \"\ud83d\ude00\"\n"}`, []string{"type"}, jsonscan.Values{str("café \"😀\"\n")}},
		"a dot in a name":                             {`{"a.b":{"c\\d":1},"a":{"b":2}}`, []string{`a\.b.c\\d`, "a.b"}, jsonscan.Values{num("1"), num("2")}},
		"a scalar at the top has no path":             {` "x" `, []string{"x"}, jsonscan.Values{{}}},
		"a member that looks like a prefix":           {`{"ab":1,"abc":2}`, []string{"abc"}, jsonscan.Values{num("2")}},
		"the same names in other objects":             {`{"x":{"id":1},"y":{"id":2},"id":3}`, []string{"id"}, jsonscan.Values{num("3")}},
		"blanks of every kind":                        {"\r\n\t { \"a\" :\t1 } \n", []string{"a"}, jsonscan.Values{num("1")}},
		"brackets and quotes inside of a long string": {`{"s":["` + strings.Repeat(`[{\"\\`, 80) + `"],"a":1}`, []string{"a"}, jsonscan.Values{num("1")}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := jsonscan.Scan([]byte(tc.body), compile(t, tc.paths...))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("values (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tc.want, jsonscan.Pick([]byte(tc.body), compile(t, tc.paths...))); diff != "" {
				t.Errorf("values of Pick (-want +got):\n%s", diff)
			}
		})
	}
}

func TestScan_refuses(t *testing.T) {
	deep := func(n int) string { return strings.Repeat(`{"s3cret":`, n) + "1" + strings.Repeat("}", n) }
	tests := map[string]struct {
		body string
		want error
	}{
		"nothing":                          {"", jsonscan.ErrTruncated},
		"only blanks":                      {" \n", jsonscan.ErrTruncated},
		"half an object":                   {`{"s3cret":`, jsonscan.ErrTruncated},
		"half a string":                    {`{"a":"s3cret`, jsonscan.ErrTruncated},
		"an object without its end":        {`{"a":{"s3cret":1}`, jsonscan.ErrTruncated},
		"two values":                       {`{"a":1}{"s3cret":1}`, jsonscan.ErrTrailing},
		"text after the value":             {`{"a":1} s3cret`, jsonscan.ErrTrailing},
		"a name twice":                     {`{"s3cret":1,"b":2,"s3cret":3}`, jsonscan.ErrDuplicate},
		"a name twice in another spelling": {`{"s3cret":1,"\u00733cret":3}`, jsonscan.ErrDuplicate},
		"a name twice where nobody looks":  {`{"x":[{"y":{"s3cret":1,"s3cret":1}}]}`, jsonscan.ErrDuplicate},
		"a name twice on a path":           {`{"a":{"b":1},"a":{"b":2}}`, jsonscan.ErrDuplicate},
		"a byte order mark":                {"\xef\xbb\xbf{}", jsonscan.ErrSyntax},
		"a byte that is not UTF-8":         {"{\"a\":\"s3cret\xff\"}", jsonscan.ErrUTF8},
		"a name that is not UTF-8":         {"{\"s3cret\xc0\xaf\":1}", jsonscan.ErrUTF8},

		"a control character in a string":   {"{\"a\":\"s3cret\n\"}", jsonscan.ErrSyntax},
		"single quotes":                     {`{'s3cret':1}`, jsonscan.ErrSyntax},
		"a comma too many":                  {`{"a":1,}`, jsonscan.ErrSyntax},
		"a comment":                         {`{"a":1 /* s3cret */}`, jsonscan.ErrSyntax},
		"a number with a leading zero":      {`{"a":01}`, jsonscan.ErrSyntax},
		"a word that is none":               {`{"a":NaN}`, jsonscan.ErrSyntax},
		"a bracket that closes a brace":     {`{"a":[1}`, jsonscan.ErrSyntax},
		"one level too many, off the paths": {deep(jsonscan.MaxDepth + 1), jsonscan.ErrDepth},
		"one level too many, on a path":     {`{"a":` + deep(jsonscan.MaxDepth) + `}`, jsonscan.ErrDepth},
		"arrays one level too many":         {strings.Repeat("[", jsonscan.MaxDepth+1) + strings.Repeat("]", jsonscan.MaxDepth+1), jsonscan.ErrDepth},
		"a hundred thousand open brackets":  {strings.Repeat("[", 100_000), jsonscan.ErrDepth},
		"twenty thousand arrays that end":   {strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000), jsonscan.ErrDepth},
	}
	paths := compile(t, "a.b", "a", "a.s3cret.s3cret")
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			values, err := jsonscan.Scan([]byte(tc.body), paths)
			if !errors.Is(err, tc.want) {
				t.Fatalf("got %v, want %v", err, tc.want)
			}
			if values != nil {
				t.Errorf("values beside an error: %v", values)
			}
			if strings.Contains(err.Error(), "s3cret") {
				t.Errorf("the error quotes the body: %v", err)
			}
		})
	}
}

func TestScan_acceptsTheDeepestLevel(t *testing.T) {
	body := strings.Repeat(`{"a":`, jsonscan.MaxDepth) + "1" + strings.Repeat("}", jsonscan.MaxDepth)
	for name, path := range map[string]string{"off": "b", "on": strings.Repeat("a.", jsonscan.MaxDepth-1) + "a"} {
		t.Run(name, func(t *testing.T) {
			if _, err := jsonscan.Scan([]byte(body), compile(t, path)); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestScan_withoutPaths(t *testing.T) {
	if values := jsonscan.Pick([]byte(`{"a":1}`), nil); values != nil {
		t.Errorf("Pick: got %v", values)
	}
	if values, err := jsonscan.Scan([]byte(`{"a":1}`), nil); err != nil || values != nil {
		t.Errorf("got %v, %v", values, err)
	}
	if _, err := jsonscan.Scan([]byte(`{"a":1,"a":2}`), nil); !errors.Is(err, jsonscan.ErrDuplicate) {
		t.Errorf("got %v", err)
	}
}

func TestScan_valuesDoNotReferToTheBody(t *testing.T) {
	const text = `{"a":"one","b":{"c":"two"}}`
	body := []byte(text)
	values, err := jsonscan.Scan(body, compile(t, "a", "b.c"))
	if err != nil {
		t.Fatal(err)
	}
	if string(body) != text {
		t.Errorf("the body became %s", body)
	}
	clear(body)
	if values[0].Text != "one" || values[1].Text != "two" {
		t.Errorf("values changed with the body: %v", values)
	}
}

func TestCompile_refuses(t *testing.T) {
	for name, path := range map[string]string{
		"an empty path":              "",
		"an empty segment":           "a..b",
		"a dot at the end":           "a.",
		"a backslash of no use":      `a\b`,
		"a backslash at the end":     `a\`,
		"more segments than allowed": strings.Repeat("a.", jsonscan.MaxDepth) + "a",
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := jsonscan.Compile("fine", path); !errors.Is(err, jsonscan.ErrPath) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// FuzzScan holds Scan against encoding/json: what Scan takes, encoding/json
// takes and reads alike; what Scan alone refuses, it refuses for one of its
// stricter rules. Those are held against jsontext, which knows all but the limits.
func FuzzScan(f *testing.F) {
	for _, seed := range []string{
		`{"a":{"b":"x"},"c":[1,2.5e3,{"d":null}]}`, `[]`, `"x"`, `{"a":1,"a":2}`, "\xef\xbb\xbf{}", `{"a":"\ud83d"}`,
		strings.Repeat("[", 65) + strings.Repeat("]", 65), `{"a":{"b":"\u0041"}} `, `{"a"`, "{\"a\":\"\xff\"}", `{"c":["\"[{"]}`,
		"[-0.5E+10,1e,01,-]", `["\u00e","\x"]`, `[true,fals,nullx]`, object(20, `"\u0061%d":0`),
	} {
		f.Add([]byte(seed))
	}
	paths := compile(f, "a.b", "c.0", "a")
	f.Fuzz(func(t *testing.T, body []byte) {
		before := string(body)
		values, err := jsonscan.Scan(body, paths)
		picked := jsonscan.Pick(body, paths) // whatever body is, it does not panic
		if diff := cmp.Diff(values, picked); err == nil && diff != "" {
			t.Fatalf("Scan and Pick differ (-scan +pick):\n%s", diff)
		}
		if string(body) != before {
			t.Fatal("the body was changed")
		}
		valid := json.Valid(body)
		if err == nil && !valid {
			t.Fatal("took what encoding/json refuses")
		}
		strict := utf8.Valid(body) && jsontext.Value(body).IsValid(jsontext.AllowInvalidUTF8(true)) // half a surrogate pair
		if strict != (err == nil) && !errors.Is(err, jsonscan.ErrLimit) {
			t.Fatalf("got %v; is it strict JSON for jsontext: %v", err, strict)
		}
		if err != nil {
			stricter := errors.Is(err, jsonscan.ErrDepth) || errors.Is(err, jsonscan.ErrDuplicate) || errors.Is(err, jsonscan.ErrUTF8)
			if valid && !stricter {
				t.Fatalf("refused what encoding/json takes: %v", err)
			}
			return
		}
		var document any
		decoder := json.NewDecoder(bytes.NewReader(body))
		decoder.UseNumber() // as Scan, it has no bounds for numbers
		if err := decoder.Decode(&document); err != nil {
			t.Fatal(err)
		}
		object, _ := document.(map[string]any)
		a, _ := object["a"].(map[string]any)
		if want, ok := a["b"].(string); ok && (values[0].Kind != jsonscan.String || values[0].Text != want) {
			t.Fatalf("a.b is %q, got %+v", want, values[0])
		}
		if _, ok := object["a"].(string); ok != (values[2].Kind == jsonscan.String) {
			t.Fatalf("a: got %+v", values[2])
		}
	})
}
