package pluginserver

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"webhookedge/kong/wire"
	"webhookedge/plugins/internal/telemetry"
)

// TestReadyz_namesTheRouteOfAnUnusableConfig starts instances as two workers of Kong do.
func TestReadyz_namesTheRouteOfAnUnusableConfig(t *testing.T) {
	log := telemetry.NewLogger(io.Discard, slog.LevelError)
	metrics, err := telemetry.NewMetrics("test", []string{"test"}, []string{"body", "recorded"})
	if err != nil {
		t.Fatal(err)
	}
	checks := telemetry.NewServer(metrics, log)
	fine := plugin(usual("exit"), stores)
	build := builds(func(config []byte) (*Handler, error) {
		if strings.Contains(string(config), "long") {
			return nil, errors.New("a: " + strings.Repeat("é", maxWhy))
		}
		return fine(config)
	})
	s, err := New(Options{}, Env{Logger: log, Metrics: metrics, Checks: checks, Now: time.Now},
		Program{Name: "test", Plugins: []Plugin{{Name: "p", Config: Settings{}}}, Open: func(Env) (Builder, error) { return build, nil }})
	if err != nil {
		t.Fatal(err)
	}
	says := func(routes int, parts ...string) {
		t.Helper()
		answer := httptest.NewRecorder()
		checks.Handler().ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/readyz", nil))
		text := answer.Body.String()
		degraded := strings.Contains(text, `{"name":"config","ok":true,"degraded":true`)
		if answer.Code != http.StatusOK || degraded != (routes > 0) || len(text) > 16<<10 {
			t.Errorf("%d routes, status %d, %d bytes: %s", routes, answer.Code, len(text), text)
		}
		for _, part := range parts {
			if !strings.Contains(text, part) {
				t.Errorf("it does not say %q: %s", part, text)
			}
		}
		want := fmt.Sprintf("# HELP webhook_edge_misconfigured_routes Routes whose config cannot be used, so that every delivery of theirs is refused; /readyz names them and the cause.\n# TYPE webhook_edge_misconfigured_routes gauge\nwebhook_edge_misconfigured_routes %d\n", routes)
		if err := testutil.GatherAndCompare(metrics, strings.NewReader(want), "webhook_edge_misconfigured_routes"); err != nil {
			t.Error(err)
		}
	}
	k := kongWith(t, s)
	k.reply = func(method string) []byte {
		if method == "kong.router.get_route" {
			return wire.AppendBytes(wire.AppendBytes(nil, routeID, "r-1"), routeName, "orders")
		}
		return usualReply(method)
	}
	k.start("p", `{"route_id":"r-0"}`)
	says(0)
	first := k.start("p", `{"broken":1,"route_id":"r-1","__key__":"plugins:p"}`)
	second := k.start("p", `{"route_id":"r-1","broken":1}`)
	says(1, "route r-1 (p): a: first fault; b: second fault")
	if exit := k.event(first); exit == nil || exit.Status != 500 {
		t.Fatalf("a delivery: %v", exit)
	}
	says(1, "route orders (p): a: first fault; b: second fault")
	k = kongWith(t, s)
	k.start("p", `{"broken":1,"service_id":"s-1"}`)
	k.start("p", `{"broken":1}`)
	says(3, "service s-1 (p)", "every route (p)")
	for i := range 20 {
		k.start("p", fmt.Sprintf(`{"long":1,"route_id":"r-%d"}`, 100+i))
	}
	says(23, "and 15 more")
	s.instances.stopAll()
	says(0)
	_ = second
}
