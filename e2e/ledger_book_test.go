package e2e

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"webhookedge/e2e/ackmodel"
)

// book is what the senders know, which the stream is compared with.
type book struct {
	mu       sync.Mutex
	entries  map[string]*entry
	acks     map[string]int // answers of 2xx by Webhook-Ack
	refusals map[int]int    // other answers by status
	trace    []ackmodel.Line
}

type entry struct {
	body     string
	digest   string
	answered bool
}

func newBook() *book {
	return &book{entries: map[string]*entry{}, acks: map[string]int{}, refusals: map[int]int{}}
}

func (b *book) sends(id, body string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.entries[id] = &entry{body: body, digest: digestOf(body)}
}

func (b *book) answered(id, ack string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	e := b.entries[id]
	e.answered = true
	b.acks[ack]++
	b.trace = append(b.trace, ackmodel.Line{Event: ackmodel.Answered, ID: id, Body: e.digest, Ack: ack})
}

// acked is how many answers named an ack.
func (b *book) acked(ack string) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.acks[ack]
}

func (b *book) refused(status int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.refusals[status]++
}

// storedEvent is what the ledger needs of an event in the stream.
type storedEvent struct {
	ID      string          `json:"id"`
	Data    json.RawMessage `json:"data"`
	DataRef string          `json:"dataref"` // of a payload in the object store

	again bool // the broker had acknowledged and lost it
}

// balance compares the book with what is stored and returns what is wrong, a line
// each.
func (b *book) balance(stored []storedEvent) []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var faults []string
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	times := map[string]int{}
	for _, event := range stored {
		times[event.ID]++
		e := b.entries[event.ID]
		switch {
		case e == nil:
			fault("%s was never sent and is stored", event.ID)
		case string(event.Data) != strings.TrimSpace(e.body):
			fault("%s is stored with other bytes", event.ID)
		}
	}
	for id, e := range b.entries {
		switch {
		case times[id] > 1:
			fault("%s is stored %d times", id, times[id])
		case e.answered && times[id] == 0:
			fault("%s was answered with 2xx and is lost", id)
		}
	}
	slices.Sort(faults)
	return faults
}

// report tells what happened, in one line.
func (b *book) report() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return fmt.Sprintf("%d deliveries; answers of 2xx by ack %v; others by status %v", len(b.entries), b.acks, b.refusals)
}

// TestLedger_seesWhatIsWrong changes what is stored: a ledger that finds no fault proves
// nothing.
func TestLedger_seesWhatIsWrong(t *testing.T) {
	body := func(id string) string { return `{"delivery": "` + id + `"}` }
	stored := func(id string) storedEvent { return storedEvent{ID: id, Data: json.RawMessage(body(id))} }
	tests := map[string]struct {
		stored []storedEvent
		want   []string
	}{
		"everything once":                   {[]storedEvent{stored("a"), stored("b")}, nil},
		"one that was not answered is lost": {[]storedEvent{stored("a")}, nil},
		"one that was answered is lost":     {[]storedEvent{stored("b")}, []string{"a was answered with 2xx and is lost"}},
		"one is there twice":                {[]storedEvent{stored("a"), stored("b"), stored("b")}, []string{"b is stored 2 times"}},
		"one that nobody sent":              {[]storedEvent{stored("a"), stored("c")}, []string{"c was never sent and is stored"}},
		"another writing of the same value": {[]storedEvent{{ID: "a", Data: json.RawMessage(`{"delivery":"a"}`)}}, []string{"a is stored with other bytes"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			b := newBook()
			b.sends("a", body("a"))
			b.tries("a")
			b.answered("a", "broker")
			b.sends("b", body("b"))
			b.tries("b")
			b.fails("b")
			if got := b.balance(tt.stored); !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			refusals, err := ackmodel.Accept(b.record("spool", tt.stored))
			if err != nil || (len(refusals) > 0) != (len(tt.want) > 0) {
				t.Errorf("the model refuses %v (%v), and the balance says %q", refusals, err, tt.want)
			}
		})
	}
}

// countBy is a tally in a fixed order.
func countBy(counts map[string]int) string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		out = append(out, fmt.Sprintf("%d %s", counts[name], name))
	}
	return strings.Join(out, ", ")
}
