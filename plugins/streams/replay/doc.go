// Package replay publishes stored events again: to their own subject or to one
// of choice, in their order, each with a message id of its own, so that no
// duplicate window drops it, and with the attribute replayed, so that a consumer
// can tell.
//
// The id of the event stays: it is the same event. A run can be repeated under
// its name after it was interrupted; what it had published is then dropped as a
// double, within the duplicate window of the stream that takes it.
package replay
