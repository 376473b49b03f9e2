// Package provider is the language of webhook senders: what a row of data says,
// and the small pure functions that read a row.
//
// A row says how its sender signs (Scheme), where a delivery names its event
// (Locators), how the sender checks an endpoint (Handshake) and what it makes
// of an answer. From a row come a Verifier, the Signer that a test or a
// command sends with, and Describe, which reads the facts of a delivery.
//
// Nothing here has a clock, does I/O or logs. Nothing here says that an
// unsigned value is true: Describe reads what a body claims, and only a
// delivery that a Verifier passed is worth describing.
package provider
