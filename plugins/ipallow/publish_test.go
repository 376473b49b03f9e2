package ipallow_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"webhookedge/plugins/ipallow"
	"webhookedge/plugins/provider"
)

// eventually polls until ok, and fails after a time that only a hang takes.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("never: %s", what)
		}
	}
}

// refreshed is the config of a stage whose only list is fetched at once, since
// it has no snapshot.
func refreshed(t *testing.T) ipallow.Config {
	t.Helper()
	return ipallow.Config{ProviderRanges: true, Ranges: ipallow.RangesConfig{Refresh: true, EveryHours: 24, Dir: t.TempDir()}}
}

// TestDocumentsOfPublishersAreRead fetches documents as their publishers document
// them, cut to a few entries, from a server on loopback.
func TestDocumentsOfPublishersAreRead(t *testing.T) {
	tests := map[string]struct {
		format   provider.RangeFormat
		paths    []string
		where    []provider.RangeMatch
		document string
		in, out  []string
	}{
		"GitHub, api.github.com/meta": {
			provider.RangeJSON, []string{"hooks"}, nil,
			`{"verifiable_password_authentication":false,"hooks":["192.30.252.0/22","2a0a:a440::/29"],"web":["20.201.28.151/32"],"domains":{"website":["*.github.com"]}}`,
			[]string{"192.30.255.1", "2a0a:a440::1"}, []string{"20.201.28.151"},
		},
		"Stripe, ips_webhooks.json": {
			provider.RangeJSON, []string{"WEBHOOKS"}, nil, `{"WEBHOOKS":["3.18.12.63","3.130.192.231"]}`,
			[]string{"3.18.12.63"}, []string{"3.18.12.64"},
		},
		"Stripe, ips_webhooks.txt": {
			provider.RangeText, nil, nil, "3.18.12.63\r\n3.130.192.231\n\n# the end\n",
			[]string{"3.18.12.63", "3.130.192.231"}, []string{"3.18.12.64"},
		},
		"Svix, webhook-ips.json": {
			provider.RangeJSON, []string{"*"}, nil, `{"us":["44.228.126.217","2600:1f24:64:8000::/56"],"eu":["52.215.16.239"]}`,
			[]string{"44.228.126.217", "2600:1f24:64:8000::9", "52.215.16.239"}, []string{"1.1.1.1"},
		},
		"Atlassian, ip-ranges.atlassian.com": {
			provider.RangeJSON, []string{"items.*.cidr"},
			[]provider.RangeMatch{{Field: "product", OneOf: []string{"bitbucket"}}, {Field: "direction", OneOf: []string{"egress"}}},
			`{"creationDate":"2026-01-01T00:00:00","syncToken":1,"items":[
			  {"network":"104.192.136.0","mask_len":21,"cidr":"104.192.136.0/21","product":["bitbucket","jira"],"direction":["ingress","egress"]},
			  {"network":"13.52.5.96","mask_len":28,"cidr":"13.52.5.96/28","product":["jira"],"direction":["egress"]},
			  {"network":"18.246.31.224","mask_len":28,"cidr":"18.246.31.224/28","product":["bitbucket"],"direction":["ingress"]}]}`,
			[]string{"104.192.137.1"}, []string{"13.52.5.97", "18.246.31.225"},
		},
		"AWS, ip-ranges.json": {
			provider.RangeJSON, []string{"prefixes.*.ip_prefix", "ipv6_prefixes.*.ipv6_prefix"},
			[]provider.RangeMatch{{Field: "service", OneOf: []string{"ROUTE53_HEALTHCHECKS"}}},
			`{"syncToken":"1","createDate":"2026-01-01-00-00-00",
			  "prefixes":[{"ip_prefix":"15.177.0.0/18","region":"GLOBAL","service":"ROUTE53_HEALTHCHECKS"},{"ip_prefix":"3.5.140.0/22","region":"ap-northeast-2","service":"AMAZON"}],
			  "ipv6_prefixes":[{"ipv6_prefix":"2406:da18:fff:f800::/53","region":"GLOBAL","service":"ROUTE53_HEALTHCHECKS"}]}`,
			[]string{"15.177.1.1", "2406:da18:fff:f800::1"}, []string{"3.5.140.1"},
		},
		"Google, goog.json: members that not every element has": {
			provider.RangeJSON, []string{"prefixes.*.ipv4Prefix", "prefixes.*.ipv6Prefix"}, nil,
			`{"prefixes":[{"ipv4Prefix":"8.8.4.0/24"},{"ipv6Prefix":"2001:4860::/32"}]}`,
			[]string{"8.8.4.4", "2001:4860::1"}, []string{"8.8.8.8"},
		},
		"Okta, ip_ranges.json": {
			provider.RangeJSON, []string{"*.ip_ranges"}, nil, `{"us_cell_1":{"ip_ranges":["3.14.44.0/27"]},"emea_cell_1":{"ip_ranges":["99.80.129.0/27"]}}`,
			[]string{"3.14.44.1", "99.80.129.1"}, []string{"3.14.45.1"},
		},
		"PagerDuty, a bare list": {
			provider.RangeJSON, []string{"*"}, nil, `["44.242.69.192","52.89.71.166"]`,
			[]string{"44.242.69.192"}, []string{"44.242.69.193"},
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(tc.document)) }))
			defer server.Close()
			p := row(t, "github")
			p.Ranges = []provider.RangeList{{Name: "a-list", URL: server.URL, Format: tc.format, Paths: tc.paths, Where: tc.where}}
			k := newKit(t)
			s := k.stage(t, p, refreshed(t))
			eventually(t, "the list is fetched", func() bool { return k.count(t, "refreshes_total other updated") == 1 })
			for _, addr := range tc.in {
				if err := handle(t, s, addr); err != nil {
					t.Errorf("%s: %v", addr, err)
				}
			}
			for _, addr := range tc.out {
				if handle(t, s, addr) == nil {
					t.Errorf("%s passed", addr)
				}
			}
		})
	}
}

func TestAnswersThatAreNoListAreNotUsed(t *testing.T) {
	big := make([]byte, 9<<20)
	for i := range big {
		big[i] = ' '
	}
	tests := map[string]struct {
		answer func(http.ResponseWriter, *http.Request)
		result string
	}{
		"an error":                     {func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "busy", http.StatusServiceUnavailable) }, "failed"},
		"304 to a request without tag": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotModified) }, "failed"},
		"a redirect without end":       {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/again", http.StatusFound) }, "failed"},
		"a page for people":            {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>")) }, "refused"},
		"another document":             {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"message":"rate limited"}`)) }, "refused"},
		"an empty list":                {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"hooks":[]}`)) }, "refused"},
		"a list with a number":         {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"hooks":["9.9.9.9",1]}`)) }, "refused"},
		"an entry that is no prefix":   {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"hooks":["9.9.9.9","x"]}`)) }, "refused"},
		"a private network": {func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte(`{"hooks":["9.9.9.9","10.1.0.0/16"]}`))
		}, "refused"},
		"a mapped private network": {func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte(`{"hooks":["::ffff:10.1.0.0/112"]}`))
		}, "refused"},
		"the whole of IPv4":           {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"hooks":["0.0.0.0/0"]}`)) }, "refused"},
		"the whole of IPv6":           {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"hooks":["::/0"]}`)) }, "refused"},
		"a quarter of IPv6":           {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"hooks":["4000::/2"]}`)) }, "refused"},
		"a half of IPv4":              {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"hooks":["64.0.0.0/2"]}`)) }, "refused"},
		"more than is ever published": {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(big) }, "refused"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(tc.answer))
			defer server.Close()
			p := row(t, "github")
			p.Ranges = []provider.RangeList{{Name: "a-list", URL: server.URL, Format: provider.RangeJSON, Paths: []string{"hooks"}}}
			k := newKit(t)
			cfg := refreshed(t)
			s := k.stage(t, p, cfg)
			eventually(t, tc.result, func() bool { return k.count(t, "refreshes_total other "+tc.result) == 1 })
			if handle(t, s, "9.9.9.9") == nil {
				t.Error("an address of the bad list passes")
			}
			if k.lists.Ready(t.Context()) == nil {
				t.Error("ready without a list")
			}
			if files, _ := filepath.Glob(filepath.Join(cfg.Ranges.Dir, "*")); len(files) > 0 {
				t.Errorf("kept %v", files)
			}
		})
	}
}

func TestAListIsKeptOnDiskAndTakenUpAgain(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("ETag", `"v1"`)
		_, _ = w.Write([]byte(`{"hooks":["9.9.9.0/24"]}`))
	}))
	p := row(t, "github")
	p.Ranges = []provider.RangeList{{Name: "a-list", URL: server.URL, Format: provider.RangeJSON, Paths: []string{"hooks"}}}
	cfg := refreshed(t)
	k := newKit(t)
	k.stage(t, p, cfg)
	eventually(t, "the list is kept", func() bool {
		text, err := os.ReadFile(filepath.Join(cfg.Ranges.Dir, "a-list.txt"))
		return err == nil && strings.Contains(string(text), `# etag: "v1"`)
	})
	server.Close()
	if err := handle(t, newKit(t).stage(t, p, cfg), "9.9.9.9"); err != nil {
		t.Errorf("after a restart: %v", err)
	}
	if err := k.lists.Ready(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestAKeptFileThatCannotBeUsedIsLeft(t *testing.T) {
	for name, text := range map[string]string{
		"no date":                    "9.9.9.0/24\n",
		"half a line":                "# date: 2030-01-01\n9.9.9.0/24\n9.9.",
		"a network that is private":  "# date: 2030-01-01\n9.9.9.0/24\n10.0.0.0/8\n",
		"older than what is shipped": "# date: 2020-01-01\n9.9.9.0/24\n",
	} {
		t.Run(name, func(t *testing.T) {
			cfg := refreshed(t)
			cfg.Ranges.Refresh = false
			if err := os.WriteFile(filepath.Join(cfg.Ranges.Dir, "github.txt"), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			s := newKit(t).stage(t, row(t, "github"), cfg)
			if err := handle(t, s, "140.82.115.3"); err != nil {
				t.Errorf("the snapshot is not used: %v", err)
			}
			if handle(t, s, "9.9.9.9") == nil {
				t.Error("the file is used")
			}
		})
	}
}

func TestAMirrorStandsForThePublisher(t *testing.T) {
	asked := make(chan string, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked <- r.URL.Path
		_, _ = w.Write([]byte(`{"hooks":["9.9.9.0/24"]}`))
	}))
	defer server.Close()
	p := row(t, "github")
	p.Ranges = []provider.RangeList{{Name: "a-list", URL: "https://publisher.invalid/", Format: provider.RangeJSON, Paths: []string{"hooks"}}}
	cfg := refreshed(t)
	cfg.Ranges.Mirror = server.URL + "/ranges/"
	k := newKit(t)
	s := k.stage(t, p, cfg)
	eventually(t, "the list is fetched", func() bool { return handle(t, s, "9.9.9.9") == nil })
	if path := <-asked; path != "/ranges/a-list" {
		t.Errorf("asked for %s", path)
	}
}

func TestEveryListOfTheCatalogueHasASnapshotOrIsFetched(t *testing.T) {
	known := map[string]bool{}
	for _, s := range ipallow.Shipped(provider.Catalogue()) {
		known[s.Name] = true
		if s.URL == "" && s.Prefixes == 0 || s.At.After(time.Now()) {
			t.Errorf("%s: %d prefixes of %v", s.Name, s.Prefixes, s.At)
		}
	}
	files, err := filepath.Glob("snapshots/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if name := strings.TrimSuffix(filepath.Base(file), ".txt"); !known[name] {
			t.Errorf("nobody uses the snapshot %s", name)
		}
	}
}

func TestAListThatIsNeitherKnownNorFetchedIsAFault(t *testing.T) {
	p := row(t, "github")
	p.Ranges = []provider.RangeList{{Name: "a-list", URL: "https://publisher.invalid/", Format: provider.RangeText}}
	cfg := refreshed(t)
	cfg.Ranges.Refresh = false
	if _, err := ipallow.New(p, cfg, newKit(t).lists); err == nil || !strings.Contains(err.Error(), "ranges.refresh: ") {
		t.Errorf("got %v", err)
	}
}
