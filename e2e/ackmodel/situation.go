package ackmodel

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
)

// situation is a state of the model, and what the trace has said so far and has not
// said yet.
type situation struct {
	at     State
	open   uint8                // deliveries with a try under way, a bit each
	sent   uint8                // those whose try is still to reach a gateway
	said   [maxDeliveries]uint8 // the answer on its way to the sender: its ack's index and 1
	acked  uint8                // a bit a handler: the broker has acknowledged it to this run
	faults uint8                // faults that may happen, a bit each
}

// acks are the values of Webhook-Ack.
func acks() []string { return []string{"broker", "broker-memory", "duplicate", "spool", "quarantine"} }

func handlerBit(d, g int) uint8 { return 1 << (d*gateways + g) }

func faultBit(k Kind) uint8 { return 1 << (k - Kill) }

// closure adds everything that may come without being shown, in an order of its own.
func (a *automaton) closure(set []situation) []situation {
	seen := map[situation]bool{}
	for _, s := range set {
		seen[s] = true
	}
	queue := slices.Clone(set)
	for len(queue) > 0 {
		s := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		for _, step := range a.unseen(s.at) {
			for _, to := range a.take(s, step) {
				if !seen[to] {
					seen[to] = true
					queue = append(queue, to)
				}
			}
		}
	}
	return slices.SortedFunc(maps.Keys(seen), func(a, b situation) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.open, b.open), cmp.Compare(a.sent, b.sent), slices.Compare(a.said[:], b.said[:]), cmp.Compare(a.acked, b.acked), cmp.Compare(a.faults, b.faults))
	})
}

// unseen returns the steps from a state that no trace shows and that keep the model's
// promises. Many situations share a state, so they are kept.
func (a *automaton) unseen(at State) []Step {
	steps, known := a.steps[at]
	if !known {
		steps = slices.DeleteFunc(a.model.Faults(at, a.model.Progress(at, nil)), func(step Step) bool {
			return !a.hidden[step.Kind] || !a.allows(step)
		})
		a.steps[at] = steps
	}
	return steps
}

// allows reports whether the model may take a step, as far as gateways and what it
// promises go.
func (a *automaton) allows(step Step) bool {
	return int(step.Gateway) < a.gateways && step.Breaks == Fine && a.model.Check(step.To) == Fine
}

// take is what a step that the model allows makes of a situation: nothing where the
// trace does not allow it.
func (a *automaton) take(s situation, step Step) []situation {
	d, g := int(step.Delivery), int(step.Gateway)
	from := s.at
	s.at = step.To
	switch step.Kind {
	case Request, RequestAgain:
		if s.sent>>d&1 == 0 {
			return nil
		}
		s.sent &^= 1 << d
		s.acked &^= handlerBit(d, g)
	case Store, Duplicate:
		s.acked |= handlerBit(d, g)
	case Answer:
		return a.answers(s, from, d, g)
	case AnswerUnheard, GiveUp:
		s.acked &^= handlerBit(d, g)
	case Kill, GatewayPower, BrokerKill, BrokerPower:
		if s.faults&faultBit(step.Kind) == 0 {
			return nil
		}
		if step.Kind == Kill || step.Kind == GatewayPower {
			for d := range maxDeliveries {
				s.acked &^= handlerBit(d, g)
			}
		}
	}
	return []situation{s}
}

// answers sends an answer to the try that is under way.
func (a *automaton) answers(s situation, from State, d, g int) (out []situation) {
	if s.open>>d&1 == 0 || s.said[d] != 0 {
		return nil
	}
	acked := s.acked&handlerBit(d, g) != 0
	s.acked &^= handlerBit(d, g)
	onDisk := from.journal(d, g) >= synced
	may := map[string]bool{
		"broker":        from.told(d, g) == stored || onDisk && acked,
		"broker-memory": acked,
		"duplicate":     from.told(d, g) == stored || onDisk && acked,
		"spool":         onDisk,
		"quarantine":    from.told(d, g) == held || from.journal(d, g) == parked,
	}
	for i, ack := range acks() {
		if may[ack] {
			s.said[d] = uint8(i + 1)
			out = append(out, s)
		}
	}
	return out
}

// read is what of a set is left after a line, and what has become of it.
func (a *automaton) read(set []situation, sym symbol) (out []situation, err error) {
	kinds, ofGateway := shown()[sym.event]
	if ofGateway && (!slices.Contains(a.shows, sym.event) || sym.g >= a.gateways) {
		return nil, fmt.Errorf("the first line does not say that the trace shows %q of gateway %d", sym.event, sym.g)
	}
	for _, s := range set {
		if ofGateway {
			out = append(out, a.showing(s, kinds, sym)...)
			continue
		}
		to, fits, err := a.about(s, sym)
		if err != nil {
			return nil, err
		}
		if fits {
			out = append(out, to)
		}
	}
	return out, nil
}

// about reads a line about senders, faults or the end.
func (a *automaton) about(s situation, sym symbol) (to situation, fits bool, err error) {
	bit := uint8(1) << sym.d
	open := s.open&bit != 0
	switch sym.event {
	case Deliver:
		s.open |= bit
		s.sent |= bit
		return s, !open, nil
	case Answered:
		fits = open && s.said[sym.d] == uint8(slices.Index(acks(), sym.ack)+1) && s.said[sym.d] != 0
		s.open, s.said[sym.d] = s.open&^bit, 0
		return s, fits, nil
	case Unanswered:
		s.open &^= bit
		return s, open && s.said[sym.d] == 0, nil
	case FaultBegins, FaultIsOver:
		kind, known := gated()[sym.fault]
		switch {
		case known && sym.event == FaultBegins:
			s.faults |= faultBit(kind)
		case known:
			s.faults &^= faultBit(kind)
		}
		return s, true, nil
	case Drained:
		return s, a.empty(s.at), nil
	case End:
		return s, a.ends(s, sym), nil
	default:
		return s, false, fmt.Errorf("unknown event %q", sym.event)
	}
}

func (a *automaton) empty(s State) bool {
	for d := range a.model.Deliveries {
		if s.journal(d, 0) != absent || s.journal(d, 1) != absent {
			return false
		}
	}
	return true
}

func (a *automaton) ends(s situation, sym symbol) bool {
	for d := range a.model.Deliveries {
		if s.said[d] != 0 || a.model.readable(s.at, d) != (sym.present>>d&1 == 1) || sym.held>>d&1 == 1 && s.at.quarantine(d) == missing {
			return false
		}
	}
	return true
}

// showing takes the step that a line about a gateway shows. What the gateway did again
// to no effect is not a step of the model, and fits as well.
func (a *automaton) showing(s situation, kinds []Kind, sym symbol) (out []situation) {
	again := false
	switch sym.event {
	case Journalled:
		again = s.at.journal(sym.d, sym.g) >= synced
	case Acked, Doubled:
		again = s.at.told(sym.d, sym.g) == stored
	case HeldBack:
		again = s.at.told(sym.d, sym.g) == held
	case Received:
		again = s.at.running(sym.d, sym.g)
	case Connected:
		again = s.at.connected(sym.g)
	}
	if again {
		out = append(out, s)
	}
	for _, step := range a.model.Faults(s.at, a.model.Progress(s.at, nil)) {
		if slices.Contains(kinds, step.Kind) && step.isOf(sym) && a.allows(step) {
			out = append(out, a.take(s, step)...)
		}
	}
	return out
}

// isOf reports whether a step is of the gateway and the delivery that a line names.
func (s *Step) isOf(sym symbol) bool {
	switch {
	case int(s.Gateway) != sym.g:
		return false
	case s.Kind == Sync:
		return s.To.journal(sym.d, sym.g) == synced
	default:
		return s.Kind == Connect || int(s.Delivery) == sym.d
	}
}
