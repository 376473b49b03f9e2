package chain

import (
	"fmt"

	"webhookedge/plugins/internal/config"
	"webhookedge/plugins/internal/pluginserver"
	"webhookedge/plugins/internal/settings"
	"webhookedge/plugins/provider/catalogue"
)

// configurable is a plugin's config struct, with the function that reads one.
type configurable struct {
	zero   any
	decode func(text []byte, by decoding) (settings.Spec, error)
}

// decoding is config.Decode or config.DecodePart.
type decoding func(text []byte, into any) error

func configOf[C settings.Plugin]() configurable {
	var zero C
	return configurable{zero: zero, decode: func(text []byte, by decoding) (settings.Spec, error) {
		var c C
		err := by(text, &c)
		return c.Spec(), err
	}}
}

// Decode reads the config of a plugin, as Kong hands it over. Its error names every
// fault that the config shows by itself.
func Decode(plugin string, text []byte) (settings.Spec, error) {
	return decode(plugin, text, config.Decode)
}

func decode(plugin string, text []byte, by decoding) (settings.Spec, error) {
	if plugin == Server {
		return configOf[settings.Config]().decode(text, by)
	}
	for _, row := range Rows() {
		if row.Plugin == plugin && plugin != "" {
			return row.config.decode(text, by)
		}
	}
	return settings.Spec{}, fmt.Errorf("no plugin %q", plugin)
}

// Plugins are all Kong plugins of this module, webhook-edge first, then those of
// single stages in the order of [Rows].
func Plugins() []pluginserver.Plugin {
	plugins := []pluginserver.Plugin{{Name: Server, Priority: Priority, Config: settings.Config{}}}
	for _, row := range Rows() {
		if row.Plugin != "" {
			plugins = append(plugins, pluginserver.Plugin{Name: row.Plugin, Priority: row.Priority, Config: row.config.zero})
		}
	}
	return plugins
}

// Schemas returns the Kong schemas of our plugins, by their names.
func Schemas() (map[string][]byte, error) {
	schemas := map[string][]byte{}
	for _, p := range Plugins() {
		var err error
		if schemas[p.Name], err = config.KongSchema(p.Name, p.Config); err != nil {
			return nil, err
		}
	}
	return schemas, nil
}

// Servers are the plugins of single stages, each with the server that runs it.
func Servers() map[string]string {
	servers := map[string]string{}
	for _, row := range Rows() {
		if row.Plugin != "" {
			servers[row.Plugin] = Server
		}
	}
	return servers
}

// Variables are the nginx variables that kong.conf sets for the plugins, each with its
// value.
func Variables() map[string]string {
	return map[string]string{pluginserver.LineVariable: pluginserver.LineTemplate}
}

// Program is the one process that serves all plugins.
func Program() pluginserver.Program {
	return pluginserver.Program{
		Name: Server, Plugins: Plugins(), Providers: catalogue.Names(), Stages: Stages(),
		Open: func(env pluginserver.Env) (pluginserver.Builder, error) {
			p, err := Open(env, Server)
			if err != nil {
				return nil, err
			}
			return p, nil
		},
	}
}
