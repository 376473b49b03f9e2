package detail

import (
	"cmp"
	"os"
	"slices"
	"sync"
	"time"

	"webhookedge/kong/local"
	"webhookedge/plugins/internal/chain"
	"webhookedge/plugins/internal/ctl/inspector/site"
	"webhookedge/plugins/internal/ctl/kongyml"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/spec"
)

// maxConfig bounds a kong.yml, in bytes.
const maxConfig = 8 << 20

// configs keeps what was last read of the kong.yml, until the file changes.
type configs struct {
	mu    sync.Mutex
	path  string
	size  int64
	since time.Time
	last  *kong
}

// kong is a kong.yml.
type kong struct {
	file   string
	text   []byte
	routes map[string]*route
}

// route is what a kong.yml sets for one route.
type route struct {
	name     string
	settings kongyml.Settings
	plugins  []*local.Inspected // ours, that run on it
}

// read returns the kong.yml as it is now, nil where none is known or it cannot be read.
func (c *configs) read(s *site.Site) *kong {
	if s.Config == "" {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	info, err := os.Stat(s.Config)
	if err != nil || info.Size() > maxConfig {
		return nil
	}
	if c.last != nil && c.path == s.Config && c.size == info.Size() && c.since.Equal(info.ModTime()) {
		return c.last
	}
	k := load(s)
	c.last, c.path, c.size, c.since = k, s.Config, info.Size(), info.ModTime()
	return k
}

func load(s *site.Site) *kong {
	text, err := os.ReadFile(s.Config)
	if err != nil {
		return nil
	}
	schemas, err := chain.Schemas()
	if err != nil {
		return nil
	}
	env := s.Env
	if env == nil {
		env = func(string) (string, bool) { return "", false }
	}
	all, err := local.Inspect(s.Config, text, schemas, env)
	if err != nil {
		return nil
	}
	k := &kong{file: s.Config, text: text, routes: map[string]*route{}}
	for i := range all.Plugins {
		p := &all.Plugins[i]
		if _, ours := schemas[p.Name]; !ours || !p.Enabled {
			continue
		}
		for _, name := range p.Routes {
			r := k.routes[name]
			if r == nil {
				r = &route{name: name}
				k.routes[name] = r
			}
			if _, err := r.settings.Read(p.Name, p.Config); err == nil {
				r.plugins = append(r.plugins, p)
			}
		}
	}
	return k
}

// find returns a route by its name, nil where there is none.
func (k *kong) find(name string) *route {
	if k == nil {
		return nil
	}
	return k.routes[name]
}

// plugin returns the plugin of a route that has the settings of a stage, webhook-edge
// before that of the stage alone; nil where there is none. alone says that the stage's
// settings stand at the top of its config.
func (r *route) plugin(stage string) (p *local.Inspected, alone bool) {
	if r == nil {
		return nil, false
	}
	for _, name := range []string{chain.Server, "webhook-" + stage} {
		if i := slices.IndexFunc(r.plugins, func(p *local.Inspected) bool { return p.Name == name }); i >= 0 {
			return r.plugins[i], name != chain.Server
		}
	}
	if stage == "" && len(r.plugins) > 0 {
		return r.plugins[0], false
	}
	return nil, false
}

// given are the settings of the sender.
func (r *route) given() map[string]string {
	all := map[string]string{}
	if r == nil {
		return all
	}
	for _, s := range r.settings.Verify.Settings {
		if value := s.Value.Reveal(); value != "" {
			all[s.Name] = value
		}
	}
	return all
}

// secrets are all secrets that the route is set to.
func (r *route) secrets() []string {
	if r == nil {
		return nil
	}
	s := &r.settings
	var all []string
	for i := range s.Verify.Secrets {
		all = append(all, s.Verify.Secrets[i].Value.Reveal())
	}
	row, _ := s.Row() // a row that is wrong has no settings
	for i := range s.Verify.Settings {
		set := &s.Verify.Settings[i]
		if row == nil || isSecret(row, set.Name) {
			all = append(all, set.Value.Reveal())
		}
	}
	all = append(all, s.Publish.Password.Reveal(), s.Publish.Token.Reveal(), s.Publish.NKeySeed.Reveal(), s.Normalize.RedactKey.Reveal(), s.Policy.RedactKey.Reveal())
	for i := range s.Quarantine.Keys {
		all = append(all, s.Quarantine.Keys[i].Value.Reveal())
	}
	return slices.DeleteFunc(all, func(text string) bool { return text == "" || text == kongyml.Placeholder })
}

// isSecret reports whether a setting of a row is never shown.
func isSecret(row *provider.Provider, name string) bool {
	return slices.ContainsFunc(row.Settings, func(s spec.Setting) bool { return s.Secret && s.Name == name })
}

// label is the name of the route of a delivery, "" where none is known.
func (v *view) label() string {
	if v.route != nil {
		return v.route.name
	}
	name := v.given.Row.Route
	if v.given.Record != nil {
		name = cmp.Or(name, v.given.Record.Route)
	}
	return name
}
