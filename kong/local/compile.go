package local

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"webhookedge/kong/local/declarative"
	"webhookedge/kong/local/host"
	"webhookedge/kong/local/process"
	"webhookedge/kong/local/router"
	"webhookedge/kong/local/schema"
	"webhookedge/kong/local/vault"
	"webhookedge/kong/wire"
)

// workspaceID is the id of Kong's default workspace in DB-less mode.
const workspaceID = "0dc6f45b-8f8d-40d2-a504-473544ee190b"

// state is a compiled file. It is never changed.
type state struct {
	router *router.Router
	routes []servedRoute
	proxy  *proxy
}

// servedRoute is a route with everything that a request on it needs.
type servedRoute struct {
	decl    *declarative.Route
	route   *wire.Route
	service *wire.Service
	chain   []*configured
}

// configured is one plugin config, ready to run.
type configured struct {
	name       string
	priority   int
	protocols  []string
	decl       *declarative.Plugin
	external   *external // nil for request-termination
	config     host.Config
	terminates *termination
}

// compiler turns a file into a state.
type compiler struct {
	reg      *registry
	env      vault.Env
	previous map[string]host.Config // by plugin id
	nextSeq  func() int
	now      int64
	problems []declarative.Problem
	warnings []declarative.Problem
	needed   []string // plugins that must run
}

// compile checks every plugin config of a file. The error is a
// *declarative.Error.
func (c *compiler) compile(ctx context.Context, f *declarative.File) (*state, error) {
	c.warnings = append(c.warnings, f.Warnings...)
	c.env.Prefixes = f.Vaults
	var plugins []*configured
	for _, p := range f.Plugins {
		if got := c.plugin(ctx, p); got != nil {
			plugins = append(plugins, got)
		}
	}
	s := &state{proxy: newProxy(f.Services)}
	var rules []router.Route
	for _, r := range f.Routes {
		if r.Service != nil && !r.Service.Enabled {
			continue // Kong does not route to a service that is off
		}
		rules = append(rules, router.Route{
			ID: r.ID, Methods: r.Methods, Hosts: r.Hosts, Paths: r.Paths, Headers: r.Headers, RegexPriority: r.RegexPriority,
		})
		served := servedRoute{decl: r, route: c.route(r), chain: chain(plugins, r)}
		if r.Service != nil {
			served.service = c.service(r.Service)
		}
		s.routes = append(s.routes, served)
	}
	var err error
	if s.router, err = router.New(rules); err != nil {
		c.problems = append(c.problems, declarative.Problem{File: f.Name, Pos: declarative.Pos{Line: 1, Column: 1}, Message: err.Error()})
	}
	if len(c.problems) > 0 {
		return nil, &declarative.Error{Problems: c.problems}
	}
	return s, nil
}

// plugin checks one plugin; nil means that it is not run.
func (c *compiler) plugin(ctx context.Context, p *declarative.Plugin) *configured {
	if p.Name == terminationName {
		return c.termination(p)
	}
	ext, err := c.reg.get(ctx, p.Name)
	if err != nil {
		if errors.Is(err, process.ErrNotFound) && isBundled(p.Name) {
			c.warnings = append(c.warnings, p.Problem([]any{"name"}, "name",
				fmt.Sprintf("NOT RUN HERE: %s is a plugin of Kong itself; local mode leaves it out", p.Name)))
			return nil
		}
		c.problems = append(c.problems, p.Problem([]any{"name"}, "name", err.Error()))
		return nil
	}
	config, ok := c.check(ext.schema, p)
	if !ok || !p.Enabled {
		return nil
	}
	if !slices.Contains(c.needed, p.Name) {
		c.needed = append(c.needed, p.Name)
	}
	return &configured{
		name: p.Name, priority: ext.info.Priority, protocols: p.Protocols, decl: p, external: ext, config: c.hostConfig(p, config),
	}
}

func (c *compiler) termination(p *declarative.Plugin) *configured {
	s, err := schema.Parse([]byte(terminationSchema))
	if err != nil {
		c.problems = append(c.problems, p.Problem(nil, "", err.Error()))
		return nil
	}
	config, ok := c.check(s, p)
	if !ok {
		return nil
	}
	if config["echo"] == true {
		c.problems = append(c.problems, p.Problem([]any{"config", "echo"}, "config.echo", "echo is not run in local mode"))
		return nil
	}
	t, err := newTermination(config)
	if err != nil {
		c.problems = append(c.problems, p.Problem([]any{"config"}, "config", err.Error()))
	}
	if err != nil || !p.Enabled {
		return nil
	}
	return &configured{name: p.Name, priority: terminationPriority, protocols: p.Protocols, decl: p, terminates: t}
}

// check runs a config through its schema and resolves its references.
func (c *compiler) check(s *schema.Schema, p *declarative.Plugin) (map[string]any, bool) {
	config, faults := s.Check(p.Config)
	for _, f := range faults {
		c.problems = append(c.problems, p.Problem(f.Path, schema.PathText(f.Path), f.Message))
	}
	if len(faults) > 0 {
		return nil, false
	}
	loaded, unresolved := s.Load(config, c.env.Resolve)
	for _, u := range unresolved {
		if p.Enabled {
			c.warnings = append(c.warnings, p.Problem(u.Path, schema.PathText(u.Path),
				fmt.Sprintf("%s cannot be resolved (%v): the plugin gets an EMPTY string", u.Reference, u.Err)))
		}
	}
	return loaded, true
}

// hostConfig builds what the plugin server gets. A config that has not changed
// keeps its number, and with it its instances.
func (c *compiler) hostConfig(p *declarative.Plugin, config map[string]any) host.Config {
	out := host.Config{ID: p.ID}
	if old, ok := c.previous[p.ID]; ok && bytes.Equal(old.JSON, encodeConfig(p, config, old.Seq)) {
		out.Seq = old.Seq
	} else {
		out.Seq = c.nextSeq()
	}
	out.JSON = encodeConfig(p, config, out.Seq)
	return out
}

// encodeConfig adds Kong's own keys to a config.
func encodeConfig(p *declarative.Plugin, config map[string]any, seq int) []byte {
	all := map[string]any{}
	maps.Copy(all, config)
	var route, service string
	if p.Route != nil {
		route = p.Route.ID
		all["route_id"] = route
	}
	if p.Service != nil {
		service = p.Service.ID
		all["service_id"] = service
	}
	all["__seq__"], all["__plugin_id"], all["__ws_id"] = seq, p.ID, workspaceID
	all["__key__"] = fmt.Sprintf("plugins:%s:%s:%s:::%s", p.Name, route, service, workspaceID)
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	// Only plain values come out of a checked config, so this cannot fail.
	_ = enc.Encode(all)
	return bytes.TrimRight(text.Bytes(), "\n")
}

// chain picks, for each plugin, the config that is most specific for a route,
// and puts them in Kong's order: by priority, then by name from the end.
func chain(plugins []*configured, r *declarative.Route) []*configured {
	best := map[string]*configured{}
	for _, p := range plugins {
		if w := weight(p.decl, r); w > 0 && (best[p.name] == nil || w > weight(best[p.name].decl, r)) {
			best[p.name] = p
		}
	}
	return slices.SortedFunc(maps.Values(best), func(a, b *configured) int {
		return cmp.Or(cmp.Compare(b.priority, a.priority), strings.Compare(b.name, a.name))
	})
}

// weight is how specific a plugin is for a route; 0 means that it does not
// apply.
func weight(p *declarative.Plugin, r *declarative.Route) int {
	switch {
	case p.Route != nil && p.Route != r, p.Service != nil && p.Service != r.Service:
		return 0
	case p.Route != nil && p.Service != nil:
		return 4
	case p.Route != nil:
		return 3
	case p.Service != nil:
		return 2
	}
	return 1
}

func (c *compiler) route(r *declarative.Route) *wire.Route {
	out := &wire.Route{
		ID: r.ID, Name: r.Name, CreatedAt: c.now, UpdatedAt: c.now, Protocols: r.Protocols, Methods: r.Methods, Hosts: r.Hosts,
		Paths: r.Paths, HTTPSRedirectStatusCode: r.HTTPSRedirectStatusCode, RegexPriority: r.RegexPriority,
		StripPath: r.StripPath, PreserveHost: r.PreserveHost, Tags: r.Tags,
	}
	if r.Service != nil {
		out.ServiceID = r.Service.ID
	}
	return out
}

func (c *compiler) service(s *declarative.Service) *wire.Service {
	return &wire.Service{
		ID: s.ID, Name: s.Name, CreatedAt: c.now, UpdatedAt: c.now, Protocol: s.Protocol, Host: s.Host, Port: s.Port, Path: s.BasePath,
		Retries: s.Retries, ConnectTimeout: s.ConnectTimeout, WriteTimeout: s.WriteTimeout, ReadTimeout: s.ReadTimeout, Tags: s.Tags,
	}
}
