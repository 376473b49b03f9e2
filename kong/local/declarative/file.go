package declarative

import (
	"cmp"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Pos is a place in the file, from 1.
type Pos struct{ Line, Column int }

// Problem is something that is wrong, or not run here.
type Problem struct {
	File string
	Pos
	Path    string // of the field, "routes[0].paths[1]"
	Message string
}

// String writes the problem as file:line:column: path: message.
func (p Problem) String() string {
	where := fmt.Sprintf("%s:%d:%d: ", p.File, p.Line, p.Column)
	if p.Path == "" {
		return where + p.Message
	}
	return where + p.Path + ": " + p.Message
}

// Error is everything that is wrong with a file, in its order.
type Error struct{ Problems []Problem }

// Error implements error: one line a problem.
func (e *Error) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// File is a kong.yml.
type File struct {
	Name string
	// Transform is _transform: whether credentials are to be hashed when the
	// file is loaded. Nothing that local mode runs has credentials.
	Transform bool
	Services  []*Service
	Routes    []*Route
	Plugins   []*Plugin
	// Vaults maps the prefix of an env vault entity to the prefix of its
	// environment variables.
	Vaults   map[string]string
	Warnings []Problem
}

// Service is an upstream service. Time-outs are in milliseconds.
type Service struct {
	ID, Name                                  string
	Protocol, Host, BasePath                  string
	Port, Retries                             int
	ConnectTimeout, WriteTimeout, ReadTimeout int
	Tags                                      []string
	Enabled                                   bool
}

// Route is a route; Service is nil for one without.
type Route struct {
	ID, Name                string
	Protocols               []string
	Methods, Hosts, Paths   []string
	Headers                 map[string][]string
	Tags                    []string
	RegexPriority           int
	StripPath, PreserveHost bool
	HTTPSRedirectStatusCode int
	Service                 *Service
}

// Label is the route's name, or its id where it has none.
func (r *Route) Label() string { return cmp.Or(r.Name, r.ID) }

// Plugin is one plugin config. Route and Service say what it is bound to; both
// nil means everything.
type Plugin struct {
	Pos
	Path      string
	ID, Name  string
	Enabled   bool
	Protocols []string
	Route     *Route
	Service   *Service
	// Config is nil, or what stands under "config": bool, int64, float64,
	// string, []any and map[string]any.
	Config any

	file string
	node *yaml.Node // of the plugin
}

// Problem makes a problem of a fault at a path from the plugin, such as
// "config", "secrets", 0: it has the position of the nearest thing that is in
// the file.
func (p *Plugin) Problem(path []any, text, message string) Problem {
	at := locate(p.node, path)
	return Problem{p.file, Pos{at.Line, at.Column}, p.Path + "." + text, message}
}

// locate follows a path as far as the file goes. A key's own position is taken,
// since an empty value has none of use.
func locate(n *yaml.Node, path []any) *yaml.Node {
	n = deref(n)
	at := n
	for _, step := range path {
		switch s := step.(type) {
		case string:
			key, value := child(n, s)
			if key == nil {
				return at
			}
			at, n = key, deref(value)
		case int:
			if n.Kind != yaml.SequenceNode || s >= len(n.Content) {
				return at
			}
			n = deref(n.Content[s])
			at = n
		}
	}
	return at
}

func child(n *yaml.Node, name string) (key, value *yaml.Node) {
	if n.Kind != yaml.MappingNode {
		return nil, nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return n.Content[i], n.Content[i+1]
		}
	}
	return nil, nil
}

// deref follows an alias.
func deref(n *yaml.Node) *yaml.Node {
	if n != nil && n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

// Find returns the place of the first string of the plugin, from a line on, whose text
// holds part.
func (p *Plugin) Find(line int, part string) (Pos, bool) { return find(deref(p.node), line, part) }

func find(n *yaml.Node, line int, part string) (Pos, bool) {
	if n == nil || part == "" {
		return Pos{}, false
	}
	if n.Kind == yaml.ScalarNode && n.Line >= line && strings.Contains(n.Value, part) {
		return Pos{n.Line, n.Column}, true
	}
	for _, one := range n.Content {
		if pos, ok := find(one, line, part); ok { // aliases stand elsewhere in the file
			return pos, true
		}
	}
	return Pos{}, false
}
