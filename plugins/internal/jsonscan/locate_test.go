package jsonscan_test

import (
	"testing"

	"webhookedge/plugins/internal/jsonscan"
)

func TestLocate(t *testing.T) {
	for name, tc := range map[string]struct{ path, document, want string }{
		"a member":                   {"a", `{"b":{"a":1}, "a" : "x\"y" }`, `"x\"y"`},
		"a member of a member":       {"b.a", `{"a":1,"b":{"a":[1, 2]}}`, `[1, 2]`},
		"an element":                 {"a.1", `{"a":[{"a":2},-3.5e1]}`, `-3.5e1`},
		"a name in another spelling": {"a", `{"\u0061":true}`, `true`},
		"a name with a dot":          {`a\.b`, `{"a.b":null}`, `null`},
		"nothing":                    {"c", `{"a":1}`, ""},
		"a path through a scalar":    {"a.b", `{"a":1}`, ""},
		"what is no path":            {"a..b", `{"a":1}`, ""},
		"no JSON":                    {"a", `{"a":`, ""},
		"an empty document":          {"a", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			start, end, ok := jsonscan.Locate([]byte(tc.document), tc.path)
			if got := tc.document[start:end]; got != tc.want || ok != (tc.want != "") {
				t.Errorf("%q %v, want %q", got, ok, tc.want)
			}
		})
	}
}
