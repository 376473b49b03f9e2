package author

import (
	"context"
	"runtime"
	"slices"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"webhookedge/plugins/policy/engine"
)

// batches is over how many batches the median is taken.
const batches = 21

// Timing is what one evaluation costs.
type Timing struct {
	Median time.Duration `json:"median_ns"` // of the means of the batches
	Allocs uint64        `json:"allocs"`    // memory allocations
	Bytes  uint64        `json:"bytes"`     // bytes allocated
}

// Benchmark is what a policy costs for one event, including the conversion of its payload.
type Benchmark struct {
	Name      string `json:"name"`
	Payload   int    `json:"payload_bytes"`
	Projected Timing `json:"projected"`              // with what the policy reads
	Whole     Timing `json:"whole_payload,omitzero"` // zero for an input that was given whole
	// Remembered is what a repeated decision costs, as the edge answers where it
	// decided on equal parts before; zero for an input that was given whole.
	Remembered Timing `json:"remembered,omitzero"`
}

// Bench measures the policy on q for about duration each way. A policy that fails is an error.
func (p *Project) Bench(ctx context.Context, q *Question, duration time.Duration) (*Benchmark, error) {
	b := &Benchmark{Name: q.Name}
	var err error
	if q.Document != nil {
		b.Projected, err = measure(ctx, duration, func() error { return evaluate(ctx, p.policy, q.Document) })
		return b, err
	}
	b.Payload = len(q.Input.Event.Data)
	options := p.Options
	options.WholeInput = true
	whole, err := engine.Compile(&engine.Source{Modules: p.modules(), Data: p.source.Data, Dir: p.Dir}, options)
	if err != nil {
		return nil, err
	}
	now := time.Now()
	ask := func(policy *engine.Policy) func() error {
		return func() error { return evaluate(ctx, policy, policy.Document(q.Input)) }
	}
	if b.Projected, err = measure(ctx, duration, ask(p.policy)); err != nil {
		return nil, err
	}
	if b.Whole, err = measure(ctx, duration, ask(whole)); err != nil {
		return nil, err
	}
	b.Remembered, err = measure(ctx, duration, func() error {
		_, err := p.policy.Eval(ctx, q.Input, now)
		return err
	})
	return b, err
}

func evaluate(ctx context.Context, policy *engine.Policy, document ast.Value) error {
	_, err := policy.EvalDocument(ctx, document, time.Now())
	return err
}

func measure(ctx context.Context, duration time.Duration, fn func() error) (Timing, error) {
	start := time.Now()
	if err := fn(); err != nil {
		return Timing{}, err
	}
	each := max(1, int(duration/batches/max(time.Since(start), time.Microsecond)))
	means := make([]time.Duration, 0, batches)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range batches {
		start := time.Now()
		for range each {
			if err := fn(); err != nil {
				return Timing{}, err
			}
		}
		means = append(means, time.Since(start)/time.Duration(each))
		if err := ctx.Err(); err != nil {
			return Timing{}, err
		}
	}
	runtime.ReadMemStats(&after)
	slices.Sort(means)
	n := uint64(batches * each)
	return Timing{means[batches/2], (after.Mallocs - before.Mallocs) / n, (after.TotalAlloc - before.TotalAlloc) / n}, nil
}
