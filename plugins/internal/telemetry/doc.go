// Package telemetry is how a plugin's process is seen from outside: a logger of one
// JSON line a record, Prometheus metrics in a registry of their own, and a small
// HTTP server for /metrics, /healthz and /readyz.
//
// Label values come from closed sets that are known at start, so that no sender
// can add a series and no secret can become a label; a value outside its set is
// counted as "other". Observing on the fast path allocates nothing.
//
// It keeps nothing across restarts and does no tracing.
package telemetry
