package signedtext

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"webhookedge/plugins/provider/internal/place"
	"webhookedge/plugins/provider/spec"
)

func TestCompile_brackets(t *testing.T) {
	tests := map[string]struct {
		content, topic string
		want           string
		err            error
	}{
		"themselves":                 {"{[}{body}{]}", "", "[b]", nil},
		"around what can be missing": {"[{header:x-topic}.]{body}", "", "b", nil},
		"around what is there":       {"[{header:x-topic}.]{body}", "t", "t.b", nil},
		"both":                       {"{[}[{header:x-topic};]{body}{]}", "t", "[t;b]", nil},
		"two of one kind":            {"{[}{[}{body}", "", "[[b", nil},
		"one that is not closed":     {"[{body}", "", "", spec.ErrRow},
		"around a bracket alone":     {"[{[}]{body}", "", "", spec.ErrRow},
		"a bracket with a filter":    {"{[|hex}{body}", "", "", spec.ErrRow},
		"a brace":                    {`{{}"Body":{body|json}}`, "", `{"Body":"b"}`, nil},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			var all place.Paths
			template, err := Compile(tc.content, &all)
			if !errors.Is(err, tc.err) || err != nil {
				if !errors.Is(err, tc.err) {
					t.Error(err)
				}
				return
			}
			var headers place.HeaderList
			if tc.topic != "" {
				headers = place.HeaderList{{Name: "x-topic", Value: tc.topic}}
			}
			v := &Input{Values: place.Values{Request: &place.Request{Method: "POST", Headers: headers, Body: []byte("b")}}, Stamp: &Stamp{}}
			if got, err := template.Text(v); err != nil || got != tc.want {
				t.Errorf("got %q, %v, want %q", got, err, tc.want)
			}
		})
	}
}

// TestQuoted_isJSON holds the filter json against a decoder, and against what
// JSON.stringify writes.
func TestQuoted_isJSON(t *testing.T) {
	tests := map[string]struct{ text, want string }{
		"letters":                  {"a<b>&é\u2028😀/", "\"a<b>&é\u2028😀/\""},
		"quotes and backslashes":   {`"a\"`, `"\"a\\\""`},
		"escapes of one letter":    {"\b\f\n\r\t", `"\b\f\n\r\t"`},
		"other control characters": {"\x00\x0b\x1f\x7f", "\"\\u0000\\u000b\\u001f\x7f\""},
		"nothing":                  {"", `""`},
		"what is not UTF-8":        {"a\xff", "\"a\xff\""},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got := quoted(tc.text)
			if got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
			var back string
			if err := json.Unmarshal([]byte(got), &back); err != nil || back != strings.ToValidUTF8(tc.text, "\ufffd") {
				t.Errorf("read back as %q, %v", back, err)
			}
		})
	}
}
