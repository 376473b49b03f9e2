package ackmodel

// Delivery is what one sender sends until it is answered with 2xx.
type Delivery struct {
	// ID is the event's. Deliveries of one id have different bodies.
	ID int
	// After is the delivery of the same sender and ordering key whose answer
	// this one waits for, -1 for none.
	After int
	// Forged deliveries have no valid signature: no gateway takes them.
	Forged bool
}

// Mode is when a gateway answers and when its disk lets go of an event.
type Mode int

// The modes.
const (
	// Journal writes and publishes at the same time, answers when the disk has
	// the event, and keeps it until the broker's disk has it too.
	Journal Mode = iota
	// Spool publishes, writes only what is not acknowledged, and lets go of it
	// at the ack.
	Spool
	// Broker publishes and has no disk.
	Broker
)

// Model is the protocol for some deliveries.
type Model struct {
	// Deliveries are at most three. The third has a payload that does not fit into
	// a message.
	Deliveries []Delivery
	Mode       Mode
	Bugs       Bug
	// PowerCuts let the broker's machine lose power. The gateways' always may.
	PowerCuts bool
	// Window lets the duplicate window end, when no sender and no handler has
	// anything to do with an event that is stored.
	Window bool
	// Repeat lets senders send again what was answered.
	Repeat bool
}

// walk collects the steps from one state: the faults, or all others.
type walk struct {
	*Model
	from   State
	faults bool
	out    []Step
}

// Progress appends to out what may happen in s without a fault.
func (m *Model) Progress(s State, out []Step) []Step {
	w := walk{m, s, false, out}
	for g := range gateways {
		for d := range m.Deliveries {
			w.handler(d, g)
			w.publish(d, g)
			w.drop(d, g)
		}
		w.syncJournal(g)
		w.connect(g)
	}
	w.syncs()
	w.arrivals()
	return w.out
}

// Faults appends to out the faults that may happen in s.
func (m *Model) Faults(s State, out []Step) []Step {
	w := walk{m, s, true, out}
	for g := range gateways {
		for d := range m.Deliveries {
			w.handler(d, g)
			w.publish(d, g)
		}
		if s.connected(g) {
			w.add(Break, 0, g, w.disconnect(s, g), Fine)
		}
		w.kill(g)
		w.powerCut(g)
	}
	w.brokerFaults()
	return w.out
}

// add takes a step that changes something and is of the kind that is asked for.
func (w *walk) add(kind Kind, d, g int, to State, breaks Violation) {
	if kind.isFault() == w.faults && (to != w.from || breaks != Fine) {
		w.out = append(w.out, Step{to, kind, int8(d), int8(g), breaks})
	}
}

func (w *walk) bug(b Bug) bool { return w.Bugs&b != 0 }

// handler is what senders and handlers do.
func (w *walk) handler(d, g int) {
	s := w.from
	if !s.running(d, g) {
		w.request(d, g)
		return
	}
	if s.journal(d, g) == absent && (w.Mode == Journal || w.Mode == Spool && s.told(d, g) == nothing) {
		to := s
		to.setJournal(d, g, written)
		w.add(Write, d, g, to, Fine)
	}
	s.setRunning(d, g, 0)
	if s.journal(d, g) == absent {
		s.setTold(d, g, nothing)
	}
	if w.mayAnswer(d, g) {
		to := s
		to.setDone(d)
		w.add(Answer, d, g, to, Fine)
		w.add(AnswerUnheard, d, g, s, Fine)
	}
	if w.bug(GiveUpDrops) {
		s.setJournal(d, g, absent)
		s.setTold(d, g, nothing)
	}
	w.add(GiveUp, d, g, s, Fine)
}

// request is a sender's try.
func (w *walk) request(d, g int) {
	s := w.from
	one := w.Deliveries[d]
	if s.done(d) && !w.Repeat || one.After >= 0 && !s.done(one.After) || one.Forged && !w.bug(SkipVerify) {
		return
	}
	kind := Request
	if s.running(d, 1-g) {
		kind = RequestAgain
	}
	s.setRunning(d, g, 1)
	w.add(kind, d, g, s, Fine)
}

func (w *walk) mayAnswer(d, g int) bool {
	onDisk, told := w.from.journal(d, g), w.from.told(d, g)
	switch {
	case w.bug(AnswerUnsynced) && onDisk == written:
		return true
	case w.bug(AnswerAtAck) && told != nothing:
		return true
	case w.bug(WaitForBroker) && told == nothing:
		return false
	}
	return onDisk >= synced || w.Mode != Journal && told != nothing
}

// drop takes an entry out of the journal.
func (w *walk) drop(d, g int) {
	if w.mayDrop(d, g) {
		to := w.from
		to.setJournal(d, g, absent)
		to.setTold(d, g, nothing)
		w.add(Drop, d, g, to, Fine)
	}
}

// syncJournal syncs everything that is written: one sync for all that wait.
func (w *walk) syncJournal(g int) {
	to := w.from
	for d := range w.Deliveries {
		if to.journal(d, g) == written {
			to.setJournal(d, g, synced)
		}
	}
	w.add(Sync, 0, g, to, Fine)
}

// mayDrop: an entry leaves the journal when the broker cannot forget it any more. A
// gateway knows that from the time that went by on one connection, twice the sync
// interval; here it is true as soon as the broker has synced.
func (w *walk) mayDrop(d, g int) bool {
	s := w.from
	if s.journal(d, g) != synced || s.running(d, g) || !s.connected(g) {
		return false
	}
	switch s.told(d, g) {
	case stored:
		if w.Mode != Journal || w.bug(DropAtAck) {
			return true
		}
		if place := s.place(d); place >= s.syncedMessages() {
			return false
		}
		return d != large || w.bug(IgnorePayloadSync) || s.place(d) < 0 || s.object(s.reference()) != inMemory
	case held:
		return w.Mode != Journal || w.bug(DropAtHold) || s.quarantine(d) != inMemory
	default:
		return false
	}
}

// connect begins a connection. What was told on another does not count.
func (w *walk) connect(g int) {
	to := w.from
	if to.connected(g) {
		return
	}
	to.setConnected(g, 1)
	if w.bug(TrustLastSequence) && to.messages() < to.highest(g) {
		to.setHighest(g, 0)
		w.forget(&to, g)
	}
	w.add(Connect, 0, g, to, Fine)
}

// disconnect ends a connection, and with it what was told on it.
func (w *walk) disconnect(s State, g int) State {
	s.setConnected(g, 0)
	if !w.bug(KeepAcks | TrustLastSequence) {
		w.forget(&s, g)
	}
	return s
}

func (w *walk) forget(s *State, g int) {
	for d := range w.Deliveries {
		if s.told(d, g) != left {
			s.setTold(d, g, nothing)
		}
	}
}

// kill ends the plugin's process. What is written stays; Kong runs the handlers that
// were running again, from the start.
func (w *walk) kill(g int) {
	to := w.disconnect(w.from, g)
	w.forget(&to, g)
	to.setHighest(g, 0)
	if w.bug(LeaveJournal) {
		for d := range w.Deliveries {
			if to.journal(d, g) == synced {
				to.setTold(d, g, left)
			}
		}
	}
	w.add(Kill, 0, g, to, Fine)
}

// powerCut ends the gateway's machine: its handlers, and any of what is not synced.
func (w *walk) powerCut(g int) {
	base := w.disconnect(w.from, g)
	w.forget(&base, g)
	base.setHighest(g, 0)
	unsynced := 0
	for d := range w.Deliveries {
		base.setRunning(d, g, 0)
		if base.journal(d, g) == written {
			unsynced |= 1 << d
		}
	}
	for kept := unsynced; ; kept = (kept - 1) & unsynced {
		to := base
		for d := range w.Deliveries {
			if unsynced>>d&1 == 1 {
				to.setJournal(d, g, synced*(kept>>d&1))
			}
		}
		w.add(GatewayPower, 0, g, to, Fine)
		if kept == 0 {
			return
		}
	}
}
