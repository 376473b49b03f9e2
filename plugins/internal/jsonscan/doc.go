// Package jsonscan checks a JSON body strictly and picks out a few scalars in
// the same single pass, without building maps.
//
// Strict means RFC 8259 with the choices of I-JSON (RFC 7493): exactly one
// value, valid UTF-8 without a byte order mark, no object with two members of
// one name, and at most MaxDepth levels. An escape that is half a surrogate pair
// passes, unlike in I-JSON: senders that cut a text write it. Whoever
// reads the body later then sees the same values as were picked here.
//
// It is no query language: a path names one place.
package jsonscan
