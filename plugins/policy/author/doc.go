// Package author is what `webhookctl policy` does for those who write policies:
// it checks a directory of Rego, runs its tests and samples, tells why an event
// was decided as it was, and compares two versions of a policy on real events.
//
// It asks the engine that the edge asks, so that a policy that passes here is
// decided the same way there. Nothing in it is on the way of a delivery, and
// nothing in it changes a file unless Format is told to write.
package author
