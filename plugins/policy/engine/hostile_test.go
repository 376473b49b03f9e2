package engine_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"webhookedge/plugins/policy/engine"
)

func TestEval_stopsAtTheDeadline(t *testing.T) {
	tests := map[string]string{
		"a loop over a product": `decision := {"allow": true} if {
	some a in numbers.range(1, 10000)
	some b in numbers.range(1, 10000)
	a + b < 0
}`,
		"a huge set": `huge := {[a, b, c] | some a in numbers.range(1, 1000); some b in numbers.range(1, 1000); some c in numbers.range(1, 1000)}

decision := {"allow": true} if count(huge) > 0`,
		"a huge range": `decision := {"allow": true} if count(numbers.range(1, 100000000)) > 0`,
	}
	for name, rego := range tests {
		t.Run(name, func(t *testing.T) {
			p := compile(t, rego, engine.Options{})
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
			defer cancel()
			d, err := p.Eval(ctx, input(push), now())
			if d != nil || !errors.Is(err, engine.ErrTimeout) {
				t.Errorf("got %+v, %v", d, err)
			}
		})
	}
}

func TestEval_hugeNumbersDoNotFail(t *testing.T) {
	uses := map[string]string{
		"compared": "input.data.n > 1", "added": "sum([input.data.n, 1]) > 1", "rounded": "round(input.data.n) > 1", "ordered": "max([1, input.data.n]) > 1",
		"multiplied": "input.data.n * input.data.n > 1", "divided": "1 / input.data.n > 1", "a remainder": "input.data.n % 7 > 1", "written": "count(sprintf(\"%v %d\", [input.data.n, input.data.n])) > 1",
		"an element of a set": "count({input.data.n, 1}) > 1", "an index": "[1, 2][input.data.n] > 1",
	}
	for name, use := range uses {
		p := compile(t, "default decision := {\"allow\": false, \"reason\": \"no\"}\n\ndecision := {\"allow\": true} if "+use, engine.Options{})
		for _, n := range []string{"1e1000000000", "-1e1000000000", "1e-1000000000", "1e9999", "-1e-9999", "1e00000000000001", strings.Repeat("9", 1024), strings.Repeat("9", 5000), "0e1", "-0"} {
			if _, err := p.Eval(t.Context(), input(`{"n":`+n+`}`), now()); err != nil {
				t.Errorf("%s, %.20s: %v", name, n, err)
			}
		}
	}
}

func TestEval_panicInOPAIsAnError(t *testing.T) {
	p := compile(t, `decision := {"allow": true} if input.data.n > 1`, engine.Options{})
	n := ast.ObjectTerm(ast.Item(ast.StringTerm("n"), ast.NumberTerm("1e1000000000"))) // past the bounds of Document
	document := ast.NewObject(ast.Item(ast.StringTerm("data"), n))
	if d, err := p.EvalDocument(t.Context(), document, now()); d != nil || !errors.Is(err, engine.ErrEval) {
		t.Errorf("got %v, %v", d, err)
	}
}
