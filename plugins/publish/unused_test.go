package publish_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/telemetry"
	"webhookedge/plugins/publish"
)

// TestUnused_aDeadBrokerIsNobodysFault closes the last stage of a broker that is not
// there: no delivery can fail with it any more.
func TestUnused_aDeadBrokerIsNobodysFault(t *testing.T) {
	t.Parallel()
	const down = `webhook_edge_publish_connections{state="down"}`
	tests := map[string]struct {
		settings func(url, dir string) object
		waits    bool // an event, for the broker
	}{
		"without a journal":                   {settings: func(url, _ string) object { return creating(url) }},
		"with a journal in which nothing is":  {settings: journaling},
		"with a journal in which events wait": {settings: journaling, waits: true},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conns, _ := connections(t)
			s, err := publish.New(settings(t, tc.settings(newOutage(t).url(), t.TempDir())), conns)
			if err != nil {
				t.Fatal(err)
			}
			journalReady(t, conns)
			if tc.waits {
				handle(t, s, pipeline.AckSpool, "e1")
			}
			if conns.Ready(t.Context()) == nil || gathered(t, conns)[down] != 1 {
				t.Fatal("ready while the route is there")
			}
			s.Close()
			if err := conns.Ready(t.Context()); err != nil || gathered(t, conns)[down] != 0 {
				t.Errorf("after the last stage: %v, %v connections down", err, gathered(t, conns)[down])
			}
			err = conns.JournalReady(t.Context())
			var degraded *telemetry.Degraded
			told := errors.As(err, &degraded) && strings.Contains(err.Error(), "1 events wait for servers that no running instance names")
			if told != tc.waits || !tc.waits && err != nil {
				t.Errorf("the journal says %v", err)
			}
		})
	}
}

// TestUnused_whatAJournalHoldsMovesOn gives the journal of a broker that no stage uses to
// the next one, and says so.
func TestUnused_whatAJournalHoldsMovesOn(t *testing.T) {
	t.Parallel()
	dir, next := t.TempDir(), newOutage(t)
	gone, conns, out := journalStage(t, journaling(newOutage(t).url(), dir))
	handle(t, gone, pipeline.AckSpool, "e1")
	gone.Close() // its route is gone, and the instance was idle
	if _, err := publish.New(settings(t, journaling(next.url(), dir)), conns); err != nil {
		t.Fatal(err)
	}
	if out.count("it goes to others, with the events that wait in it") != 1 {
		t.Error("nobody is told that events go elsewhere")
	}
	broker := next.end()
	drained(t, conns)
	if diff := cmp.Diff([]string{"github:e1"}, inOrder(t, broker, "WEBHOOKS")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
