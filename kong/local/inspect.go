package local

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"webhookedge/kong/local/declarative"
	"webhookedge/kong/local/router"
	"webhookedge/kong/local/schema"
	"webhookedge/kong/local/vault"
)

// Inspection is what there is in a kong.yml, also where Kong would not load it.
type Inspection struct {
	// Problems keep Kong from loading the file, those of a plugin's config apart.
	Problems []declarative.Problem
	Routes   []RouteInfo
	Plugins  []Inspected
}

// Inspected is one plugin of a kong.yml.
type Inspected struct {
	Name    string
	Enabled bool
	Routes  []string // that it runs on, by their names, in the file's order
	Known   bool     // a schema is known, so that Config and Problems are
	Bundled bool     // Kong brings it along
	// Config is what the plugin server would get, as far as it can be said.
	Config []byte
	// Problems keep Kong from loading the config.
	Problems []declarative.Problem
	// Misspelt are texts that were meant as vault references and are none: Kong hands them on
	// as they are.
	Misspelt []declarative.Problem
	// References are those to nothing, by the paths of their settings. Kong would hand on
	// empty strings for them.
	References map[string]error

	decl *declarative.Plugin
}

// At makes a problem of the setting at a path from the plugin's config, such as
// "verify.secrets[0].value": it has the position of the nearest thing that is in the file.
func (i *Inspected) At(path, message string) declarative.Problem {
	steps := []any{"config"}
	for _, m := range step.FindAllStringSubmatch(path, -1) {
		if n, err := strconv.Atoi(m[2]); err == nil {
			steps = append(steps, n)
		} else {
			steps = append(steps, m[1])
		}
	}
	return i.decl.Problem(steps, strings.TrimSuffix("config."+path, "."), message)
}

// AtName makes a problem of the plugin's name.
func (i *Inspected) AtName(message string) declarative.Problem {
	return i.decl.Problem([]any{"name"}, "name", message)
}

// AtText makes a problem of the string in the setting at path whose text holds part, or
// of the setting where there is none.
func (i *Inspected) AtText(path, part, message string) declarative.Problem {
	at := i.At(path, message)
	if pos, ok := i.decl.Find(at.Line, part); ok {
		at.Pos = pos
	}
	return at
}

var step = regexp.MustCompile(`([^.\[\]]+)|\[(\d+)\]`)

// Inspect reads a kong.yml and says everything that it can of it, without running
// anything; schemas are the Kong schemas of plugins by their names. The error is that of a
// schema. Nothing that it returns but Config holds a resolved value.
func Inspect(name string, text []byte, schemas map[string][]byte, env func(string) (string, bool)) (*Inspection, error) {
	parsed := map[string]*schema.Schema{}
	for plugin, text := range schemas {
		var err error
		if parsed[plugin], err = schema.Parse(text); err != nil {
			return nil, fmt.Errorf("schema of %s: %w", plugin, err)
		}
	}
	file, problems := declarative.ParsePart(name, text)
	out := &Inspection{Problems: problems}
	if file == nil {
		return out, nil
	}
	values := vault.Env{Lookup: env, Prefixes: file.Vaults}
	for _, p := range file.Plugins {
		one, err := inspect(p, parsed[p.Name], values)
		if err != nil {
			return nil, err
		}
		out.Plugins = append(out.Plugins, one)
	}
	out.route(file)
	return out, nil
}

func inspect(p *declarative.Plugin, s *schema.Schema, values vault.Env) (Inspected, error) {
	one := Inspected{Name: p.Name, Enabled: p.Enabled, Known: s != nil, Bundled: isBundled(p.Name), References: map[string]error{}, decl: p}
	if p.Name == terminationName {
		c := &compiler{env: values}
		c.termination(p)
		one.Problems = c.problems
	}
	if s == nil {
		return one, nil
	}
	one.misspelt(p.Config, []any{"config"})
	config, faults := s.CheckPart(p.Config)
	for _, f := range faults {
		one.Problems = append(one.Problems, p.Problem(f.Path, schema.PathText(f.Path), f.Message))
	}
	loaded, unresolved := s.Load(config, values.Resolve)
	for _, u := range unresolved {
		one.References[strings.TrimPrefix(schema.PathText(u.Path), "config.")] = fmt.Errorf("%s: %w", u.Reference, u.Err)
	}
	var err error
	one.Config, err = json.Marshal(loaded)
	return one, err
}

// almost is a text that is nearly a vault reference, or one of another program's.
var almost = regexp.MustCompile(`(?i)vault:/|^\{[a-z]{4,6}:/|^\$\{?[A-Za-z_]\w*\}?$|^\{\{.*\}\}$`)

func (i *Inspected) misspelt(v any, path []any) {
	switch v := v.(type) {
	case string:
		if almost.MatchString(v) && !schema.IsReference(v) {
			i.Misspelt = append(i.Misspelt, i.decl.Problem(path, schema.PathText(path),
				"is not a vault reference, and would be taken as it is written; one is {vault://env/name-of-the-variable}"))
		}
	case []any:
		for n, e := range v {
			i.misspelt(e, append(slices.Clone(path), n))
		}
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			i.misspelt(v[k], append(slices.Clone(path), k))
		}
	}
}

// route says which plugins run on which route.
func (out *Inspection) route(file *declarative.File) {
	var plugins []*configured
	for i := range out.Plugins {
		if p := &out.Plugins[i]; p.Enabled {
			plugins = append(plugins, &configured{name: p.Name, decl: p.decl})
		}
	}
	var rules []router.Route
	for _, r := range file.Routes {
		info := RouteInfo{Name: r.Label(), Methods: r.Methods, Hosts: r.Hosts, Paths: r.Paths}
		if r.Service != nil {
			info.Service = r.Service.Name
		}
		for _, p := range chain(plugins, r) {
			info.Plugins = append(info.Plugins, p.name)
			for i := range out.Plugins {
				if one := &out.Plugins[i]; one.decl == p.decl {
					one.Routes = append(one.Routes, info.Name)
				}
			}
		}
		out.Routes = append(out.Routes, info)
		rules = append(rules, router.Route{ID: r.ID, Methods: r.Methods, Hosts: r.Hosts, Paths: r.Paths, Headers: r.Headers, RegexPriority: r.RegexPriority})
	}
	if _, err := router.New(rules); err != nil && len(out.Problems) == 0 {
		out.Problems = append(out.Problems, declarative.Problem{File: file.Name, Pos: declarative.Pos{Line: 1, Column: 1}, Message: err.Error()})
	}
}
