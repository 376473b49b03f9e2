package engine_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/types"

	"webhookedge/plugins/event"
	"webhookedge/plugins/policy/engine"
)

// tree is a JSON value of which there are many spellings.
type tree struct {
	kind  byte   // as jsonscan tells them: { [ " 0, or w for a word
	text  string // of a scalar
	names []string
	parts []tree
}

func texts() []string {
	return []string{
		"", "a", "A b", "é😀", "a,b", "\"\\\n\x00", "1", "1.0", "1e0", "-0", "01", "%v %d %s", "^a.*$", "[a-z]+", "a*", `{"a":1.0,"b":[1e0,-0]}`, "[1.0]", "a: 1.0",
		"10KB", "1.5Gi", "2h45m", "2026-03-01T12:00:00.50Z", "192.0.2.0/28", "192.0.2.7", "2001:db8::/126", "YQ==", "YQ", "6161", "1.2.3", "1.2.3-a+b",
		"urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "https://a.example/b?c=1#d", "a=1&b=1.0&a=2", "{{.a}}", "a/b", "/a/0", "package a\n\nb := 1.0",
		"eyJhbGciOiJIUzI1NiJ9.eyJuIjoxLjB9.XXXX", "type Query { a: Int }", "query { a }",
	}
}

// numbers are groups of spellings of one number, or of numbers that are hard to
// tell apart.
func numbers() [][]string {
	return [][]string{
		{"1", "1.0", "1e0", "10e-1", "0.1e1", "1.00", "1E+0"}, {"0", "-0", "0.0", "-0.0", "0e5", "-0e-5"}, {"2", "2.0", "20e-1", "2e+00"},
		{"10", "1e1", "1E1", "10.0", "100e-1"}, {"-1.5", "-1.50", "-15e-1", "-0.15e1"}, {"0.1", "1e-1", "0.10", "0.1000000000000000055511151231257827"},
		{"12345678901234567890123", "12345678901234567890123.0", "12345678901234567890123e0", "1.2345678901234567890123e22"},
		{"9007199254740993", "9007199254740992", "9007199254740993.0", "9007199254740992.5", "9.007199254740993e15"},
		{"1e400", "10e399", "1e+400", "100000e395"}, {"1e-400", "10e-401", "0"}, {"1.7976931348623157e308", "17976931348623157e292", "1.7976931348623158e308"},
		{"1000", "1e3", "1000.0"}, {"16", "1.6e1", "16.0"}, {"64", "64.0", "6.4e1"},
	}
}

func someTree(r *rand.Rand, depth int) tree {
	switch kind := r.IntN(8); {
	case kind == 0:
		return tree{kind: 'w', text: []string{"true", "false", "null"}[r.IntN(3)]}
	case kind < 3:
		return tree{kind: '"', text: texts()[r.IntN(len(texts()))]}
	case kind < 5 || depth == 0:
		return someNumber(r)
	case kind < 7:
		return someArray(r, depth)
	default:
		return someObject(r, depth)
	}
}

func someNumber(r *rand.Rand) tree {
	return tree{kind: '0', text: fmt.Sprint(r.IntN(len(numbers())))} // the group; the spelling comes later
}

func someArray(r *rand.Rand, depth int) tree {
	t := tree{kind: '['}
	for range r.IntN(4) {
		t.parts = append(t.parts, someTree(r, depth-1))
	}
	return t
}

func someObject(r *rand.Rand, depth int) tree {
	t := tree{kind: '{'}
	for _, name := range []string{"a", "b", "c", "1", "1.0", "é"} {
		if r.IntN(2) == 0 {
			t.names, t.parts = append(t.names, name), append(t.parts, someTree(r, depth-1))
		}
	}
	return t
}

// spell writes t in one of its spellings.
func (t *tree) spell(r *rand.Rand) string {
	blank := []string{"", "", "", " ", "\n\t"}[r.IntN(5)]
	var parts []string
	for i := range t.parts {
		parts = append(parts, blank+t.parts[i].spell(r)+blank)
	}
	switch t.kind {
	case '"':
		return quoted(r, t.text)
	case '0':
		var group int
		_, _ = fmt.Sscan(t.text, &group)
		spellings := numbers()[group]
		return spellings[r.IntN(len(spellings))]
	case '[':
		return "[" + strings.Join(parts, ",") + "]"
	case '{':
		for i := range parts {
			parts[i] = quoted(r, t.names[i]) + blank + ":" + parts[i]
		}
		r.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
		return "{" + strings.Join(parts, ",") + "}"
	default:
		return t.text
	}
}

func quoted(r *rand.Rand, text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, c := range text {
		switch {
		case c < 0x10000 && (c < ' ' || c == '"' || c == '\\' || r.IntN(6) == 0):
			fmt.Fprintf(&b, []string{`\u%04x`, `\u%04X`}[r.IntN(2)], c)
		default:
			b.WriteRune(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// small are functions whose numbers must be, or they run for ever.
func small() []string { return []string{"bits.lsh", "bits.rsh", "numbers.range", "numbers.range_step"} }

// call is a call of b with parts of the payload, "" where it has no result.
func call(b *ast.Builtin) string {
	if b.Decl.Result() == nil || strings.HasPrefix(b.Name, "internal.") || strings.HasPrefix(b.Name, "rego.metadata.") || b.Name == "assign" || b.Name == "eq" {
		return "" // compiled away, or no function of policies
	}
	var args []string
	for i, t := range b.Decl.FuncArgs().Args {
		args = append(args, argument(t, i, slices.Contains(small(), b.Name)))
	}
	if b.Relation {
		return fmt.Sprintf("[y | %s(%s, y)]", b.Name, strings.Join(args, ", "))
	}
	return fmt.Sprintf("[y | y := %s(%s)]", b.Name, strings.Join(args, ", "))
}

func argument(t types.Type, i int, small bool) string {
	if named, ok := t.(*types.NamedType); ok {
		t = named.Type
	}
	switch t := t.(type) {
	case types.String:
		return fmt.Sprintf("input.data.s%d", i)
	case types.Number:
		if small {
			return fmt.Sprintf("input.data.m%d", i)
		}
		return fmt.Sprintf("input.data.n%d", i)
	case types.Boolean:
		return "input.data.b"
	case *types.Array:
		return fmt.Sprintf("input.data.a%d", i)
	case *types.Object:
		return fmt.Sprintf("input.data.o%d", i)
	case *types.Set:
		return fmt.Sprintf("{x | some x in input.data.a%d}", i)
	case types.Any:
		if len(t) > 0 && i%2 == 0 { // a union: one of its kinds
			return argument(t[len(t)-1], i, small)
		}
	}
	return fmt.Sprintf("input.data.v%d", i)
}

// payload has a value for every argument.
func somePayload(r *rand.Rand) tree {
	t := tree{kind: '{', names: []string{"b"}, parts: []tree{{kind: 'w', text: []string{"true", "false"}[r.IntN(2)]}}}
	for i := range 4 {
		for name, part := range map[string]tree{
			"s": {kind: '"', text: texts()[r.IntN(len(texts()))]}, "n": someNumber(r), "m": {kind: '0', text: fmt.Sprint(r.IntN(5))},
			"a": someArray(r, 2), "o": someObject(r, 2), "v": someTree(r, 2),
		} {
			t.names, t.parts = append(t.names, fmt.Sprint(name, i)), append(t.parts, part)
		}
	}
	return t
}

// callers are policies whose reasons hold the results of all functions that
// depend on their arguments alone, a dozen a policy.
func callers(t testing.TB) []*engine.Policy {
	t.Helper()
	unsteady := engine.Unsteady()
	var names, calls []string
	for _, b := range ast.Builtins {
		if c := call(b); c != "" && !unsteady[b.Name] && !b.IsDeprecated() {
			names, calls = append(names, b.Name), append(calls, c)
		}
	}
	if len(names) < 150 {
		t.Fatalf("only %d functions can be called: %s", len(names), names)
	}
	var all []*engine.Policy
	for some := range slices.Chunk(slices.Collect(seq(len(names))), 12) {
		rules := "decision := {\"allow\": true, \"reason\": concat(\" \", [crypto.sha256(text), substring(text, 0, 400)])}\n\ntext := concat(\" \", [sprintf(\"%v\", [said]), json.marshal(said)])\n"
		for _, i := range some {
			rules += fmt.Sprintf("\nsaid[%q] := %s\n", names[i], calls[i])
		}
		all = append(all, compile(t, rules, engine.Options{Builtins: engine.SwitchedOff()}))
	}
	return all
}

func seq(n int) func(func(int) bool) {
	return func(yield func(int) bool) {
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}

// TestMemory_equalsEvaluation asks about pairs of payloads that are the same value
// in two spellings: a decision that comes out of the memory must be the one that
// an evaluation gives.
func TestMemory_equalsEvaluation(t *testing.T) {
	policies := callers(t)
	r := rand.New(rand.NewPCG(12, 1))
	rounds := 2500 / len(policies)
	for range rounds {
		value := somePayload(r)
		for _, p := range policies {
			for _, payload := range []string{value.spell(r), value.spell(r)} {
				remembers(t, p, engine.Input{Event: &event.Event{ID: "1", Source: "/s", Provider: "github", Type: "a", Data: []byte(payload)}})
			}
		}
	}
}

// remembers compares three answers to in: the first, the second, which must come
// out of the memory, and that of an evaluation.
func remembers(t *testing.T, p *engine.Policy, in engine.Input) {
	t.Helper()
	said := func(d *engine.Decision, err error) string {
		if err != nil {
			return err.Error()
		}
		return d.Reason
	}
	first, err := p.Eval(t.Context(), in, now())
	got := said(first, err)
	second, err2 := p.Eval(t.Context(), in, now())
	if err == nil && second != first {
		t.Errorf("%s: it is not remembered: %v", in.Event.Data, err2)
	}
	if want := said(p.EvalDocument(t.Context(), p.Document(in), now())); got != want {
		t.Errorf("%s:\nremembered %s\n evaluated %s", in.Event.Data, got, want)
	}
}

func TestMemory_tellsWhatIsSpelledOtherwise(t *testing.T) {
	p := compile(t, "decision := {\"allow\": true, \"reason\": concat(\" \", [json.marshal(input.data.a), sprintf(\"%v\", [input.data.a]), text])}\n\ndefault text := \"\"\n\ntext := json.marshal([input.data.b.c, input.data.d])", engine.Options{})
	for _, group := range [][]string{
		{`{"a":1}`, `{"a":1e0}`, `{"a":1.0}`, `{"a":10e-1}`}, {`{"a":[2.0]}`, `{"a":[2]}`}, {`{"a":{"x":0}}`, `{"a":{"x":-0}}`, `{"a":{"x":0.0}}`},
		{`{"a":12345678901234567890123}`, `{"a":12345678901234567890123.0}`, `{"a":1.2345678901234567890123e22}`},
		{`{"a":9007199254740993}`, `{"a":9007199254740992}`}, {`{"a":1,"a":1.0}`, `{"a":1.0,"a":1}`},
		{`{"a":"1"}`, `{"a":1}`, `{"a":"\u0031"}`}, {`{"a":1,"b":{"c":1},"d":2}`, `{"a":1,"b":{"c":1.0},"d":2}`, `{"a":1,"b":{"c":1,"d":2}}`, `{"a":1,"b":null,"d":2}`, `{"a":1,"b":"c","d":2}`},
	} {
		for range 2 {
			for _, payload := range group {
				remembers(t, p, engine.Input{Event: &event.Event{ID: "1", Source: "/s", Provider: "github", Type: "a", Data: []byte(payload)}})
			}
		}
	}
}
