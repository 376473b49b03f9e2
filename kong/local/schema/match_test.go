package schema

import (
	"errors"
	"testing"
)

// TestMatch_isKongs plays the rules in Kong's order (kong/db/schema/init.lua,
// validators_order).
func TestMatch_isKongs(t *testing.T) {
	const fields = `{"a":{"type":"string","referenceable":true,"len_max":6,` +
		`"match_none":[{"pattern":"%.%.","err":"two dots"},{"pattern":"%.$","err":"a dot at the end"}],` +
		`"match_any":{"patterns":["^$","^%l[%w.-]*$","^%d+%-[SM]$"],"err":"no name"}}}`
	tests := map[string]struct{ config, want string }{
		"the second of the patterns": {`{"a":"a.b-1"}`, ""},
		"the third":                  {`{"a":"50-S"}`, ""},
		"none of them":               {`{"a":"A"}`, "config.a: no name"},
		"one that must not":          {`{"a":"a..b"}`, "config.a: two dots"},
		"another that must not":      {`{"a":"a."}`, "config.a: a dot at the end"},
		"too long, before patterns":  {`{"a":"a..b..c"}`, "config.a: length must be at most 6"},
		"empty, before patterns":     {`{"a":""}`, "config.a: length must be at least 1"},
		"a vault reference":          {`{"a":"{vault://env/name-of-it}"}`, ""},
		"no string":                  {`{"a":5}`, "config.a: expected a string"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if _, got := check1(t, plugin(t, fields, ""), tt.config); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestMatch_refusesWhatIsNoPattern(t *testing.T) {
	for name, field := range map[string]string{
		"a set that is not closed": `{"type":"string","match_any":{"patterns":["[a"],"err":"x"}}`,
		"one in a list":            `{"type":"array","elements":{"type":"string","match_none":[{"pattern":"a[","err":"x"}]}}`,
		"a number":                 `{"type":"integer","match_any":{"patterns":["a"],"err":"x"}}`,
	} {
		if _, err := Parse([]byte(`{"name":"p","fields":[{"config":{"type":"record","fields":[{"a":` + field + `}]}}]}`)); !errors.Is(err, ErrSchema) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCheck_atLeastOneOf(t *testing.T) {
	const fields = `{"r":{"type":"record","fields":[{"x":{"type":"array","elements":{"type":"string"}}}]}},{"o":{"type":"record","required":false,"fields":[{"y":{"type":"string"}}]}}`
	s := plugin(t, fields, `[{"at_least_one_of":["r.x","o"]}]`)
	for config, want := range map[string]string{
		`{}`:                "config: at least one of these fields must be non-empty: 'r.x', 'o'",
		`{"r":{"x":[]}}`:    "config: at least one of these fields must be non-empty: 'r.x', 'o'",
		`{"r":{"x":["a"]}}`: "",
		`{"o":{"y":"a"}}`:   "",
	} {
		if _, got := check1(t, s, config); got != want {
			t.Errorf("%s: got %q, want %q", config, got, want)
		}
	}
}
