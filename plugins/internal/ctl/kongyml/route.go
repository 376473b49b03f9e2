package kongyml

import (
	"encoding/json"
	"fmt"

	"webhookedge/kong/local"
	"webhookedge/plugins/internal/chain"
	"webhookedge/plugins/internal/settings"
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

// Part returns a route of which webhook-edge is only what one of its stages is set to, as
// the plugin of that stage has it: who signs a delivery needs no policies, and who reads a
// stream no secret of a sender, so neither needs their references to lead anywhere.
func Part(r *local.RouteConfigs, stage string) *local.RouteConfigs {
	var c, part map[string]json.RawMessage
	text, all := r.Plugins[chain.Server]
	if !all || json.Unmarshal(text, &c) != nil || json.Unmarshal(c[stage], &part) != nil || part == nil {
		return r
	}
	for _, name := range []string{"provider", "custom"} {
		if value, there := c[name]; there {
			part[name] = value
		}
	}
	text, err := json.Marshal(part)
	if err != nil {
		return r
	}
	only := *r
	only.Plugins = map[string][]byte{"webhook-" + stage: text}
	return &only
}

// Spec returns what the first of plugins that a route has is set to.
func Spec(r *local.RouteConfigs, plugins ...string) (spec settings.Spec, ok bool, err error) {
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
