package declarative

import (
	"fmt"
	"math"
	"strconv"

	"go.yaml.in/yaml/v3"
)

// maxNodes bounds how much a file can grow by its aliases.
const maxNodes = 1 << 16

// maxDepth bounds how deeply a config may be nested.
const maxDepth = 100

// value turns a node into plain Go values.
func (r *reader) value(n *yaml.Node, path string, depth int) any {
	at := n
	n = deref(n)
	if r.nodes++; r.nodes > maxNodes || depth > maxDepth {
		if !r.tooLarge {
			r.fault(at, path, "too large or nested too deeply")
		}
		r.tooLarge, r.nodes = true, maxNodes
		return nil
	}
	switch n.Kind {
	case yaml.MappingNode:
		o := r.object(at, path)
		out := make(map[string]any, len(o.values))
		for k, v := range o.values {
			out[k] = r.value(v, join(path, k), depth+1)
		}
		return out
	case yaml.SequenceNode:
		out := make([]any, 0, len(n.Content))
		for i, e := range n.Content {
			out = append(out, r.value(e, fmt.Sprintf("%s[%d]", path, i), depth+1))
		}
		return out
	}
	return r.scalar(n, path)
}

func (r *reader) scalar(n *yaml.Node, path string) any {
	switch n.Tag {
	case "!!null":
		return nil
	case "!!bool":
		v, err := strconv.ParseBool(n.Value)
		if err == nil {
			return v
		}
	case "!!int":
		if v, err := strconv.ParseInt(n.Value, 0, 64); err == nil {
			return v
		}
		fallthrough
	case "!!float":
		var v float64
		if n.Decode(&v) == nil && !math.IsInf(v, 0) && !math.IsNaN(v) {
			return v
		}
		r.fault(n, path, "not a number that JSON can hold: %s", n.Value)
		return nil
	}
	return n.Value
}

func kind(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	}
	switch n.Tag {
	case "!!null":
		return "nothing"
	case "!!int", "!!float":
		return "a number"
	case "!!bool":
		return "true or false"
	}
	return "text"
}
