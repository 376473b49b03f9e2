package ackmodel

// Violation is what must not be.
type Violation uint8

// The violations.
const (
	Fine          Violation = iota
	Lost                    // answered with 2xx, and nowhere
	StoredTwice             // a second time in the stream
	SharedID                // two bodies under one id in the stream
	Unverified              // a forged event in the stream
	Dangling                // an event in the stream whose payload was never stored
	Disorder                // an event before an earlier one of its key
	FalseConflict           // a delivery in quarantine, or set aside, that shares its id with none
	Waits                   // a state that nothing good follows
)

// Check says what is wrong in a state.
func (m *Model) Check(s State) Violation {
	for d := range m.Deliveries {
		if s.done(d) && !m.keeps(s, d) {
			return Lost
		}
		if m.isHeld(s, d) && !m.shared(d) {
			return FalseConflict
		}
	}
	return Fine
}

// keeps: some place has the delivery, whole.
func (m *Model) keeps(s State, d int) bool {
	return s.journal(d, 0) != absent || s.journal(d, 1) != absent || s.quarantine(d) != missing || m.readable(s, d)
}

// readable: a consumer gets the event with its bytes.
func (m *Model) readable(s State, d int) bool {
	return s.place(d) >= 0 && (d != large || s.object(s.reference()) != missing)
}

func (m *Model) isHeld(s State, d int) bool {
	return s.quarantine(d) != missing || s.journal(d, 0) == parked || s.journal(d, 1) == parked
}

func (m *Model) shared(d int) bool {
	for other, one := range m.Deliveries {
		if other != d && one.ID == m.Deliveries[d].ID && !one.Forged {
			return true
		}
	}
	return false
}
