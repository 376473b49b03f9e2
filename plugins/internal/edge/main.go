package edge

import (
	"webhookedge/plugins/internal/pluginserver"
	"webhookedge/plugins/provider"
)

// Plugins are all Kong plugins of this module.
func Plugins() []pluginserver.Plugin {
	return []pluginserver.Plugin{Edge(), IPAllow(), RateLimit(), Verify(), Policy(), Publish()}
}

// Main runs one plugin as a process and returns its exit code.
func Main(p pluginserver.Plugin) int {
	return pluginserver.Main(p, provider.Names(), Stages())
}
