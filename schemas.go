// Package webhookedge carries JSON Schemas of the folder schemas in the programs of
// this module, as they were when the program was built.
//
// It stands at the module's root because files can only be embedded from below, and
// a Go file under schemas would be taken for a schema: `opa check --schema schemas`
// and editors read that folder as a whole.
package webhookedge

import (
	"embed"
	"io/fs"
)

//go:embed schemas/event schemas/payload schemas/policy
var files embed.FS

// Schemas returns the schemas by the path of their file below schemas, without
// those of the plugins' configuration, which are made from the code.
func Schemas() fs.FS { return below("schemas") }

// PayloadSchemas returns the schemas (Draft 2020-12) of the most used events of some
// providers, one file an event: <provider>/<event>.json, or
// <provider>/<event>.<action>.json where one action differs.
//
// They were written from the providers' documentation and say what a consumer can
// rely on: the members that are always there, and the types of those that may be.
// Members that they do not name are allowed, since providers add some at any time.
func PayloadSchemas() fs.FS { return below("schemas/payload") }

func below(dir string) fs.FS {
	sub, err := fs.Sub(files, dir)
	if err != nil {
		panic(err) // the path is one of those above
	}
	return sub
}
