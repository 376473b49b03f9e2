// Package provider verifies, signs and describes the deliveries of webhook senders.
//
// A sender is a row of data (package spec): how it signs, where a delivery names its
// event, how it checks an endpoint and what it makes of an answer. New checks a row. From
// the Provider come a Verifier, the Signer that a test or a command sends with, and
// Describe, which reads the facts of a delivery. The rows that are known are in package
// catalogue.
//
// Nothing here has a clock, does I/O or logs. Nothing here says that an
// unsigned value is true: Describe reads what a body claims, and only a
// delivery that a Verifier passed is worth describing.
package provider
