package ratelimit

import (
	"testing"
	"time"

	"webhookedge/plugins/internal/pipeline"
)

// TestCounts_outliveTheirStage closes the stage of a route that is quiet and opens it
// again before its window ends.
func TestCounts_outliveTheirStage(t *testing.T) {
	k := newKit(t)
	first := k.stage(t, limits("1-H", "route"))
	if got := code(t, first, delivery("198.51.100.7")); got != pipeline.Accepted {
		t.Fatal(got)
	}
	first.Close()
	k.now = k.now.Add(30 * time.Minute)
	k.stores.local.sweep()
	if got := code(t, k.stage(t, limits("1-H", "route")), delivery("198.51.100.7")); got != pipeline.RateLimited {
		t.Errorf("the next stage counts anew: %s", got)
	}
}
