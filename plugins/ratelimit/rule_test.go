package ratelimit

import (
	"net/netip"
	"testing"

	"github.com/google/go-cmp/cmp"

	"webhookedge/plugins/internal/pipeline"
)

// TestWindows_whoSharesACount sends a delivery on each of three routes, two of one
// provider, with a limit of two.
func TestWindows_whoSharesACount(t *testing.T) {
	type codes = []pipeline.Code
	const ok, over = pipeline.Accepted, pipeline.RateLimited
	tests := map[string]struct {
		by, group string
		want      codes // on the routes one and two of github, and three of stripe
	}{
		"an address, on each route":                    {"client_ip", "", codes{ok, ok, ok}},
		"an address, in a group":                       {"client_ip", "payments", codes{ok, over, over}},
		"a route, by itself":                           {"route", "", codes{ok, ok, ok}},
		"a route, as a group":                          {"route", "payments", codes{ok, over, over}},
		"a provider, on all of its routes":             {"provider", "", codes{ok, over, ok}},
		"a provider, on all of its routes in a group":  {"provider", "payments", codes{ok, over, ok}},
		"a header, on each route":                      {"header:x-account", "", codes{ok, ok, ok}},
		"a header, in a group":                         {"header:x-account", "payments", codes{ok, over, over}},
		"a tenant, on each route":                      {"tenant", "", codes{ok, ok, ok}},
		"a tenant, in a group, whoever sent the event": {"tenant", "payments", codes{ok, over, over}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			k := newKit(t)
			var got codes
			for _, of := range []struct{ route, provider string }{{"one", "github"}, {"two", "github"}, {"three", "stripe"}} {
				cfg := limits("1-M", tc.by)
				cfg.Group = tc.group
				s, err := New(of.provider, cfg, k.stores)
				if err != nil {
					t.Fatal(err)
				}
				defer s.Close()
				d := delivery("198.51.100.7")
				d.Route, d.Items = of.route, tenants("acme")
				var part pipeline.Stage = s
				if after := s.AfterNormalize(); after != nil {
					part = after
				}
				got = append(got, code(t, part, d))
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("codes (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPolicies_namesAreUnique(t *testing.T) {
	cfg := Config{Limits: []LimitConfig{
		{Rate: "50-S", By: "client_ip", Burst: 10}, {Rate: "1000-M", By: "client_ip"}, {Rate: "5-S", By: "route"},
		{Rate: "5-S", By: "header:x-a"}, {Rate: "5-H", By: "header:x-b"},
	}}
	rules, err := cfg.rules()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range policies(rules, false) {
		got = append(got, p.text)
	}
	want := []string{
		`"client_ip-1s";q=60;w=1`, `"client_ip-average";q=500;w=10`, `"client_ip-60s";q=1000;w=60`, `"route";q=5;w=1`,
		`"header-x-a";q=5;w=1`, `"header-x-b";q=5;w=3600`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("policies (-want +got):\n%s", diff)
	}
}

func TestWindows_eachLimitCountsByItsOwn(t *testing.T) {
	tests := map[string]struct {
		by          string
		same, other func(*pipeline.Delivery)
	}{
		"an address":                    {"client_ip", func(*pipeline.Delivery) {}, func(d *pipeline.Delivery) { d.ClientIP = netip.MustParseAddr("198.51.100.8") }},
		"an address that came mapped":   {"client_ip", func(d *pipeline.Delivery) { d.ClientIP = netip.MustParseAddr("::ffff:198.51.100.7") }, func(d *pipeline.Delivery) { d.ClientIP = netip.MustParseAddr("::1") }},
		"a network":                     {"client_net", func(d *pipeline.Delivery) { d.ClientIP = netip.MustParseAddr("198.51.100.200") }, func(d *pipeline.Delivery) { d.ClientIP = netip.MustParseAddr("198.51.101.7") }},
		"a route":                       {"route", func(d *pipeline.Delivery) { d.ClientIP = netip.MustParseAddr("::2") }, func(d *pipeline.Delivery) { d.Route = "another" }},
		"a header":                      {"header:X-Account", func(d *pipeline.Delivery) {}, func(d *pipeline.Delivery) { d.Headers = pipeline.Headers{header("x-account", "b")} }},
		"a header with an odd value":    {"header:x-account", func(d *pipeline.Delivery) { d.Route = "github" }, func(d *pipeline.Delivery) { d.Headers = pipeline.Headers{header("x-account", "a:b\xff")} }},
		"an address on another route":   {"client_ip", func(*pipeline.Delivery) {}, func(d *pipeline.Delivery) { d.Route = "another" }},
		"IPv6 networks of one customer": {"client_net", func(d *pipeline.Delivery) {}, func(d *pipeline.Delivery) { d.ClientIP = netip.MustParseAddr("2001:db8::1") }},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			s := newKit(t).stage(t, limits("2-M", tc.by))
			of := func(change func(*pipeline.Delivery)) *pipeline.Delivery {
				d := delivery("198.51.100.7")
				d.Headers = pipeline.Headers{header("x-account", "a")}
				change(d)
				return d
			}
			got := []pipeline.Code{
				code(t, s, of(func(*pipeline.Delivery) {})), code(t, s, of(tc.same)), code(t, s, of(tc.same)), code(t, s, of(tc.other)),
			}
			want := []pipeline.Code{pipeline.Accepted, pipeline.Accepted, pipeline.RateLimited, pipeline.Accepted}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("codes (-want +got):\n%s", diff)
			}
		})
	}
}
