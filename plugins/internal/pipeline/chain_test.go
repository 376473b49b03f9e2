package pipeline_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"webhookedge/plugins/internal/pipeline"
)

type stage struct {
	name   string
	handle func(context.Context, *pipeline.Delivery) error
}

func (s stage) Name() string { return s.name }
func (s stage) Handle(ctx context.Context, d *pipeline.Delivery) error {
	return s.handle(ctx, d)
}

func ends(err error) stage {
	return stage{"last", func(context.Context, *pipeline.Delivery) error { return err }}
}

// stored is a stage that sets an ack.
func stored(by string) stage {
	return stage{"last", func(_ context.Context, d *pipeline.Delivery) error {
		d.Ack.By = by
		return nil
	}}
}

func TestChain_answersForEachEndOfAStage(t *testing.T) {
	errWhy := errors.New("why")
	tests := map[string]struct {
		last stage
		opts []pipeline.Option
		want pipeline.Outcome
	}{
		"every stage passes it on and none stores it": {
			last: ends(nil),
			opts: []pipeline.Option{pipeline.WithSuccess(pipeline.Reply{Status: 202, Body: []byte("thanks")})},
			want: pipeline.Outcome{Code: pipeline.Accepted},
		},
		"an ack that nobody gives": {
			last: stored("nobody"),
			want: pipeline.Outcome{Code: pipeline.Internal, Status: 500, Err: pipeline.ErrNothingStored,
				Headers: []pipeline.Header{{Name: "content-type", Value: "application/json"}},
				Body:    []byte(`{"error":"internal","request_id":"r1"}`)},
		},
		"an answer of success that is no handshake": {
			last: ends(&pipeline.Reply{Status: 200, Body: []byte("thanks")}),
			want: pipeline.Outcome{Code: pipeline.Internal, Status: 500, Stage: "last", Err: pipeline.ErrNothingStored,
				Headers: []pipeline.Header{{Name: "content-type", Value: "application/json"}},
				Body:    []byte(`{"error":"internal","request_id":"r1"}`)},
		},
		"a refusal without a code": {
			last: ends(&pipeline.Reject{Err: errWhy}),
			want: pipeline.Outcome{Code: pipeline.Internal, Status: 500, Stage: "last", Err: errWhy,
				Headers: []pipeline.Header{{Name: "content-type", Value: "application/json"}},
				Body:    []byte(`{"error":"internal","request_id":"r1"}`)},
		},
		"an acknowledged event says by whom": {
			last: stored(pipeline.AckBroker),
			want: pipeline.Outcome{Code: pipeline.Accepted, Status: 200, Headers: []pipeline.Header{{Name: "webhook-ack", Value: "broker"}}},
		},
		"an acknowledged event where nothing is to be said of that": {
			last: stored(pipeline.AckBroker),
			opts: []pipeline.Option{pipeline.WithoutAckHeader()},
			want: pipeline.Outcome{Code: pipeline.Accepted, Status: 200},
		},
		"a double is a success of its own": {
			last: stored(pipeline.AckDuplicate),
			want: pipeline.Outcome{Code: pipeline.Duplicate, Status: 200, Headers: []pipeline.Header{{Name: "webhook-ack", Value: "duplicate"}}},
		},
		"the provider's own success answer": {
			last: stored(pipeline.AckSpool),
			opts: []pipeline.Option{pipeline.WithSuccess(pipeline.Reply{Status: 202, ContentType: "text/xml", Body: []byte("<Response/>")})},
			want: pipeline.Outcome{Code: pipeline.Accepted, Status: 202, Headers: []pipeline.Header{{Name: "webhook-ack", Value: "spool"}, {Name: "content-type", Value: "text/xml"}}, Body: []byte("<Response/>")},
		},
		"a refusal": {
			last: ends(&pipeline.Reject{Code: pipeline.SignatureInvalid, Err: errWhy}),
			want: pipeline.Outcome{Code: pipeline.SignatureInvalid, Status: 401, Stage: "last", Err: errWhy,
				Headers: []pipeline.Header{{Name: "content-type", Value: "application/json"}},
				Body:    []byte(`{"error":"signature_invalid","request_id":"r1"}`)},
		},
		"a refusal with the provider's status": {
			last: ends(&pipeline.Reject{Code: pipeline.SignatureInvalid}),
			opts: []pipeline.Option{pipeline.WithStatus(map[string]int{"signature_invalid": 403})},
			want: pipeline.Outcome{Code: pipeline.SignatureInvalid, Status: 403, Stage: "last", Err: cmpopts.AnyError,
				Headers: []pipeline.Header{{Name: "content-type", Value: "application/json"}},
				Body:    []byte(`{"error":"signature_invalid","request_id":"r1"}`)},
		},
		"a refusal without a body": {
			last: ends(&pipeline.Reject{Code: pipeline.SignatureInvalid, Err: errWhy}),
			opts: []pipeline.Option{pipeline.WithBareRefusals()},
			want: pipeline.Outcome{Code: pipeline.SignatureInvalid, Status: 401, Stage: "last", Err: errWhy},
		},
		"a refusal without a body that asks for a retry": {
			last: ends(&pipeline.Reject{Code: pipeline.BrokerUnavailable, Err: errWhy}),
			opts: []pipeline.Option{pipeline.WithBareRefusals()},
			want: pipeline.Outcome{Code: pipeline.BrokerUnavailable, Status: 503, Stage: "last", Err: errWhy, Headers: []pipeline.Header{{Name: "retry-after", Value: "5"}}},
		},
		"a signature for a transmitter of security event tokens": {
			last: ends(&pipeline.Reject{Code: pipeline.SignatureInvalid, Err: errWhy}),
			opts: []pipeline.Option{pipeline.WithSETErrors(), pipeline.WithStatus(map[string]int{"signature_invalid": 400})},
			want: pipeline.Outcome{Code: pipeline.SignatureInvalid, Status: 400, Stage: "last", Err: errWhy,
				Headers: []pipeline.Header{{Name: "content-type", Value: "application/json"}, {Name: "content-language", Value: "en"}},
				Body:    []byte(`{"err":"authentication_failed","description":"signature_invalid, request r1"}`)},
		},
		"a broken token of a transmitter": {
			last: ends(&pipeline.Reject{Code: pipeline.Malformed, Err: errWhy}),
			opts: []pipeline.Option{pipeline.WithSETErrors()},
			want: pipeline.Outcome{Code: pipeline.Malformed, Status: 400, Stage: "last", Err: errWhy,
				Headers: []pipeline.Header{{Name: "content-type", Value: "application/json"}, {Name: "content-language", Value: "en"}},
				Body:    []byte(`{"err":"invalid_request","description":"malformed, request r1"}`)},
		},
		"a fault of ours for a transmitter": {
			last: ends(&pipeline.Reject{Code: pipeline.BrokerUnavailable, Err: errWhy}),
			opts: []pipeline.Option{pipeline.WithSETErrors()},
			want: pipeline.Outcome{Code: pipeline.BrokerUnavailable, Status: 503, Stage: "last", Err: errWhy,
				Headers: []pipeline.Header{{Name: "content-type", Value: "application/json"}, {Name: "retry-after", Value: "5"}},
				Body:    []byte(`{"error":"broker_unavailable","request_id":"r1"}`)},
		},
		"a fault of ours without a body": {
			last: ends(errWhy),
			opts: []pipeline.Option{pipeline.WithBareRefusals()},
			want: pipeline.Outcome{Code: pipeline.Internal, Status: 500, Stage: "last", Err: errWhy},
		},
		"a handshake keeps its body": {
			last: ends(&pipeline.Reply{Code: pipeline.Handshake, ContentType: "text/plain", Body: []byte("challenge")}),
			opts: []pipeline.Option{pipeline.WithBareRefusals()},
			want: pipeline.Outcome{Code: pipeline.Handshake, Status: 200, Stage: "last",
				Headers: []pipeline.Header{{Name: "content-type", Value: "text/plain"}}, Body: []byte("challenge")},
		},
		"a refusal with a status of its own": {
			last: ends(&pipeline.Reject{Code: pipeline.PolicyDenied, Status: 410, Err: errWhy}),
			want: pipeline.Outcome{Code: pipeline.PolicyDenied, Status: 410, Stage: "last", Err: errWhy,
				Headers: []pipeline.Header{{Name: "content-type", Value: "application/json"}},
				Body:    []byte(`{"error":"policy_denied","request_id":"r1"}`)},
		},
		"a refusal cannot become a success": {
			last: ends(&pipeline.Reject{Code: pipeline.PolicyDenied, Status: 200, Err: errWhy}),
			want: pipeline.Outcome{Code: pipeline.PolicyDenied, Status: 403, Stage: "last", Err: errWhy,
				Headers: []pipeline.Header{{Name: "content-type", Value: "application/json"}},
				Body:    []byte(`{"error":"policy_denied","request_id":"r1"}`)},
		},
		"a refusal that asks for a retry rounds up": {
			last: ends(&pipeline.Reject{Code: pipeline.BrokerUnavailable, RetryAfter: 1200 * time.Millisecond, Err: errWhy}),
			want: pipeline.Outcome{Code: pipeline.BrokerUnavailable, Status: 503, Stage: "last", Err: errWhy,
				Headers: []pipeline.Header{{Name: "content-type", Value: "application/json"}, {Name: "retry-after", Value: "2"}},
				Body:    []byte(`{"error":"broker_unavailable","request_id":"r1"}`)},
		},
		"a method with those that are allowed": {
			last: ends(&pipeline.Reject{Code: pipeline.MethodNotAllowed, Allow: "POST", Err: errWhy}),
			want: pipeline.Outcome{Code: pipeline.MethodNotAllowed, Status: 405, Stage: "last", Err: errWhy,
				Headers: []pipeline.Header{{Name: "content-type", Value: "application/json"}, {Name: "allow", Value: "POST"}},
				Body:    []byte(`{"error":"method_not_allowed","request_id":"r1"}`)},
		},
		"a refusal with headers of its own": {
			last: ends(&pipeline.Reject{Code: pipeline.RateLimited, RetryAfter: time.Second, Headers: []pipeline.Header{{Name: "ratelimit", Value: "x"}}, Err: errWhy}),
			want: pipeline.Outcome{Code: pipeline.RateLimited, Status: 429, Stage: "last", Err: errWhy,
				Headers: []pipeline.Header{{Name: "content-type", Value: "application/json"}, {Name: "retry-after", Value: "1"}, {Name: "ratelimit", Value: "x"}},
				Body:    []byte(`{"error":"rate_limited","request_id":"r1"}`)},
		},
		"a handshake": {
			last: ends(&pipeline.Reply{Code: pipeline.Handshake, ContentType: "text/plain", Body: []byte("challenge")}),
			want: pipeline.Outcome{Code: pipeline.Handshake, Status: 200, Stage: "last",
				Headers: []pipeline.Header{{Name: "content-type", Value: "text/plain"}}, Body: []byte("challenge")},
		},
		"a fault of ours": {
			last: ends(errWhy),
			want: pipeline.Outcome{Code: pipeline.Internal, Status: 500, Stage: "last", Err: errWhy,
				Headers: []pipeline.Header{{Name: "content-type", Value: "application/json"}},
				Body:    []byte(`{"error":"internal","request_id":"r1"}`)},
		},
		"a deadline": {
			last: ends(context.DeadlineExceeded),
			want: pipeline.Outcome{Code: pipeline.DeadlineExceeded, Status: 503, Stage: "last", Err: context.DeadlineExceeded,
				Headers: []pipeline.Header{{Name: "content-type", Value: "application/json"}, {Name: "retry-after", Value: "5"}},
				Body:    []byte(`{"error":"deadline_exceeded","request_id":"r1"}`)},
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			c, err := pipeline.NewChain([]pipeline.Stage{ends(nil), tc.last}, tc.opts...)
			if err != nil {
				t.Fatal(err)
			}
			got := c.Run(t.Context(), &pipeline.Delivery{RequestID: "r1"})
			if diff := cmp.Diff(tc.want, got, cmpopts.EquateErrors()); diff != "" {
				t.Errorf("outcome (-want +got):\n%s", diff)
			}
		})
	}
}

func TestChain_answersAPanicWithoutItsValue(t *testing.T) {
	for name, value := range map[string]any{"a value that holds the body": "s3cret body", "a fault of the runtime": nil} {
		t.Run(name, func(t *testing.T) {
			c, err := pipeline.NewChain([]pipeline.Stage{stage{"odd", func(context.Context, *pipeline.Delivery) error {
				if value == nil {
					var none []byte
					_ = none[len(none)]
				}
				panic(value)
			}}})
			if err != nil {
				t.Fatal(err)
			}
			got := c.Run(t.Context(), &pipeline.Delivery{})
			if got.Code != pipeline.Internal || got.Stage != "odd" || len(got.Stack) == 0 {
				t.Errorf("got code %v of stage %q with %d bytes of stack", got.Code, got.Stage, len(got.Stack))
			}
			if strings.Contains(got.Err.Error()+string(got.Stack)+string(got.Body), "s3cret") {
				t.Error("the panic's value leaked")
			}
		})
	}
}

func TestChain_showsRefusalsOnly(t *testing.T) {
	errWhy := errors.New("why")
	tests := map[string]struct {
		end  error
		want []pipeline.Code
	}{
		"passed on":      {nil, nil},
		"a handshake":    {&pipeline.Reply{Code: pipeline.Handshake}, nil},
		"a refusal":      {&pipeline.Reject{Code: pipeline.PolicyDenied, Err: errWhy}, []pipeline.Code{pipeline.PolicyDenied}},
		"a fault of us":  {errWhy, []pipeline.Code{pipeline.Internal}},
		"a bare refusal": {&pipeline.Reject{Code: pipeline.SignatureInvalid}, []pipeline.Code{pipeline.SignatureInvalid}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			var got []pipeline.Code
			shown := pipeline.WithRefused(func(_ context.Context, d *pipeline.Delivery, out *pipeline.Outcome) {
				if d.RequestID != "r1" || out.Status == 0 || out.Stage != "last" {
					t.Errorf("shown %q with %+v", d.RequestID, out)
				}
				got = append(got, out.Code)
				panic("the one who looks must not spoil the answer")
			})
			c, err := pipeline.NewChain([]pipeline.Stage{ends(tc.end)}, shown)
			if err != nil {
				t.Fatal(err)
			}
			without, err := pipeline.NewChain([]pipeline.Stage{ends(tc.end)})
			if err != nil {
				t.Fatal(err)
			}
			d := &pipeline.Delivery{RequestID: "r1"}
			if diff := cmp.Diff(without.Run(t.Context(), d), c.Run(t.Context(), d), cmpopts.EquateErrors()); diff != "" {
				t.Errorf("the answer differs (-without +shown):\n%s", diff)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("shown (-want +got):\n%s", diff)
			}
		})
	}
}

func TestChain_stopsAtTheDeadline(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	ran := false
	c, err := pipeline.NewChain([]pipeline.Stage{
		stage{"slow", func(ctx context.Context, _ *pipeline.Delivery) error { <-ctx.Done(); return nil }},
		stage{"next", func(context.Context, *pipeline.Delivery) error { ran = true; return nil }},
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Run(ctx, &pipeline.Delivery{}); got.Code != pipeline.DeadlineExceeded || ran {
		t.Errorf("code %v, next stage ran: %v", got.Code, ran)
	}
}

func TestChain_refusesInvalidStatusOverrides(t *testing.T) {
	for name, override := range map[string]map[string]int{
		"a refusal made a success": {"signature_invalid": 200},
		"an unknown code":          {"no_such_code": 400},
		"no HTTP status":           {"malformed": 42},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := pipeline.NewChain(nil, pipeline.WithStatus(override)); err == nil {
				t.Error("accepted")
			}
		})
	}
}

func TestCode_rowsAreCompleteAndDistinct(t *testing.T) {
	seen := map[string]bool{}
	for _, row := range pipeline.Codes() {
		if row.Label == "" || row.Status < 200 || row.Meaning == "" || seen[row.Label] {
			t.Errorf("incomplete or repeated row: %+v", row)
		}
		seen[row.Label] = true
		if back, ok := pipeline.ParseCode(row.Label); !ok || back != row.Code {
			t.Errorf("ParseCode(%q) = %v, %v", row.Label, back, ok)
		}
		if needs := row.Status == 429 || row.Status == 503; needs != (row.RetryAfter > 0) {
			t.Errorf("%s: status %d with Retry-After %d", row.Label, row.Status, row.RetryAfter)
		}
	}
}

func TestHeaders_getCountsRepeats(t *testing.T) {
	h := pipeline.Headers{{Name: "a", Value: "1"}, {Name: "b", Value: "2"}, {Name: "a", Value: "3"}}
	if v, n := h.Get("a"); v != "1" || n != 2 {
		t.Errorf("got %q, %d", v, n)
	}
	if v, n := h.Get("c"); v != "" || n != 0 {
		t.Errorf("got %q, %d", v, n)
	}
}
