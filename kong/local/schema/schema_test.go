package schema

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// plugin makes a schema out of the config's fields and entity checks.
func plugin(t testing.TB, fields, checks string) *Schema {
	t.Helper()
	if checks == "" {
		checks = "[]"
	}
	s, err := Parse(fmt.Appendf(nil, `{"name":"p","fields":[{"config":{"type":"record","fields":[%s],"entity_checks":%s}}]}`, fields, checks))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func check1(t testing.TB, s *Schema, config string) (map[string]any, string) {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(config), &v); err != nil {
		t.Fatal(err)
	}
	out, faults := s.Check(v)
	var texts []string
	for _, f := range faults {
		texts = append(texts, f.Error())
	}
	return out, strings.Join(texts, "; ")
}

func TestCheck_field(t *testing.T) {
	cases := map[string]struct{ fields, config, want string }{
		"a string":                        {`{"a":{"type":"string"}}`, `{"a":"x"}`, ""},
		"a string that is a number":       {`{"a":{"type":"string"}}`, `{"a":1}`, "config.a: expected a string"},
		"an empty string":                 {`{"a":{"type":"string"}}`, `{"a":""}`, "config.a: length must be at least 1"},
		"an empty string that may be":     {`{"a":{"type":"string","len_min":0}}`, `{"a":""}`, ""},
		"an unknown field":                {`{"secret":{"type":"string"}}`, `{"secrte":"x"}`, `config.secrte: unknown field (did you mean "secret"?)`},
		"a missing required field":        {`{"a":{"type":"string","required":true}}`, `{}`, "config.a: required field missing"},
		"a required field that is null":   {`{"a":{"type":"string","required":true,"default":"x"}}`, `{"a":null}`, "config.a: required field missing"},
		"an integer with a fraction":      {`{"a":{"type":"integer"}}`, `{"a":1.5}`, "config.a: expected an integer"},
		"an integer written as a float":   {`{"a":{"type":"integer"}}`, `{"a":2.0}`, ""},
		"a number":                        {`{"a":{"type":"number"}}`, `{"a":1.5}`, ""},
		"a boolean":                       {`{"a":{"type":"boolean"}}`, `{"a":"true"}`, "config.a: expected a boolean"},
		"one of":                          {`{"a":{"type":"string","one_of":["x","y"]}}`, `{"a":"z"}`, "config.a: expected one of: x, y"},
		"one of numbers":                  {`{"a":{"type":"integer","one_of":[1,2]}}`, `{"a":2}`, ""},
		"between":                         {`{"a":{"type":"integer","between":[1,10]}}`, `{"a":11}`, "config.a: value should be between 1 and 10"},
		"too long":                        {`{"a":{"type":"string","len_max":2}}`, `{"a":"xyz"}`, "config.a: length must be at most 2"},
		"a list that is too short":        {`{"a":{"type":"array","len_min":1,"elements":{"type":"string"}}}`, `{"a":[]}`, "config.a: length must be at least 1"},
		"a map with too many keys":        {`{"a":{"type":"map","len_max":1,"keys":{"type":"string"},"values":{"type":"string"}}}`, `{"a":{"x":"1","y":"2"}}`, "config.a: length must be at most 1"},
		"an element of the wrong type":    {`{"a":{"type":"array","elements":{"type":"integer"}}}`, `{"a":[1,"x"]}`, "config.a[1]: expected an integer"},
		"not a list":                      {`{"a":{"type":"array","elements":{"type":"integer"}}}`, `{"a":"x"}`, "config.a: expected an array"},
		"not a set":                       {`{"a":{"type":"set","elements":{"type":"integer"}}}`, `{"a":"x"}`, "config.a: expected a set"},
		"a map's value":                   {`{"a":{"type":"map","keys":{"type":"string"},"values":{"type":"integer"}}}`, `{"a":{"X":"1"}}`, "config.a.X: expected an integer"},
		"a record in a list":              {`{"a":{"type":"array","elements":{"type":"record","fields":[{"b":{"type":"string","required":true}}]}}}`, `{"a":[{"b":"x"},{}]}`, "config.a[1].b: required field missing"},
		"a record that Kong fills in":     {`{"a":{"type":"record","fields":[{"b":{"type":"string","required":true}}]}}`, `{}`, "config.a.b: required field missing"},
		"a record that may be absent":     {`{"a":{"type":"record","required":false,"fields":[{"b":{"type":"string","required":true}}]}}`, `{}`, ""},
		"a reference is not looked at":    {`{"a":{"type":"string","referenceable":true,"len_min":100}}`, `{"a":"{vault://env/x}"}`, ""},
		"a reference where none may be":   {`{"a":{"type":"string","len_min":100}}`, `{"a":"{vault://env/x}"}`, "config.a: length must be at least 100"},
		"several faults are all reported": {`{"a":{"type":"string"}},{"b":{"type":"integer"}}`, `{"a":1,"b":"x","c":1}`, "config.a: expected a string; config.b: expected an integer; config.c: unknown field"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if _, got := check1(t, plugin(t, tc.fields, ""), tc.config); got != tc.want {
				t.Errorf("got  %q\nwant %q", got, tc.want)
			}
		})
	}
}

func TestCheck_entityChecks(t *testing.T) {
	const fields = `{"a":{"type":"string","referenceable":true}},{"b":{"type":"string"}},{"c":{"type":"integer"}}`
	cases := map[string]struct{ checks, config, want string }{
		"only one of two":            {`[{"only_one_of":["a","b"]}]`, `{"a":"x","b":"y"}`, "config: exactly one of these fields must be non-empty: 'a', 'b'"},
		"exclusive":                  {`[{"mutually_exclusive":["a","b"]}]`, `{"a":"x","b":"y"}`, "config: only one or none of these fields must be set: 'a', 'b'"},
		"exclusive with a reference": {`[{"mutually_exclusive":["a","b"]}]`, `{"a":"{vault://env/x}","b":"y"}`, ""},
		"required together":          {`[{"mutually_required":["a","b"]}]`, `{"a":"x"}`, "config: all or none of these fields must be set: 'a', 'b'"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if _, got := check1(t, plugin(t, fields, tc.checks), tc.config); got != tc.want {
				t.Errorf("got  %q\nwant %q", got, tc.want)
			}
		})
	}
}

func TestLoad_fillsAndResolves(t *testing.T) {
	s := plugin(t, `{"tolerance":{"type":"integer","default":300}},{"mode":{"type":"string","default":"exit"}},{"unset":{"type":"string"}},
		{"secret":{"type":"string","referenceable":true,"required":true}},{"plain":{"type":"string"}},
		{"list":{"type":"array","elements":{"type":"string","referenceable":true}}},
		{"map":{"type":"map","keys":{"type":"string"},"values":{"type":"string","referenceable":true}}},
		{"nats":{"type":"record","required":true,"fields":[{"url":{"type":"string","default":"nats://x"}},{"token":{"type":"string","referenceable":true}}]}},
		{"opt":{"type":"record","required":false,"fields":[{"x":{"type":"string","default":"y"}}]}},
		{"bare":{"type":"record","fields":[{"x":{"type":"string","default":"y"}}]}},
		{"set":{"type":"set","elements":{"type":"string"}}}`, "")
	checked, faults := check1(t, s, `{"secret":"{vault://env/gone}","plain":"{vault://env/a}","list":["lit","{vault://env/a}"],
		"map":{"k":"{vault://env/a}","l":"lit"},"nats":{"token":"{vault://env/a}"},"set":["x","y","x"]}`)
	if faults != "" {
		t.Fatal(faults)
	}
	unset := errors.New("unset")
	got, unresolved := s.Load(checked, func(ref string) (string, error) {
		if ref == "{vault://env/a}" {
			return "A", nil
		}
		return "", unset
	})
	ref := "{vault://env/a}"
	want := map[string]any{
		"tolerance": int64(300), "mode": "exit", "secret": "", "plain": ref, "list": []any{"lit", "A"},
		"map": map[string]any{"k": "A", "l": "lit"}, "set": []any{"x", "y"},
		"bare":  map[string]any{"x": "y"},
		"nats":  map[string]any{"url": "nats://x", "token": "A", "$refs": map[string]any{"token": ref}},
		"$refs": map[string]any{"secret": "{vault://env/gone}", "list": []any{nil, ref}, "map": map[string]any{"k": ref}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if len(unresolved) != 1 || PathText(unresolved[0].Path) != "config.secret" || !errors.Is(unresolved[0].Err, unset) {
		t.Errorf("unresolved: %v", unresolved)
	}
}

func TestParse_refuses(t *testing.T) {
	cases := map[string]string{
		"no config":              `{"name":"p","fields":[]}`,
		"an unknown attribute":   `{"name":"p","fields":[{"config":{"type":"record","fields":[{"a":{"type":"string","lenmin":1}}]}}]}`,
		"an unknown type":        `{"name":"p","fields":[{"config":{"type":"record","fields":[{"a":{"type":"text"}}]}}]}`,
		"a short description":    `{"name":"p","fields":[{"config":{"type":"record","fields":[{"a":{"type":"string","description":"short"}}]}}]}`,
		"a list of nothing":      `{"name":"p","fields":[{"config":{"type":"record","fields":[{"a":{"type":"array"}}]}}]}`,
		"a default of no use":    `{"name":"p","fields":[{"config":{"type":"record","fields":[{"a":{"type":"string","one_of":["x"],"default":"y"}}]}}]}`,
		"a check of no field":    `{"name":"p","fields":[{"config":{"type":"record","fields":[{"a":{"type":"string"}}],"entity_checks":[{"only_one_of":["b"]}]}}]}`,
		"an attribute of others": `{"name":"p","fields":[{"config":{"type":"record","fields":[{"a":{"type":"string","starts_with":"/"}}]}}]}`,
		"a check of others":      `{"name":"p","fields":[{"config":{"type":"record","fields":[{"a":{"type":"string"}},{"b":{"type":"string"}}],"entity_checks":[{"distinct":["a","b"]}]}}]}`,
		"an unknown check":       `{"name":"p","fields":[{"config":{"type":"record","fields":[],"entity_checks":[{"custom_entity_check":{}}]}}]}`,
		"a pattern":              `{"name":"p","fields":[{"config":{"type":"record","fields":[{"a":{"type":"string","match":"^a"}}]}}]}`,
		"a check inside records": `{"name":"p","fields":[{"config":{"type":"record","fields":[{"r":{"type":"record","fields":[{"a":{"type":"string"}}]}}],"entity_checks":[{"only_one_of":["r.a"]}]}}]}`,
		"an argument of no use":  `{"name":"p","fields":[{"config":{"type":"record","fields":[{"a":{"type":"integer","between":[1]}}]}}]}`,
		"entity checks on top":   `{"name":"p","fields":[{"config":{"type":"record","fields":[]}}],"entity_checks":[]}`,
		"a field defined twice":  `{"name":"p","fields":[{"config":{"type":"record","fields":[{"a":{"type":"string"}},{"a":{"type":"string"}}]}}]}`,
		"a referenceable number": `{"name":"p","fields":[{"config":{"type":"record","fields":[{"a":{"type":"integer","referenceable":true}}]}}]}`,
		"no JSON":                `{`,
	}
	for name, text := range cases {
		t.Run(name, func(t *testing.T) {
			if _, err := Parse([]byte(text)); !errors.Is(err, ErrSchema) {
				t.Errorf("got %v, want ErrSchema", err)
			}
		})
	}
}

func FuzzSchema(f *testing.F) {
	f.Add(`{"name":"p","fields":[{"config":{"type":"record","fields":[{"a":{"type":"string","default":"x"}}]}}]}`, `{"a":"y"}`)
	f.Add(`{"name":"p","fields":[{"config":{"type":"record","fields":[{"a":{"type":"array","elements":{"type":"integer","between":[1,9]}}}],"entity_checks":[{"only_one_of":["a"]}]}}]}`, `{"a":[1]}`)
	f.Fuzz(func(t *testing.T, schema, config string) {
		s, err := Parse([]byte(schema))
		if err != nil {
			return
		}
		var v any
		if json.Unmarshal([]byte(config), &v) != nil {
			return
		}
		checked, faults := s.Check(v)
		if len(faults) > 0 {
			return
		}
		s.Load(checked, func(string) (string, error) { return "", errors.New("none") })
	})
}
