package chain

import (
	"strings"
	"testing"
)

func TestRateLimitConfig_refusesLimitsByTheEvent(t *testing.T) {
	const limits = `"limits":[{"rate":"5-S","by":"route"},{"rate":"5-S","by":"tenant"},{"rate":"5-S","by":"event_type"}]`
	build, _ := builder(t, "webhook-ratelimit")
	err := build(`{"provider":"github",` + limits + `}`)
	for _, want := range []string{"limits[1].by: ", "limits[2].by: ", "webhook-edge only"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in %v", want, err)
		}
	}
	if err := build(`{"provider":"github","limits":[{"rate":"5-S","by":"nothing"}]}`); err == nil || !strings.Contains(err.Error(), "limits[0].by") {
		t.Errorf("the fault of a limit itself: %v", err)
	}
	build, _ = builder(t, "webhook-edge")
	if err := build(`{"provider":"github","verify":{"secrets":[{"value":"long-enough-secret"}]},"ratelimit":{` + limits + `}}`); err != nil {
		t.Errorf("in webhook-edge: %v", err)
	}
}
