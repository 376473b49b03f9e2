package chain

import (
	"testing"

	"webhookedge/plugins/internal/pluginserver"
	"webhookedge/plugins/provider/catalogue"
)

// TestDeadline_leavesEveryProviderItsAnswer looks at the deadline that the defaults give.
func TestDeadline_leavesEveryProviderItsAnswer(t *testing.T) {
	for _, name := range catalogue.Names() {
		row, _ := catalogue.Lookup(name)
		got := answerTimeout(row, pluginserver.Settings{Bounds: pluginserver.Bounds{DeadlineMS: 2500}}).Deadline()
		if row.Timeout > 0 && got > row.Timeout*5/6 {
			t.Errorf("%s waits %s, the deadline is %s", name, row.Timeout, got)
		}
		if row.Timeout == 0 && got.Milliseconds() != 2500 {
			t.Errorf("%s: the deadline is %s", name, got)
		}
	}
}
