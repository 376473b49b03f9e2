package e2e

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"webhookedge/kong/local"
)

// idling is a kong.yml with a route that stays and others.
func idling(more string) string {
	return `_format_version: "3.0"
routes:
  - name: stays
    paths: [/webhooks/github]
    plugins:
      - name: webhook-edge
        config:
          provider: github
          verify: {secrets: [{value: "{vault://env/github-webhook-secret}"}]}
          publish: {servers: ["{vault://env/nats-url}"], stream: {ensure: create}}
` + more
}

// readiness is the status of /readyz.
func readiness(t *testing.T, address string) int {
	t.Helper()
	resp, err := http.Get("http://" + address + "/readyz")
	if err != nil {
		return 0 // it is not there yet
	}
	defer resp.Body.Close()
	return resp.StatusCode
}

// TestIdle_removedRouteIsForgotten removes a route whose NATS is dead. Neither Kong nor
// its stand-in closes the instance.
func TestIdle_removedRouteIsForgotten(t *testing.T) {
	file, address := filepath.Join(t.TempDir(), "kong.yml"), freeAddress(t)
	save := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	save(idling(fmt.Sprintf(`  - name: gone
    paths: [/gone]
    plugins:
      - name: webhook-edge
        config:
          provider: github
          verify: {secrets: [{value: "{vault://env/github-webhook-secret}"}]}
          publish: {servers: ["nats://%s"], ack_timeout_ms: 200}
`, freeAddress(t))))
	g := startGatewayWith(t, "", nil, func(o *local.Options) {
		o.Config, o.ConfigPath, o.PluginArgs = nil, file, []string{"-telemetry-address", address, "-idle-timeout", "1s"}
	})
	eventually(t, "ready without an instance", func() bool { return readiness(t, address) == 200 })
	stays := senders()["github"]
	gone := stays
	gone.path = "/gone"
	eventually(t, "the dead NATS is reported", func() bool {
		_, r := g.deliver(gone, "g1")
		return r.status == 503 && readiness(t, address) == 503
	})
	save(idling(""))
	if err := g.local.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, r := g.deliver(stays, "s1"); r.status != 200 {
		t.Errorf("after the reload: %+v", r)
	}
	eventually(t, "ready again", func() bool { return readiness(t, address) == 200 })
	g.says("idle instances closed")
}

// TestIdle_noDeliveryIsLost delivers at the interval after which instances are closed.
func TestIdle_noDeliveryIsLost(t *testing.T) {
	const idle, deliveries = 100 * time.Millisecond, 15
	g := startGatewayWith(t, idling(""), nil, func(o *local.Options) { o.PluginArgs = []string{"-idle-timeout", idle.String()} })
	s := senders()["github"]
	var all sync.WaitGroup
	for worker := range 3 {
		all.Go(func() {
			tick := time.NewTicker(idle + time.Duration(worker)*time.Millisecond)
			defer tick.Stop()
			for n := range deliveries {
				if _, r := g.deliver(s, fmt.Sprintf("i%d-%d", worker, n)); r.status != 200 {
					t.Errorf("%+v", r)
				}
				<-tick.C
			}
		})
	}
	all.Wait()
	if n := len(g.events()); n != 3*deliveries {
		t.Errorf("%d events are stored of %d deliveries", n, 3*deliveries)
	}
	g.says("idle instances closed")
}
