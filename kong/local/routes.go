package local

import (
	"encoding/json"
	"fmt"

	"webhookedge/kong/local/declarative"
	"webhookedge/kong/local/schema"
	"webhookedge/kong/local/vault"
)

// RouteConfigs are the plugin configs that apply to one route.
type RouteConfigs struct {
	ID, Name              string
	Methods, Hosts, Paths []string
	// Plugins maps a plugin's name to its config as the plugin server gets it:
	// checked, filled in, references resolved.
	Plugins map[string][]byte
	// Unresolved are references of these configs that lead to nothing. Kong would
	// hand on an empty string.
	Unresolved []declarative.Problem
}

// Is reports whether label is the route's name or id.
func (r *RouteConfigs) Is(label string) bool {
	return label != "" && (label == r.Name || label == r.ID)
}

// Routes reads a kong.yml and returns, for every route that has some, the configs
// of the plugins whose Kong schemas are given, without running anything. Errors
// are *declarative.Error or say what is wrong with a schema; they never hold a
// resolved value.
func Routes(name string, text []byte, schemas map[string][]byte, env func(string) (string, bool)) ([]RouteConfigs, error) {
	file, err := declarative.Parse(name, text)
	if err != nil {
		return nil, err
	}
	parsed := map[string]*schema.Schema{}
	for plugin, text := range schemas {
		if parsed[plugin], err = schema.Parse(text); err != nil {
			return nil, fmt.Errorf("schema of %s: %w", plugin, err)
		}
	}
	c := &compiler{env: vault.Env{Lookup: env, Prefixes: file.Vaults}}
	var plugins []*configured
	configs, unresolved := map[*declarative.Plugin][]byte{}, map[*declarative.Plugin][]declarative.Problem{}
	for _, p := range file.Plugins {
		s, ours := parsed[p.Name]
		if !ours {
			continue
		}
		c.warnings = nil
		config, ok := c.check(s, p)
		if !ok || !p.Enabled {
			continue
		}
		if configs[p], err = json.Marshal(config); err != nil {
			return nil, err
		}
		unresolved[p] = c.warnings
		plugins = append(plugins, &configured{name: p.Name, decl: p})
	}
	if len(c.problems) > 0 {
		return nil, &declarative.Error{Problems: c.problems}
	}
	var routes []RouteConfigs
	for _, r := range file.Routes {
		route := RouteConfigs{ID: r.ID, Name: r.Name, Methods: r.Methods, Hosts: r.Hosts, Paths: r.Paths, Plugins: map[string][]byte{}}
		for _, p := range chain(plugins, r) {
			route.Plugins[p.name] = configs[p.decl]
			route.Unresolved = append(route.Unresolved, unresolved[p.decl]...)
		}
		if len(route.Plugins) > 0 {
			routes = append(routes, route)
		}
	}
	return routes, nil
}
