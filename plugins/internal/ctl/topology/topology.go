// Package topology reads where deliveries come in, what looks at them, where their events
// go and who takes those: the routes of a kong.yml, and the streams and consumers of NATS.
package topology

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"

	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/internal/ctl/kongyml"
	"webhookedge/plugins/internal/ctl/pick"
	"webhookedge/plugins/streams"
)

// Files are what routes are read from.
type Files struct {
	Config string // the kong.yml, "" for the repository's or the image's
	// Streams is the file of streams; "" is the streams.yml beside Config, if there is one.
	Streams string
	// Env looks up variables before the process's environment; it may be nil. No secret
	// is needed.
	Env func(name string) (string, bool)
}

// Routes reads the routes of the names, which may be ids, or all of them where no name is
// given. The error is a fault of the command line where a name is unknown or no route has
// our plugins.
func (f Files) Routes(names ...string) ([]Route, error) {
	file, err := kongyml.Path(f.Config)
	if err != nil {
		return nil, err
	}
	configs, err := kongyml.RoutesWith(file, f.Variables(file))
	if err != nil {
		return nil, err
	}
	rd := reader{policies: map[string][]Target{}}
	if rd.specs, err = f.specs(file); err != nil {
		return nil, err
	}
	var all []Route
	var known []string
	for i := range configs {
		c := &configs[i]
		known = append(known, kongyml.Label(c))
		if len(names) > 0 && !slices.ContainsFunc(names, c.Is) {
			continue
		}
		r, err := rd.route(c)
		if err != nil {
			return nil, fmt.Errorf("%s: route %s: %w", file, kongyml.Label(c), err)
		}
		all = append(all, r)
	}
	for _, name := range names {
		if !slices.Contains(known, name) {
			return nil, pick.Known("route", name, known)
		}
	}
	if len(configs) == 0 {
		return nil, exit.Usagef("%s has no route with our plugins", file)
	}
	return all, nil
}

// Variables looks up what a kong.yml refers to: what nobody has set is a placeholder, and
// never an error.
func (f Files) Variables(file string) func(string) (string, bool) {
	outside := kongyml.Environment(file)
	if f.Env == nil {
		return outside
	}
	return func(name string) (string, bool) {
		if value, ok := f.Env(name); ok && value != "" {
			return value, true
		}
		return outside(name)
	}
}

func (f Files) specs(file string) ([]streams.Spec, error) {
	specs, err := streams.Load(cmp.Or(f.Streams, filepath.Join(filepath.Dir(file), "streams.yml")))
	if f.Streams == "" && errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return specs, err
}
