package endpoint

import (
	"context"
	"maps"
	"sync"
	"sync/atomic"

	"webhookedge/plugins/provider/spec"
)

// Routes are the budgets of the routes of one plugin configuration, which Kong names with
// each delivery. Nil watches nothing.
type Routes struct {
	health   *Health
	provider string
	cutoff   spec.Cutoff
	tell     func(context.Context, Warning)
	// known is replaced as a whole, so that a delivery reads it without a lock.
	known atomic.Pointer[map[string]*Budget]
	mu    sync.Mutex
}

// Routes returns the budgets of a provider's routes, nil where its row says nothing in
// figures. tell, which may be nil, gets their warnings.
func (h *Health) Routes(provider string, c spec.Cutoff, tell func(context.Context, Warning)) *Routes {
	if c == (spec.Cutoff{}) {
		return nil
	}
	r := &Routes{health: h, provider: provider, cutoff: c, tell: tell}
	r.known.Store(&map[string]*Budget{})
	return r
}

// Answered takes note of an answer on a route; see [Budget.Answered].
func (r *Routes) Answered(route string, ok, proved bool) {
	if r == nil {
		return
	}
	known := *r.known.Load()
	b, there := known[route]
	if !there && len(known) < maxBudgets {
		b = r.add(route)
	}
	b.Answered(ok, proved, r.tell)
}

func (r *Routes) add(route string) *Budget {
	r.mu.Lock()
	defer r.mu.Unlock()
	known := maps.Clone(*r.known.Load())
	if known[route] == nil {
		known[route] = r.health.Of(r.provider, route, r.cutoff)
		r.known.Store(&known)
	}
	return known[route]
}
