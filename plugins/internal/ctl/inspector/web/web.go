// Package web is the inspector's page: files that are served as they are, with no step
// that builds them. The one library among them is lit-html, below assets/third_party with
// its licence. The page asks for nothing but what the server of its own address has, and
// keeps to a Content-Security-Policy without exceptions for scripts and styles.
package web

import (
	"embed"
	"io/fs"
)

// files must not lie in a folder named vendor, which Go leaves out of a module's archive.
//
//go:embed assets
var files embed.FS

// FS returns the files, with index.html at the top.
func FS() fs.FS {
	sub, err := fs.Sub(files, "assets")
	if err != nil {
		panic(err) // "assets" is a valid path
	}
	return sub
}
