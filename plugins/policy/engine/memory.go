package engine

import (
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"
)

// maxRemembered is how many decisions a policy remembers.
const maxRemembered = 1024

// memory keeps decisions by the key of their input: most policies read little that differs
// from one event to the next, such as a type or an account. It is part of one generation of
// a policy, so that a change clears it.
type memory struct {
	mu    sync.RWMutex
	known map[string]*Decision // by key.text
}

// newMemory returns nil where equal inputs can differ in decision, or never occur.
func newMemory(c *ast.Compiler, entry ast.Ref, reads []Read) *memory {
	for _, r := range reads {
		if unique(r.Path) {
			return nil
		}
	}
	functions := Unsteady()
	for rule := range behind(c, entry) {
		if mentions(rule, functions) {
			return nil
		}
	}
	return &memory{known: map[string]*Decision{}}
}

// unique reports whether a place of the input differs in every event.
func unique(path []string) bool {
	switch len(path) {
	case 0:
		return true
	case 1:
		return path[0] == "event" || path[0] == "request" || path[0] == "data"
	default:
		return path[0] == "event" && (path[1] == "id" || path[1] == "time") || path[0] == "request" && (path[1] == "id" || path[1] == "received_at")
	}
}

// mentions reports whether a rule calls one of functions, or puts it behind "with".
func mentions(rule *ast.Rule, functions map[string]bool) bool {
	found := false
	ast.NewGenericVisitor(func(x any) bool {
		if ref, ok := x.(ast.Ref); ok {
			found = found || functions[ref.String()]
		}
		return found
	}).Walk(rule)
	return found
}

func (m *memory) get(k *key) *Decision {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.known[string(k.text)]
}

func (m *memory) put(k *key, d *Decision) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.known) >= maxRemembered {
		clear(m.known)
	}
	m.known[string(k.text)] = d
}
