// Package publish stores events in NATS JetStream and waits for the broker's
// ack, so that an answer of 200 means stored.
//
// Connections are shared by all instances with equal settings and are made in
// the background: nothing is dialled while a sender waits. An event goes out
// once, under a Nats-Msg-Id made of the provider and its own id; a sender's
// retry within the stream's duplicate window is acknowledged without being
// stored again. With a journal it is on this machine's disk as well before the answer
// goes out, stays there until the broker can no longer lose it, and goes there alone
// while the broker does not answer. Without one it is refused then, although it may
// be stored.
package publish
