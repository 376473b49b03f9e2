// Package policy lets Rego decide what becomes of an event whose sender is
// proved: refuse it, hold it back, or publish it, where, under which tenant and
// without which parts.
//
// The policy is a directory, or what an OPA configuration file brings, compiled
// once for all routes of equal settings and swapped when it changes. A change
// that does not compile is told in the log, and the last good policy goes on.
//
// Whatever is not exactly one decision refuses the delivery. The stage decides
// nothing itself, and keeps no state between deliveries but what it counts. How
// a policy is evaluated is in the package engine, tools for its authors in author.
package policy
