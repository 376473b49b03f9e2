// Package redact takes values out of JSON texts by path: drops them, masks them
// or puts a keyed hash in their place. Every byte outside of what it redacts
// stays as it is, and nothing is decoded but what a path leads through.
//
// Paths are a subset of JSONPath (RFC 9535): $.a.b, $['a b'], $.list[0],
// $.list[*].email, $.*.id and $..email for a name at any depth.
//
// It does not look for personal data by itself, and a hash of a value that can
// be guessed hides it only as well as the key is kept.
package redact
