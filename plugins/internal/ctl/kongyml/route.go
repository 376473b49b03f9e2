package kongyml

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"webhookedge/kong/local"
	"webhookedge/plugins/internal/chain"
	"webhookedge/plugins/internal/ctl/pick"
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
	var names []string
	for i := range routes {
		if routes[i].Is(name) {
			return &routes[i], nil
		}
		names = append(names, cmp.Or(routes[i].Name, routes[i].ID))
	}
	return nil, fmt.Errorf("%s: %w", file, pick.Known("route", name, names))
}

// Spec returns what the first of plugins that a route has is set to.
func Spec(r *local.RouteConfigs, plugins ...string) (spec chain.Spec, ok bool, err error) {
	for _, name := range plugins {
		if text, there := r.Plugins[name]; there {
			if spec, err = chain.Decode(name, text); err != nil {
				err = fmt.Errorf("route %s, %s: %w", cmp.Or(r.Name, r.ID), name, err)
			}
			return spec, true, err
		}
	}
	return spec, false, nil
}

// Senders returns the names of the senders that a kong.yml describes itself.
func Senders(file string) ([]string, error) {
	routes, err := Routes(file)
	var names []string
	for i := range routes {
		for _, text := range routes[i].Plugins {
			var part struct {
				Custom struct {
					Name string `json:"name"`
				} `json:"custom"`
			}
			if json.Unmarshal(text, &part) == nil && part.Custom.Name != "" {
				names = append(names, part.Custom.Name)
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names), err
}

// CompleteRoutes completes a flag with the names of the routes of the kong.yml that file
// names when a shell asks.
func CompleteRoutes(cmd *cobra.Command, flag string, file *string) {
	err := cmd.RegisterFlagCompletionFunc(flag, func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		path, err := Path(*file)
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		routes, _ := Routes(path) // what cannot be read completes nothing
		var names []string
		for i := range routes {
			names = append(names, routes[i].Name)
		}
		return names, cobra.ShellCompDirectiveNoFileComp
	})
	if err != nil {
		panic(err) // the flag is not defined
	}
}
