package ackmodel

import (
	"maps"
	"testing"
)

// TestState_fieldsDoNotOverlap sets each field alone and looks at all others.
func TestState_fieldsDoNotOverlap(t *testing.T) {
	type field struct{ at, bits int }
	fields := map[field]bool{
		{streamAt, 2 * maxDeliveries}: true, {syncedAt, 2}: true, {refAt, 1}: true, {quarantineAt, 2 * maxDeliveries}: true,
		{lateAt, large}: true, {doneAt, maxDeliveries}: true, {forgottenAt, 1}: true,
	}
	for g := range gateways {
		for d := range maxDeliveries {
			fields[field{entryAt(d, g), entryBits}] = true
		}
		for at, bits := range map[int]int{connectedAt: 1, lateLargeAt: 1, objectAt: 2, highestAt: 2} {
			fields[field{g*gatewayBits + at, bits}] = true
		}
	}
	all := State(0)
	for f := range fields {
		var one State
		one.put(f.at, f.bits, 1<<f.bits-1)
		if one.bits(f.at, f.bits) != 1<<f.bits-1 || one&all != 0 {
			t.Errorf("the field of %d bits at %d overlaps another", f.bits, f.at)
		}
		all |= one
	}
	if all == ^State(0) {
		t.Error("all 64 bits are used, and a slot of the table needs a state that is none")
	}
}

// TestState_gatewaysAreAlike holds what may follow a state against what may follow it
// with the gateways exchanged: only then may one stand for both.
func TestState_gatewaysAreAlike(t *testing.T) {
	next := func(m *Model, s State) map[Step]bool {
		out := map[Step]bool{}
		for _, step := range m.Faults(s, m.Progress(s, nil)) {
			out[Step{To: step.To.canonical(), Kind: step.Kind, Delivery: step.Delivery, Breaks: step.Breaks}] = true
		}
		return out
	}
	for name, deliveries := range map[string][]Delivery{"an id that is used again": reused(), "order and a large payload": ordered(), "all": all()} {
		t.Run(name, func(t *testing.T) {
			m := &Model{Deliveries: deliveries, PowerCuts: true, Window: true}
			faults := 1
			if len(deliveries) == maxDeliveries {
				faults = 0
			}
			g, _ := Explore(m, faults)
			for _, s := range g.states {
				if s.exchanged().exchanged() != s {
					t.Fatalf("%b is another state after two exchanges", s)
				}
				if !maps.Equal(next(m, s), next(m, s.exchanged())) {
					t.Fatalf("other things follow %b when the gateways are exchanged", s)
				}
			}
			t.Logf("%d states", g.Len())
		})
	}
}
