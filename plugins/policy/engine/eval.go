package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/metrics"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// The ways in which a policy gives no decision.
var (
	ErrUndefined = errors.New("decision is undefined")
	ErrSeveral   = errors.New("decision is not one value")
	ErrEval      = errors.New("policy failed")
	ErrTimeout   = errors.New("policy did not decide in time")
)

const answer = ast.Var("decision")

func prepare(compiler *ast.Compiler, data map[string]any, entry ast.Ref, o Options) (*Policy, error) {
	store := inmem.NewFromObjectWithOpts(data, inmem.OptRoundTripOnWrite(false), inmem.OptReturnASTValuesOnRead(true))
	ctx := context.Background()
	txn, err := store.NewTransaction(ctx)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSource, err)
	}
	query, err := compiler.QueryCompiler().Compile(ast.NewBody(ast.Equality.Expr(ast.NewTerm(answer), ast.NewTerm(entry))))
	if err != nil {
		return nil, explain(err)
	}
	p := &Policy{compiler: compiler, store: store, txn: txn, entry: entry, query: query, reads: reads(compiler, entry), data: data}
	root := newPlan(p.reads)
	if o.WholeInput {
		root = &plan{all: true}
	}
	p.input = newInputPlan(root, o)
	p.memory = newMemory(compiler, entry, p.reads)
	return p, nil
}

// Reads returns every place where the policy reads the input, sorted by path.
func (p *Policy) Reads() []Read { return p.reads }

// Compiler returns the compiled policy. It must not be changed.
func (p *Policy) Compiler() *ast.Compiler { return p.compiler }

// Document returns the input that the policy would see of in.
func (p *Policy) Document(in Input) ast.Value {
	return p.input.build(in, in.Event.Data)
}

// Eval asks the policy about one event at the time now. It is stopped when ctx
// is done, with ErrTimeout; other errors are ErrUndefined, ErrSeveral, ErrEval
// and ErrShape. None of them repeats the input. The decision must not be changed:
// it is the answer to equal questions too.
func (p *Policy) Eval(ctx context.Context, in Input, now time.Time) (*Decision, error) {
	if p.memory == nil {
		return p.EvalDocument(ctx, p.Document(in), now)
	}
	k := p.keys.get()
	defer p.keys.put(k)
	if !k.read(p.input, in) {
		return p.EvalDocument(ctx, p.Document(in), now)
	}
	if d := p.memory.get(k); d != nil {
		return d, nil
	}
	// The payload comes out of the key, so that nothing can count that is not in it.
	d, err := p.EvalDocument(ctx, p.input.build(in, k.payload()), now)
	if err == nil {
		p.memory.put(k, d)
	}
	return d, err
}

// EvalDocument is Eval with a finished input. Tracers see every step, and slow it down.
func (p *Policy) EvalDocument(ctx context.Context, input ast.Value, now time.Time, tracers ...topdown.QueryTracer) (d *Decision, err error) {
	defer func() {
		if recover() != nil { // its text may hold values of the input
			d, err = nil, fmt.Errorf("%w: OPA panicked", ErrEval)
		}
	}()
	cancel := topdown.NewCancel()
	stop := context.AfterFunc(ctx, cancel.Cancel)
	defer stop()
	tracker := p.names.tracker()
	q := topdown.NewQuery(p.query).WithEvaluatedRuleTracker(tracker).WithCompiler(p.compiler).WithStore(p.store).WithTransaction(p.txn).
		WithInput(ast.NewTerm(input)).WithCancel(cancel).WithTime(now).WithMetrics(metrics.NoOp())
	for _, t := range tracers {
		q = q.WithQueryTracer(t)
	}
	var value ast.Value
	results := 0
	err = q.Iter(ctx, func(r topdown.QueryResult) error {
		results++
		if term, ok := r[answer]; ok {
			value = term.Value
		}
		return nil
	})
	switch {
	case err != nil && (topdown.IsCancel(err) || ctx.Err() != nil):
		return nil, fmt.Errorf("%w: %w", ErrTimeout, context.Cause(ctx))
	case err != nil:
		return nil, failure(err)
	case value == nil:
		return nil, fmt.Errorf("%w: %v", ErrUndefined, p.entry)
	case results > 1:
		return nil, fmt.Errorf("%w: %v has %d", ErrSeveral, p.entry, results)
	}
	if d, err = ParseDecision(value); err == nil && d.Rule == "" {
		d.Rule = p.names.of(tracker)
	}
	return d, err
}

// failure keeps the kind and place of an error. Its message may hold values of the input.
func failure(err error) error {
	var e *topdown.Error
	if !errors.As(err, &e) {
		return ErrEval
	}
	kind := ErrEval
	if e.Code == topdown.ConflictErr {
		kind = ErrSeveral
	}
	if e.Location == nil {
		return fmt.Errorf("%w: %s", kind, e.Code)
	}
	return fmt.Errorf("%w: %s at %s:%d", kind, e.Code, e.Location.File, e.Location.Row)
}
