// Package payloadschema finds the JSON Schema of an event's payload, among
// those of the project and those of a user's directory, and holds payloads
// against it.
//
// Schemas are compiled once and shared by all who name the same directory, and
// compiled again when its files change; a change that does not compile leaves
// the last good ones in place. Nothing is ever fetched: a $ref must lead to a
// file of the same directory.
package payloadschema
