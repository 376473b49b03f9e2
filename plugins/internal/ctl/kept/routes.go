// Package kept releases kept deliveries by the routes of a kong.yml.
package kept

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"time"

	"webhookedge/kong/local"
	"webhookedge/plugins/internal/chain"
	"webhookedge/plugins/internal/ctl/kongyml"
	"webhookedge/plugins/internal/pluginserver"
	"webhookedge/plugins/internal/release"
	"webhookedge/plugins/internal/telemetry"
	"webhookedge/plugins/provider/catalogue"
)

// Routes are those of a kong.yml, opened as they are needed. They are not safe for
// concurrent use.
type Routes struct {
	order  release.Order
	log    io.Writer
	routes []local.RouteConfigs
	open   map[string]*release.Release // by route id
}

// New returns routes that release as order says. What they have to tell goes to log. Close
// ends them.
func New(routes []local.RouteConfigs, order release.Order, log io.Writer) *Routes {
	return &Routes{order: order, log: log, routes: routes, open: map[string]*release.Release{}}
}

// Of opens a route by the name or id that a record has.
func (r *Routes) Of(label string) (*release.Release, error) {
	c, err := kongyml.Find(r.routes, label)
	if err != nil {
		return nil, err
	}
	if open, ok := r.open[c.ID]; ok {
		return open, nil
	}
	plugins, err := needed(c.Plugins, r.order.DryRun)
	if err != nil {
		return nil, err
	}
	logs := slog.New(slog.NewTextHandler(r.log, &slog.HandlerOptions{Level: slog.LevelWarn}))
	metrics, err := telemetry.NewMetrics(pluginserver.Version(), catalogue.Names(), chain.Stages())
	if err != nil {
		return nil, err
	}
	env := pluginserver.Env{Logger: logs, Metrics: metrics, Checks: telemetry.NewServer(metrics, logs), Now: time.Now}
	open, err := release.Open(env, plugins, c.Hosts)
	if err != nil {
		for i := range c.Unresolved {
			if u := &c.Unresolved[i]; !unneeded(u.Path) {
				err = fmt.Errorf("%s; a copy of the kong.yml that names environment variables ({vault://env/...}) works with --config", u)
				break
			}
		}
		return nil, fmt.Errorf("route %s: %w", kongyml.Label(c), err)
	}
	r.open[c.ID] = open
	return open, nil
}

// First opens the route of a name or, without one, the first whose settings are all there.
func (r *Routes) First(label string) (open *release.Release, err error) {
	if label != "" {
		return r.Of(label)
	}
	var first error
	for i := range r.routes {
		if open, err = r.Of(r.routes[i].ID); err == nil {
			return open, nil
		}
		first = cmp.Or(first, err)
	}
	return nil, first
}

// Close gives up what the routes hold.
func (r *Routes) Close() {
	for _, open := range r.open {
		open.Close()
	}
}

// perimeter are the settings that a release has no use for: what it runs again had passed
// the addresses and the limits, and the journal is the edge's.
func perimeter() []string { return append(chain.Perimeter(), "journal") }

func unneeded(path string) bool {
	return slices.ContainsFunc(strings.Split(path, "."), func(name string) bool { return slices.Contains(perimeter(), name) })
}

// object is a part of a config.
type object map[string]json.RawMessage

// needed are the configs of plugins without the perimeter, so that a secret of it that is
// not here keeps nobody from a release. In a dry run they leave no trace in NATS either:
// no stream is created, no shape learned and no candidate compared. Only OPA's own log,
// where its configuration asks for one, has the decision.
func needed(plugins map[string][]byte, dry bool) (map[string][]byte, error) {
	all := map[string][]byte{}
	for name, text := range plugins {
		var cfg object
		if err := json.Unmarshal(text, &cfg); err != nil {
			return nil, err
		}
		for _, part := range perimeter() {
			delete(cfg, part)
		}
		err := cfg.change("publish", func(publish object) error {
			delete(publish, "journal")
			return nil
		})
		if err == nil && dry {
			err = cfg.leaveNoTrace(name == "webhook-publish")
		}
		if err != nil {
			return nil, err
		}
		if all[name], err = json.Marshal(cfg); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// leaveNoTrace is for dry runs. The config of webhook-publish has the settings of publish
// at its top.
func (o object) leaveNoTrace(top bool) error {
	createNothing := func(publish object) error {
		return publish.change("stream", func(stream object) error {
			stream["ensure"] = json.RawMessage(`"off"`)
			return nil
		})
	}
	learn := o.change("normalize", func(normalize object) error {
		delete(normalize, "learn")
		return nil
	})
	compare := o.change("policy", func(policy object) error {
		delete(policy, "candidate")
		return nil
	})
	create := o.change("publish", createNothing)
	if top {
		create = createNothing(o)
	}
	return errors.Join(learn, compare, create)
}

// change changes a part of o, where that has it.
func (o object) change(part string, by func(object) error) error {
	if o[part] == nil {
		return nil
	}
	var inner object
	if err := json.Unmarshal(o[part], &inner); err != nil || inner == nil {
		return err
	}
	if err := by(inner); err != nil {
		return err
	}
	text, err := json.Marshal(inner)
	o[part] = text
	return err
}
