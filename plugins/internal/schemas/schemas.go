// Package schemas carries the JSON Schemas of the folder schemas in the programs of this
// module, as they were when they were generated.
//
// The files under schemas are the truth. They cannot be embedded where they are: files
// can only be embedded from below, and a Go file among them would be taken for a schema,
// since `opa check --schema schemas` and editors read that folder as a whole. So
// `make generate` writes them into one archive, and its check holds the two equal.
package schemas

import (
	_ "embed"
	"io/fs"
	"sync"

	"golang.org/x/tools/txtar"
)

// Archive is the name of the archive, in this package's folder.
const Archive = "schemas.txtar"

//go:embed schemas.txtar
var archive []byte

// Folders are those of schemas that are carried: all but that of the plugins'
// configuration, which is made from the code.
func Folders() []string { return []string{"event", "payload", "policy"} }

// Files returns the schemas by the path of their file below schemas.
func Files() fs.FS { return files() }

var files = sync.OnceValue(func() fs.FS {
	all, err := txtar.FS(txtar.Parse(archive))
	if err != nil {
		panic(err) // a test reads it
	}
	return all
})

// Payloads returns the schemas (Draft 2020-12) of the most used events of some
// providers, one file an event: <provider>/<event>.json, or
// <provider>/<event>.<action>.json where one action differs.
//
// They were written from the providers' documentation and say what a consumer can
// rely on: the members that are always there, and the types of those that may be.
// Members that they do not name are allowed, since providers add some at any time.
func Payloads() fs.FS {
	sub, err := fs.Sub(Files(), "payload")
	if err != nil {
		panic(err) // the path is one of those above
	}
	return sub
}
