// Package schemas holds the JSON Schemas that programs of this module check
// documents against, as they were when the program was built.
package schemas

import "embed"

// Files are the schemas by the path of their file below this directory, without
// those of the plugins' configuration, which are made from the code.
//
//go:embed event policy
var Files embed.FS
