package declarative

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"go.yaml.in/yaml/v3"

	"webhookedge/kong/local/schema"
)

// reader gathers problems while it reads nodes.
type reader struct {
	file     string
	problems []Problem
	warnings []Problem
	nodes    int
	tooLarge bool // said once
}

func (r *reader) fault(n *yaml.Node, path, format string, args ...any) {
	r.problems = append(r.problems, Problem{r.file, Pos{n.Line, n.Column}, path, fmt.Sprintf(format, args...)})
}

func (r *reader) warn(n *yaml.Node, path, format string, args ...any) {
	r.warnings = append(r.warnings, Problem{r.file, Pos{n.Line, n.Column}, path, fmt.Sprintf(format, args...)})
}

// object is a mapping whose keys are taken one by one; end reports the rest.
type object struct {
	r      *reader
	node   *yaml.Node
	path   string
	keys   map[string]*yaml.Node
	values map[string]*yaml.Node
	known  []string
}

func (r *reader) object(n *yaml.Node, path string) *object {
	o := &object{r: r, node: n, path: path, keys: map[string]*yaml.Node{}, values: map[string]*yaml.Node{}}
	at := n
	n = deref(n)
	if n.Kind != yaml.MappingNode {
		r.fault(at, path, "expected a mapping, got %s", kind(n))
		return o
	}
	var merges []*yaml.Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if key.Value == "<<" && key.Tag == "!!merge" {
			merges = append(merges, value)
			continue
		}
		if o.keys[key.Value] != nil {
			r.fault(key, join(path, key.Value), "duplicate key")
		}
		o.keys[key.Value], o.values[key.Value] = key, value
	}
	for _, value := range merges {
		o.merge(value)
	}
	return o
}

// merge takes over what a "<<" key names, unless it is there already.
func (o *object) merge(n *yaml.Node) {
	n = deref(n)
	if o.r.nodes++; o.r.nodes > maxNodes {
		return
	}
	if n.Kind == yaml.SequenceNode {
		for _, e := range n.Content {
			o.merge(e)
		}
		return
	}
	for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		if key := n.Content[i]; o.keys[key.Value] == nil {
			o.keys[key.Value], o.values[key.Value] = key, n.Content[i+1]
		}
	}
}

// take returns a key's value; nil when it is absent or null.
func (o *object) take(name string) *yaml.Node {
	o.known = append(o.known, name)
	n := o.values[name]
	if n == nil || deref(n).Tag == "!!null" {
		return nil
	}
	return n
}

// allow takes keys that have no effect here.
func (o *object) allow(names ...string) { o.known = append(o.known, names...) }

// at is the position of a key, or of the object where it has none.
func (o *object) at(name string) *yaml.Node {
	if k := o.keys[name]; k != nil {
		return k
	}
	return o.node
}

func (o *object) fault(name, format string, args ...any) {
	o.r.fault(o.at(name), join(o.path, name), format, args...)
}

// end reports the keys that nobody took, in the file's order.
func (o *object) end() {
	var rest []string
	for name := range o.keys {
		if !slices.Contains(o.known, name) {
			rest = append(rest, name)
		}
	}
	slices.SortFunc(rest, func(a, b string) int { return cmp.Compare(o.keys[a].Line, o.keys[b].Line) })
	for _, name := range rest {
		o.fault(name, "unknown key%s", schema.Suggest(name, o.known))
	}
}

func (o *object) text(name string) string {
	n := deref(o.take(name))
	if n == nil {
		return ""
	}
	if n.Kind != yaml.ScalarNode || n.Tag != "!!str" {
		o.fault(name, "expected a string, got %s", kind(n))
		return ""
	}
	if n.Value == "" {
		o.fault(name, "must not be empty")
	}
	return n.Value
}

func (o *object) boolean(name string, otherwise bool) bool {
	n := deref(o.take(name))
	if n == nil {
		return otherwise
	}
	v, err := strconv.ParseBool(n.Value)
	if n.Tag != "!!bool" || err != nil {
		o.fault(name, "expected true or false, got %s", kind(n))
		return otherwise
	}
	return v
}

func (o *object) integer(name string, otherwise, low, high int) int {
	n := deref(o.take(name))
	if n == nil {
		return otherwise
	}
	v, err := strconv.Atoi(n.Value)
	if n.Tag != "!!int" || err != nil {
		o.fault(name, "expected an integer, got %s", kind(n))
		return otherwise
	}
	if v < low || v > high {
		o.fault(name, "value should be between %d and %d", low, high)
	}
	return v
}

// texts reads a list of strings; check returns what is wrong with one, or "".
func (o *object) texts(name string, check func(string) string) []string {
	n := deref(o.take(name))
	if n == nil {
		return nil
	}
	return o.r.texts(n, join(o.path, name), check)
}

func (r *reader) texts(n *yaml.Node, path string, check func(string) string) []string {
	if n.Kind != yaml.SequenceNode {
		r.fault(n, path, "expected a list, got %s", kind(n))
		return nil
	}
	var out []string
	for i, e := range n.Content {
		v := deref(e)
		at := fmt.Sprintf("%s[%d]", path, i)
		switch {
		case v.Kind != yaml.ScalarNode || v.Tag != "!!str" || v.Value == "":
			r.fault(e, at, "expected a non-empty string, got %s", kind(v))
		default:
			if msg := check(v.Value); msg != "" {
				r.fault(e, at, "%s", msg)
			}
			out = append(out, v.Value)
		}
	}
	return out
}

// each calls fn for the elements of a list of mappings.
func (o *object) each(name string, fn func(e *object)) {
	n := deref(o.take(name))
	if n == nil {
		return
	}
	if n.Kind != yaml.SequenceNode {
		o.fault(name, "expected a list, got %s", kind(n))
		return
	}
	for i, e := range n.Content {
		fn(o.r.object(e, fmt.Sprintf("%s[%d]", join(o.path, name), i)))
	}
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	if name == "" {
		return path
	}
	return path + "." + name
}
