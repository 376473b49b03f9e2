package process

import (
	"path"
	"strings"
)

// Servers reads out of the text of a kong.conf which plugin server runs a plugin whose
// socket is another one's: where pluginserver_<name>_socket names it.
func Servers(conf string) map[string]string {
	values := Settings(conf)
	servers := map[string]string{}
	for name := range strings.SplitSeq(values["pluginserver_names"], ",") {
		name = strings.TrimSpace(name)
		socket, ok := values["pluginserver_"+strings.ReplaceAll(name, "-", "_")+"_socket"]
		if server := strings.TrimSuffix(path.Base(socket), ".socket"); ok && server != name {
			servers[name] = server
		}
	}
	return servers
}

// Variables reads the nginx variable that a kong.conf sets for each request, by its
// name.
func Variables(conf string) map[string]string {
	name, value, ok := strings.Cut(Settings(conf)["nginx_location_set"], " ")
	if !ok {
		return nil
	}
	return map[string]string{strings.TrimPrefix(name, "$"): strings.Trim(strings.TrimSpace(value), `"`)}
}

// Settings are the lines of a kong.conf, by key.
func Settings(conf string) map[string]string {
	values := map[string]string{}
	for line := range strings.Lines(conf) {
		line, _, _ = strings.Cut(line, "#")
		if key, value, ok := strings.Cut(line, "="); ok {
			values[strings.TrimSpace(key)] = strings.TrimSpace(value)
		}
	}
	return values
}
