package ipallow_test

import (
	"errors"
	"net/netip"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"webhookedge/plugins/internal/config"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/ipallow"
)

func TestHandle_admitsByAddress(t *testing.T) {
	mine := ipallow.Config{Allow: []string{"198.51.100.0/24", "2001:db8::/32", "::ffff:203.0.113.9"}}
	both := ipallow.Config{Allow: []string{"198.51.100.0/24"}, Deny: []string{"198.51.100.7", "2001:db8::/32"}}
	deny := ipallow.Config{Deny: []string{"198.51.100.0/24"}}
	published := ipallow.Config{ProviderRanges: true, Allow: []string{"198.51.100.7"}}
	tests := map[string]struct {
		cfg  ipallow.Config
		addr string
		want error
	}{
		"the first of a network":                   {mine, "198.51.100.0", nil},
		"the last of a network":                    {mine, "198.51.100.255", nil},
		"one behind a network":                     {mine, "198.51.101.0", ipallow.ErrNotListed},
		"IPv6":                                     {mine, "2001:db8:1::1", nil},
		"another IPv6":                             {mine, "2001:db9::1", ipallow.ErrNotListed},
		"IPv4 that came mapped":                    {mine, "::ffff:198.51.100.9", nil},
		"IPv4 that was configured mapped":          {mine, "203.0.113.9", nil},
		"an IPv6 address with a zone":              {mine, "2001:db8::1%eth0", ipallow.ErrUnknown},
		"no address":                               {mine, "", ipallow.ErrUnknown},
		"no address where all but some may":        {deny, "", ipallow.ErrUnknown},
		"denied though allowed":                    {both, "198.51.100.7", ipallow.ErrDenied},
		"its neighbour":                            {both, "198.51.100.8", nil},
		"denied, mapped":                           {both, "::ffff:198.51.100.7", ipallow.ErrDenied},
		"neither":                                  {both, "192.0.2.1", ipallow.ErrNotListed},
		"not denied where nothing else is said":    {deny, "192.0.2.1", nil},
		"denied where nothing else is said":        {deny, "198.51.100.1", ipallow.ErrDenied},
		"on the published list":                    {published, "140.82.115.3", nil},
		"on the published list, IPv6":              {published, "2a0a:a440::1", nil},
		"on one's own list beside the published":   {published, "198.51.100.7", nil},
		"on neither one's own nor the published":   {published, "198.51.100.8", ipallow.ErrNotListed},
		"on the published list of somebody else's": {published, "3.18.12.63", ipallow.ErrNotListed},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if err := handle(t, newKit(t).stage(t, row(t, "github"), tc.cfg), tc.addr); !errors.Is(err, tc.want) || (err == nil) != (tc.want == nil) {
				t.Errorf("got %v, want %v", err, tc.want)
			}
		})
	}
}

func TestObserve_passesCountsAndLogs(t *testing.T) {
	k := newKit(t)
	s := k.stage(t, row(t, "github"), ipallow.Config{Mode: ipallow.ModeObserve, Allow: []string{"198.51.100.0/24"}, Deny: []string{"198.51.100.7"}})
	for addr, result := range map[string]string{"198.51.100.1": "allowed", "198.51.100.7": "denied", "192.0.2.1": "not_listed", "": "unknown"} {
		if err := handle(t, s, addr); err != nil {
			t.Errorf("%s: %v", addr, err)
		}
		if got := k.count(t, "checks_total observe github "+result); got != 1 {
			t.Errorf("%s counted %v times", result, got)
		}
	}
	if n := strings.Count(k.log.String(), "would be refused"); n != 3 {
		t.Errorf("%d lines in\n%s", n, k.log)
	}
	if !strings.Contains(k.log.String(), `"client_ip":"192.0.2.1"`) {
		t.Errorf("the address is not in\n%s", k.log)
	}
}

func TestNew_namesEveryFault(t *testing.T) {
	tests := map[string]struct {
		provider string
		cfg      ipallow.Config
		want     []string
	}{
		"nothing restricted":          {"github", ipallow.Config{}, []string{"allow: "}},
		"what is no prefix":           {"github", ipallow.Config{Allow: []string{"198.51.100.0/24", "x"}, Deny: []string{"1.2.3"}}, []string{"allow[1]: ", "deny[0]: "}},
		"bits behind the length":      {"github", ipallow.Config{Allow: []string{"198.51.100.7/24"}}, []string{"allow[0]: ", "198.51.100.0/24"}},
		"a zone":                      {"github", ipallow.Config{Allow: []string{"fe80::1%eth0"}}, []string{"allow[0]: "}},
		"a provider without a list":   {"slack", ipallow.Config{ProviderRanges: true}, []string{"provider_ranges: "}},
		"a relative folder":           {"github", ipallow.Config{ProviderRanges: true, Ranges: ipallow.RangesConfig{Dir: "ranges"}}, []string{"ranges.dir: "}},
		"a mirror without TLS":        {"github", ipallow.Config{ProviderRanges: true, Ranges: ipallow.RangesConfig{Mirror: "http://mirror.example/"}}, []string{"ranges.mirror: "}},
		"a mirror with a password":    {"github", ipallow.Config{ProviderRanges: true, Ranges: ipallow.RangesConfig{Mirror: "https://a:b@mirror.example/"}}, []string{"ranges.mirror: "}},
		"a mirror with no host":       {"github", ipallow.Config{ProviderRanges: true, Ranges: ipallow.RangesConfig{Mirror: "file:///etc/ranges"}}, []string{"ranges.mirror: "}},
		"a network mapped too wide":   {"github", ipallow.Config{Allow: []string{"::ffff:0:0/90"}}, []string{"allow[0]: "}},
		"an address written too long": {"github", ipallow.Config{Deny: []string{strings.Repeat("1", 100)}}, []string{"deny[0]: "}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := ipallow.New(row(t, tc.provider), tc.cfg, newKit(t).lists)
			if err == nil {
				t.Fatal("accepted")
			}
			for _, want := range tc.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q is not in %v", want, err)
				}
			}
		})
	}
}

func TestConfig_defaultsAreValid(t *testing.T) {
	if _, err := config.JSONSchema("", "", ipallow.Config{}); err != nil {
		t.Error(err)
	}
	var cfg ipallow.Config
	if err := config.Decode([]byte(`{"allow":["198.51.100.0/24"]}`), &cfg); err != nil {
		t.Fatal(err)
	}
	if cfg.Mode != ipallow.ModeEnforce || !cfg.Ranges.Refresh || cfg.Ranges.EveryHours != 24 || cfg.Ranges.Dir == "" {
		t.Errorf("got %+v", cfg)
	}
}

func TestAfterVerify_reportsAStaleList(t *testing.T) {
	k := newKit(t)
	s := k.stage(t, row(t, "github"), ipallow.Config{ProviderRanges: true, Allow: []string{"198.51.100.0/24"}})
	after := s.AfterVerify()
	if after == nil {
		t.Fatal("no part behind verify")
	}
	proved := func(addr string) *pipeline.Delivery {
		d := from(addr)
		d.Verification = &pipeline.Verification{Provider: "github"}
		return d
	}
	const counter = "stale_range_suspected_total github"
	steps := []struct {
		name string
		d    *pipeline.Delivery
		want float64
	}{
		{"not proved", from("198.51.100.7"), 0},
		{"proved and listed", proved("140.82.115.3"), 0},
		{"proved and off the list", proved("198.51.100.7"), 1},
		{"proved and off the list again", proved("198.51.100.8"), 2},
	}
	for _, step := range steps {
		if err := after.Handle(t.Context(), step.d); err != nil {
			t.Errorf("%s: %v", step.name, err)
		}
		if got := k.count(t, counter); got != step.want {
			t.Errorf("%s: counted %v, want %v", step.name, got, step.want)
		}
	}
	if n := strings.Count(k.log.String(), "may be stale"); n != 1 {
		t.Errorf("logged %d times within an hour:\n%s", n, k.log)
	}
	if k.stage(t, row(t, "github"), ipallow.Config{Allow: []string{"198.51.100.0/24"}}).AfterVerify() != nil {
		t.Error("a stage without a published list has something to notice")
	}
}

func TestMetrics_areLintedAndPresentFromTheStart(t *testing.T) {
	k := newKit(t)
	k.stage(t, row(t, "github"), ipallow.Config{ProviderRanges: true})
	problems, err := testutil.GatherAndLint(k.registry)
	if err != nil || len(problems) > 0 {
		t.Errorf("lint: %v, %v", problems, err)
	}
	// A vector has four results of the one stage, a suspicion, and four results of each list and of other.
	if got := testutil.CollectAndCount(k.registry, "webhook_edge_ipallow_checks_total", "webhook_edge_ipallow_stale_range_suspected_total"); got != 5 {
		t.Errorf("%d series of checks and suspicions", got)
	}
	if got := k.count(t, "list_prefixes github"); got < 5 {
		t.Errorf("list of %v prefixes", got)
	}
	if k.count(t, "list_age_seconds github") <= 0 {
		t.Error("the list has no age")
	}
	if _, err := ipallow.NewMetrics(k.registry, func(name string) string { return name }); err == nil {
		t.Error("registered twice")
	}
}

func TestHandle_allocatesNothingWhenAllowed(t *testing.T) {
	s := newKit(t).stage(t, row(t, "github"), ipallow.Config{ProviderRanges: true})
	d := from("140.82.115.3")
	if n := testing.AllocsPerRun(100, func() { _ = s.Handle(t.Context(), d) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
	if !netip.MustParsePrefix("140.82.112.0/20").Contains(d.ClientIP) {
		t.Error("the address is not GitHub's")
	}
}
