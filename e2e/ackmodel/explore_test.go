package ackmodel

import (
	"os"
	"strconv"
	"testing"
	"time"
)

// The deliveries of the models. A sender delivers A and then C, which is large, under
// one ordering key; another one uses the id of A for B.
func reused() []Delivery { return []Delivery{{ID: 0, After: -1}, {ID: 0, After: -1}} }

func ordered() []Delivery {
	return []Delivery{{ID: 0, After: -1}, {ID: 0, After: -1, Forged: true}, {ID: 1, After: 0}}
}

func all() []Delivery { return []Delivery{{ID: 0, After: -1}, {ID: 0, After: -1}, {ID: 1, After: 0}} }

// faultsVariable allows more faults in the model of all deliveries than one: 2 take a
// minute and a half and some GB (make soak), 3 some 20 GB.
const faultsVariable = "ACKMODEL_FAULTS"

// leastStates is what the model of all deliveries must have by its number of faults, so
// that nobody makes it smaller unseen.
func leastStates(faults int) int { return []int{0, 1_000_000, 10_000_000}[min(faults, 2)] }

// anyNumber of faults.
const anyNumber = -1

// TestModel_withoutBugs goes through every state of the protocol: nothing is lost,
// doubled, unverified or out of order in any of them, and from each of them everything
// comes to its end when faults stop.
func TestModel_withoutBugs(t *testing.T) {
	tests := map[string]struct {
		model  Model
		faults int // before a state, at most
		long   bool
	}{
		"an id that is used again":              {Model{Deliveries: reused(), PowerCuts: true, Window: true}, anyNumber, false},
		"order, a large payload and a forger":   {Model{Deliveries: ordered(), PowerCuts: true, Window: true}, anyNumber, false},
		"one sender that repeats":               {Model{Deliveries: reused()[:1], PowerCuts: true, Window: true, Repeat: true}, anyNumber, false},
		"all of it":                             {Model{Deliveries: all(), PowerCuts: true}, faultsOf(t), true},
		"a spool, and the broker keeps power":   {Model{Deliveries: reused(), Mode: Spool}, anyNumber, false},
		"a spool with order and large payloads": {Model{Deliveries: ordered(), Mode: Spool}, anyNumber, false},
		"no disk, and the broker keeps power":   {Model{Deliveries: reused(), Mode: Broker}, anyNumber, false},
		"no disk with order and large payloads": {Model{Deliveries: ordered(), Mode: Broker}, anyNumber, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			faults := tt.faults
			if testing.Short() || raceDetector {
				faults = 1
				if tt.long {
					faults = 0
				}
			}
			start := time.Now()
			g, wrong := Explore(&tt.model, faults)
			if wrong != nil {
				t.Fatalf("%s:\n%s", name, wrong)
			}
			t.Logf("%d states, %d steps between them, in %s; by the faults that each needs: %v", g.Len(), g.Steps, time.Since(start).Round(time.Millisecond), g.Layers)
			if tt.long && g.Len() < leastStates(faults) {
				t.Errorf("%d states, of which there should be %d", g.Len(), leastStates(faults))
			}
			if wrong := g.Stuck(tt.model.Settled, func(Kind) bool { return true }); wrong != nil {
				t.Errorf("nothing good follows when faults stop:\n%s", wrong)
			}
			if tt.model.Mode == Journal && !tt.long {
				if wrong := g.Stuck(tt.model.Answered, withoutBroker); wrong != nil {
					t.Errorf("a sender is not answered while there is no broker:\n%s", wrong)
				}
			}
		})
	}
}

// withoutBroker lets through what happens while the broker does not answer.
func withoutBroker(k Kind) bool { return k == Request || k == Write || k == Sync || k == Answer }

func faultsOf(t *testing.T) int {
	t.Helper()
	text := os.Getenv(faultsVariable)
	if text == "" {
		return 1
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s: %v", faultsVariable, err)
	}
	return n
}

// TestModel_withBugs puts in one bug after the other: a model that finds nothing
// would prove nothing.
func TestModel_withBugs(t *testing.T) {
	repeating := Model{Deliveries: reused()[:1], PowerCuts: true, Repeat: true}
	pair := Model{Deliveries: reused(), PowerCuts: true}
	row := Model{Deliveries: ordered(), PowerCuts: true}
	tests := map[string]struct {
		bug   Bug
		model Model
		want  Violation
	}{
		"an entry leaves the journal at the broker's ack":                             {DropAtAck, pair, Lost},
		"an entry leaves the journal at the quarantine's ack":                         {DropAtHold, pair, Lost},
		"an entry leaves the journal before the payload is synced":                    {IgnorePayloadSync, row, Lost},
		"acks from before a reconnect count":                                          {KeepAcks, pair, Lost},
		"only a last sequence that went back makes the journal publish again":         {TrustLastSequence, row, Lost},
		"a handler that gives up takes the entry of an earlier run along":             {GiveUpDrops, repeating, Lost},
		"the answer goes out before the journal is synced":                            {AnswerUnsynced, pair, Lost},
		"the answer goes out at the broker's ack, without the journal":                {AnswerAtAck, pair, Lost},
		"every duplicate is taken for the same event":                                 {ForgetConflict, pair, Lost},
		"a conflict is answered before the quarantine has it":                         {AnswerConflict, pair, Lost},
		"a conflict that comes out of the journal is dropped":                         {DropConflict, pair, Lost},
		"a duplicate is stored without a look at its payload":                         {TrustReference, row, Lost},
		"a duplicate removes the payload of the event that is stored":                 {DiscardStored, row, Lost},
		"the journal publishes under a new message id":                                {FreshMessageID, row, StoredTwice},
		"the journal relies on a duplicate window that is over":                       {TrustWindow, Model{Deliveries: ordered()[:1], PowerCuts: true, Window: true}, StoredTwice},
		"the journal publishes out of order":                                          {OutOfOrder, row, Disorder},
		"an event is published before its payload is stored":                          {EventFirst, row, Dangling},
		"a forged delivery is let in":                                                 {SkipVerify, row, Unverified},
		"every duplicate is held as a conflict":                                       {HoldDuplicates, row, FalseConflict},
		"what the journal of a killed gateway has is forgotten":                       {LeaveJournal, pair, Waits},
		"a conflict that comes out of the journal is tried again for ever":            {RetryConflict, pair, Waits},
		"an event that is set aside keeps the others of its key waiting":              {ParkedBlocks, Model{Deliveries: all(), PowerCuts: true}, Waits},
		"there is no answer without the broker":                                       {WaitForBroker, pair, Waits},
		"today's spool loses what only the broker has when the broker's power is cut": {0, Model{Deliveries: reused(), PowerCuts: true, Mode: Spool}, Lost},
		"without a disk the broker's power cut loses what was answered":               {0, Model{Deliveries: reused(), PowerCuts: true, Mode: Broker}, Lost},
	}
	seen := Bug(0)
	for name, tt := range tests {
		seen |= tt.bug
		t.Run(name, func(t *testing.T) {
			tt.model.Bugs = tt.bug
			g, wrong := tt.model.fault(tt.want)
			switch {
			case wrong == nil:
				t.Fatalf("%d states, and nothing is wrong in them", g.Len())
			case wrong.Violation != tt.want:
				t.Errorf("found: %s; want: %s", wrong.Violation, tt.want)
			}
			t.Logf("%s:\n%s", name, wrong)
		})
	}
	if every := SkipVerify<<1 - 1; seen != every {
		t.Errorf("bugs that no case puts in: %b", every&^seen)
	}
}

// fault looks for a counterexample with the fewest faults. What waits for ever is seen
// in a whole graph alone, so there the number of faults grows.
func (m *Model) fault(want Violation) (*Graph, *Counterexample) {
	if want != Waits {
		return Explore(m, anyNumber)
	}
	for faults := 0; ; faults++ {
		g, wrong := Explore(m, faults)
		if wrong == nil {
			wrong = g.Stuck(m.Settled, func(Kind) bool { return true })
		}
		if wrong == nil {
			wrong = g.Stuck(m.Answered, withoutBroker)
		}
		if wrong != nil || faults == 2 {
			return g, wrong
		}
	}
}
