package signedtext

import (
	"errors"
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
