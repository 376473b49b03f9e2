// Package spool keeps messages on this machine's disk while the broker that they
// are for does not take them.
//
// It is an embedded NATS server without a listener, whose stream is synced to
// disk at every write. Messages that come while a write is under way go together
// into the next one, so that many share the price of a sync. What was put in stays
// until it is taken out: a spool that is full, in bytes or because its oldest
// message is too old, refuses new ones and drops none.
//
// A directory has a part for each process that uses it, so that one which starts
// need not wait for one which ends, as during a reload of Kong. What a process
// left that is gone, another one of the same name takes over.
package spool
