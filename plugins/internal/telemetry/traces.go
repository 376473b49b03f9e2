package telemetry

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"sync"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

const (
	// exportInterval is how long a span waits for others at most, unless
	// OTEL_BSP_SCHEDULE_DELAY is set. Its default of 5 s loses too much with a killed process.
	exportInterval = time.Second
	// lastInterval is that of a process that was told to stop: Kong kills it some 50 ms
	// later.
	lastInterval = 10 * time.Millisecond
)

// ErrTraces is an invalid setting of tracing.
var ErrTraces = errors.New("invalid trace settings")

// TraceOptions say who exports traces, and where to.
type TraceOptions struct {
	// Endpoint is the URL of an OTLP receiver over HTTP, for instance
	// http://127.0.0.1:4318. Empty leaves it to the environment.
	Endpoint string
	Service  string // service.name, where the environment has none
	Version  string
	Env      func(name string) string // os.Getenv
	Logger   *slog.Logger
}

// Traces exports spans by OTLP over HTTP, in batches from a queue that drops spans when
// it is full. Nil exports nothing.
type Traces struct {
	provider *sdktrace.TracerProvider
	tracer   trace.Tracer
	ended    chan struct{}
	end      func() // closes it
}

// OpenTraces returns nil where neither o nor the environment names an endpoint.
// The environment's variables are those of the OpenTelemetry specification (SDK
// environment variables, Protocol exporter); the sampler is OTEL_TRACES_SAMPLER,
// by default that of the parent, and yes where there is none. Shutdown ends it.
func OpenTraces(ctx context.Context, o TraceOptions) (*Traces, error) {
	on, err := o.wanted()
	if err != nil || !on {
		return nil, err
	}
	var at []otlptracehttp.Option
	if o.Endpoint != "" {
		at = append(at, otlptracehttp.WithEndpointURL(strings.TrimSuffix(o.Endpoint, "/")+"/v1/traces"))
	}
	exporter, err := otlptracehttp.New(ctx, at...)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrTraces, err)
	}
	self, err := resource.New(ctx,
		resource.WithAttributes(attribute.String("service.name", o.Service), attribute.String("service.version", o.Version)),
		resource.WithTelemetrySDK(), resource.WithFromEnv())
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrTraces, err)
	}
	otel.SetErrorHandler(&errorLog{log: o.Logger, now: time.Now})
	var batch []sdktrace.BatchSpanProcessorOption
	if o.Env("OTEL_BSP_SCHEDULE_DELAY") == "" {
		batch = append(batch, sdktrace.WithBatchTimeout(exportInterval))
	}
	p := sdktrace.NewTracerProvider(sdktrace.WithBatcher(exporter, batch...), sdktrace.WithResource(self))
	ended := make(chan struct{})
	return &Traces{provider: p, tracer: p.Tracer("webhookedge"), ended: ended, end: sync.OnceFunc(func() { close(ended) })}, nil
}

// wanted reads the variables that switch tracing on and off.
func (o *TraceOptions) wanted() (bool, error) {
	exporter := o.Env("OTEL_TRACES_EXPORTER")
	asked := o.Endpoint != "" || exporter != "" ||
		o.Env("OTEL_EXPORTER_OTLP_ENDPOINT") != "" || o.Env("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") != ""
	if !asked || exporter == "none" || strings.EqualFold(o.Env("OTEL_SDK_DISABLED"), "true") {
		return false, nil
	}
	if exporter != "" && exporter != "otlp" {
		return false, fmt.Errorf("%w: OTEL_TRACES_EXPORTER must be otlp or none", ErrTraces)
	}
	protocol := cmp.Or(o.Env("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"), o.Env("OTEL_EXPORTER_OTLP_PROTOCOL"))
	if protocol != "" && protocol != "http/protobuf" {
		return false, fmt.Errorf("%w: the protocol must be http/protobuf", ErrTraces)
	}
	return true, o.checkEndpoints()
}

func (o *TraceOptions) checkEndpoints() error {
	for _, address := range []string{o.Endpoint, o.Env("OTEL_EXPORTER_OTLP_ENDPOINT"), o.Env("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")} {
		if u, err := url.Parse(address); address != "" && (err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "") {
			return fmt.Errorf("%w: the endpoint must be a URL with http or https", ErrTraces)
		}
	}
	return nil
}

// ExportAtOnce exports what is in the queue at once, and what comes then without delay, until
// Shutdown.
func (t *Traces) ExportAtOnce() {
	if t == nil {
		return
	}
	tick := time.NewTicker(lastInterval)
	defer tick.Stop()
	for {
		if err := t.provider.ForceFlush(context.Background()); err != nil {
			otel.Handle(err)
		}
		select {
		case <-tick.C:
		case <-t.ended:
			return
		}
	}
}

// Shutdown exports what is in the queue, until ctx is done.
func (t *Traces) Shutdown(ctx context.Context) error {
	if t == nil {
		return nil
	}
	t.end()
	return t.provider.Shutdown(ctx)
}

// errorLog logs what goes wrong in the background, at most once a minute.
type errorLog struct {
	log      *slog.Logger
	now      func() time.Time
	throttle Throttle
}

// Handle implements otel.ErrorHandler.
func (c *errorLog) Handle(err error) {
	if c.throttle.Allow("", c.now()) {
		c.log.Warn("traces are not exported", KeyErr, err)
	}
}

var _ otel.ErrorHandler = (*errorLog)(nil)
