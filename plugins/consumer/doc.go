// Package consumer reads the events of the webhook edge from JetStream: as
// CloudEvents, with payloads that lie in the object store fetched, retried with
// backoff where the handler fails, and kept as dead letters where it keeps failing.
//
// An event is handled at least once: after a crash, or an ack that was lost, it
// comes again. A handler that must not act twice remembers the event's source and
// id, which stay the same; the attribute replayed marks what somebody published
// again on purpose. Events of a durable consumer are handled side by side, so
// their order is not kept; with Concurrency 1 it is, but for retries.
package consumer
