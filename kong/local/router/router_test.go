package router

import (
	"strings"
	"testing"
)

func sampleRoutes() []Route {
	return []Route{
		{ID: "00000000-0000-0000-0000-000000000000", Paths: []string{"/"}},
		{ID: "00000000-0000-0000-0000-000000000001", Paths: []string{"/webhooks", "/hooks/github", "~/v(?<version>\\d+)/hooks"}},
		{ID: "00000000-0000-0000-0000-000000000002", Paths: []string{"/webhooks/github"}},
		{ID: "00000000-0000-0000-0000-000000000003", Paths: []string{"/webhooks/github"}, Methods: []string{"PUT"}},
		{ID: "00000000-0000-0000-0000-000000000004", Paths: []string{"~/re/.*"}, RegexPriority: 1},
		{ID: "00000000-0000-0000-0000-000000000005", Paths: []string{"~/re/x$"}, RegexPriority: 5},
		{ID: "00000000-0000-0000-0000-000000000006", Hosts: []string{"*.example.com"}, Paths: []string{"/h"}},
		{ID: "00000000-0000-0000-0000-000000000007", Hosts: []string{"a.example.com"}, Paths: []string{"/h"}},
		{ID: "00000000-0000-0000-0000-000000000008", Hosts: []string{"example.*"}, Paths: []string{"/h"}},
		{ID: "00000000-0000-0000-0000-000000000009", Hosts: []string{"port.test:8443"}, Paths: []string{"/h"}},
		{ID: "00000000-0000-0000-0000-000000000010", Headers: map[string][]string{"X-Event": {"Push", "~*^re.*$"}}, Paths: []string{"/e"}},
		{ID: "00000000-0000-0000-0000-000000000011", Headers: map[string][]string{"x-event": {"push"}, "x-two": {"2"}}, Paths: []string{"/e"}},
	}
}

func TestMatch(t *testing.T) {
	r, err := New(sampleRoutes())
	if err != nil {
		t.Fatal(err)
	}
	cases := map[string]struct {
		method, host, path string
		headers            map[string]string
		want               int
		matched            string
	}{
		"the shortest prefix is the last": {path: "/other", want: 0, matched: "/"},
		"the longest prefix":              {path: "/webhooks/github/x", want: 2, matched: "/webhooks/github"},
		"one of several prefixes":         {path: "/hooks/github", want: 1, matched: "/hooks/github"},
		"a prefix is not a segment":       {path: "/webhooksy", want: 1, matched: "/webhooks"},
		"more attributes first":           {method: "PUT", path: "/webhooks/github", want: 3, matched: "/webhooks/github"},
		"a regular expression":            {path: "/v12/hooks/x", want: 1, matched: "/v12/hooks"},
		"the higher regex priority":       {path: "/re/x", want: 5, matched: "/re/x"},
		"the lower regex priority":        {path: "/re/xy", want: 4, matched: "/re/xy"},
		"a plain host before a wildcard":  {host: "a.example.com:8000", path: "/h", want: 7, matched: "/h"},
		"a wildcard at the left":          {host: "b.example.com", path: "/h", want: 6, matched: "/h"},
		"a wildcard at the right":         {host: "example.org", path: "/h", want: 8, matched: "/h"},
		"a host with another port":        {host: "port.test:8443", path: "/h", want: 0, matched: "/"},
		"a header, whatever its case":     {path: "/e", headers: map[string]string{"x-event": "PUSH"}, want: 10, matched: "/e"},
		"a header by expression":          {path: "/e", headers: map[string]string{"x-event": "release"}, want: 10, matched: "/e"},
		"more headers first":              {path: "/e", headers: map[string]string{"x-event": "push", "x-two": "2"}, want: 11, matched: "/e"},
		"a header that is not there":      {path: "/e", want: 0, matched: "/"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			m, ok := r.Match(Query{Method: tc.method, Host: tc.host, Port: 8000, Path: tc.path, Header: func(n string) []string {
				if v, ok := tc.headers[n]; ok {
					return []string{v}
				}
				return nil
			}})
			if !ok || m.Index != tc.want || m.Path != tc.matched {
				t.Errorf("got %v %+v, want route %d by %q", ok, m, tc.want, tc.matched)
			}
		})
	}
	m, _ := r.Match(Query{Path: "/v12/hooks", Header: func(string) []string { return nil }})
	if len(m.Captures) != 1 || m.Captures[0] != "12" || m.Names[0] != "version" {
		t.Errorf("captures %q of %q", m.Captures, m.Names)
	}
}

func TestMatch_none(t *testing.T) {
	r, err := New([]Route{{Paths: []string{"/a"}}})
	if err != nil {
		t.Fatal(err)
	}
	if m, ok := r.Match(Query{Path: "/b"}); ok {
		t.Errorf("got %+v", m)
	}
	if _, err := New([]Route{{ID: "x", Paths: []string{"~/("}}}); err == nil || !strings.Contains(err.Error(), "route x") {
		t.Errorf("a broken expression gave %v", err)
	}
}

// TestUpstreamPath has the cases of the table in Kong's documentation of
// path_handling v0.
func TestUpstreamPath(t *testing.T) {
	cases := map[string]struct {
		base, path, matched string
		strip               bool
		want                string
	}{
		"keep, no base":                       {"/", "/a/b", "/a", false, "/a/b"},
		"keep, base":                          {"/s", "/a/b", "/a", false, "/s/a/b"},
		"keep, base with slash":               {"/s/", "/a/b", "/a", false, "/s/a/b"},
		"keep, root":                          {"/s", "/", "/", false, "/s"},
		"strip, no base":                      {"", "/a/b", "/a", true, "/b"},
		"strip all, no base":                  {"", "/a", "/a", true, "/"},
		"strip all with slash":                {"/s", "/a/", "/a/", true, "/s/"},
		"strip, base":                         {"/s", "/a/b", "/a", true, "/s/b"},
		"strip, base with slash":              {"/s/", "/a/b", "/a", true, "/s/b"},
		"strip all, base":                     {"/s", "/a", "/a", true, "/s"},
		"strip all, base with slash":          {"/s/", "/a", "/a", true, "/s"},
		"strip within a segment":              {"/s", "/ab", "/a", true, "/s/b"},
		"strip without a path":                {"/s", "/a/b", "", true, "/s/a/b"},
		"dot segments that stripping uncover": {"/s", "/a../b", "/a", true, "/s/b"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if got := UpstreamPath(tc.base, tc.path, tc.matched, tc.strip); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}
