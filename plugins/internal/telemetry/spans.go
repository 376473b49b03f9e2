package telemetry

import (
	"context"
	"errors"
	"fmt"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"webhookedge/plugins/internal/pipeline"
)

// The attributes of spans. All values come from closed sets: names of the catalogue
// and of stages, codes and statuses.
const (
	attrProvider = "webhook.provider"
	attrCode     = "webhook.code"
	attrStage    = "webhook.stage" // the stage that ended the delivery
	attrStatus   = "http.response.status_code"
)

// spans makes the spans of one provider's deliveries.
type spans struct {
	tracer   trace.Tracer
	provider attribute.KeyValue
}

// Of returns the tracer of deliveries of a provider; nil of nil.
func (t *Traces) Of(provider string) pipeline.Tracer {
	if t == nil {
		return nil
	}
	return &spans{tracer: t.tracer, provider: attribute.String(attrProvider, provider)}
}

// Delivery implements pipeline.Tracer. The parent is that of the request's
// traceparent where it has exactly one.
func (s *spans) Delivery(ctx context.Context, d *pipeline.Delivery) (context.Context, func(*pipeline.Outcome)) {
	ctx = propagation.TraceContext{}.Extract(ctx, carrier{d.Headers})
	ctx, span := s.tracer.Start(ctx, "delivery", trace.WithSpanKind(trace.SpanKindServer), trace.WithAttributes(s.provider))
	at := span.SpanContext()
	d.TraceParent = fmt.Sprintf("00-%s-%s-%s", at.TraceID(), at.SpanID(), at.TraceFlags()&trace.FlagsSampled)
	return ctx, func(out *pipeline.Outcome) {
		if span.IsRecording() {
			span.SetAttributes(attribute.String(attrCode, out.Code.String()))
			if out.Status != 0 { // or somebody else answers
				span.SetAttributes(attribute.Int(attrStatus, out.Status))
			}
			if out.Stage != "" {
				span.SetAttributes(attribute.String(attrStage, out.Stage))
			}
			if out.Status >= 500 {
				span.SetStatus(codes.Error, out.Code.String())
			}
		}
		span.End()
	}
}

// Stage implements pipeline.Tracer. A refusal is no error of the stage, a fault of
// ours is one; its text stays in the log.
func (s *spans) Stage(ctx context.Context, stage string) (context.Context, func(error)) {
	ctx, span := s.tracer.Start(ctx, stage)
	return ctx, func(err error) {
		if err != nil && span.IsRecording() {
			if code, ok := codeOf(err); ok {
				span.SetAttributes(attribute.String(attrCode, code.String()))
				if code.Info().Status >= 500 {
					span.SetStatus(codes.Error, code.String())
				}
			}
		}
		span.End()
	}
}

// codeOf is false for the answer of a handshake, which is no refusal.
func codeOf(err error) (pipeline.Code, bool) {
	var reply *pipeline.Reply
	var reject *pipeline.Reject
	switch {
	case errors.As(err, &reply):
		return 0, false
	case errors.As(err, &reject):
		return reject.Code, true
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return pipeline.DeadlineExceeded, true
	}
	return pipeline.Internal, true
}

// carrier reads headers that are there exactly once.
type carrier struct{ headers pipeline.Headers }

// Get implements propagation.TextMapCarrier.
func (c carrier) Get(name string) string {
	if value, n := c.headers.Get(name); n == 1 {
		return value
	}
	return ""
}

// Set implements propagation.TextMapCarrier and does nothing: headers of a
// delivery are not changed.
func (carrier) Set(string, string) {}

// Keys implements propagation.TextMapCarrier.
func (carrier) Keys() []string { return []string{"traceparent", "tracestate"} }

var (
	_ pipeline.Tracer            = (*spans)(nil)
	_ propagation.TextMapCarrier = carrier{}
)
