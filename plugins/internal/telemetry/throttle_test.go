package telemetry

import (
	"testing"
	"time"
)

func TestThrottle_allowsOneOfAKindAMinute(t *testing.T) {
	var throttle Throttle
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for i, step := range []struct {
		kind string
		wait time.Duration
		want bool
	}{
		{"a", 0, true}, {"a", 0, false}, {"b", 0, true}, {"a", time.Minute - 1, false}, {"a", 1, true}, {"a", time.Second, false},
		{"a", -time.Hour, true}, // the clock was set back
	} {
		now = now.Add(step.wait)
		if got := throttle.Allow(step.kind, now); got != step.want {
			t.Errorf("step %d: got %v", i, got)
		}
	}
}
