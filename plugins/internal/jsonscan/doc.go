// Package jsonscan checks a JSON body strictly and picks out a few scalars in
// the same single pass, without building maps.
//
// Strict means RFC 8259 with the choices of I-JSON (RFC 7493): exactly one
// value, valid UTF-8 without a byte order mark, and no object with two members of
// one name. An escape that is half a surrogate pair passes, unlike in I-JSON: senders
// that cut a text write it. Whoever reads the body later then sees the same values as
// were picked here. For senders that write a name twice and mean the last, Last makes a
// document of theirs that Scan takes.
//
// Time is linear in the body, and memory is bounded by Limits, 32 bytes for a name:
//
//	limit              proved sender   not yet proved
//	bytes              1 GiB           2 MiB
//	names in all       500,000         20,000
//	names of an object 50,000          2,000
//	depth              64              32
//
// It is no query language: a path names one place.
package jsonscan
