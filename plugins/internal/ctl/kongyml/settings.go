package kongyml

import (
	"cmp"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"

	"webhookedge/plugins/internal/chain"
	"webhookedge/plugins/internal/settings"
)

// Settings are those of all plugins of a route. They are read without the checks of the
// edge: a secret that is not here is no reason to show nothing.
type Settings struct {
	settings.Config
	Stores bool // a plugin of the route publishes
}

// Read adds the config of a plugin. The stage is that of the plugin, "" of all of them.
func (s *Settings) Read(plugin string, text []byte) (stage string, err error) {
	switch plugin {
	case chain.Server:
		s.Stores = true
		return "", json.Unmarshal(text, &s.Config)
	case "webhook-policy":
		var c settings.PolicyConfig
		err = json.Unmarshal(text, &c)
		s.Sender, s.Policy = c.Sender, c.Config
	case "webhook-publish":
		var c settings.PublishConfig
		err = json.Unmarshal(text, &c)
		s.Sender, s.Normalize, s.Publish, s.Stores = c.Sender, c.Normalize, c.Config, true
	default:
		err = json.Unmarshal(text, &s.Sender)
	}
	return strings.TrimPrefix(plugin, "webhook-"), err
}

// Name is the sender's.
func (s *Settings) Name() string {
	if s.Custom != nil {
		return s.Custom.Name
	}
	return string(s.Provider)
}

// Placeholder stands for what the environment has not: commands that show what a file says
// show no secret, and need none.
const Placeholder = "unresolved"

// Environment is this process's, with the policies beside a kong.yml as local has them.
func Environment(file string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		value := os.Getenv(name)
		if dir := filepath.Join(filepath.Dir(file), "..", "policies"); value == "" && name == "WEBHOOK_POLICIES_DIR" && isDirectory(dir) {
			value = dir
		}
		return cmp.Or(value, Placeholder), true
	}
}

func isDirectory(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}
