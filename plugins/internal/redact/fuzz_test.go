package redact_test

import (
	"bytes"
	"encoding/json"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"webhookedge/plugins/internal/jsonscan"
	"webhookedge/plugins/internal/redact"
)

// plain is a rule as the reference knows it: "*" is any step, "**" any number
// of steps, a number with # a position.
type plain struct {
	rule  redact.Rule
	steps []string
}

func plainRules() []plain {
	return []plain{
		{redact.Rule{Path: "$.a.b", Action: redact.Drop}, []string{"a", "b"}},
		{redact.Rule{Path: "$.*[1]", Action: redact.Drop}, []string{"*", "#1"}},
		{redact.Rule{Path: "$..e", Action: redact.Mask}, []string{"**", "e"}},
		{redact.Rule{Path: "$[*].c", Action: redact.Drop}, []string{"*", "c"}},
		{redact.Rule{Path: "$.a..b", Action: redact.Drop}, []string{"a", "**", "b"}},
		{redact.Rule{Path: "$[0]", Action: redact.Mask}, []string{"#0"}},
	}
}

func leads(steps, path []string) bool {
	switch {
	case len(steps) == 0:
		return len(path) == 0
	case steps[0] == "**":
		return leads(steps[1:], path) || len(path) > 0 && leads(steps, path[1:])
	case len(path) == 0:
		return false
	}
	return (steps[0] == "*" || steps[0] == path[0]) && leads(steps[1:], path[1:])
}

// redacted does to a decoded value what Apply does to its text, the slow way.
func redacted(v any, path []string) (_ any, gone bool) {
	for _, r := range plainRules() {
		if len(path) > 0 && leads(r.steps, path) {
			return "[redacted]", r.rule.Action == redact.Drop
		}
	}
	below := func(step string) []string { return append(append([]string{}, path...), step) }
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			value, gone := redacted(member, below(name))
			if v[name] = value; gone {
				delete(v, name)
			}
		}
	case []any:
		stay := []any{}
		for i, element := range v {
			if value, gone := redacted(element, below("#"+strconv.Itoa(i))); !gone {
				stay = append(stay, value)
			}
		}
		return stay, false
	}
	return v, false
}

func decode(t *testing.T, data []byte) any {
	var v any
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	if err := dec.Decode(&v); err != nil {
		t.Fatalf("%v: %q", err, data)
	}
	return v
}

// FuzzApply holds Apply against a reference that works on decoded values.
func FuzzApply(f *testing.F) {
	for _, seed := range []string{
		`{"a":{"b":1,"x":{"b":[{"e":1}]}},"c":[1,2,3]}`, `[{"c":1},{"c":2,"d":3},[4,{"e":5}]]`, `{"e":{"e":1},"a":[0,1]}`, `{}`, `[]`, `1`, `{"a":{"b":{}}`,
		` { "a" : { "b" : 1 , "c" : 2 } , "e" : [ ] } `, `{"#0":1,"*":[1,2]}`,
	} {
		f.Add([]byte(seed))
	}
	var rules []redact.Rule
	for _, r := range plainRules() {
		rules = append(rules, r.rule)
	}
	r := compile(f, rules...)
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, err := jsonscan.Scan(data, nil); err != nil {
			_, _, _ = r.Apply(data) // only that it does not panic
			return
		}
		if bytes.Contains(data, []byte(`"#`)) || bytes.Contains(data, []byte(`\`)) {
			return // a name that the reference takes for a position, or two spellings of one name
		}
		out, _, err := r.Apply(data)
		if err != nil {
			t.Fatal(err)
		}
		want, _ := redacted(decode(t, data), nil)
		if diff := cmp.Diff(want, decode(t, out)); diff != "" {
			t.Fatalf("%s became %s (-want +got):\n%s", data, out, diff)
		}
	})
}
