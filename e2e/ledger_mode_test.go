package e2e

import "time"

// nodeSyncInterval is the nodes' sync_interval in the modes in which a cut of power
// takes events from them that they had acknowledged.
const nodeSyncInterval = 2 * time.Second

// ledgerMode is how the edge of a ledger is set.
type ledgerMode struct {
	name, dedupe string
	nodes        int
	// windowSeconds is the stream's; 0 is as the catalogue has it.
	windowSeconds int
	journal       bool
	sync          nodeSync
}

// ledgerModes are those of CI, and with a scale of more than 1 all. They have a short
// window with exact, so that it is not the window which keeps doubles out. One node
// loses what it acknowledged in each cut of its power. Without a journal the promise
// holds against that only where the broker syncs always. The plain run plays two
// of them, and that of the race detector the other two, each with one broker of three
// nodes and one of one node: CI runs both.
func ledgerModes(scale int) []ledgerMode {
	late := nodeSync{Interval: nodeSyncInterval}
	modes := []ledgerMode{
		{name: "window", dedupe: "window", nodes: 3, journal: true, sync: late},
		{name: "exact", dedupe: "exact", nodes: 3, windowSeconds: 1, journal: true, sync: late},
		{name: "one node, window", dedupe: "window", nodes: 1, journal: true, sync: late},
		{name: "one node, exact", dedupe: "exact", nodes: 1, windowSeconds: 1, journal: true, sync: late},
	}
	switch {
	case scale == 1 && raceDetector:
		return []ledgerMode{modes[1], modes[2]}
	case scale == 1:
		return []ledgerMode{modes[0], modes[3]}
	}
	for _, m := range modes[:2] {
		m.name, m.journal, m.sync = m.name+" without a journal", false, nodeSync{Always: true}
		modes = append(modes, m)
	}
	return modes
}
