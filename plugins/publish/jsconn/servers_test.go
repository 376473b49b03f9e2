package jsconn

import "testing"

func TestServerProcesses_onlyNewOnesAreDoubted(t *testing.T) {
	var p serverProcesses
	for i, step := range []struct {
		server, id string
		want       bool
	}{
		{"n1", "A", false}, // the first connect
		{"n1", "A", false}, // the link broke
		{"n2", "B", true},  // it may have lost power before we came
		{"n1", "A", false}, // back again
		{"n2", "B", false},
		{"n1", "C", true}, // it was started again
	} {
		if got := p.isNew(step.server, step.id); got != step.want {
			t.Errorf("step %d, process %s of %s: new is %v, want %v", i, step.id, step.server, got, step.want)
		}
	}
}
