// Package tojson makes JSON of bodies that are none: forms, multipart forms,
// XML, lines of JSON and signed tokens; it undoes what stands in front of that, a
// content coding, a byte order mark or a charset; and it tells which of them a body is.
//
// The bytes decide, since they are what a signature covers. A header can only agree: it
// changes nothing, or the body is refused. In that order, a body goes through Expand,
// Sniff, and, by its shape, UTF8 and what reads JSON, or Form, Multipart, XML, Lines or
// Token.
//
// Each conversion is a fixed rule, written at its function, so that the same body always
// becomes the same JSON. No error repeats anything of a body. It proves nothing: whoever
// calls it has verified the bytes before. Time is linear in the body, memory is at most
// some times that, and these are the limits:
//
//	expanded body      the caller's, and one coding
//	form               10,000 fields, empty ones too
//	multipart form     1,000 parts, each with 16 headers of 8 KiB together
//	XML                100,000 elements, 64 deep; 100,000 attributes, 1,000 of an element;
//	                   300,000 tags, comments, sections and instructions; no entities
//	lines of JSON      10,000 values, 20,000 lines; each as jsonscan takes JSON
//	token              three parts
//	document of a form one JSON value, as jsonscan takes it
package tojson
