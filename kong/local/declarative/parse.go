package declarative

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"

	"go.yaml.in/yaml/v3"
)

// notRun are Kong's entities that a kong.yml may hold and that local mode has no
// use for.
var notRun = []string{
	"consumers", "consumer_groups", "upstreams", "targets", "certificates", "ca_certificates", "snis", "keys", "key_sets",
	"filter_chains", "acls", "keyauth_credentials", "basicauth_credentials", "hmacauth_credentials", "jwt_secrets",
	"oauth2_credentials", "oauth2_tokens", "oauth2_authorization_codes", "acme_storage", "sessions", "parameters",
	"tags", "workspaces", "clustering_data_planes",
}

// Parse reads a file; name is what problems call it. The error is an *Error with
// every problem in it.
func Parse(name string, data []byte) (*File, error) {
	file, problems := ParsePart(name, data)
	if len(problems) > 0 {
		return nil, &Error{problems}
	}
	return file, nil
}

// ParsePart reads a file as far as it can be read, with every problem in it. The file is
// nil for what is no YAML at all.
func ParsePart(name string, data []byte) (*File, []Problem) {
	r := &reader{file: name}
	root := r.document(data)
	if root == nil {
		return nil, r.problems
	}
	p := &parser{
		reader: r, file: &File{Name: name, Vaults: map[string]string{}},
		names: map[taken]string{}, services: map[string]*Service{}, routes: map[string]*Route{},
	}
	p.top(r.object(root, ""))
	p.file.Warnings = r.warnings
	slices.SortStableFunc(r.problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return p.file, r.problems
}

var yamlLine = regexp.MustCompile(`line (\d+): (.*)`)

// document reads the one YAML document of a file.
func (r *reader) document(data []byte) *yaml.Node {
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc yaml.Node
	if err := dec.Decode(&doc); err != nil {
		at, text := &yaml.Node{Line: 1, Column: 1}, err.Error()
		if m := yamlLine.FindStringSubmatch(text); m != nil {
			at.Line, _ = strconv.Atoi(m[1])
			text = m[2]
		}
		if errors.Is(err, io.EOF) {
			text = "the file is empty"
		}
		r.fault(at, "", "not YAML: %s", text)
		return nil
	}
	var more yaml.Node
	if err := dec.Decode(&more); !errors.Is(err, io.EOF) {
		at := &more
		if err != nil {
			at = &yaml.Node{Line: 1, Column: 1}
		}
		r.fault(at, "", "there must be one YAML document only")
		return nil
	}
	if len(doc.Content) != 1 || deref(doc.Content[0]).Kind != yaml.MappingNode {
		r.fault(&doc, "", "expected a mapping at the top")
		return nil
	}
	return doc.Content[0]
}

type parser struct {
	*reader
	file     *File
	names    map[taken]string    // and where
	services map[string]*Service // by name and by id
	routes   map[string]*Route   // by name and by id
	loose    []looseRef
	bound    []routeRef
}

// looseRef is a plugin whose route or service is named and not found yet.
type looseRef struct {
	plugin         *Plugin
	route, service string
	o              *object
}

type routeRef struct {
	route   *Route
	service string
	o       *object
}

func (p *parser) top(o *object) {
	p.version(o)
	p.file.Transform = o.boolean("_transform", true)
	o.allow("_comment", "_ignore", "_info", "_plugin_configs")
	o.each("vaults", p.vault)
	o.each("services", p.service)
	o.each("routes", func(e *object) { p.route(e, nil) })
	o.each("plugins", func(e *object) { p.plugin(e, nil, nil) })
	for _, name := range notRun {
		if o.take(name) != nil {
			p.warn(o.at(name), name, "NOT RUN HERE: local mode ignores %s", name)
		}
	}
	o.end()
	p.resolve()
}

func (p *parser) version(o *object) {
	n := deref(o.take("_format_version"))
	switch {
	case n == nil:
		o.fault("_format_version", `required field missing; write _format_version: "3.0"`)
	case n.Tag != "!!str":
		o.fault("_format_version", `expected a string; write it in quotes: "3.0"`)
	case n.Value == "1.1" || n.Value == "2.1":
		o.fault("_format_version", "%q is the format of an older Kong, in which paths have another meaning; only \"3.0\" is supported", n.Value)
	case n.Value != "3.0":
		o.fault("_format_version", "expected \"3.0\", got %q", n.Value)
	}
}

func (p *parser) vault(o *object) {
	prefix, name := o.text("prefix"), o.text("name")
	o.allow("id", "description", "tags")
	variables := ""
	if n := o.take("config"); n != nil {
		c := p.object(n, join(o.path, "config"))
		variables = c.text("prefix")
		c.end()
	}
	o.end()
	switch {
	case prefix == "":
		o.fault("prefix", "required field missing")
	case prefix == "env" || !vaultPrefix.MatchString(prefix):
		o.fault("prefix", "invalid value: %s", prefix)
	case name == "":
		o.fault("name", "required field missing")
	case name != "env":
		o.fault("name", "vault %q is not installed: only env is available without a licence", name)
	default:
		p.unique(o, "prefix", "vaults", prefix)
		p.file.Vaults[prefix] = variables
	}
}

var vaultPrefix = regexp.MustCompile(`^[a-z][a-z0-9-]*[a-z0-9]$`)

// taken is a name or an id that an entity of the kind has.
type taken struct{ kind, name string }

// unique reports a name that another entity of the kind has.
func (p *parser) unique(o *object, key, kind, name string) {
	id := taken{kind, name}
	if first, there := p.names[id]; there {
		o.fault(key, "%q is already used at line %s", name, first)
		return
	}
	p.names[id] = fmt.Sprint(o.node.Line)
}

// resolve finds the routes and services that others name.
func (p *parser) resolve() {
	for _, ref := range p.bound {
		ref.route.Service = p.named(ref.o, ref.service)
	}
	for _, ref := range p.loose {
		if ref.route != "" {
			if ref.plugin.Route = p.routes[ref.route]; ref.plugin.Route == nil {
				ref.o.fault("route", "there is no route %q", ref.route)
			}
		}
		if ref.service != "" {
			ref.plugin.Service = p.named(ref.o, ref.service)
		}
	}
}

// named returns the service that o names.
func (p *parser) named(o *object, name string) *Service {
	if p.services[name] == nil {
		o.fault("service", "there is no service %q", name)
	}
	return p.services[name]
}
