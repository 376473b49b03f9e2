package outbox

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"webhookedge/plugins/internal/journal"
)

// TestFailures_aBrokenConnectionSaysNothingOfTheEvent was found by the ledger: while links
// broke all the time, an event that the broker takes was parked.
func TestFailures_aBrokenConnectionSaysNothingOfTheEvent(t *testing.T) {
	d, w := &Outbox{}, &outgoing{record: &journal.Record{Subject: "webhooks.github._.push"}}
	for range 10 * maxFailures {
		if why := d.countFailure(w, fmt.Errorf("upload: %w", context.Canceled)); why != "" {
			t.Fatalf("parked: %s", why)
		}
	}
	own := errors.New("the broker refuses it")
	for n := 1; ; n++ {
		why := d.countFailure(w, own)
		if (why != "") != (n == maxFailures) {
			t.Fatalf("after %d failures of its own: %q", n, why)
		}
		if why != "" {
			return
		}
	}
}
