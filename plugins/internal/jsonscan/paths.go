package jsonscan

import (
	"errors"
	"fmt"
	"strings"
	"sync"
)

// ErrPath means that a path cannot be compiled.
var ErrPath = errors.New("not a path")

// Paths are compiled paths. They are safe for concurrent use and must not be
// copied.
type Paths struct {
	root *node
	n    int
	// scanners keeps decoders whose stacks have grown; they hold no body.
	scanners sync.Pool
}

// node is a place in the document that a path leads to or through.
type node struct {
	names []string // of children, parallel to nodes; few, so that a search beats a map
	nodes []*node
	wants []int // indexes of the paths that end here
}

// Compile compiles paths such as event.type, data.object.id and items.0.id. A
// segment names a member of an object or, in decimal, an element of an array;
// a dot in a name is written \. and a backslash \\.
func Compile(paths ...string) (*Paths, error) {
	p := &Paths{root: &node{}, n: len(paths)}
	for i, path := range paths {
		segments, err := Segments(path)
		if err != nil {
			return nil, err
		}
		at := p.root
		for _, name := range segments {
			at = at.grow(name)
		}
		at.wants = append(at.wants, i)
	}
	return p, nil
}

// Segments returns the names that a path leads through. The error is ErrPath.
func Segments(path string) ([]string, error) {
	var segments []string
	var name strings.Builder
	for i := 0; i < len(path); i++ {
		switch c := path[i]; {
		case c == '.':
			segments = append(segments, name.String())
			name.Reset()
		case c == '\\' && i+1 < len(path) && (path[i+1] == '.' || path[i+1] == '\\'):
			i++
			name.WriteByte(path[i])
		case c == '\\':
			return nil, fmt.Errorf("%w: %q has a backslash in front of neither a dot nor a backslash", ErrPath, path)
		default:
			name.WriteByte(c)
		}
	}
	segments = append(segments, name.String())
	for _, s := range segments {
		if s == "" {
			return nil, fmt.Errorf("%w: %q has an empty segment", ErrPath, path)
		}
	}
	if len(segments) > MaxDepth {
		return nil, fmt.Errorf("%w: %q is deeper than %d", ErrPath, path, MaxDepth)
	}
	return segments, nil
}

func (n *node) grow(name string) *node {
	for i := range n.names {
		if n.names[i] == name {
			return n.nodes[i]
		}
	}
	child := &node{}
	n.names, n.nodes = append(n.names, name), append(n.nodes, child)
	return child
}

// child returns the node behind name, nil if no path leads there.
func (n *node) child(name []byte) *node {
	for i := range n.names {
		if n.names[i] == string(name) {
			return n.nodes[i]
		}
	}
	return nil
}
