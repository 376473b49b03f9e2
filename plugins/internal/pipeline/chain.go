package pipeline

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"runtime"
	"runtime/debug"
	"strconv"
	"time"
)

// Outcome is how a delivery ended: the answer for the sender, and what logs and metrics
// say of it.
type Outcome struct {
	Code    Code
	Status  int      // 0 where every stage passed it on and none stored it; 2xx is made by a success
	Headers []Header // names in lower case
	Body    []byte
	Stage   string // the stage that ended it, "" when every stage passed it on
	Err     error  // the reason, nil on success
	Cause   string // what is most likely behind Err, "" if unknown
	Stack   []byte // of a panic
}

// Passed reports whether the delivery went through the whole chain, so that
// Kong may go on with the request.
func (o *Outcome) Passed() bool {
	return o.Code == Accepted || o.Code == Duplicate || o.Code == Quarantined
}

// Observer measures stages. Its methods are called on the fast path, by many goroutines.
type Observer interface {
	StageDone(stage string, took time.Duration)
}

// Chain runs stages in order. It is immutable and safe for concurrent use.
type Chain struct {
	stages  []Stage
	status  [codeCount]int
	success Reply
	bare    bool // refusals have no body
	steps   bool // deliveries tell what each stage took
	noAck   bool // answers do not say where the event is
	// setErrors are those of RFC 8935.
	setErrors bool
	observer  Observer
	tracer    Tracer // nil where nobody traces
	refused   func(context.Context, *Delivery, *Outcome)
}

// Option sets an optional part of a Chain.
type Option func(*Chain) error

// WithStatus answers codes with other statuses than the table's, keyed by the
// code's label, because a provider asks for it. An unknown label or a status
// outside 200 to 599 is an error, and so is a refusal that would answer 2xx.
func WithStatus(byLabel map[string]int) Option {
	return func(c *Chain) error {
		for label, status := range byLabel {
			code, ok := ParseCode(label)
			refusal := code.Info().Status >= 300
			if !ok || status < 200 || status > 599 || (refusal && status < 300) {
				return fmt.Errorf("status override %s: %d is not allowed", label, status)
			}
			c.status[code] = status
		}
		return nil
	}
}

// WithSuccess answers accepted and duplicate deliveries as the provider wants.
func WithSuccess(r Reply) Option {
	return func(c *Chain) error { c.success = r; return nil }
}

// WithBareRefusals answers refusals without a body and a content type, because a
// provider takes an answer with one for a failure.
func WithBareRefusals() Option {
	return func(c *Chain) error { c.bare = true; return nil }
}

// WithSETErrors answers refusals of status 400 as RFC 8935, section 2.3, says.
func WithSETErrors() Option {
	return func(c *Chain) error { c.setErrors = true; return nil }
}

// WithoutAckHeader answers without the header Webhook-Ack.
func WithoutAckHeader() Option {
	return func(c *Chain) error { c.noAck = true; return nil }
}

// WithObserver tells o of every stage that ran.
func WithObserver(o Observer) Option {
	return func(c *Chain) error { c.observer = o; return nil }
}

// WithSteps keeps what each stage took in [Delivery.Steps].
func WithSteps() Option {
	return func(c *Chain) error { c.steps = true; return nil }
}

// WithRefused shows fn every delivery that a stage refused, with the answer that
// the sender is about to get. fn runs on the sender's time, so it must not wait,
// and d.Body is not its to keep. A panic of fn changes nothing for the sender.
func WithRefused(fn func(context.Context, *Delivery, *Outcome)) Option {
	return func(c *Chain) error { c.refused = fn; return nil }
}

// NewChain returns a chain of stages in the given order.
func NewChain(stages []Stage, opts ...Option) (*Chain, error) {
	c := Refusals()
	c.stages = stages
	for _, opt := range opts {
		if err := opt(c); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// Refusals is a chain without stages, for what is refused before it has one.
func Refusals() *Chain {
	c := &Chain{}
	for i, row := range codes {
		c.status[i] = row.Status
	}
	return c
}

// Run takes d through the stages. It never panics and never returns without an
// answer: a panic of a stage becomes Internal, a deadline that passed becomes
// DeadlineExceeded even where the stage did not look at ctx.
func (c *Chain) Run(ctx context.Context, d *Delivery) Outcome {
	if c.tracer == nil {
		return c.run(ctx, d)
	}
	ctx, end := c.tracer.Delivery(ctx, d)
	out := c.run(ctx, d)
	end(&out)
	return out
}

func (c *Chain) run(ctx context.Context, d *Delivery) Outcome {
	start := time.Now()
	for _, stage := range c.stages {
		if stage == (loadBody{}) && !d.waits() { // what costs nothing is no step to measure
			continue
		}
		if err := ctx.Err(); err != nil {
			return c.end(d, stage.Name(), err, nil)
		}
		stack, err := c.handle(ctx, stage, d)
		end := time.Now()
		if c.observer != nil {
			c.observer.StageDone(stage.Name(), end.Sub(start))
		}
		if c.steps {
			d.Steps = append(d.Steps, Step{stage.Name(), end.Sub(start)})
		}
		start = end
		if err != nil {
			out := c.end(d, stage.Name(), err, stack)
			c.showRefusal(ctx, d, &out)
			return out
		}
	}
	return c.passed(d)
}

// showRefusal shows a refusal to the function of WithRefused. A handshake is none.
func (c *Chain) showRefusal(ctx context.Context, d *Delivery, out *Outcome) {
	if c.refused == nil || out.Err == nil {
		return
	}
	defer func() { _ = recover() }() // the answer is made
	c.refused(ctx, d, out)
}

func recovering(ctx context.Context, s Stage, d *Delivery) (stack []byte, err error) {
	defer func() {
		if p := recover(); p != nil {
			// The panic's value may hold a piece of the delivery, so only its type goes on.
			stack, err = debug.Stack(), fmt.Errorf("panic of type %T", p)
			if re, ok := p.(runtime.Error); ok {
				err = fmt.Errorf("panic: %w", re)
			}
		}
	}()
	return nil, s.Handle(ctx, d)
}

// Refuse is the outcome of a delivery that never reached the stages.
func (c *Chain) Refuse(d *Delivery, err error) Outcome { return c.end(d, "", err, nil) }

func (c *Chain) end(d *Delivery, stage string, err error, stack []byte) Outcome {
	var reply *Reply
	if errors.As(err, &reply) {
		var s success
		if s, err = handshake(reply); err == nil {
			out := c.succeed(s)
			out.Stage = stage
			return out
		}
	}
	var reject *Reject
	switch {
	case errors.As(err, &reject) && reject.Code.refuses():
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		reject = &Reject{Code: DeadlineExceeded, Err: err}
	default:
		reject = &Reject{Code: Internal, Err: err}
	}
	info := reject.Code.Info()
	out := Outcome{
		Code: info.Code, Status: c.status[info.Code], Stage: stage, Err: err, Stack: stack, Cause: reject.Cause,
	}
	if reject.Status >= 400 && reject.Status <= 599 {
		out.Status = reject.Status
	}
	if !c.bare {
		out.Headers = append(make([]Header, 0, 3), Header{"content-type", "application/json"})
		out.Body = errorBody(info.Label, d.RequestID)
	}
	if c.setErrors && out.Status == http.StatusBadRequest {
		out.Headers = append(out.Headers, Header{"content-language", "en"})
		out.Body = setErrorBody(info.Code, d.RequestID)
	}
	if seconds := retryAfter(info, reject); seconds > 0 {
		out.Headers = append(out.Headers, Header{"retry-after", strconv.Itoa(seconds)})
	}
	if reject.Allow != "" {
		out.Headers = append(out.Headers, Header{"allow", reject.Allow})
	}
	out.Headers = append(out.Headers, reject.Headers...)
	return out
}

// passed is the end of a delivery that every stage passed on. Where none stored it, it
// has no status: nobody can answer it but who comes behind.
func (c *Chain) passed(d *Delivery) Outcome {
	s, err := stored(d.Ack, &c.success)
	switch {
	case err == nil:
		return c.succeed(s)
	case d.Ack.By == "":
		return Outcome{Code: Accepted, Headers: c.success.fields()}
	default:
		return c.end(d, "", err, nil)
	}
}

func retryAfter(info CodeInfo, r *Reject) int {
	if r.RetryAfter > 0 {
		return int(math.Ceil(r.RetryAfter.Seconds()))
	}
	return info.RetryAfter
}

// setErrorBody is the body of a refusal for a transmitter of security event tokens. The
// codes are those of RFC 8935, section 2.4; which of the faults of a signature it was
// is told to nobody.
func setErrorBody(code Code, requestID string) []byte {
	label := "invalid_request"
	switch code.Info().Status {
	case http.StatusUnauthorized:
		label = "authentication_failed"
	case http.StatusForbidden:
		label = "access_denied"
	}
	body, err := json.Marshal(struct {
		Err         string `json:"err"`
		Description string `json:"description"`
	}{label, code.Info().Label + ", request " + requestID})
	if err != nil { // strings always marshal
		return nil
	}
	return body
}

func errorBody(label, requestID string) []byte {
	body, err := json.Marshal(struct {
		Error     string `json:"error"`
		RequestID string `json:"request_id"`
	}{label, requestID})
	if err != nil { // strings always marshal
		return nil
	}
	return body
}
