package asyncapi

import (
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"

	"webhookedge/plugins/internal/ctl/ctltest"
	"webhookedge/plugins/internal/ctl/exit"
)

// config is a kong.yml with a route of each kind, and a directory of schemas.
func config(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"stripe/charge.json":         `{"$id":"https://acme.example/charge","type":"object","properties":{"at":{"$ref":"refund.updated.json#/$defs/time"},"$ref":{"type":"string"},"self":{"$ref":"#"}}}`,
		"stripe/refund.updated.json": `{"$id":"https://acme.example/refund.updated.json","$defs":{"time":{"$anchor":"time","type":"string"}},"properties":{"at":{"$ref":"#time","description":"kept"}}}`,
		"acme/order placed.json":     `{"title":"An order","type":"object"}`,
		"elsewhere/a.json":           `{"type":"object"}`,
	} {
		if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(dir, "kong.yml")
	text := `_format_version: "3.0"
routes:
  - name: plain
    paths: [/a]
    plugins:
      - {name: webhook-edge, config: {provider: stripe, verify: {secrets: [{value: hush-hush-hush-hush}]}, publish: {servers: ["nats://10.0.0.1:4222"], password: hush-hush, username: u}}}
  - name: own/1
    paths: [/b]
    plugins:
      - name: webhook-edge
        config:
          provider: stripe
          verify: {secrets: [{value: hush-hush-hush-hush}]}
          normalize: {tenant: acme corp, validation: {on_invalid: tag, directory: ` + dir + `}}
          publish: {servers: ["nats://10.0.0.1:4222", "tls://10.0.0.2:4222"], content_mode: binary, dedupe: exact, subject_prefix: hooks.eu}
  - name: custom
    paths: [/c]
    plugins:
      - name: webhook-edge
        config:
          custom: {name: acme, schemes: [{name: v1, signature: "header:x-sig", hash: sha256, encoding: hex, content: "{body}"}], facts: {type: ["json:type"]}}
          verify: {secrets: [{value: hush-hush-hush-hush}]}
          normalize: {validation: {on_invalid: tag, directory: ` + dir + `}}
          publish: {servers: ["{vault://env/no-such-nats-url}"]}
  - name: verified
    paths: [/d]
    plugins:
      - {name: webhook-verify, config: {provider: github, secrets: [{value: hush-hush-hush-hush}]}}
`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func described(t *testing.T, args ...string) *document {
	t.Helper()
	out, err := ctltest.Run(t, Command(), append(args, "--json")...)
	if err != nil {
		t.Fatal(err)
	}
	var doc document
	if err := json.Unmarshal([]byte(out), &doc); err != nil {
		t.Fatal(err)
	}
	return &doc
}

func TestAsyncAPI_addresses(t *testing.T) {
	doc := described(t, "--config", config(t))
	for id, want := range map[string]string{
		"plain":                "webhooks.stripe.{tenant}.{event}",
		"plain.charge":         "webhooks.stripe.{tenant}.charge.{action}",
		"plain.charge.refund":  "webhooks.stripe.{tenant}.charge.refund.{action}",
		"own-1":                "hooks.eu.stripe.acme%20corp.{event}.{id}",
		"own-1.charge":         "hooks.eu.stripe.acme%20corp.charge.{action}.{id}",
		"own-1.refund.updated": "hooks.eu.stripe.acme%20corp.refund.updated.{id}",
		"custom":               "webhooks.acme.{tenant}.{event}",
		"custom.order-placed":  "webhooks.acme.{tenant}.order%20placed",
		"verified":             "",
	} {
		if got := doc.Channels[id].Address; got != want {
			t.Errorf("%s: %q, want %q", id, got, want)
		}
	}
	if diff := cmp.Diff(map[string]server{
		"nats":   {Host: "10.0.0.1:4222", Protocol: "nats"},
		"nats-2": {Host: "10.0.0.2:4222", Protocol: "nats", Description: "With TLS."},
		"nats-3": {Host: "{host}", Protocol: "nats", Variables: map[string]variable{"host": {"127.0.0.1:4222", "Host and port of NATS, which the gateway's environment tells."}}},
	}, doc.Servers); diff != "" {
		t.Errorf("servers (-want +got):\n%s", diff)
	}
	shipped := described(t)
	for id, want := range map[string]string{
		"github.push":             "webhooks.github.{tenant}.push",
		"github.issues":           "webhooks.github.{tenant}.issues.{action}",
		"shopify.app.uninstalled": "webhooks.shopify.{tenant}.app.uninstalled",
		"shopify.orders":          "webhooks.shopify.{tenant}.orders.{action}",
		"slack.message":           "webhooks.slack.{tenant}.message",
	} {
		if got := shipped.Channels[id].Address; got != want {
			t.Errorf("%s: %q, want %q", id, got, want)
		}
	}
}

// TestAsyncAPI_isWhole follows every reference of the document.
func TestAsyncAPI_isWhole(t *testing.T) {
	file := config(t)
	written := func(args ...string) string {
		t.Helper()
		text, err := ctltest.Run(t, Command(), append(args, "--config", file)...)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	text := written("--json")
	if strings.Contains(text, "hush") {
		t.Error("it holds a secret")
	}
	var doc, same any
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	refs := regexp.MustCompile(`"\$ref": "([^"]*)"`).FindAllStringSubmatch(text, -1)
	if len(refs) < 20 {
		t.Errorf("%d references", len(refs))
	}
	for _, ref := range refs {
		at := doc
		for token := range strings.SplitSeq(strings.TrimPrefix(ref[1], "#/"), "/") {
			members, _ := at.(map[string]any)
			at = members[strings.NewReplacer("~1", "/", "~0", "~").Replace(token)]
		}
		if at == nil {
			t.Errorf("%s leads nowhere", ref[1])
		}
	}
	if written("--json") != text {
		t.Error("it is another one the second time")
	}
	if err := yaml.Unmarshal([]byte(written()), &same); err != nil || !cmp.Equal(doc, same) {
		t.Errorf("YAML says something else: %v", err)
	}
}

func TestAsyncAPI_schemas(t *testing.T) {
	doc := described(t, "--config", config(t), "own/1")
	if diff := cmp.Diff(map[string]any{"type": "object", "properties": map[string]any{
		"at":   map[string]any{"$ref": "#/components/schemas/stripe.refund.updated/$defs/time"},
		"$ref": map[string]any{"type": "string"},
		"self": map[string]any{"$ref": "#/components/schemas/stripe.charge"},
	}}, doc.Components.Schemas["stripe.charge"]); diff != "" {
		t.Errorf("schema (-want +got):\n%s", diff)
	}
	want := map[string]any{"description": "kept", "allOf": []any{map[string]any{"$ref": "#/components/schemas/stripe.refund.updated/$defs/time"}}}
	updated, _ := doc.Components.Schemas["stripe.refund.updated"].(map[string]any)
	properties, _ := updated["properties"].(map[string]any)
	if diff := cmp.Diff(want, properties["at"]); diff != "" {
		t.Errorf("a reference with siblings (-want +got):\n%s", diff)
	}
	if _, ok := doc.Components.Schemas["event"]; ok {
		t.Error("binary mode has the schema of structured events")
	}
	headers, _ := doc.Components.Schemas["headers-binary"].(map[string]any)
	if diff := cmp.Diff([]any{"ce-id", "ce-provider", "ce-source", "ce-specversion", "ce-type"}, headers["required"]); diff != "" {
		t.Errorf("headers (-want +got):\n%s", diff)
	}
	if both := described(t, "--config", config(t)); !slices.Contains(slices.Collect(maps.Keys(both.Components.Schemas)), "stripe-2.charge") {
		t.Error("two directories share the schemas of a provider")
	}
}

func TestAsyncAPI_misuse(t *testing.T) {
	file := config(t)
	for name, tc := range map[string]struct {
		args []string
		want string
	}{
		"a route that is not there":   {[]string{"--config", file, "plan"}, "did you mean plain?"},
		"a route that stores nothing": {[]string{"--config", file, "verified"}, "stores events"},
		"no file":                     {[]string{"--config", file + "x"}, "no such file"},
	} {
		if _, err := ctltest.Run(t, Command(), tc.args...); !errors.Is(err, exit.ErrUsage) || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
