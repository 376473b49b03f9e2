package pluginserver

import "runtime/debug"

// release is the version of the plugins in this source tree, as CHANGELOG.md
// counts them.
const release = "0.1.0"

// Version returns the version that -dump, -version and the metrics show: that
// of the module where it was installed as one, otherwise the tree's own.
func Version() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		if v := info.Main.Version; v != "" && v != "(devel)" {
			return v
		}
	}
	return release
}
