package local

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"webhookedge/kong/local/host"
	"webhookedge/kong/local/process"
	"webhookedge/kong/local/schema"
)

// readyTimeout is how long a plugin server may take to listen.
const readyTimeout = 30 * time.Second

// external is a plugin that a plugin server runs. It lives until the Server is
// closed, also while no config uses it.
type external struct {
	info   process.Info
	schema *schema.Schema
	server *pluginServer
	host   *host.Plugin // nil until the first config is enabled
}

// pluginServer is a process that runs plugins.
type pluginServer struct {
	name, binary string
	proc         *process.Process // nil until a config of its plugins is enabled
}

// registry holds the external plugins and their servers, by name. The Server's reload
// lock guards it.
type registry struct {
	opts    *Options
	prefix  string
	plugins map[string]*external
	servers map[string]*pluginServer
}

// get finds a plugin and reads its schema, once.
func (r *registry) get(ctx context.Context, name string) (*external, error) {
	if e := r.plugins[name]; e != nil {
		return e, nil
	}
	server, err := r.server(ctx, cmp.Or(r.opts.PluginServers[name], name))
	if err != nil {
		return nil, err
	}
	info, err := process.Dump(ctx, server.binary, name)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(info.Phases, "access") {
		return nil, fmt.Errorf("plugin %q has no access phase, which is the only one that is run here", name)
	}
	s, err := schema.Parse(info.Schema)
	if err != nil {
		return nil, err
	}
	e := &external{info: info, schema: s, server: server}
	r.plugins[name] = e
	return e, nil
}

// server finds a plugin server, once.
func (r *registry) server(ctx context.Context, name string) (*pluginServer, error) {
	if s := r.servers[name]; s != nil {
		return s, nil
	}
	finder := process.Finder{Dir: r.opts.PluginDir, NoBuild: r.opts.NoBuild}
	binary, err := finder.Find(ctx, name)
	if err != nil {
		return nil, err
	}
	s := &pluginServer{name: name, binary: binary}
	r.servers[name] = s
	return s, nil
}

// start runs the plugin server of each name that does not run yet, and waits
// until all listen.
func (r *registry) start(ctx context.Context, names []string) error {
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()
	for _, name := range names {
		if err := r.spawn(name); err != nil {
			return err
		}
	}
	var errs []error
	for _, name := range names {
		errs = append(errs, r.plugins[name].server.proc.WaitReady(ctx))
	}
	return errors.Join(errs...)
}

func (r *registry) spawn(name string) error {
	e := r.plugins[name]
	if e.host != nil {
		return nil
	}
	if s := e.server; s.proc == nil {
		proc, err := process.Start(process.Options{
			Name: s.name, Binary: s.binary, Args: r.opts.PluginArgs, Prefix: r.prefix, Env: r.opts.PluginEnv, Log: r.opts.Logger,
			Line: func(line string) { r.opts.PluginLine(s.name, line) },
		})
		if err != nil {
			return err
		}
		s.proc = proc
	}
	log := r.opts.Logger
	e.host = host.New(name, e.server.proc.Socket(), host.Options{
		Workers: r.opts.Workers, MaxRuns: r.opts.MaxRuns,
		OnRerun: func(plugin string, run int) {
			log.Warn("plugin closed the connection, running its handler again", "plugin", plugin, "run", run)
		},
	})
	return nil
}

// stop ends all plugin servers at once.
func (r *registry) stop() {
	for _, e := range r.plugins {
		if e.host != nil {
			e.host.Close()
		}
	}
	var ends sync.WaitGroup
	for _, s := range r.servers {
		if s.proc != nil {
			ends.Go(s.proc.Stop)
		}
	}
	ends.Wait()
}
