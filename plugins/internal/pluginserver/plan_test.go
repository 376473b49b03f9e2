package pluginserver

import (
	"context"
	"errors"
	"io"
	"net/netip"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"webhookedge/kong/wire"
	"webhookedge/plugins/internal/pipeline"
)

const (
	headersCall = "kong.request.get_headers"
	lineCall    = "kong.nginx.get_var " + LineVariable
	requestCall = "kong.nginx.get_var request"
	idCall      = "kong.nginx.get_var kong_request_id"
	clientCall  = "kong.client.get_forwarded_ip"
	routeCall   = "kong.router.get_route"
	bodyCall    = "kong.request.get_raw_body"
)

// gatewayOf answers as a Kong whose kong.conf sets LineVariable to line, and keeps what
// it was asked.
func gatewayOf(line string, calls *[]string) func(string) []byte {
	return func(method string) []byte {
		*calls = append(*calls, method)
		switch method {
		case lineCall:
			if line == "" {
				return nil
			}
			return str(line)
		case routeCall:
			route := wire.AppendBytes(nil, routeName, "orders")
			return wire.AppendBytes(route, routeHosts, "hooks.example")
		}
		return usualReply(method)
	}
}

const goodLine = "192.0.2.7 req-1 POST /hook?x=\xff"

func TestPlan_asksForWhatTheRouteNeeds(t *testing.T) {
	tests := map[string]struct {
		line   string
		config string
		client bool // a stage needs the address
		refuse bool
		want   []string
	}{
		"our kong.conf, on a route":                    {line: goodLine, config: `{"route_id":"r"}`, want: []string{headersCall, lineCall, bodyCall}},
		"our kong.conf, a stage needs the address":     {line: goodLine, config: `{"route_id":"r"}`, client: true, want: []string{headersCall, lineCall, bodyCall}},
		"our kong.conf, refused":                       {line: goodLine, config: `{"route_id":"r"}`, refuse: true, want: []string{headersCall, lineCall, bodyCall}},
		"our kong.conf, on a service":                  {line: goodLine, config: `{"service_id":"s"}`, want: []string{headersCall, lineCall, routeCall, bodyCall}},
		"another kong.conf":                            {config: `{"route_id":"r"}`, want: []string{headersCall, requestCall, idCall, bodyCall}},
		"another kong.conf, a stage needs the address": {config: `{"route_id":"r"}`, client: true, want: []string{headersCall, requestCall, idCall, clientCall, bodyCall}},
		"another kong.conf, refused":                   {config: `{"route_id":"r"}`, refuse: true, want: []string{headersCall, requestCall, idCall, bodyCall, clientCall}},
		"another kong.conf, for all routes":            {config: `{}`, want: []string{headersCall, requestCall, idCall, routeCall, bodyCall}},
		"the variable is something else":               {line: "req-1 192.0.2.7", config: `{"route_id":"r"}`, want: []string{headersCall, requestCall, idCall, bodyCall}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			var seen []pipeline.Delivery
			var log syncBuffer
			k := kongWith(t, testServer(t, &log, func([]byte) (*Handler, error) {
				chain, err := pipeline.NewChain([]pipeline.Stage{pipeline.LoadBody(), fnStage(func(ctx context.Context, d *pipeline.Delivery) error {
					seen = append(seen, pipeline.Delivery{
						Method: d.Method, Path: d.Path, RawQuery: d.RawQuery, ClientIP: d.ClientIP, RequestID: d.RequestID,
						Route: d.Route, RouteHosts: d.RouteHosts, Body: d.Body,
					})
					if tc.refuse {
						return &pipeline.Reject{Code: pipeline.SignatureInvalid, Err: errors.New("wrong")}
					}
					return stores(ctx, d)
				})})
				return &Handler{Settings: usual("continue"), Chain: chain, Provider: "test", AskClient: tc.client}, err
			}))
			var calls []string
			k.reply = gatewayOf(tc.line, &calls)
			id := k.start("p", tc.config)
			for range 2 {
				calls = nil
				if exit := k.event(id); (exit != nil) != tc.refuse {
					t.Fatalf("%v\n%s", exit, log.String())
				}
				if tc.refuse { // Kong closes the connection of an exit
					break
				}
			}
			if tc.refuse {
				k = reconnected(t, k)
				calls = nil
				k.event(id)
			}
			calls = slices.DeleteFunc(calls, func(m string) bool { return m == "kong.response.set_header" })
			if diff := cmp.Diff(tc.want, calls); diff != "" {
				t.Errorf("calls of the second delivery (-want +got):\n%s", diff)
			}
			want := pipeline.Delivery{
				Method: "POST", Path: "/hook", RawQuery: "x=\xff", ClientIP: netip.MustParseAddr("192.0.2.7"), RequestID: "req-1",
				Route: "orders", RouteHosts: []string{"hooks.example"}, Body: []byte("{}"),
			}
			for n, got := range seen {
				if n == 1 && !slices.Contains(tc.want, clientCall) && !slices.Contains(tc.want, lineCall) || n == 1 && tc.refuse {
					got.ClientIP = want.ClientIP // unknown to the stages
				}
				if diff := cmp.Diff(want, got, cmp.AllowUnexported(pipeline.Delivery{}), cmp.Comparer(func(a, b netip.Addr) bool { return a == b })); diff != "" {
					t.Errorf("delivery %d (-want +got):\n%s", n, diff)
				}
			}
			if tc.refuse && strings.Count(log.String(), `"client_ip":"192.0.2.7"`) != 2 {
				t.Errorf("the log does not name the client:\n%s", log.String())
			}
		})
	}
}

// reconnected is another connection of the same Kong to the same server.
func reconnected(t *testing.T, k *kongEnd) *kongEnd {
	t.Helper()
	again := kongWith(t, k.server)
	again.reply = k.reply
	return again
}

func TestPlan_learnsAgain(t *testing.T) {
	s := testServer(t, io.Discard, plugin(usual("continue"), stores))
	var now atomic.Int64 // seconds
	s.now = func() time.Time { return time.Unix(now.Load(), 0) }
	var calls []string
	k := kongWith(t, s)
	k.reply = gatewayOf(goodLine, &calls)
	id := k.start("p", `{"route_id":"r"}`)
	asksRoute := func() bool {
		calls = nil
		if exit := k.event(id); exit != nil {
			t.Fatal(exit)
		}
		return slices.Contains(calls, routeCall)
	}
	if !asksRoute() || asksRoute() {
		t.Error("the route is not asked for once")
	}
	now.Add(int64(relearnInterval / time.Second))
	if !asksRoute() || asksRoute() {
		t.Error("the route is not asked for again after a minute")
	}
	k.reply = gatewayOf("no line", &calls)
	if exit := k.event(id); exit == nil || exit.Status != 500 {
		t.Errorf("a line that is none: %v", exit)
	}
	again := reconnected(t, k)
	k = again
	if !asksRoute() || slices.Contains(calls, requestCall) {
		t.Errorf("after replies without sense: %v", calls)
	}
	asksRoute()
	if !slices.Contains(calls, requestCall) {
		t.Errorf("the variable is trusted still: %v", calls)
	}
}

func TestRequestLine_isReadAsNginxDoes(t *testing.T) {
	tests := map[string]struct{ line, method, path, query string }{
		"usual":                {"POST /hook?a=b HTTP/1.1", "POST", "/hook", "a=b"},
		"HTTP/2":               {"POST /hook HTTP/2.0", "POST", "/hook", ""},
		"HTTP/0.9":             {"GET /hook", "GET", "/hook", ""},
		"to a proxy":           {"POST http://hooks.example/hook?u=http://x/ HTTP/1.1", "POST", "/hook", "u=http://x/"},
		"to a proxy, no path":  {"POST http://hooks.example HTTP/1.1", "POST", "/", ""},
		"a URL in the query":   {"POST /hook?u=http://x/ HTTP/1.1", "POST", "/hook", "u=http://x/"},
		"of a server":          {"OPTIONS * HTTP/1.1", "OPTIONS", "*", ""},
		"not UTF-8":            {"POST /\xff?\xfe HTTP/1.1", "POST", "/\xff", "\xfe"},
		"a question mark more": {"POST /a?b?c HTTP/1.1", "POST", "/a", "b?c"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			d := &pipeline.Delivery{}
			if err := (&snapshot{d: d}).readRequestLine(str(tc.line)); err != nil {
				t.Fatal(err)
			}
			if d.Method != tc.method || d.Path != tc.path || d.RawQuery != tc.query {
				t.Errorf("got %q %q %q", d.Method, d.Path, d.RawQuery)
			}
		})
	}
	for _, line := range []string{"", "POST", " /hook HTTP/1.1"} {
		if err := (&snapshot{d: &pipeline.Delivery{}}).readRequestLine(str(line)); !errors.Is(err, wire.ErrMalformed) {
			t.Errorf("%q: %v", line, err)
		}
	}
}
