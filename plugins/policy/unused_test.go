package policy_test

import (
	"runtime"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus/testutil"
)

// TestUnused_theLastGoodPolicyStays closes the only stage of a policy, as a quiet route's
// is, and opens it again after somebody saved a policy that does not compile.
func TestUnused_theLastGoodPolicyStays(t *testing.T) {
	k := newKit(t)
	dir := rego(t, "decision := {\"allow\": true, \"tenant\": \"good\"}\n")
	settings := map[string]any{"directory": dir}
	k.stage(t, settings).Close()
	if n := testutil.CollectAndCount(k.registry, "webhook_edge_policy_age_seconds"); n != 0 {
		t.Error("a policy that no stage uses has an age, and alerts may be about it")
	}
	save(t, dir, "decision := nobody.knows\n")
	eventually(t, "the change is seen", func() bool { return strings.Contains(k.log.String(), "the last good one stays in use") })
	s := k.stage(t, settings)
	d := delivery(push())
	if err := s.Handle(t.Context(), d); err != nil || d.Event().Tenant != "good" {
		t.Errorf("%v, tenant %q", err, d.Event().Tenant)
	}
	if n := testutil.CollectAndCount(k.registry, "webhook_edge_policy_age_seconds"); n != 1 {
		t.Error("a policy that is in use again has no age")
	}
}

// TestUnused_neverLoadedPolicyIsGone keeps nothing ready or not that nobody asks for.
func TestUnused_neverLoadedPolicyIsGone(t *testing.T) {
	k := newKit(t)
	s := k.stage(t, map[string]any{"directory": rego(t, "decision := nobody.knows\n")})
	if k.pool.Ready(t.Context()) == nil {
		t.Fatal("ready without a policy")
	}
	s.Close()
	if err := k.pool.Ready(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestUnused_endsWithThePool(t *testing.T) {
	k := newKit(t)
	dir := rego(t, "decision := {\"allow\": true}\n")
	settings := map[string]any{"directory": dir}
	k.stage(t, settings).Close()
	before := runtime.NumGoroutine()
	k.pool.Close()
	if after := runtime.NumGoroutine(); after >= before {
		t.Errorf("%d goroutines before, %d after: it is still followed", before, after)
	}
}
