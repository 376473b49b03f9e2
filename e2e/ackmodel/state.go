package ackmodel

// The bounds of a model.
const (
	maxDeliveries = 3
	gateways      = 2
	// large is the delivery whose payload goes to the object store.
	large = maxDeliveries - 1
)

// State is everything that the model knows, packed so that millions of them fit
// into memory. Each gateway has a block of its own, so that exchanging the two is
// cheap; the broker and the senders come behind them.
type State uint64

// The bits of a gateway's block.
const (
	entryBits   = 5                         // running 1, journal 2, told 2
	connectedAt = entryBits * maxDeliveries // 1 bit
	lateLargeAt = connectedAt + 1           // 1 bit: a large event on its way that nobody waits for
	objectAt    = lateLargeAt + 1           // 2 bits: the payload that this gateway stored
	highestAt   = objectAt + 2              // 2 bits: the highest sequence in an ack, for one bug
	gatewayBits = highestAt + 2
)

// The bits behind the gateways' blocks.
const (
	streamAt     = gateways * gatewayBits         // 2 bits a message: its delivery and 1; 0 ends the stream
	syncedAt     = streamAt + 2*maxDeliveries     // 2 bits: how many of them a power cut leaves
	refAt        = syncedAt + 2                   // 1 bit: the gateway whose payload the large event refers to
	quarantineAt = refAt + 1                      // 2 bits a delivery
	lateAt       = quarantineAt + 2*maxDeliveries // 1 bit a small delivery
	doneAt       = lateAt + large                 // 1 bit a delivery: its sender has got a 2xx
	forgottenAt  = doneAt + maxDeliveries         // 1 bit: the duplicate window is over
)

// What a gateway's journal has of a delivery.
const (
	absent  = iota
	written // a power cut may take it
	synced
	parked // synced, and set aside: the broker has another body under its id
)

// What a gateway was told about a delivery on the connection that it has.
const (
	nothing = iota
	stored  // the stream has the event
	held    // the quarantine has it
	left    // nothing, and nobody will ask, for one bug
)

// What the broker has of a payload, or the quarantine of a delivery.
const (
	missing  = iota
	inMemory // a power cut may take it
	onDisk
)

func (s State) bits(at, n int) int { return int(s>>at) & (1<<n - 1) }

func (s *State) put(at, n, value int) {
	*s = *s&^((1<<n-1)<<at) | State(value)<<at
}

func entryAt(d, g int) int { return g*gatewayBits + d*entryBits }

// running: a handler of the gateway works on the delivery.
func (s State) running(d, g int) bool       { return s.bits(entryAt(d, g), 1) == 1 }
func (s *State) setRunning(d, g, value int) { s.put(entryAt(d, g), 1, value) }
func (s State) journal(d, g int) int        { return s.bits(entryAt(d, g)+1, 2) }
func (s *State) setJournal(d, g, value int) { s.put(entryAt(d, g)+1, 2, value) }
func (s State) told(d, g int) int           { return s.bits(entryAt(d, g)+3, 2) }
func (s *State) setTold(d, g, value int)    { s.put(entryAt(d, g)+3, 2, value) }

func (s State) connected(g int) bool       { return s.bits(g*gatewayBits+connectedAt, 1) == 1 }
func (s *State) setConnected(g, value int) { s.put(g*gatewayBits+connectedAt, 1, value) }
func (s State) object(g int) int           { return s.bits(g*gatewayBits+objectAt, 2) }
func (s *State) setObject(g, value int)    { s.put(g*gatewayBits+objectAt, 2, value) }
func (s State) highest(g int) int          { return s.bits(g*gatewayBits+highestAt, 2) }
func (s *State) setHighest(g, value int)   { s.put(g*gatewayBits+highestAt, 2, value) }

// message is the delivery at a place of the stream, -1 behind its end.
func (s State) message(i int) int           { return s.bits(streamAt+2*i, 2) - 1 }
func (s *State) setMessage(i, d int)        { s.put(streamAt+2*i, 2, d+1) }
func (s State) syncedMessages() int         { return s.bits(syncedAt, 2) }
func (s *State) setSyncedMessages(n int)    { s.put(syncedAt, 2, n) }
func (s State) reference() int              { return s.bits(refAt, 1) }
func (s *State) setReference(g int)         { s.put(refAt, 1, g) }
func (s State) quarantine(d int) int        { return s.bits(quarantineAt+2*d, 2) }
func (s *State) setQuarantine(d, value int) { s.put(quarantineAt+2*d, 2, value) }
func (s State) done(d int) bool             { return s.bits(doneAt+d, 1) == 1 }
func (s *State) setDone(d int)              { s.put(doneAt+d, 1, 1) }
func (s State) forgotten() bool             { return s.bits(forgottenAt, 1) == 1 }
func (s *State) setForgotten(value int)     { s.put(forgottenAt, 1, value) }

// messages is how many the stream has.
func (s State) messages() int {
	n := 0
	for n < maxDeliveries && s.message(n) >= 0 {
		n++
	}
	return n
}

// place is where the stream has a delivery, -1 for nowhere.
func (s State) place(d int) int {
	for i := range maxDeliveries {
		if s.message(i) == d {
			return i
		}
	}
	return -1
}

// late: the event is on its way to the broker and nobody waits for its ack. A small
// one is the same from either gateway; the large one refers to a gateway's payload.
func (s State) late(d, g int) bool { return s.bits(lateEventAt(d, g), 1) == 1 }

func (s *State) setLate(d, g, value int) { s.put(lateEventAt(d, g), 1, value) }

func lateEventAt(d, g int) int {
	if d == large {
		return g*gatewayBits + lateLargeAt
	}
	return lateAt + d
}

const (
	gatewayMask = 1<<gatewayBits - 1
	restMask    = 1<<64 - 1<<streamAt
)

// exchanged is s with the gateways' parts changed over.
func (s State) exchanged() State {
	out := s&restMask | s&gatewayMask<<gatewayBits | s>>gatewayBits&gatewayMask
	if s.place(large) >= 0 {
		out ^= 1 << refAt
	}
	return out
}

// canonical stands for s and for exchanged s: nothing in the model tells one gateway
// from the other.
func (s State) canonical() State { return min(s, s.exchanged()) }
