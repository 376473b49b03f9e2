package telemetry_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/telemetry"
)

func TestSender_hasItsSeriesOnceItIsNamed(t *testing.T) {
	m := newMetrics(t)
	const metric = "webhook_edge_deliveries_total"
	if got := labels(t, m, metric, "provider"); !slices.Equal(got, []string{"other"}) {
		t.Errorf("before a configuration names one: %v", got)
	}
	for range 2 { // once for each worker
		m.Sender("stripe")
		m.Sender("our-billing")
	}
	if got, want := labels(t, m, metric, "provider"), []string{"other", "our-billing", "stripe"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// TestSender_boundsNames has more names than a configuration should: the catalogue's
// still get their own.
func TestSender_boundsNames(t *testing.T) {
	m, err := telemetry.NewMetrics("v1", []string{"github"}, nil, telemetry.WithRoutes())
	if err != nil {
		t.Fatal(err)
	}
	for i := range 200 {
		m.Sender(fmt.Sprintf("custom-%d", i))
	}
	github := m.Sender("github")
	for i := range 300 {
		github.Delivery(fmt.Sprintf("route-%d", i), pipeline.Accepted)
	}
	const metric = "webhook_edge_deliveries_total"
	if got := labels(t, m, metric, "provider"); len(got) != 128+2 || !slices.Contains(got, "github") {
		t.Errorf("%d providers", len(got))
	}
	if got := labels(t, m, metric, "route"); len(got) != 256+1 {
		t.Errorf("%d routes", len(got))
	}
	if got := m.ProviderLabel("custom-199"); got != telemetry.Other {
		t.Errorf("the last one is %s", got)
	}
}

func TestSender_tellsRoutesApart(t *testing.T) {
	m, err := telemetry.NewMetrics("v1", []string{"github"}, nil, telemetry.WithRoutes())
	if err != nil {
		t.Fatal(err)
	}
	// Handlers of equal settings are one, those of others are not.
	one, two := m.Sender("github"), m.Sender("github")
	one.Delivery("a", pipeline.Accepted)
	two.Delivery("a", pipeline.Accepted)
	two.Delivery("b", pipeline.IPDenied)
	two.Delivery("", pipeline.IPDenied)
	text := gathered(t, m)
	for line, want := range map[string]string{
		`{code="accepted",provider="github",route="a"}`:      "2",
		`{code="accepted",provider="github",route="b"}`:      "0",
		`{code="ip_denied",provider="github",route="b"}`:     "1",
		`{code="ip_denied",provider="github",route="other"}`: "1",
	} {
		if !slices.Contains(strings.Split(text, "\n"), "webhook_edge_deliveries_total"+line+" "+want) {
			t.Errorf("no %s %s", line, want)
		}
	}
	if problems, err := testutil.GatherAndLint(m); err != nil || len(problems) > 0 {
		t.Errorf("lint: %v, %v", problems, err)
	}
}
