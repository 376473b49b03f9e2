package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"webhookedge/plugins/internal/chain"
)

// telemetryPort is where the plugins' metrics are served.
const telemetryPort = 9542

// pluginNames are the plugins, webhook-edge first.
func pluginNames() (names []string) {
	for _, p := range chain.Plugins() {
		names = append(names, p.Name)
	}
	return names
}

// pluginSettings are the lines of kong.conf that tell Kong of the plugins, each with its
// reason. In the keys a name's hyphens are underscores (Kong 3.9, conf_loader/init.lua).
func pluginSettings() string {
	key := func(plugin string) string { return "pluginserver_" + strings.ReplaceAll(plugin, "-", "_") }
	names := pluginNames()
	var b strings.Builder
	fmt.Fprintf(&b, `# bundled keeps Kong's own plugins. Ours are the whole chain, and each stage alone.
plugins = bundled,%[1]s

# One process serves them all, with one pool of connections, one journal and one
# address for metrics. Kong starts the server of a name that has a start command or a
# binary of its own in /usr/local/bin: %[2]s alone.
pluginserver_names = %[1]s

# nginx hands no environment to plugin processes, so their settings are flags here.
%[3]s_start_cmd = /usr/local/bin/%[2]s -kong-prefix /usr/local/kong -telemetry-address 0.0.0.0:%[4]d

# The other names have neither, so Kong takes their server for one that somebody else
# runs, says so once as a warning ("assuming external process management"), asks it
# for the schema by the command and calls it at the socket.
`, strings.Join(names, ","), chain.Server, key(chain.Server), telemetryPort)
	for _, name := range names {
		if server, ok := chain.Servers()[name]; ok {
			fmt.Fprintf(&b, "%[1]s_query_cmd = /usr/local/bin/%[2]s -dump %[3]s\n%[1]s_socket = /usr/local/kong/%[2]s.socket\n", key(name), server, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(chain.Variables())) {
		fmt.Fprintf(&b, `
# What plugins ask of each request, in one reply instead of three: an injected directive
# of nginx. A gateway without this line works too, with a call more for each delivery.
nginx_location_set = $%s "%s"
`, name, chain.Variables()[name])
	}
	return b.String()
}

// pluginDumps is the step of the image that asks for every schema.
func pluginDumps() string {
	return fmt.Sprintf("RUN for plugin in %s; do %s -dump $plugin >/dev/null || exit 1; done", strings.Join(pluginNames(), " "), chain.Server)
}
