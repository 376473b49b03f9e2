package inspect

import (
	"os"
	"path/filepath"
	"slices"

	"webhookedge/plugins/internal/ctl/inspector/site"
	"webhookedge/plugins/internal/ctl/kongyml"
)

// policiesVariable names the directory of the policies of kong/kong.yml.
const policiesVariable = "WEBHOOK_POLICIES_DIR"

// environment is this process's, with the policies beside a kong.yml as local has them.
func environment(config string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		value, ok := os.LookupEnv(name)
		if !ok && name == policiesVariable && config != "" {
			value = filepath.Join(filepath.Dir(config), "..", "policies")
			info, err := os.Stat(value)
			ok = err == nil && info.IsDir()
		}
		return value, ok
	}
}

// places are where the routes of a kong.yml store.
type places struct {
	streams []string
	kept    site.Place
}

// configured reads where deliveries go. Secrets need not be here for that.
func configured(config string) (p places, err error) {
	routes, err := kongyml.RoutesWith(config, kongyml.Environment(config))
	if err != nil {
		return p, err
	}
	for i := range routes {
		for plugin, text := range routes[i].Plugins {
			var s kongyml.Settings
			if _, err := s.Read(plugin, text); err != nil || !s.Stores {
				continue
			}
			if name := s.Publish.Stream.Name; name != "" && !slices.Contains(p.streams, name) {
				p.streams = append(p.streams, name)
			}
			if p.kept.Stream == "" {
				p.kept = site.Place{Stream: s.Quarantine.Stream, Prefix: s.Quarantine.SubjectPrefix}
			}
		}
	}
	slices.Sort(p.streams)
	return p, nil
}
