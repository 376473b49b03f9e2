package kongyml

import (
	"cmp"
	"encoding/json"

	"webhookedge/kong/local"
	"webhookedge/plugins/internal/ctl/pick"
)

// Find returns the route of a name or id. The error is a fault of the command line, and
// names the nearest.
func Find(routes []local.RouteConfigs, label string) (*local.RouteConfigs, error) {
	for i := range routes {
		if routes[i].Is(label) {
			return &routes[i], nil
		}
	}
	return nil, pick.Known("route", label, labels(routes))
}

// Label is how people call a route: its name, or else its id.
func Label(r *local.RouteConfigs) string { return cmp.Or(r.Name, r.ID) }

func labels(routes []local.RouteConfigs) []string {
	var all []string
	for i := range routes {
		all = append(all, Label(&routes[i]))
	}
	return all
}

// Names are the routes of a kong.yml, by default that of Path; none of a file that cannot
// be read.
func Names(file string) []string { return labels(readable(file)) }

// Custom are the names of the senders of a kong.yml that the catalogue does not know; none
// of a file that cannot be read.
func Custom(file string) (names []string) {
	routes := readable(file)
	for i := range routes {
		for _, text := range routes[i].Plugins {
			var plugin struct {
				Custom struct {
					Name string `json:"name"`
				} `json:"custom"`
			}
			if json.Unmarshal(text, &plugin) == nil && plugin.Custom.Name != "" {
				names = append(names, plugin.Custom.Name)
			}
		}
	}
	return names
}

func readable(file string) []local.RouteConfigs {
	file, err := Path(file)
	if err != nil {
		return nil
	}
	routes, err := Routes(file)
	if err != nil {
		return nil
	}
	return routes
}
