package local

import (
	"context"
	"errors"
	"fmt"
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
	binary string
	proc   *process.Process // nil until the first config is enabled
	host   *host.Plugin
}

// registry holds the external plugins by name. The Server's reload lock guards
// it.
type registry struct {
	opts    *Options
	prefix  string
	plugins map[string]*external
}

// get finds a plugin and reads its schema, once.
func (r *registry) get(ctx context.Context, name string) (*external, error) {
	if e := r.plugins[name]; e != nil {
		return e, nil
	}
	finder := process.Finder{Dir: r.opts.PluginDir, BuildDir: r.opts.BuildDir, NoBuild: r.opts.NoBuild}
	binary, err := finder.Find(ctx, name)
	if err != nil {
		return nil, err
	}
	info, err := process.Dump(ctx, binary, name)
	if err != nil {
		return nil, err
	}
	if !info.HasPhase("access") {
		return nil, fmt.Errorf("plugin %q has no access phase, which is the only one that is run here", name)
	}
	s, err := schema.Parse(info.Schema)
	if err != nil {
		return nil, err
	}
	e := &external{info: info, schema: s, binary: binary}
	r.plugins[name] = e
	return e, nil
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
		errs = append(errs, r.plugins[name].proc.WaitReady(ctx))
	}
	return errors.Join(errs...)
}

func (r *registry) spawn(name string) error {
	e := r.plugins[name]
	if e.proc != nil {
		return nil
	}
	proc, err := process.Start(process.Options{
		Name: name, Binary: e.binary, Args: r.opts.PluginArgs, Prefix: r.prefix, Env: r.opts.PluginEnv, Log: r.opts.Logger, Grace: r.opts.Drain,
		Line: func(line string) { r.opts.PluginLine(name, line) },
	})
	if err != nil {
		return err
	}
	log := r.opts.Logger
	e.proc = proc
	e.host = host.New(name, proc.Socket(), host.Options{
		Workers: r.opts.Workers, Timeout: r.opts.PluginTimeout, MaxRuns: r.opts.MaxRuns,
		OnRerun: func(plugin string, run int) {
			log.Warn("plugin closed the connection, running its handler again", "plugin", plugin, "run", run)
		},
	})
	return nil
}

// stop ends all plugin servers at once.
func (r *registry) stop() {
	done := make(chan struct{})
	n := 0
	for _, e := range r.plugins {
		if e.proc == nil {
			continue
		}
		n++
		go func() {
			e.host.Close()
			e.proc.Stop()
			done <- struct{}{}
		}()
	}
	for range n {
		<-done
	}
}
