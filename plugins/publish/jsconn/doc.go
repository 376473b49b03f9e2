// Package jsconn holds the NATS connections of a process: it connects, watches the
// JetStream stream and admits events only while the stream keeps what it takes. Payloads
// that are too large for a message go through it to the object store.
package jsconn
