// Package telemetry makes a plugin's process observable: a logger of one JSON line a
// record, Prometheus metrics in a registry of their own, OpenTelemetry traces, and a small
// HTTP server for /metrics, /healthz and /readyz.
//
// Label values come from closed sets that are known at start, so that no sender
// can add a series and no secret can become a label; a value outside its set is
// counted as "other". Observing on the fast path allocates nothing.
//
// Traces have a span a delivery and one a stage; they are exported by OTLP where an
// endpoint is set, and cost nothing where none is. It keeps nothing across restarts.
package telemetry
