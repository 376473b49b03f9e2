package publish_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"webhookedge/plugins/publish"
)

func connectionStates(up, unfit, down, disconnects int) string {
	return fmt.Sprintf(`
# HELP webhook_edge_publish_connections NATS connections by state: up, unfit (connected, but the stream does not take the events) and down.
# TYPE webhook_edge_publish_connections gauge
webhook_edge_publish_connections{state="down"} %d
webhook_edge_publish_connections{state="unfit"} %d
webhook_edge_publish_connections{state="up"} %d
# HELP webhook_edge_publish_disconnects_total Times that an established NATS connection was lost.
# TYPE webhook_edge_publish_disconnects_total counter
webhook_edge_publish_disconnects_total %d
`, down, unfit, up, disconnects)
}

func TestMetrics_areThereFromTheStart(t *testing.T) {
	broker := startNATS(t, nil)
	conns, _ := connections(t)
	metrics := conns.Metrics()
	if problems, err := testutil.CollectAndLint(metrics); err != nil || len(problems) > 0 {
		t.Errorf("lint: %v %v", problems, err)
	}
	is := func(want string) {
		t.Helper()
		eventually(t, func() error {
			return testutil.CollectAndCompare(metrics, strings.NewReader(want),
				"webhook_edge_publish_connections", "webhook_edge_publish_disconnects_total")
		})
	}
	is(connectionStates(0, 0, 0, 0))
	unfit := settings(t, object{"servers": []string{broker.ClientURL()}, "stream": object{"name": "MISSING"}})
	for _, cfg := range []publish.Config{settings(t, creating(broker.ClientURL())), unfit} {
		if _, err := publish.New(cfg, conns); err != nil {
			t.Fatal(err)
		}
	}
	is(connectionStates(1, 1, 0, 0))
	stop(broker)
	is(connectionStates(0, 0, 2, 2))
}
