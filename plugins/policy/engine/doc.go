// Package engine evaluates Rego policies: it loads a directory or a bundle,
// compiles it once, and answers one event with one decision.
//
// Policies are type-checked against schemas/policy/input.json and cannot reach
// the network, the environment or zone files. The compiled modules tell which
// parts of the input are read, so that only those are taken out of a payload;
// Reads says what they are and what forces the whole document.
//
// A Policy is immutable and safe for concurrent use. Whatever is not exactly one
// decision that follows schemas/policy/decision.json is an error: nothing here
// allows an event because something went wrong.
package engine
