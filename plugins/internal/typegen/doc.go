// Package typegen writes types in TypeScript and Go for the events of a provider, from the
// JSON Schemas of their payloads.
//
// They are for reading: what a schema says in ways that a language has no types for
// becomes a wider type, and members that a schema does not name are allowed, since
// providers add some at any time. Nothing of a schema gets into the code but names and
// texts that are quoted or cleaned. Output is the same for the same schemas.
//
// No library does it for both languages. Those that write Go (go-jsonschema and its kin)
// generate checks that refuse what a schema does not allow, which is not for a consumer
// to decide about what is stored, and know neither unions nor every recursion.
package typegen
