package drift

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"webhookedge/kong/local"
	"webhookedge/plugins/internal/chain"
	"webhookedge/plugins/internal/ctl/kongyml"
	"webhookedge/plugins/internal/drift"
	"webhookedge/plugins/internal/drift/readers"
	"webhookedge/plugins/internal/redact"
	"webhookedge/plugins/policy/author"
)

// finder finds what reads a field of an event.
type finder func(m *drift.Model, path string) []drift.Reader

// readFlags say where that is found.
type readFlags struct{ config, policies string }

// open returns nil where the gateways say it. What cannot be read is complained of.
func (f *readFlags) open(complaints io.Writer) (finder, error) {
	if f.config == "" && f.policies == "" {
		return nil, nil
	}
	file, err := kongyml.Path(f.config)
	if err != nil {
		return nil, err
	}
	routes, err := kongyml.RoutesWith(file, kongyml.Environment(file))
	if err != nil {
		return nil, err
	}
	found := map[string][]finder{}
	projects := map[string]*author.Project{}
	for i := range routes {
		provider, find, err := f.route(&routes[i], projects, complaints)
		if err != nil {
			return nil, err
		}
		if find != nil {
			found[provider] = append(found[provider], find)
		}
	}
	return func(m *drift.Model, path string) (all []drift.Reader) {
		for _, find := range found[m.Provider] {
			for _, r := range find(m, path) {
				if !slices.Contains(all, r) {
					all = append(all, r)
				}
			}
		}
		return all
	}, nil
}

// route returns what finds the readers among the settings of a route and its policies; nil
// where the route makes no events.
func (f *readFlags) route(r *local.RouteConfigs, projects map[string]*author.Project, complaints io.Writer) (string, finder, error) {
	spec, ok, err := kongyml.Spec(r, chain.Server, "webhook-publish")
	if err != nil || !ok {
		return "", nil, err
	}
	row, err := spec.Row()
	if err != nil {
		return "", nil, fmt.Errorf("route %s: %w", kongyml.Label(r), err)
	}
	dir := cmp.Or(f.policies, spec.Policy.Directory)
	if _, there := projects[dir]; !there && dir != "" {
		project, faults := author.Open(dir, spec.Policy.Compiled())
		if project == nil {
			for _, fault := range faults {
				fmt.Fprintln(complaints, fault) //nolint:errcheck // the terminal is gone
			}
		}
		projects[dir] = project
	}
	project := projects[dir]
	find := readers.Of(spec.Normalize.Redact, row, project.InputReads)
	return row.Name, func(m *drift.Model, path string) []drift.Reader {
		place, _ := drift.Place(path)
		return append(find(place), redactions(project, m, place)...)
	}, nil
}

// redactions are those that the data of a policy lists for an event.
func redactions(p *author.Project, m *drift.Model, place []string) (all []drift.Reader) {
	for _, r := range p.Redactions(names(m)) {
		redactor, err := redact.Compile([]redact.Rule{{Path: r.Path, Action: redact.Mask}}, nil)
		if err == nil && redactor.Concerns(place)[0] {
			all = append(all, drift.Reader{Kind: drift.ReadByRedaction, Name: r.Path, File: r.File, Row: r.Row})
		}
	}
	return all
}

// names are those under which tables of policies have an event: any, its provider, and each
// level of its type.
func names(m *drift.Model) []string {
	all, whole := []string{"*"}, m.Provider
	for level := range strings.SplitSeq("."+m.Event, ".") {
		if level != "" {
			whole += "." + level
		}
		all = append(all, whole)
	}
	return all
}
