package declarative

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const good = `_format_version: "3.0"
_transform: false
vaults:
  - prefix: hooks
    name: env
    config: {prefix: HOOK_}
_plugin_configs:
  base: &base
    tolerance: 300
    mode: exit
services:
  - name: legacy
    url: http://127.0.0.1:8001/base
    tags: [legacy]
    routes:
      - name: proxied
        paths: [/proxied]
        plugins:
          - name: all
            config: {<<: *base, mode: continue, list: [a, 1, 1.5, true, null]}
routes:
  - name: github
    paths: [/webhooks/github, "~/v\\d+/hooks$"]
    methods: [POST]
    hosts: ["*.example.com", "example.org:8000"]
    headers: {x-event: [push]}
    regex_priority: 3
    strip_path: false
    tags: ["provider:github"]
    plugins:
      - name: all
        config:
          secret: "{vault://env/hook-secret}"
  - name: late
    service: legacy
    paths: [/late]
plugins:
  - name: all
    route: late
    enabled: false
  - name: cors
`

func TestParse(t *testing.T) {
	f, err := Parse("kong.yml", []byte(good))
	if err != nil {
		t.Fatal(err)
	}
	if f.Transform || !cmp.Equal(f.Vaults, map[string]string{"hooks": "HOOK_"}) || len(f.Warnings) != 0 {
		t.Errorf("transform %v, vaults %v, warnings %v", f.Transform, f.Vaults, f.Warnings)
	}
	service := &Service{
		ID: "451d950a-412e-5b53-9cb1-5a1fa52bbf72", Name: "legacy", Protocol: "http", Host: "127.0.0.1",
		BasePath: "/base", Port: 8001, Retries: 5, ConnectTimeout: 60000, WriteTimeout: 60000, ReadTimeout: 60000, Tags: []string{"legacy"}, Enabled: true,
	}
	if diff := cmp.Diff([]*Service{service}, f.Services); diff != "" {
		t.Errorf("services (-want +got):\n%s", diff)
	}
	github := &Route{
		ID: "a770c1e6-bdd5-5533-a8fe-47cdff621335", Name: "github", Protocols: []string{"http", "https"},
		Methods: []string{"POST"}, Hosts: []string{"*.example.com", "example.org:8000"}, Paths: []string{"/webhooks/github", `~/v\d+/hooks$`},
		Headers: map[string][]string{"x-event": {"push"}}, Tags: []string{"provider:github"}, RegexPriority: 3,
		HTTPSRedirectStatusCode: 426,
	}
	if diff := cmp.Diff(github, f.Routes[1]); diff != "" {
		t.Errorf("route (-want +got):\n%s", diff)
	}
	if f.Routes[0].ID != "34f0faaa-672b-564e-a7cd-75f28232022c" || f.Routes[0].Service != f.Services[0] || f.Routes[2].Service != f.Services[0] {
		t.Errorf("routes %+v and %+v", f.Routes[0], f.Routes[2])
	}
}

// pluginRow is a plugin as TestParse_plugins compares it.
type pluginRow struct {
	ID, Name, Route string
	Enabled         bool
	Config          any
}

func TestParse_plugins(t *testing.T) {
	f, err := Parse("kong.yml", []byte(good))
	if err != nil {
		t.Fatal(err)
	}
	var got []pluginRow
	for _, p := range f.Plugins {
		r := pluginRow{p.ID, p.Name, "", p.Enabled, p.Config}
		if p.Route != nil {
			r.Route = p.Route.Name
		}
		got = append(got, r)
	}
	// The first two ids are those of the recordings of a real Kong.
	want := []pluginRow{
		{"c8dc6334-9c8a-55b8-95b5-e345224d3fd3", "all", "proxied", true, map[string]any{
			"tolerance": int64(300), "mode": "continue", "list": []any{"a", int64(1), 1.5, true, nil},
		}},
		{"da68844f-5e56-5348-bc8d-efcf423e8751", "all", "github", true, map[string]any{"secret": "{vault://env/hook-secret}"}},
		{"", "all", "late", false, nil},
		{"", "cors", "", true, nil},
	}
	if diff := cmp.Diff(want, got, cmpopts.AcyclicTransformer("", func(r pluginRow) pluginRow {
		if r.Route != "proxied" && r.Route != "github" {
			r.ID = ""
		}
		return r
	})); diff != "" {
		t.Errorf("plugins (-want +got):\n%s", diff)
	}
}

func TestParse_problems(t *testing.T) {
	const head = "_format_version: \"3.0\"\n"
	cases := map[string]struct{ text, want string }{
		"nothing":                     {"", "k.yml:1:1: not YAML: the file is empty"},
		"no YAML":                     {"a: [", "k.yml:1:1: not YAML: did not find expected node content"},
		"a list":                      {"- a", "k.yml:1:1: expected a mapping at the top"},
		"two documents":               {head + "---\na: 1\n", "k.yml:2:1: there must be one YAML document only"},
		"no version":                  {"routes: []", `k.yml:1:1: _format_version: required field missing; write _format_version: "3.0"`},
		"a version that is a number":  {"_format_version: 3.0", `k.yml:1:1: _format_version: expected a string; write it in quotes: "3.0"`},
		"an unknown key":              {head + "rutes: []", `k.yml:2:1: rutes: unknown key (did you mean "routes"?)`},
		"an unknown key inside":       {head + "routes:\n  - name: a\n    path: [/a]\n    paths: [/b]", `k.yml:4:5: routes[0].path: unknown key (did you mean "paths"?)`},
		"a key twice":                 {head + "routes:\n  - name: a\n    paths: [/b]\n    name: b", "k.yml:5:5: routes[0].name: duplicate key"},
		"a route without paths":       {head + "routes:\n  - name: a", "k.yml:3:5: routes[0]: must set one of 'methods', 'hosts', 'headers', 'paths'"},
		"a path that is relative":     {head + "routes:\n  - paths: [a]", "k.yml:3:13: routes[0].paths[0]: should start with: / (fixed path) or ~/ (regex path)"},
		"a path with dots":            {head + "routes:\n  - paths: [/a/../b]", "k.yml:3:13: routes[0].paths[0]: non-normalized path, consider use '/b' instead"},
		"a regex that is broken":      {head + "routes:\n  - paths: ['~/(']", "k.yml:3:13: routes[0].paths[0]: invalid regex: error parsing regexp: missing closing ): `^(?:/()`"},
		"a path that is a text":       {head + "routes:\n  - paths: /a", "k.yml:3:5: routes[0]: must set one of 'methods', 'hosts', 'headers', 'paths'\nk.yml:3:12: routes[0].paths: expected a list, got text"},
		"a method in small":           {head + "routes:\n  - methods: [post]", "k.yml:3:15: routes[0].methods[0]: invalid value: post (a method is in capitals)"},
		"a host with stars":           {head + "routes:\n  - hosts: ['a.*.b']", "k.yml:3:13: routes[0].hosts[0]: invalid wildcard: must be placed at leftmost or rightmost label"},
		"a protocol of another kind":  {head + "routes:\n  - paths: [/a]\n    protocols: [grpc]", "k.yml:4:17: routes[0].protocols[0]: grpc is not run here, only http and https"},
		"a name twice":                {head + "routes:\n  - {name: a, paths: [/a]}\n  - {name: a, paths: [/b]}", `k.yml:4:6: routes[1].name: "a" is already used at line 3`},
		"a service that is not there": {head + "routes:\n  - {name: a, paths: [/a], service: s}", `k.yml:3:28: routes[0].service: there is no service "s"`},
		"a route that is not there":   {head + "plugins:\n  - {name: a, route: r}", `k.yml:3:15: plugins[0].route: there is no route "r"`},
		"a plugin twice":              {head + "plugins:\n  - {name: a}\n  - {name: a}", `k.yml:4:6: plugins[1].name: "a for route \"\" and service \"\"" is already used at line 3`},
		"a plugin without a name":     {head + "plugins:\n  - {config: {}}", "k.yml:3:5: plugins[0].name: required field missing"},
		"a port too large":            {head + "services:\n  - {host: h, port: 70000}", "k.yml:3:15: services[0].port: value should be between 0 and 65535"},
		"a service without a host":    {head + "services:\n  - {name: s}", "k.yml:3:5: services[0].host: required field missing (or give url)"},
		"url and host":                {head + "services:\n  - {url: 'http://h', host: h}", `k.yml:3:6: services[0].url: cannot be set together with "host": url is a shorthand for it`},
		"a boolean in quotes":         {head + "plugins:\n  - {name: a, enabled: 'no'}", "k.yml:3:15: plugins[0].enabled: expected true or false, got text"},
		"a vault without a licence":   {head + "vaults:\n  - {prefix: a-b, name: aws}", `k.yml:3:19: vaults[0].name: vault "aws" is not installed: only env is available without a licence`},
		"a consumer's plugin":         {head + "plugins:\n  - {name: a, consumer: bob}", "k.yml:3:15: plugins[0].consumer: is not run here: there are no consumers in local mode"},
		"infinity":                    {head + "plugins:\n  - {name: a, config: {n: .inf}}", "k.yml:3:27: plugins[0].config.n: not a number that JSON can hold: .inf"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := Parse("k.yml", []byte(tc.text))
			var all *Error
			if !errors.As(err, &all) || err.Error() != tc.want {
				t.Errorf("got\n%v\nwant\n%s", err, tc.want)
			}
		})
	}
}

func TestCompile_warnsOfWhatIsNotRun(t *testing.T) {
	f, err := Parse("k.yml", []byte("_format_version: \"3.0\"\nconsumers:\n  - username: bob\n"))
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Warnings) != 1 || f.Warnings[0].String() != "k.yml:2:1: consumers: NOT RUN HERE: local mode ignores consumers" {
		t.Errorf("warnings %v", f.Warnings)
	}
}

func TestPlugin_problemsHavePositions(t *testing.T) {
	f, err := Parse("k.yml", []byte(good))
	if err != nil {
		t.Fatal(err)
	}
	p := f.Plugins[1]
	got := p.Problem([]any{"config", "secret"}, "config.secret", "bad").String()
	if got != "k.yml:33:11: routes[0].plugins[0].config.secret: bad" {
		t.Error(got)
	}
	if got := p.Problem([]any{"config", "absent", "deep"}, "config.absent.deep", "bad").Pos; got != (Pos{32, 9}) {
		t.Errorf("the position of a field that is not there is %v", got)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(good))
	f.Add([]byte("_format_version: \"3.0\"\nroutes: &a\n  - *a\n"))
	f.Add([]byte("a: &a {<<: *a}\n_format_version: \"3.0\"\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		file, err := Parse("k.yml", text)
		var all *Error
		if err != nil && (!errors.As(err, &all) || len(all.Problems) == 0) {
			t.Errorf("%T without problems", err)
		}
		if err == nil && file == nil {
			t.Error("neither a file nor an error")
		}
	})
}
