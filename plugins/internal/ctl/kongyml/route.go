package kongyml

import (
	"fmt"

	"webhookedge/kong/local"
	"webhookedge/plugins/internal/chain"
)

// Route returns the route of a name or id in a kong.yml.
func Route(file, name string) (*local.RouteConfigs, error) {
	file, err := Path(file)
	if err != nil {
		return nil, err
	}
	routes, err := Routes(file)
	if err != nil {
		return nil, err
	}
	return Find(routes, name)
}

// Spec returns what the first of plugins that a route has is set to.
func Spec(r *local.RouteConfigs, plugins ...string) (spec chain.Spec, ok bool, err error) {
	for _, name := range plugins {
		if text, there := r.Plugins[name]; there {
			if spec, err = chain.Decode(name, text); err != nil {
				err = fmt.Errorf("route %s, %s: %w", Label(r), name, err)
			}
			return spec, true, err
		}
	}
	return spec, false, nil
}
