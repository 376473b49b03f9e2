package engine_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"

	"webhookedge/plugins/event"
	"webhookedge/plugins/policy/engine"
)

// ways are how a policy can come to a part of the input. Each gives said, which
// is anything or undefined.
func ways() map[string]string {
	return map[string]string{
		"by its name":                   `said := input.data.a`,
		"by its name, deep":             `said := input.data.a.b.c`,
		"in quotes":                     `said := input["data"]["a"]["b"]`,
		"names that are odd":            `said := [x | some x in [input.data["é"], input.data["a.b"], input.data[""], input.data["\u0000"], input.data["\"\\"]]]`,
		"each odd name by itself":       "said contains input.data[\"é\"]\n\nsaid contains input.data[\"a.b\"]\n\nsaid contains input.data[\"\"]\n\nsaid contains input.data[\"\\u0000\"]",
		"by way of a variable":          "said := y if {\n\tx := input.data\n\ty := x.a.b\n}",
		"by way of a rule":              "part := input.data.a\n\nsaid := part.b",
		"by way of a function":          "f(o) := o.a.b\n\nsaid := f(input.data)",
		"a function of the input":       "f(o) := o.data.a\n\nsaid := f(input)",
		"a function of a part":          "f(o, k) := o[k]\n\nsaid := f(input.data.a, \"b\")",
		"in an array":                   "said := [input.data.a, input.event.name][1]",
		"the whole in an array":         "said := [input][0].data.b",
		"by an import":                  "import input.data as payload\n\nsaid := payload.a.b",
		"by an import of all":           "import input as asked\n\nsaid := asked.data.a",
		"by a name that is read":        "said := input.data.a[input.data.b]",
		"by a name of the event":        "said := input.data[input.event.name]",
		"any name":                      "said contains k if some k, _ in input.data",
		"any value":                     "said contains v if v := input.data.a[_]",
		"by a position":                 "said := input.data.list[1].id",
		"elements of a list":            "said := [x | x := input.data.list[_].id]",
		"some in":                       "said := [v | some v in input.data.list; v.id]",
		"some key, value in":            "said := {k: v | some k, v in input.data.a}",
		"every":                         "said if every v in input.data.list { v.id }",
		"every of an object":            "said if every k, v in input.data.a { k != v }",
		"in":                            "said if \"x\" in input.data.list",
		"not":                           "said if not input.data.a.b",
		"not, of all":                   "said if not input.data",
		"equality with null":            "said if input.data.a == null",
		"equality with an object":       "said if input.data.a == {\"b\": 1}",
		"equality of parts":             "said if input.data.a == input.data.b",
		"equality of all with nothing":  "said if input.data == {}",
		"a test of its kind":            "said := [is_object(input.data.a), is_array(input.data.a)]",
		"counted":                       "said := count(input.data)",
		"counted, a part":               "said := count(input.data.a)",
		"its keys":                      "said := object.keys(input.data.a)",
		"object.get":                    "said := object.get(input.data, [\"a\", \"b\"], \"none\")",
		"object.get of all":             "said := object.get(input, [\"data\", \"a\", \"b\"], \"none\")",
		"walk":                          "said := [p | walk(input.data, [p, _])]",
		"walk of a part":                "said := [v | walk(input.data.a, [_, v])]",
		"json.filter":                   "said := json.filter(input.data, [\"a/b\"])",
		"object.union":                  "said := object.union(input.data.a, {\"z\": 1})",
		"with another input":            "part := input.data.a\n\nsaid := [part, x] if x := part with input as {\"data\": {\"a\": 5}}",
		"with another part":             "part := [input.data.a, input.data.b]\n\nsaid := x if x := part with input.data.a as 5",
		"with a part of the payload":    "part := input.data.a\n\nsaid := x if x := part with input as {\"data\": input.data.list[0]}",
		"with a function mocked":        "f(x) := x\n\ng(x) := [x, input.data.b]\n\nsaid := x if x := f(input.data.a) with f as g",
		"a part and more of it":         "said := [input.data.a.b, input.data.a]",
		"either":                        "said := input.data.a if {\n\tinput.data.b\n} else := input.data.list",
		"behind an else":                "part := input.data.list\n\nsaid := 1 if {\n\tinput.data.b\n} else := part",
		"a rule by a name":              "rules.a := input.data.a\n\nrules.b := input.data.b\n\nsaid := rules[input.event.name]",
		"a rule with a name inside":     "rules[k] := input.data.list if some k in [\"a\", \"b\"]\n\nsaid := rules.a",
		"a package by a name":           "said := data.webhook[\"ma\\u0069n\"].part\n\npart := input.data.a",
		"data under a name":             "said := x if {\n\tsome name in [\"part\", \"more\"]\n\tx := data.webhook.main[name]\n\tname == \"part\"\n}\n\npart := input.data.a\n\nmore := input.data.b",
		"a name of the input in a head": "rules[input.data.b] := input.data.a if true\n\nsaid := rules",
		"a comprehension in a head":     "said := {\"x\": [v | v := input.data.a[_]], \"y\": {input.data.b}}",
		"numbers":                       "said := [input.data.n, json.marshal(input.data.n)]",
		"text of all":                   "said := substring(json.marshal(input.data), 0, 200)",
		"a template":                    "said := $`x {input.data.a} y {input.data.a.b}`",
		"whether it is cut":             "said := input.truncated",
		"the event":                     "said := [input.event.name, input.event]",
		"the request":                   "said := input.request",
		"all":                           "said := input",
		"through a text":                "said := input.data.ref.x",
		"nothing":                       "said := 1",
		"a set of many":                 "said contains input.data.a.b\n\nsaid contains input.data.list[_].id\n\nsaid contains x if x := input.data.n",
	}
}

type pair struct{ projected, whole *engine.Policy }

func pairs(t testing.TB) map[string]pair {
	t.Helper()
	all := map[string]pair{}
	for name, way := range ways() {
		imports := ""
		if rest, ok := strings.CutPrefix(way, "import "); ok {
			line, more, _ := strings.Cut(rest, "\n")
			imports, way = "import "+line+"\n\n", more
		}
		text := imports + "default decision := {\"allow\": false, \"reason\": \"undefined\"}\n\ndecision := {\"allow\": true, \"reason\": substring(json.marshal(said), 0, 500)}\n\n" + way
		all[name] = pair{compile(t, text, engine.Options{}), compile(t, text, engine.Options{WholeInput: true})}
	}
	return all
}

// compare asks both of a pair. A payload of which the whole cannot be shown says
// nothing of its parts.
func (p pair) compare(t *testing.T, name, payload string) {
	t.Helper()
	in := engine.Input{Event: &event.Event{ID: "1", Source: "/s", Provider: "github", Type: "a", Data: []byte(payload)}}
	if all, ok := p.whole.Document(in).(ast.Object); ok && all.Get(ast.StringTerm("truncated")).Value.Compare(ast.Boolean(true)) == 0 {
		return
	}
	said := func(p *engine.Policy) string {
		d, err := p.Eval(t.Context(), in, now())
		if err != nil {
			return err.Error()
		}
		return d.Value().String()
	}
	if got, want := said(p.projected), said(p.whole); got != want {
		t.Errorf("%s, %s:\nprojected %s\n    whole %s", name, payload, got, want)
	}
}

// someJSON is a document out of names and values that the ways above look for.
func someJSON(r *rand.Rand, depth int) string {
	names := []string{"a", "b", "c", "id", "list", "n", "ref", "é", `\u00e9`, "a.b", "", `\u0000`, `\"\\`, `\u0061`, "x", "😀"}
	scalars := []string{"1", "1.50", "1e3", "-0", "12345678901234567890123", "0.1e-7", `"x"`, `"a"`, `"b"`, `"é\n\ud83d\ude00"`, "null", "true", "false", `""`, "{}", "[]"}
	if depth == 0 || r.IntN(4) == 0 {
		return scalars[r.IntN(len(scalars))]
	}
	var parts []string
	if r.IntN(4) == 0 {
		for range r.IntN(4) {
			parts = append(parts, someJSON(r, depth-1))
		}
		return "[" + strings.Join(parts, ",") + "]"
	}
	for range 1 + r.IntN(6) { // names may repeat, where a route takes the last of them
		parts = append(parts, fmt.Sprintf(`"%s": %s`, names[r.IntN(len(names))], someJSON(r, depth-1)))
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

func TestProjection_decidesAsTheWholeInput(t *testing.T) {
	all := pairs(t)
	fixed := []string{"{}", "[]", "null", "1", `"x"`, `{"a":{"b":{"c":1}}}`, `{"a":null,"b":null}`, `{"a":[{"b":1}],"list":[{"id":1},{"id":2},"x"]}`, `{"list":{"1":{"id":5}}}`, `{"n":9999e9999}`}
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		fixed = append(fixed, someJSON(r, 4))
	}
	for name, p := range all {
		for _, payload := range fixed {
			p.compare(t, name, payload)
		}
	}
}

func FuzzProjection(f *testing.F) {
	all := pairs(f)
	for i := range uint64(20) {
		f.Add(i, i*7919)
	}
	f.Fuzz(func(t *testing.T, a, b uint64) {
		payload := someJSON(rand.New(rand.NewPCG(a, b)), 6)
		for name, p := range all {
			p.compare(t, name, payload)
		}
	})
}
