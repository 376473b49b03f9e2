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
	anyOf       struct{ Checked }
	anyOfGiven  struct{ Checked }
	oneOf       struct{ Checked }
	atMostOne   struct{ Checked }
	allOrNone   struct{ Checked }
	whenChoice  struct{ Checked }
	whenNumber  struct{ Checked }
	whenDefault struct{ Checked }
)

func (anyOf) KongChecks() []config.EntityCheck {
	return []config.EntityCheck{{AtLeastOneOf: []string{"a", "list", "in.x", "opt"}}}
}

func (anyOfGiven) KongChecks() []config.EntityCheck {
	return []config.EntityCheck{{AtLeastOneOf: []string{"a", "in.y"}}}
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

func (whenChoice) KongChecks() []config.EntityCheck {
	return []config.EntityCheck{{Conditional: &config.Conditional{
		IfField: "a", IfMatch: config.Match{Eq: "on"}, ThenField: "opt.x", ThenMatch: config.Match{Required: true},
		ThenErr: "opt.x is needed where a is on",
	}}}
}

func (whenNumber) KongChecks() []config.EntityCheck {
	return []config.EntityCheck{{Conditional: &config.Conditional{
		IfField: "num", IfMatch: config.Match{Eq: 7}, ThenField: "b", ThenMatch: config.Match{OneOf: []string{"x", "y"}},
	}}}
}

func (whenDefault) KongChecks() []config.EntityCheck {
	return []config.EntityCheck{{Conditional: &config.Conditional{
		IfField: "b", IfMatch: config.Match{OneOf: []string{"b", "c"}}, ThenField: "num", ThenMatch: config.Match{Required: true, Eq: 1},
	}}}
}

func TestEntityChecksAreEnforcedAsTheirSchemaSays(t *testing.T) {
	tests := map[string]struct {
		of    any
		data  string
		valid bool
	}{
		"at least one, none given":               {anyOf{}, `{}`, false},
		"at least one, one given":                {anyOf{}, `{"a":"1"}`, true},
		"at least one, an empty list":            {anyOf{}, `{"list":[]}`, false},
		"at least one, a nested one":             {anyOf{}, `{"in":{"x":"1"}}`, true},
		"at least one, an empty record is one":   {anyOf{}, `{"opt":{}}`, true},
		"at least one, by a nested default":      {anyOfGiven{}, `{}`, true},
		"exactly one, none given":                {oneOf{}, `{}`, false},
		"exactly one, one given":                 {oneOf{}, `{"a":"1"}`, true},
		"exactly one, two given":                 {oneOf{}, `{"a":"1","list":["x"]}`, false},
		"exactly one, an empty record is one":    {oneOf{}, `{"opt":{}}`, true},
		"exactly one, a nested one and another":  {oneOf{}, `{"in":{"x":"1"},"a":"1"}`, false},
		"at most one, none given":                {atMostOne{}, `{}`, true},
		"at most one, zero is a number":          {atMostOne{}, `{"num":0,"a":"1"}`, false},
		"at most one, a nested one and another":  {atMostOne{}, `{"num":0,"in":{"x":"1"}}`, false},
		"all or none, none given":                {allOrNone{}, `{"opt":{}}`, true},
		"all or none, all given":                 {allOrNone{}, `{"a":"1","num":2,"opt":{"x":"1"}}`, true},
		"all or none, two of three":              {allOrNone{}, `{"a":"1","num":2}`, false},
		"a condition that does not apply":        {whenChoice{}, `{"a":"off"}`, true},
		"a condition on a field that is absent":  {whenChoice{}, `{}`, true},
		"a condition that needs an absent field": {whenChoice{}, `{"a":"on"}`, false},
		"a condition that is met":                {whenChoice{}, `{"a":"on","opt":{"x":"1"}}`, true},
		"a number that asks, and a default":      {whenNumber{}, `{"num":7}`, false},
		"a number that asks and gets":            {whenNumber{}, `{"num":7,"b":"y"}`, true},
		"another number":                         {whenNumber{}, `{"num":8}`, true},
		"a default that asks":                    {whenDefault{}, `{}`, false},
		"a default that asks and gets":           {whenDefault{}, `{"num":1}`, true},
		"a default that asks for another number": {whenDefault{}, `{"num":2}`, false},
		"a value that takes the place of it":     {whenDefault{}, `{"b":"d"}`, true},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) { agree(t, tc.of, tc.data, tc.valid) })
	}
}

func TestEntityChecksSayWhatIsWrong(t *testing.T) {
	tests := map[string]struct {
		into any
		data string
		want string
	}{
		"at least one": {&anyOf{}, `{}`, "config: at least one must be set of a, list, in.x, opt"},
		"exactly one":  {&oneOf{}, `{}`, "config: exactly one must be set of a, list, in.x, opt"},
		"at most one":  {&atMostOne{}, `{"a":"1","num":1}`, "config: at most one may be set of a, num, in.x"},
		"all or none":  {&allOrNone{}, `{"a":"1"}`, "config: all or none must be set of a, num, opt.x"},
		"own words":    {&whenChoice{}, `{"a":"on"}`, "config: opt.x is needed where a is on"},
		"one of":       {&whenNumber{}, `{"num":7}`, "config: b must be one of x, y when num is 7"},
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
