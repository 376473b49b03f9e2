package jsonscan_test

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"webhookedge/plugins/internal/jsonscan"
)

func TestLast(t *testing.T) {
	many := func(values ...string) string { // an object long enough for a table
		var b strings.Builder
		for i := range 40 {
			b.WriteString(`"m` + strconv.Itoa(i) + `":0,`)
		}
		return "{" + b.String() + strings.Join(values, ",") + "}"
	}
	tests := map[string]struct{ body, want string }{
		"no name twice":                   {` {"a": {"b":1}, "b":[{"a":2},{"a":3}] } `, ` {"a": {"b":1}, "b":[{"a":2},{"a":3}] } `},
		"a name twice":                    {`{"level":"a","level":"b"}`, `{"level":"b"}`},
		"a name three times":              {`{"a":1,"b":0,"a":2,"a":3}`, `{"b":0,"a":3}`},
		"nothing but one name":            {`{"a":1 , "a":2 , "a":3 }`, `{"a":3 }`},
		"one name, spelled otherwise":     {`{"\u0061":1,"a":2,"\u0061":3}`, `{"\u0061":3}`},
		"two names twice":                 {`{"a":1,"b":2,"a":3,"b":4}`, `{"a":3,"b":4}`},
		"deep below":                      {`[[{"x":{"a":1,"a":2}}]]`, `[[{"x":{"a":2}}]]`},
		"in what is cut":                  {`{"x":{"a":1,"a":2},"y":0,"x":{"b":1,"b":2}}`, `{"y":0,"x":{"b":2}}`},
		"another kind of value":           {`{"a":{"b":[1,2]},"a":null}`, `{"a":null}`},
		"brackets and commas in a string": {`{"a":"},\"a\":[","a":"]"}`, `{"a":"]"}`},
		"half a pair each":                {`{"\ud800":1,"\ud801":2}`, `{"\ud801":2}`},
		"a long object, at its end":       {many(`"a":1`, `"a":2`), many(`"a":2`)},
		"a long object, three times":      {many(`"a":1`, `"b":0`, `"\u0061":2`, `"a":3`), many(`"b":0`, `"a":3`)},
		"no object":                       {`[1,1]`, `[1,1]`},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := (jsonscan.Limits{}).Last([]byte(tc.body))
			if err != nil || string(got) != tc.want {
				t.Errorf("got %s, %v, want %s", got, err, tc.want)
			}
		})
	}
	for name, tc := range map[string]struct {
		body string
		want error
	}{
		"no JSON":               {`{"a":1,"a":2`, jsonscan.ErrTruncated},
		"text behind":           {`{"a":1,"a":2}x`, jsonscan.ErrTrailing},
		"a byte order mark":     {"\xef\xbb\xbf{}", jsonscan.ErrSyntax},
		"text that is no UTF-8": {"{\"a\":1,\"a\":\"\xff\"}", jsonscan.ErrUTF8},
	} {
		if got, err := (jsonscan.Limits{}).Last([]byte(tc.body)); !errors.Is(err, tc.want) || got != nil {
			t.Errorf("%s: %s, %v, want %v", name, got, err, tc.want)
		}
	}
}

// FuzzLast holds that Scan takes what Last makes, and that encoding/json, which lets the
// last count, too, reads it as it does the document.
func FuzzLast(f *testing.F) {
	for _, seed := range []string{
		`{"a":1,"a":2}`, `{"x":{"a":1,"\u0061":2},"x":[{"b":1,"b":2}]}`, `{"":{"":1,"":2},"":3}`, `[{"a":1 ,"a" : 2}]`,
		"{" + strings.TrimSuffix(strings.Repeat(`"a":1,"b":{"c":1,"c":2},`, 20), ",") + "}", `{"\ud800":1,"\ufffd":2}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, document []byte) {
		last, err := (jsonscan.Limits{}).Last(document)
		if _, strict := jsonscan.Scan(document, nil); strict == nil != (err == nil && len(last) == len(document)) {
			t.Fatalf("Scan: %v; Last: %v", strict, err)
		}
		if err != nil {
			return
		}
		if _, err := jsonscan.Scan(last, nil); err != nil {
			t.Fatalf("%s became %s: %v", document, last, err)
		}
		var before, after any
		if berr, aerr := json.Unmarshal(document, &before), json.Unmarshal(last, &after); (berr == nil) != (aerr == nil) {
			if berr == nil { // a number that is too large can be in what was cut
				t.Fatalf("%v; %v", berr, aerr)
			}
			return
		}
		if diff := cmp.Diff(before, after); diff != "" {
			t.Fatalf("%s became %s (-before +after):\n%s", document, last, diff)
		}
	})
}
