package author

import (
	"context"
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
