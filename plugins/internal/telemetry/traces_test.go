package telemetry_test

import (
	"context"
	"encoding/hex"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	trace "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/telemetry"
)

// receiver is an OTLP receiver that keeps what it gets.
type receiver struct {
	*httptest.Server
	mu      sync.Mutex
	spans   []*trace.Span
	service string
	raw     strings.Builder
}

func newReceiver(t testing.TB) *receiver {
	t.Helper()
	r := &receiver{}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, in *http.Request) {
		body, err := io.ReadAll(in.Body)
		var got collector.ExportTraceServiceRequest
		if err != nil || in.URL.Path != "/v1/traces" || proto.Unmarshal(body, &got) != nil {
			t.Errorf("no export: %s, %v", in.URL.Path, err)
			http.Error(w, "", http.StatusBadRequest)
			return
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		r.raw.Write(body)
		for _, resource := range got.GetResourceSpans() {
			for _, a := range resource.GetResource().GetAttributes() {
				if a.GetKey() == "service.name" {
					r.service = a.GetValue().GetStringValue()
				}
			}
			for _, scope := range resource.GetScopeSpans() {
				r.spans = append(r.spans, scope.GetSpans()...)
			}
		}
	}))
	t.Cleanup(r.Close)
	return r
}

// told is what matters of a span.
type told struct {
	Name, Parent, Attributes string
	Error                    bool
}

func (r *receiver) told(parents map[string]string) []told {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range r.spans {
		parents[hex.EncodeToString(s.GetSpanId())] = s.GetName()
	}
	var all []told
	for _, s := range r.spans {
		var attributes []string
		for _, a := range s.GetAttributes() {
			text := a.GetValue().GetStringValue()
			if text == "" {
				text = a.GetValue().String()
			}
			attributes = append(attributes, a.GetKey()+"="+text)
		}
		slices.Sort(attributes)
		all = append(all, told{s.GetName(), parents[hex.EncodeToString(s.GetParentSpanId())], strings.Join(attributes, " "), s.GetStatus().GetCode() == trace.Status_STATUS_CODE_ERROR})
	}
	slices.SortFunc(all, func(a, b told) int { return strings.Compare(a.Name+a.Attributes, b.Name+b.Attributes) })
	return all
}

// stage is one that returns what it is told to.
type stage struct {
	name string
	err  error
}

func (s stage) Name() string { return s.name }

func (s stage) Handle(_ context.Context, d *pipeline.Delivery) error {
	if s.name == "publish" && s.err == nil {
		d.Ack.By = pipeline.AckBroker
	}
	return s.err
}

func openTraces(t testing.TB, endpoint string, env map[string]string) (*telemetry.Traces, error) {
	t.Helper()
	return telemetry.OpenTraces(t.Context(), telemetry.TraceOptions{
		Endpoint: endpoint, Service: "webhook-edge", Version: "v1", Env: func(name string) string { return env[name] }, Logger: slog.New(slog.DiscardHandler),
	})
}

func chainOf(t testing.TB, tracer pipeline.Tracer, stages ...pipeline.Stage) *pipeline.Chain {
	t.Helper()
	c, err := pipeline.NewChain(stages, pipeline.WithTracer(tracer))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

const (
	sampled   = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
	unsampled = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"
)

func TestTraces_deliverySpanHoldsAStageSpanEach(t *testing.T) {
	r := newReceiver(t)
	traces, err := openTraces(t, r.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	tracer := traces.Of("github")
	d := &pipeline.Delivery{Headers: pipeline.Headers{{Name: "traceparent", Value: sampled}, {Name: "x-secret", Value: "s3cret"}}, Body: []byte("s3cret"), Path: "/s3cret"}
	chainOf(t, tracer, stage{"verify", nil}, stage{"publish", nil}).Run(t.Context(), d)
	parts := strings.Split(d.TraceParent, "-")
	if len(parts) != 4 || parts[1] != "4bf92f3577b34da6a3ce929d0e0e4736" || parts[2] == "00f067aa0ba902b7" || parts[3] != "01" {
		t.Fatalf("traceparent %q goes not on from %q", d.TraceParent, sampled)
	}
	chainOf(t, tracer, stage{"normalize", &pipeline.Reject{Code: pipeline.Malformed, Err: errors.New("s3cret")}}).Run(t.Context(), &pipeline.Delivery{})
	chainOf(t, tracer, stage{"policy", errors.New("s3cret")}).Run(t.Context(), &pipeline.Delivery{})
	chainOf(t, tracer, stage{"handshake", &pipeline.Reply{Code: pipeline.Handshake, Body: []byte("s3cret")}}).Run(t.Context(), &pipeline.Delivery{})
	if err := traces.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := []told{
		{"delivery", "", "http.response.status_code=int_value:200 webhook.code=accepted webhook.provider=github", false},
		{"delivery", "", "http.response.status_code=int_value:200 webhook.code=handshake webhook.provider=github webhook.stage=handshake", false},
		{"delivery", "", "http.response.status_code=int_value:400 webhook.code=malformed webhook.provider=github webhook.stage=normalize", false},
		{"delivery", "", "http.response.status_code=int_value:500 webhook.code=internal webhook.provider=github webhook.stage=policy", true},
		{"handshake", "delivery", "", false},
		{"normalize", "delivery", "webhook.code=malformed", false},
		{"policy", "delivery", "webhook.code=internal", true},
		{"publish", "delivery", "", false},
		{"verify", "delivery", "", false},
	}
	want[0].Parent = "the sender"
	if diff := cmp.Diff(want, r.told(map[string]string{"00f067aa0ba902b7": "the sender"})); diff != "" {
		t.Errorf("spans (-want +got):\n%s", diff)
	}
	if r.service != "webhook-edge" || strings.Contains(r.raw.String(), "s3cret") {
		t.Errorf("service %q, or a secret in the spans", r.service)
	}
}

func TestTraces_parentDecidesSampling(t *testing.T) {
	r := newReceiver(t)
	traces, err := openTraces(t, r.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		headers pipeline.Headers
		trace   string // where it goes on
		flags   string
	}{
		"a parent that is not kept": {pipeline.Headers{{Name: "traceparent", Value: unsampled}}, "4bf92f3577b34da6a3ce929d0e0e4736", "00"},
		"none":                      {nil, "", "01"},
		"two":                       {pipeline.Headers{{Name: "traceparent", Value: sampled}, {Name: "traceparent", Value: sampled}}, "", "01"},
		"one that is none":          {pipeline.Headers{{Name: "traceparent", Value: "00-x"}}, "", "01"},
	} {
		t.Run(name, func(t *testing.T) {
			d := &pipeline.Delivery{Headers: tc.headers}
			chainOf(t, traces.Of("github")).Run(t.Context(), d)
			parts := strings.Split(d.TraceParent, "-")
			if len(parts) != 4 || (parts[1] == "4bf92f3577b34da6a3ce929d0e0e4736") != (tc.trace != "") || parts[3] != tc.flags {
				t.Errorf("got %q", d.TraceParent)
			}
		})
	}
	if err := traces.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := r.told(map[string]string{}); len(got) != 3 {
		t.Errorf("%d spans, want those of the three that are kept", len(got))
	}
}

func TestTraces_offByDefault(t *testing.T) {
	r := newReceiver(t)
	for name, tc := range map[string]struct {
		endpoint string
		env      map[string]string
		on       bool
		err      error
	}{
		"nothing is set":        {"", nil, false, nil},
		"a flag":                {r.URL, nil, true, nil},
		"an endpoint":           {"", map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": r.URL}, true, nil},
		"an endpoint of traces": {"", map[string]string{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": r.URL + "/v1/traces"}, true, nil},
		"an exporter":           {"", map[string]string{"OTEL_TRACES_EXPORTER": "otlp"}, true, nil},
		"no exporter":           {r.URL, map[string]string{"OTEL_TRACES_EXPORTER": "none"}, false, nil},
		"no SDK":                {r.URL, map[string]string{"OTEL_SDK_DISABLED": "TRUE"}, false, nil},
		"another exporter":      {"", map[string]string{"OTEL_TRACES_EXPORTER": "zipkin"}, false, telemetry.ErrTraces},
		"another protocol":      {r.URL, map[string]string{"OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, false, telemetry.ErrTraces},
		"no URL":                {"127.0.0.1:4318", nil, false, telemetry.ErrTraces},
	} {
		t.Run(name, func(t *testing.T) {
			traces, err := openTraces(t, tc.endpoint, tc.env)
			if !errors.Is(err, tc.err) || (traces != nil) != tc.on || (traces.Of("github") != nil) != tc.on {
				t.Errorf("got %v, %v", traces, err)
			}
			if err := traces.Shutdown(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	if os.Getenv("OTEL_EXPORTER_OTLP_ENDPOINT") != "" {
		t.Log("the variables of this process count for the exporter too")
	}
}

func TestTraces_unreachableReceiverIsLoggedOnce(t *testing.T) {
	r := newReceiver(t)
	r.Close()
	traces, err := openTraces(t, r.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	chain := chainOf(t, traces.Of("github"), stage{"verify", nil})
	for range 10_000 { // more than the queue holds
		if out := chain.Run(t.Context(), &pipeline.Delivery{}); out.Code != pipeline.Accepted {
			t.Fatal(out)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	_ = traces.Shutdown(ctx) // whatever it says, it comes back
}

// BenchmarkChain is a delivery through three stages that do nothing: without
// traces, with those of a parent that is not kept, and with kept ones.
func BenchmarkChain(b *testing.B) {
	r := newReceiver(b)
	traces, err := openTraces(b, r.URL, nil)
	if err != nil {
		b.Fatal(err)
	}
	defer traces.Shutdown(context.Background())
	for _, c := range []struct {
		name   string
		tracer pipeline.Tracer
		parent string
	}{{"off", nil, sampled}, {"unsampled", traces.Of("github"), unsampled}, {"sampled", traces.Of("github"), sampled}} {
		chain := chainOf(b, c.tracer, stage{"verify", nil}, stage{"normalize", nil}, stage{"publish", nil})
		d := &pipeline.Delivery{Headers: pipeline.Headers{{Name: "traceparent", Value: c.parent}}}
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				chain.Run(b.Context(), d)
			}
		})
	}
}
