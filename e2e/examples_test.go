package e2e

import (
	"encoding/pem"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"go.yaml.in/yaml/v3"
)

// example is a list of plugins that a page shows.
type example struct {
	page    string
	path    string // where it is served
	plugins []map[string]any
}

var yamlBlock = regexp.MustCompile("(?s)```yaml\n(.*?)```")

// pages are the Markdown files of the repository, as they are named from its root.
func pages(t *testing.T) (names []string) {
	t.Helper()
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && (d.Name() == ".git" || d.Name() == "node_modules") {
			return fs.SkipDir
		}
		if err == nil && filepath.Ext(path) == ".md" {
			names = append(names, strings.TrimPrefix(path, "../"))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// shown are the examples of every page: plugins by themselves, and those of routes. What
// else is YAML is for policies or for OPA.
func shown(t *testing.T) (all []example) {
	t.Helper()
	for _, page := range pages(t) {
		text, err := os.ReadFile(filepath.Join("..", page))
		if err != nil {
			t.Fatal(err)
		}
		for _, block := range yamlBlock.FindAllStringSubmatch(string(text), -1) {
			var part struct{ Plugins, Routes yaml.Node }
			if err := yaml.Unmarshal([]byte(block[1]), &part); err != nil {
				t.Fatalf("%s: %v", page, err)
			}
			var routes []struct{ Plugins []map[string]any }
			if part.Routes.Kind == yaml.SequenceNode {
				if err := part.Routes.Decode(&routes); err != nil {
					t.Fatalf("%s: %v", page, err)
				}
			}
			if part.Plugins.Kind == yaml.SequenceNode {
				routes = append(routes, struct{ Plugins []map[string]any }{})
				if err := part.Plugins.Decode(&routes[len(routes)-1].Plugins); err != nil {
					t.Fatalf("%s: %v", page, err)
				}
			}
			for _, r := range routes {
				all = append(all, example{page, fmt.Sprintf("/example/%03d", len(all)), r.Plugins})
			}
		}
	}
	return all
}

// config is that of the plugin of a name, nil where e has none.
func (e *example) config(name string) map[string]any {
	for _, p := range e.plugins {
		if p["name"] == name {
			config, _ := p["config"].(map[string]any)
			return config
		}
	}
	return nil
}

func (e *example) has(names ...string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return e.config(name) != nil })
}

// fetches reports whether the provider's keys are fetched from it, which no test does.
func (e *example) fetches() bool {
	verify, _ := e.config("webhook-edge")["verify"].(map[string]any)
	secrets, listed := verify["secrets"].([]any)
	return listed && len(secrets) == 0
}

// provider is the sender of the route, acme for the one of a user's own.
func (e *example) provider() string {
	for _, p := range e.plugins {
		config, _ := p["config"].(map[string]any)
		if name, ok := config["provider"].(string); ok {
			return name
		}
	}
	return "acme"
}

// complete makes e a route as a reader would, with the NATS, the files and the Redis of
// this machine, which is none. What proves the sender comes before what only stores.
func (e *example) complete(files map[string]string) {
	if edge := e.config("webhook-edge"); edge != nil && edge["publish"] == nil {
		edge["publish"] = map[string]any{"servers": nil}
	}
	for _, p := range e.plugins {
		p["config"] = adapted("", p["config"], files)
	}
	if e.has("webhook-publish") && !e.has("webhook-verify") {
		secrets := []any{map[string]any{"value": "{vault://env/" + e.provider() + "-webhook-secret}"}}
		e.plugins = append(e.plugins, map[string]any{"name": "webhook-verify", "config": map[string]any{"provider": e.provider(), "secrets": secrets}})
	}
}

func adapted(key string, value any, files map[string]string) any {
	switch key {
	case "servers":
		return []any{"{vault://env/nats-url}"}
	case "addresses":
		return []any{"127.0.0.1:1"}
	case "replicas":
		return 1
	}
	switch v := value.(type) {
	case map[string]any:
		for name := range v {
			v[name] = adapted(name, v[name], files)
		}
	case []any:
		for i := range v {
			v[i] = adapted("", v[i], files)
		}
	case string:
		if here, ok := files[v]; ok {
			return here
		}
	}
	return value
}

// served is a kong.yml with all examples before one service.
func served(t *testing.T, all []example, service string) string {
	t.Helper()
	var routes []any
	for _, e := range all {
		routes = append(routes, map[string]any{"name": strings.ReplaceAll(e.path[1:], "/", "-"), "paths": []string{e.path}, "plugins": e.plugins})
	}
	text, err := yaml.Marshal(map[string]any{
		"_format_version": "3.0",
		"services":        []any{map[string]any{"name": "backend", "url": service, "routes": routes}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// stub is the service behind the examples, whose answers nobody else gives.
func stub(t *testing.T) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(ofService) }))
	t.Cleanup(s.Close)
	return s.URL
}

const ofService = 299

// certificate is a file with the certificate of an authority.
func certificate(t *testing.T) string {
	t.Helper()
	s := httptest.NewTLSServer(nil)
	defer s.Close()
	path := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// streamOf makes the stream that the examples do not make themselves.
func streamOf(t *testing.T, url string) {
	t.Helper()
	nc, err := nats.Connect(url)
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	js, err := jetstream.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	_, err = js.CreateStream(t.Context(), jetstream.StreamConfig{Name: "WEBHOOKS", Subjects: []string{"webhooks.>"}, Duplicates: time.Hour, AllowDirect: true})
	if err != nil {
		t.Fatal(err)
	}
}
