// Package tojson makes JSON of bodies that are none: forms, multipart forms,
// XML, lines of JSON and signed tokens; and it undoes what stands in front of
// that, a content encoding or a charset.
//
// Each conversion is a fixed rule, written at its function, so that the same
// body always becomes the same JSON. Everything is bounded, in size, depth and
// number, and no error repeats anything of a body. It proves nothing: whoever
// calls it has verified the bytes before.
package tojson
