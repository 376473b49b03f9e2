// Package payload holds JSON Schemas (Draft 2020-12) of the most used events of
// some providers, one file an event: <provider>/<event>.json, or
// <provider>/<event>.<action>.json where one action differs.
//
// They were written from the providers' documentation and say what a consumer
// can rely on: the members that are always there, and the types of those that
// may be. Members that they do not name are allowed, since providers add some
// at any time.
package payload

import (
	"embed"
	"io/fs"
)

//go:embed */*.json
var files embed.FS

// Files returns the schemas, a folder a provider.
func Files() fs.FS { return files }
