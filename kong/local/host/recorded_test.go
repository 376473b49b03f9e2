package host

import (
	"net/netip"

	"webhookedge/kong/wire"
)

// step is one request in a recording.
type step struct {
	instance int // already running under this id, or 0: started in the recording
	config   string
	request  Request
	exits    bool
}

type recorded struct {
	sequence int64 // of the call before
	steps    []step
}

var (
	peer   = netip.MustParseAddrPort("127.0.0.1:40000")
	github = &wire.Route{
		ID: "a770c1e6-bdd5-5533-a8fe-47cdff621335", Name: "github", CreatedAt: 1795470286, UpdatedAt: 1795470286,
		Protocols: []string{"http", "https"}, Paths: []string{"/webhooks/github"}, HTTPSRedirectStatusCode: 426,
		StripPath: true, Tags: []string{"provider:github"},
	}
	signed = []Header{
		{"host", "127.0.0.1:8000"}, {"content-type", "application/json"}, {"user-agent", "GitHub-Hookshot/044aadd"},
		{"content-length", "92"}, {"accept", "*/*"}, {"x-github-delivery", "72d3162e-cc78-11e3-81ab-4c9367dc0958"},
		{"x-hub-signature-256", "sha256=86f8c89d08940ed7dadb7c1d5dd916a08a352e01db40ec1abbe5cf9e693f618c"},
		{"x-forwarded-for", "140.82.115.7"}, {"x-multi", "one"}, {"x-multi", "two"}, {"x-github-event", "push"},
	}
	push = []byte(`{"ref":"refs/heads/main","repository":{"full_name":"octo/hello"},"note":"caf\u00e9 é ✓"}` + "\n")
)

func curl(length string) []Header {
	return []Header{
		{"host", "127.0.0.1:8000"}, {"content-type", "application/x-www-form-urlencoded"},
		{"user-agent", "curl/7.88.1"}, {"content-length", length}, {"accept", "*/*"},
	}
}

func plain(id, name, path string) *wire.Route {
	r := *github
	r.ID, r.Name, r.Paths, r.Tags = id, name, []string{path}, nil
	return &r
}

func recordings() map[string]recorded {
	forwarded := netip.MustParseAddrPort("140.82.115.7:0")
	proxied := plain("34f0faaa-672b-564e-a7cd-75f28232022c", "proxied", "/proxied")
	proxied.ServiceID = "451d950a-412e-5b53-9cb1-5a1fa52bbf72"
	legacy := &wire.Service{
		ID: proxied.ServiceID, Name: "legacy", CreatedAt: 1795470286, UpdatedAt: 1795470286, Protocol: "http",
		Host: "127.0.0.1", Port: 8001, Retries: 5, ConnectTimeout: 60000, WriteTimeout: 60000, ReadTimeout: 60000,
		Tags: []string{"legacy"},
	}
	exiting := Request{Target: "/piped", Headers: signed, Body: push, Client: forwarded}
	going := Request{Target: "/piped-continue", Headers: signed, Body: push, Client: forwarded}
	return map[string]recorded{
		"basic": {1, []step{{config: "all", exits: true, request: Request{
			Target: "/webhooks/github/x%20y?q=1&q=2", Headers: signed, Body: push, Client: forwarded, Route: github,
		}}}},
		"bigbody": {3, []step{{config: "all", instance: 23, exits: true, request: Request{
			Target: "/webhooks/github", Headers: curl("100000"), Route: github,
			BodyFile: "/usr/local/kong/client_body_temp/0000000001",
		}}}},
		"latin1": {4, []step{{config: "all", instance: 23, exits: true, request: Request{
			Target: "/webhooks/github?x=\xe9", Body: []byte("{}"), Route: github,
			Headers: []Header{{"host", "x"}, {"x-bad", "caf\xe9"}, {"connection", "close"}, {"content-length", "2"}},
		}}}},
		"continue": {5, []step{{config: "all", request: Request{
			Target: "/proxied/status", Headers: curl("2"), Body: []byte("{}"), Route: proxied, Service: legacy,
		}}}},
		"unresolved": {7, []step{{config: "all", exits: true, request: Request{
			Target: "/unresolved", Headers: curl("2"), Body: []byte("{}"),
			Route: plain("f6448705-6913-58f7-a7f2-e10bd5c38aa9", "unresolved", "/unresolved"),
		}}}},
		"pipelined": {1, []step{
			{config: "piped", request: exiting, exits: true},
			{config: "piped", request: going}, {config: "piped", request: going},
		}},
	}
}
