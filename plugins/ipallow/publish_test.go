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
	"webhookedge/plugins/provider/catalogue"
	"webhookedge/plugins/provider/spec"
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

// published returns a row with a list of another name, which has no snapshot and
// is fetched at once, and the settings that fetch it from a server.
func published(t *testing.T, list spec.RangeList, server *httptest.Server) (*provider.Provider, ipallow.Config) {
	t.Helper()
	p, cfg := row(t, "github"), refreshed(t)
	list.Name, list.URL, cfg.Ranges.Mirror = "a-list", "https://publisher.invalid/", server.URL
	p.Ranges = []spec.RangeList{list}
	return p, cfg
}

// hooksList is a list in GitHub's form.
func hooksList() spec.RangeList {
	return spec.RangeList{Format: spec.RangeJSON, Paths: []string{"hooks"}}
}

func TestFetch_invalidAnswersAreNotUsed(t *testing.T) {
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
			p, cfg := published(t, hooksList(), server)
			k := newKit(t)
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

func TestFolder_listSurvivesARestart(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("ETag", `"v1"`)
		_, _ = w.Write([]byte(`{"hooks":["9.9.9.0/24"]}`))
	}))
	p, cfg := published(t, hooksList(), server)
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

func TestFolder_invalidFileIsIgnored(t *testing.T) {
	for name, text := range map[string]string{
		"no date":                    "9.9.9.0/24\n",
		"half a line":                "# date: 2030-01-01\n9.9.9.0/24\n9.9.",
		"a network that is private":  "# date: 2030-01-01\n9.9.9.0/24\n10.0.0.0/8\n",
		"older than what is shipped": "# date: 2020-01-01\n9.9.9.0/24\n",
		"nothing":                    "",
		"no text":                    "\x00\xff\xfe# date: 2030-01-01\n9.9.9.0/24\n",
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

func TestFetch_mirrorReplacesThePublisher(t *testing.T) {
	asked := make(chan string, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked <- r.URL.Path
		_, _ = w.Write([]byte(`{"hooks":["9.9.9.0/24"]}`))
	}))
	defer server.Close()
	p, cfg := published(t, hooksList(), server)
	cfg.Ranges.Mirror += "/ranges/"
	k := newKit(t)
	s := k.stage(t, p, cfg)
	eventually(t, "the list is fetched", func() bool { return handle(t, s, "9.9.9.9") == nil })
	if path := <-asked; path != "/ranges/a-list" {
		t.Errorf("asked for %s", path)
	}
}

func TestLists_haveASnapshotOrAreFetched(t *testing.T) {
	known := map[string]bool{}
	for _, s := range ipallow.Shipped(catalogue.All()) {
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

func TestNew_listWithoutSnapshotAndRefreshIsAFault(t *testing.T) {
	p := row(t, "github")
	p.Ranges = []spec.RangeList{{Name: "a-list", URL: "https://publisher.invalid/", Format: spec.RangeText}}
	cfg := refreshed(t)
	cfg.Ranges.Refresh = false
	if _, err := ipallow.New(p, cfg, newKit(t).lists); err == nil || !strings.Contains(err.Error(), "ranges.refresh: ") {
		t.Errorf("got %v", err)
	}
}

func TestFolder_unusableFolderRefusesNobody(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"hooks":["9.9.9.0/24"]}`)) }))
	defer server.Close()
	file := filepath.Join(t.TempDir(), "a-file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	p, cfg := published(t, hooksList(), server)
	cfg.Ranges.Dir = filepath.Join(file, "below") // root may write anywhere but here
	k := newKit(t)
	s := k.stage(t, p, cfg)
	eventually(t, "the list is in use", func() bool { return handle(t, s, "9.9.9.9") == nil })
	eventually(t, "the log says that it is not kept", func() bool { return strings.Contains(k.log.String(), "not kept on disk") })
}

func TestFetch_publishersAtPublicAddressesOnly(t *testing.T) {
	called := make(chan string, 10)
	server := httptest.NewTLSServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { called <- r.URL.Path }))
	defer server.Close()
	p, cfg := published(t, hooksList(), server)
	p.Ranges[0].URL, cfg.Ranges.Mirror = server.URL, ""
	k := newKit(t)
	k.stage(t, p, cfg)
	eventually(t, "the fetch fails", func() bool { return k.count(t, "refreshes_total other failed") == 1 })
	if !strings.Contains(k.log.String(), "not a public one") || len(called) > 0 {
		t.Errorf("called %d times\n%s", len(called), k.log)
	}
}

// sends answers every request with a redirect.
type sends struct {
	to    string
	asked chan string
}

func (s sends) RoundTrip(r *http.Request) (*http.Response, error) {
	s.asked <- r.URL.String()
	return &http.Response{StatusCode: http.StatusFound, Header: http.Header{"Location": {s.to}}, Body: http.NoBody, Request: r}, nil
}

func TestFetch_noRedirectLeavesTLS(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	p, cfg := published(t, hooksList(), server)
	cfg.Ranges.Mirror = ""
	way := sends{"http://publisher.invalid/list", make(chan string, 10)}
	k := newKit(t)
	k.lists.FetchThrough(way)
	k.stage(t, p, cfg)
	eventually(t, "the fetch fails", func() bool { return k.count(t, "refreshes_total other failed") == 1 })
	if <-way.asked != "https://publisher.invalid/" || len(way.asked) > 0 {
		t.Error("the redirect is followed")
	}
}
