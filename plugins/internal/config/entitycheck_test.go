package config_test

import (
	"testing"

	"webhookedge/plugins/internal/config"
)

// Checked is what the entity checks of this file are about.
type Checked struct {
	A    string   `json:"a" doc:"A string without a default."`
	B    string   `json:"b" doc:"A string with a default." default:"b"`
	List []string `json:"list" doc:"A list without a default."`
	Num  int      `json:"num" doc:"A number without a default."`
	In   inside   `json:"in" doc:"A record that is always there."`
	Opt  *inside  `json:"opt" doc:"A record that may be absent."`
}

type inside struct {
	X string `json:"x" doc:"A string without a default."`
	Y string `json:"y" doc:"A string with a default." default:"y"`
}

type (
	oneOfGiven struct{ Checked }
	oneOf      struct{ Checked }
	atMostOne  struct{ Checked }
	allOrNone  struct{ Checked }
	someOf     struct{ Checked }
)

func (someOf) KongChecks() []config.EntityCheck {
	return []config.EntityCheck{{AtLeastOneOf: []string{"in.x", "opt"}}}
}

func (oneOfGiven) KongChecks() []config.EntityCheck {
	return []config.EntityCheck{{OnlyOneOf: []string{"a", "in.y"}}}
}

func (oneOf) KongChecks() []config.EntityCheck {
	return []config.EntityCheck{{OnlyOneOf: []string{"a", "list", "in.x", "opt"}}}
}

func (atMostOne) KongChecks() []config.EntityCheck {
	return []config.EntityCheck{{MutuallyExclusive: []string{"a", "num", "in.x"}}}
}

func (allOrNone) KongChecks() []config.EntityCheck {
	return []config.EntityCheck{{MutuallyRequired: []string{"a", "num", "opt.x"}}}
}

func TestEntityCheck_agreesWithTheSchema(t *testing.T) {
	tests := map[string]struct {
		of    any
		data  string
		valid bool
	}{
		"exactly one, an empty list":            {oneOf{}, `{"list":[]}`, false},
		"exactly one, a nested one":             {oneOf{}, `{"in":{"x":"1"}}`, true},
		"exactly one, by a nested default":      {oneOfGiven{}, `{}`, true},
		"exactly one, beside a nested default":  {oneOfGiven{}, `{"a":"1"}`, false},
		"exactly one, none given":               {oneOf{}, `{}`, false},
		"exactly one, one given":                {oneOf{}, `{"a":"1"}`, true},
		"exactly one, two given":                {oneOf{}, `{"a":"1","list":["x"]}`, false},
		"exactly one, an empty record is one":   {oneOf{}, `{"opt":{}}`, true},
		"exactly one, a nested one and another": {oneOf{}, `{"in":{"x":"1"},"a":"1"}`, false},
		"at most one, none given":               {atMostOne{}, `{}`, true},
		"at most one, zero is a number":         {atMostOne{}, `{"num":0,"a":"1"}`, false},
		"at most one, a nested one and another": {atMostOne{}, `{"num":0,"in":{"x":"1"}}`, false},
		"at least one, none given":              {someOf{}, `{"in":{"x":null}}`, false},
		"at least one, a nested one":            {someOf{}, `{"in":{"x":"1"}}`, true},
		"at least one, both given":              {someOf{}, `{"in":{"x":"1"},"opt":{}}`, true},
		"all or none, none given":               {allOrNone{}, `{"opt":{}}`, true},
		"all or none, all given":                {allOrNone{}, `{"a":"1","num":2,"opt":{"x":"1"}}`, true},
		"all or none, two of three":             {allOrNone{}, `{"a":"1","num":2}`, false},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) { agree(t, tc.of, tc.data, tc.valid) })
	}
}

func TestEntityCheck_namesTheFault(t *testing.T) {
	tests := map[string]struct {
		into any
		data string
		want string
	}{
		"exactly one":  {&oneOf{}, `{}`, "config: exactly one must be set of a, list, in.x, opt"},
		"at least one": {&someOf{}, `{}`, "config: at least one must be set of in.x, opt"},
		"at most one":  {&atMostOne{}, `{"a":"1","num":1}`, "config: at most one may be set of a, num, in.x"},
		"all or none":  {&allOrNone{}, `{"a":"1"}`, "config: all or none must be set of a, num, opt.x"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			err := config.Decode([]byte(tc.data), tc.into)
			if err == nil || err.Error() != tc.want {
				t.Errorf("got %v, want %s", err, tc.want)
			}
		})
	}
}
