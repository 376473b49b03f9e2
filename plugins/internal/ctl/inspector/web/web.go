// Package web is the inspector's page: files that a browser takes as they are.
package web

import (
	"embed"
	"io/fs"
)

//go:embed assets
var assets embed.FS

// FS returns the files of the page; index.html is its beginning.
func FS() fs.FS {
	files, err := fs.Sub(assets, "assets")
	if err != nil {
		panic(err) // the name is a valid one
	}
	return files
}
