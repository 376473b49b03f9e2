package author

import (
	"context"
	"encoding/json"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"

	"webhookedge/plugins/policy/engine"
)

// Answer is what a policy said about one question.
type Answer struct {
	Question *Question
	// Document is the input that the policy was shown: what it reads, and no more.
	Document ast.Value
	Decision *engine.Decision // nil where Err says why
	Err      error
	Took     time.Duration
	Steps    []Step // the rules that mattered, where an explanation was asked for
}

// MarshalJSON gives input and decision, which are JSON, as such.
func (a *Answer) MarshalJSON() ([]byte, error) {
	input, err := ast.JSON(a.Document)
	if err != nil {
		return nil, err
	}
	out := struct {
		Name     string          `json:"name"`
		Input    any             `json:"input"`
		Decision json.RawMessage `json:"decision,omitempty"`
		Rule     string          `json:"rule,omitempty"`
		Error    string          `json:"error,omitempty"`
		Took     time.Duration   `json:"took_ns"`
		Steps    []Step          `json:"steps,omitempty"`
	}{Name: a.Question.Name, Input: input, Took: a.Took, Steps: a.Steps}
	if a.Err != nil {
		out.Error = a.Err.Error()
	} else {
		out.Decision, out.Rule = a.Decision.JSON(), a.Decision.Rule
	}
	return json.Marshal(out)
}

// Eval asks the policy. With explain it is slower and the answer has Steps.
func (p *Project) Eval(ctx context.Context, q *Question, now time.Time, explain bool) *Answer {
	a := &Answer{Question: q, Document: q.document(p.policy)}
	var tracers []topdown.QueryTracer
	trace := newExplainer()
	if explain {
		tracers = append(tracers, trace)
	}
	start := time.Now()
	a.Decision, a.Err = p.policy.EvalDocument(ctx, a.Document, now, tracers...)
	a.Took = time.Since(start)
	a.Steps = trace.steps
	return a
}
