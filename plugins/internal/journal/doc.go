// Package journal keeps messages on this machine's disk until the broker that they
// are for can no longer lose them.
//
// A record is on disk, synced, when Wait returns nil: deliveries that wait at the
// same time share a sync. It is with its delivery until that says what became of
// it: at the broker (Acked), to be published later (Leave), or not wanted (Drop).
// What the broker acknowledged stays until Verified says that the broker was there
// for long enough after it to have synced by itself, and can be published again
// until then (Again). A journal that is full, in bytes or because the oldest record
// that waits for the broker is too old, refuses new records and drops none.
//
// A directory has a part for each process that uses it, so that one which starts
// need not wait for one which ends, as during a reload of Kong. What a process
// left that is gone, another one of the same name takes over.
package journal
