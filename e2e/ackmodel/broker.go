package ackmodel

// publish is everything that may come of publishing a delivery. A gateway publishes
// what a handler works on and what its journal has, unless it was told on this
// connection that the broker has it.
func (w *walk) publish(d, g int) {
	s := w.from
	if !w.mayPublish(d, g) {
		return
	}
	if d == large && s.object(g) == missing {
		to := s
		to.setObject(g, inMemory)
		w.add(Upload, d, g, to, Fine)
		if !w.bug(EventFirst) {
			return
		}
	}
	there := w.found(d, g)
	switch {
	case there < 0:
		to, breaks := w.append(s, d, g)
		w.add(StoreUnheard, d, g, to, breaks)
		to.setTold(d, g, stored)
		if w.bug(TrustLastSequence) {
			to.setHighest(g, to.messages())
		}
		w.add(Store, d, g, to, breaks)
		s.setLate(d, g, 1)
		w.add(SendAway, d, g, s, Fine)
	case there != d && !w.bug(ForgetConflict) || w.bug(HoldDuplicates):
		w.conflict(d, g)
	default:
		w.duplicate(d, g)
	}
}

// mayPublish: the event is the handler's or the journal's, and nothing is known of it at
// the broker. A handler that has journaled its event has given the broker up.
func (w *walk) mayPublish(d, g int) bool {
	s := w.from
	mine := s.running(d, g) && s.journal(d, g) != parked || s.journal(d, g) == written || s.journal(d, g) == synced
	if !mine || !s.connected(g) || s.told(d, g) != nothing || w.behind(d, g) {
		return false
	}
	return w.Mode == Journal || !s.running(d, g) || s.journal(d, g) == absent
}

// found is stored, as far as the broker sees it.
func (w *walk) found(d, g int) int {
	s := w.from
	if w.bug(FreshMessageID) && s.journal(d, g) == synced && !s.running(d, g) || w.bug(TrustWindow) && s.forgotten() {
		return -1
	}
	return w.stored(d)
}

// behind: events of one key leave a gateway in their order. One that is set aside
// keeps nobody waiting.
func (w *walk) behind(d, g int) bool {
	before := w.Deliveries[d].After
	if before < 0 || w.bug(OutOfOrder) {
		return false
	}
	if w.bug(ParkedBlocks) && w.from.journal(before, g) == parked {
		return true
	}
	return w.waits(w.from, before, g)
}

// waits: the journal has the event, and the gateway does not know it at the broker.
func (w *walk) waits(s State, d, g int) bool {
	j := s.journal(d, g)
	return (j == written || j == synced) && s.told(d, g) == nothing
}

// stored is the delivery that the stream has under d's id, -1 for none.
func (w *walk) stored(d int) int {
	for i := range w.from.messages() {
		if one := w.from.message(i); w.Deliveries[one].ID == w.Deliveries[d].ID {
			return one
		}
	}
	return -1
}

// append puts d into the stream.
func (w *walk) append(s State, d, g int) (State, Violation) {
	breaks := Fine
	before := w.Deliveries[d].After
	switch {
	case s.place(d) >= 0:
		return s, StoredTwice
	case w.stored(d) >= 0:
		return s, SharedID
	case w.Deliveries[d].Forged:
		breaks = Unverified
	case d == large && s.object(g) == missing:
		breaks = Dangling
	case before >= 0 && w.waits(s, before, g) && s.place(before) < 0:
		breaks = Disorder
	}
	s.setMessage(s.messages(), d)
	s.setForgotten(0)
	if d == large {
		s.setReference(g)
	}
	for other := range w.Deliveries { // what is late of this id is a duplicate from now on
		if w.Deliveries[other].ID == w.Deliveries[d].ID {
			s.setLate(other, 0, 0)
			s.setLate(other, 1, 0)
		}
	}
	return s, breaks
}

// duplicate is the ack for an event that the stream has. A payload that it refers to
// and that is gone is stored again; a gateway's own that it does not refer to is
// removed.
func (w *walk) duplicate(d, g int) {
	to := w.from
	if d == large && to.place(d) >= 0 {
		there := to.reference()
		if to.object(there) == missing && !w.bug(TrustReference) {
			to.setObject(there, inMemory)
		}
		if there != g {
			to.setObject(g, missing)
		}
		if w.bug(DiscardStored) {
			to.setObject(there, missing)
		}
	}
	w.add(DuplicateUnheard, d, g, to, Fine)
	to.setTold(d, g, stored)
	w.add(Duplicate, d, g, to, Fine)
}

// conflict is another body under an id that the stream has. A handler has the request
// and gives it to the quarantine; without one the journal sets the event aside.
func (w *walk) conflict(d, g int) {
	to := w.from
	if d == large {
		to.setObject(g, missing)
	}
	if !to.running(d, g) {
		switch {
		case w.bug(RetryConflict):
			return
		case w.bug(DropConflict):
			to.setJournal(d, g, absent)
		default:
			to.setJournal(d, g, parked)
		}
		w.add(Park, d, g, to, Fine)
		return
	}
	if to.quarantine(d) == missing && !w.bug(AnswerConflict) {
		to.setQuarantine(d, inMemory)
	}
	w.add(HoldUnheard, d, g, to, Fine)
	to.setTold(d, g, held)
	w.add(Hold, d, g, to, Fine)
}

// brokerFaults is what happens to the broker.
func (w *walk) brokerFaults() {
	down := w.from
	for g := range gateways {
		down = w.disconnect(down, g)
		for d := range w.Deliveries {
			down.setLate(d, g, 0)
		}
	}
	w.add(BrokerKill, 0, 0, down, Fine)
	if w.PowerCuts {
		w.brokerPower(down)
	}
	if w.Window && w.mayExpire() {
		to := w.from
		to.setForgotten(1)
		w.add(Expire, 0, 0, to, Fine)
	}
}

// arrivals: an event that nobody waits for reaches the stream.
func (w *walk) arrivals() {
	for d := range w.Deliveries {
		for g := range gateways {
			if !w.from.late(d, g) || d != large && g != 0 {
				continue
			}
			to, breaks := w.from, Fine
			to.setLate(d, g, 0)
			if w.stored(d) < 0 {
				to, breaks = w.append(to, d, g)
			}
			if breaks == Disorder { // it was in order when it was sent
				breaks = Fine
			}
			w.add(Arrive, d, g, to, breaks)
		}
	}
}

// syncs: the broker syncs each of its stores by itself.
func (w *walk) syncs() {
	w.add(SyncStream, 0, 0, w.settled(w.from), Fine)
	objects, quarantine := w.from, w.from
	for g := range gateways {
		if objects.object(g) == inMemory {
			objects.setObject(g, onDisk)
		}
	}
	w.add(SyncObjects, 0, 0, objects, Fine)
	for d := range w.Deliveries {
		if quarantine.quarantine(d) == inMemory {
			quarantine.setQuarantine(d, onDisk)
		}
	}
	w.add(SyncQuarantine, 0, 0, quarantine, Fine)
}

// settled is s with the stream on disk. The order of what no power cut can take
// decides nothing any more, so it is sorted to make fewer states.
func (w *walk) settled(s State) State {
	n, has := 0, 0
	for i := range s.messages() {
		has |= 1 << s.message(i)
	}
	for d := range w.Deliveries {
		if has>>d&1 == 1 {
			s.setMessage(n, d)
			n++
		}
	}
	s.setSyncedMessages(n)
	return s
}

// brokerPower loses the end of the stream, from any message that is not synced, and
// any payloads and quarantined deliveries that are not. What is left is on disk.
func (w *walk) brokerPower(down State) {
	for n := down.messages(); n >= down.syncedMessages(); n-- {
		short := down
		for i := n; i < maxDeliveries; i++ {
			short.setMessage(i, -1)
		}
		if short.place(large) < 0 {
			short.setReference(0)
		}
		w.losePieces(w.settled(short), 0)
	}
}

// losePieces goes through payloads, then quarantined deliveries, from the i-th on: each
// that is not synced is kept, and is lost.
func (w *walk) losePieces(s State, i int) {
	if i == gateways+len(w.Deliveries) {
		w.add(BrokerPower, 0, 0, s, Fine)
		return
	}
	place, put := s.object, (*State).setObject
	which := i
	if i >= gateways {
		place, put, which = s.quarantine, (*State).setQuarantine, i-gateways
	}
	if place(which) != inMemory {
		w.losePieces(s, i+1)
		return
	}
	for _, after := range [...]int{onDisk, missing} {
		put(&s, which, after)
		w.losePieces(s, i+1)
	}
}

// mayExpire: the window is longer than senders try and handlers run, so nobody but a
// journal can still have an event when it ends.
func (w *walk) mayExpire() bool {
	if w.from.messages() == 0 {
		return false
	}
	for d := range w.Deliveries {
		if !w.from.done(d) {
			return false
		}
		for g := range gateways {
			if w.from.running(d, g) || w.from.late(d, g) {
				return false
			}
		}
	}
	return true
}
