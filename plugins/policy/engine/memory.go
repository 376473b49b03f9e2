package engine

import (
	"slices"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"
)

// Bounds of what a policy remembers.
const (
	maxRemembered = 1024    // decisions; each can keep the headers of its request from being freed
	maxKey        = 2 << 10 // bytes of the payload in the input of one
)

// memory keeps decisions by the input that they were made on. A decision is a
// function of what the policy reads, and most policies read little that differs
// from one event to the next: a type, an account, a branch. It is part of one
// generation of a policy, so that a change forgets everything.
type memory struct {
	mu    sync.RWMutex
	known map[int]remembered // by the hash of the input
}

type remembered struct {
	input    ast.Value
	decision *Decision
}

// newMemory returns nil for a policy that can decide an equal input otherwise the
// next time, or whose inputs are never equal.
func newMemory(c *ast.Compiler, entry ast.Ref, reads []Read) *memory {
	for _, r := range reads {
		if unique(r.Path) {
			return nil
		}
	}
	if slices.ContainsFunc(reachable(c, entry), unsteady) {
		return nil
	}
	return &memory{known: map[int]remembered{}}
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

// unsteady reports whether a rule calls what can give another value each time.
func unsteady(rule *ast.Rule) bool {
	found := false
	ast.WalkExprs(rule, func(e *ast.Expr) bool {
		if e.IsCall() {
			b, ok := ast.BuiltinMap[e.Operator().String()]
			found = found || ok && b.Nondeterministic
		}
		return found
	})
	return found
}

func (m *memory) get(input ast.Value) *Decision {
	if m == nil {
		return nil
	}
	m.mu.RLock()
	r, ok := m.known[input.Hash()]
	m.mu.RUnlock()
	if !ok || r.input.Compare(input) != 0 {
		return nil
	}
	return r.decision
}

func (m *memory) put(input ast.Value, d *Decision) {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.known) >= maxRemembered {
		clear(m.known)
	}
	m.known[input.Hash()] = remembered{input, d}
}
