package pipeline

import "context"

// Tracer makes a span of a delivery and one below it of each stage. Its methods
// are called on the fast path, by many goroutines, and must not panic.
type Tracer interface {
	// Delivery begins the span of d's way and sets d.TraceParent to it. The context
	// that it returns is that of the stages; end is called once, with the answer.
	Delivery(ctx context.Context, d *Delivery) (within context.Context, end func(*Outcome))
	// Stage begins the span of a stage, by its name; end is called once, with what
	// the stage returned.
	Stage(ctx context.Context, stage string) (within context.Context, end func(error))
}

// WithTracer traces every delivery with t. Nil traces nothing and costs nothing.
func WithTracer(t Tracer) Option {
	return func(c *Chain) error { c.tracer = t; return nil }
}

// handle runs one stage, in a span of its own where somebody traces.
func (c *Chain) handle(ctx context.Context, s Stage, d *Delivery) (stack []byte, err error) {
	if c.tracer == nil {
		return recovering(ctx, s, d)
	}
	ctx, end := c.tracer.Stage(ctx, s.Name())
	stack, err = recovering(ctx, s, d)
	end(err)
	return stack, err
}
