package ackmodel

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// Graph is every state that a model can come to.
type Graph struct {
	model  *Model
	states []State // those with the fewest faults before them first, of these the nearest
	parent []uint32
	known  *table
	// Steps is how many ways lead from one state to another.
	Steps int64
	// Layers is how many states need so many faults.
	Layers []int
}

// Counterexample is a way to what must not be: one with the fewest faults, and of
// these a shortest.
type Counterexample struct {
	Violation Violation
	Path      []Step // the last one breaks it
}

// found is a state that is new.
type found struct {
	step   Step // with a canonical state
	parent uint32
}

// batch is how many states are gone through before the table may grow.
const batch = 1 << 16

// Explore goes through the states of m with at most faults faults before them, until
// it has them all or one is wrong. faults below 0 is no limit.
func Explore(m *Model, faults int) (*Graph, *Counterexample) {
	g := &Graph{model: m, known: newTable(1 << 10), states: []State{0}, parent: []uint32{0}}
	g.known.fit(1)
	g.known.add(0)
	// bounds are where the states of a layer begin that are 0, 1, 2, ... steps away.
	var before []int
	for layer := 0; faults < 0 || layer <= faults; layer++ {
		bounds := []int{len(g.states), len(g.states)}
		if layer == 0 {
			bounds = []int{0, 1}
		}
		for distance := 1; ; distance++ {
			if distance < len(before) {
				if wrong := g.expand(before[distance-1], before[distance], m.Faults); wrong != nil {
					return g, wrong
				}
			}
			if wrong := g.expand(bounds[distance-1], bounds[distance], m.Progress); wrong != nil {
				return g, wrong
			}
			bounds = append(bounds, len(g.states))
			if distance >= len(before)-1 && bounds[distance] == bounds[distance+1] {
				break
			}
		}
		n := len(g.states) - bounds[0]
		if n == 0 {
			break
		}
		g.Layers = append(g.Layers, n)
		before = bounds
	}
	return g, nil
}

// expand finds the new states one step behind those from first to last, in batches
// between which the table may grow.
func (g *Graph) expand(first, last int, steps func(State, []Step) []Step) *Counterexample {
	for ; first < last; first += batch {
		for _, list := range g.expandBatch(first, min(first+batch, last), steps) {
			for _, n := range list {
				if n.step.Breaks != Fine {
					return &Counterexample{n.step.Breaks, g.path(int(n.parent), &n.step)}
				}
				g.states = append(g.states, n.step.To)
				g.parent = append(g.parent, n.parent)
			}
		}
		g.known.fit(len(g.states))
	}
	return nil
}

func (g *Graph) expandBatch(first, last int, steps func(State, []Step) []Step) [][]found {
	out := make([][]found, runtime.GOMAXPROCS(0))
	var next, count atomic.Int64
	next.Store(int64(first))
	const piece = 64
	var group sync.WaitGroup
	for worker := range out {
		group.Go(func() {
			var buffer []Step
			var ends [piece]int // of the steps of each state
			n := 0
			for {
				from := int(next.Add(piece)) - piece
				if from >= last {
					break
				}
				buffer = buffer[:0]
				states := g.states[from:min(from+piece, last)]
				for i, s := range states {
					buffer = steps(s, buffer)
					ends[i] = len(buffer)
				}
				n += len(buffer)
				out[worker] = g.collect(out[worker], buffer, ends[:len(states)], from)
			}
			count.Add(int64(n))
		})
	}
	group.Wait()
	g.Steps += count.Load()
	return out
}

// collect appends what is new of the steps from some states, the first of them the
// from-th.
func (g *Graph) collect(out []found, steps []Step, ends []int, from int) []found {
	for i := range steps {
		steps[i].To = steps[i].To.canonical()
	}
	g.known.touch(steps)
	i := 0
	for k, end := range ends {
		for ; i < end; i++ {
			step := &steps[i]
			if step.Breaks == Fine && !g.known.add(step.To) {
				continue
			}
			if step.Breaks == Fine {
				step.Breaks = g.model.Check(step.To)
			}
			out = append(out, found{*step, uint32(from + k)})
		}
	}
	return out
}

// Len is how many states there are, where a state and the one with the gateways
// exchanged count once.
func (g *Graph) Len() int { return len(g.states) }

// path is a shortest way to the i-th state, and then last, if there is one. Each step is
// looked for again, since states are canonical: in the path every gateway keeps its name.
func (g *Graph) path(i int, last *Step) []Step {
	var way []Step
	if last != nil {
		way = append(way, *last)
	}
	for ; i != 0; i = int(g.parent[i]) {
		way = append(way, Step{To: g.states[i]})
	}
	slices.Reverse(way)
	at := State(0)
	for k := range way {
		for _, step := range g.model.Faults(at, g.model.Progress(at, nil)) {
			if step.To.canonical() == way[k].To && (last == nil || k < len(way)-1 || step.Kind == last.Kind) {
				way[k], at = step, step.To
				break
			}
		}
	}
	return way
}

// Stuck finds a nearest state from which no state of the goal can be reached by steps
// that allowed lets through: something waits for ever there, when nothing but such
// steps happens any more.
func (g *Graph) Stuck(goal func(State) bool, allowed func(Kind) bool) *Counterexample {
	reaches := newMarks(g.known)
	waiting := make([]uint32, 0, len(g.states))
	// No such step leads to a state that needs more faults, and most lead farther
	// away: in this order most states come after those that they lead to.
	first := 0
	for _, n := range g.Layers {
		for i := first + n - 1; i >= first; i-- {
			if goal(g.states[i]) {
				reaches.set(g.states[i])
			} else {
				waiting = append(waiting, uint32(i))
			}
		}
		first += n
	}
	for before := -1; before != len(waiting); {
		before = len(waiting)
		waiting = g.sweep(waiting, reaches, allowed)
	}
	if len(waiting) == 0 {
		return nil
	}
	return &Counterexample{Waits, g.path(int(slices.Min(waiting)), nil)}
}

// sweep marks those of waiting that have a step to a marked state, and returns the
// others in their order.
func (g *Graph) sweep(waiting []uint32, reaches *marks, allowed func(Kind) bool) []uint32 {
	workers := runtime.GOMAXPROCS(0)
	const piece = 1 << 12
	var next atomic.Int64
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			var buffer []Step
			for {
				from := int(next.Add(piece)) - piece
				if from >= len(waiting) {
					return
				}
				for _, i := range waiting[from:min(from+piece, len(waiting))] {
					buffer = g.model.Progress(g.states[i], buffer[:0])
					for _, step := range buffer {
						if allowed(step.Kind) && reaches.has(step.To.canonical()) {
							reaches.set(g.states[i])
							break
						}
					}
				}
			}
		})
	}
	group.Wait()
	rest := waiting[:0]
	for _, i := range waiting {
		if !reaches.has(g.states[i]) {
			rest = append(rest, i)
		}
	}
	return rest
}

// Settled reports whether everything that was to happen has: senders are answered, gateways have
// nothing but what is set aside, and each event is in the stream or held.
func (m *Model) Settled(s State) bool {
	for d, one := range m.Deliveries {
		if one.Forged {
			continue
		}
		if !s.done(d) || !m.readable(s, d) && !m.isHeld(s, d) {
			return false
		}
		for g := range gateways {
			if j := s.journal(d, g); s.running(d, g) || j == written || j == synced || s.late(d, g) {
				return false
			}
		}
	}
	return true
}

// Answered reports whether every sender has its 2xx.
func (m *Model) Answered(s State) bool {
	for d, one := range m.Deliveries {
		if !one.Forged && !s.done(d) {
			return false
		}
	}
	return true
}
