package e2e

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// TestAsyncAPI_isValid holds the documents of routes of either mode against the schema of
// those who publish AsyncAPI.
func TestAsyncAPI_isValid(t *testing.T) {
	needsNode(t, consumerFolder)
	official, err := jsonschema.NewCompiler().Compile(filepath.Join(consumerFolder, "node_modules/@asyncapi/specs/schemas/3.0.0.json"))
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "kong.yml")
	_, binary, _ := strings.Cut(one("stripe", ""), "routes:\n")
	text := one("github", "") + strings.Replace(binary, "broker_sync: always", "content_mode: binary, dedupe: exact", 1)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := webhookctl(t, nil, "asyncapi", "--json", "--config", file)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(out))
	if err != nil {
		t.Fatal(err)
	}
	if err := official.Validate(doc); err != nil {
		t.Error(err)
	}
	root, _ := doc.(map[string]any)
	channels, _ := root["channels"].(map[string]any)
	channel, _ := channels["stripe.charge"].(map[string]any)
	channel["adress"] = channel["address"]
	if official.Validate(doc) == nil {
		t.Error("the schema takes anything")
	}
}

// usage is what a consumer writes with the types: what it must not is an error.
const usage = `import type { GithubEvent, GithubPush } from './github'
import type { HostileRecursion, HostileUnion } from './hostile'

export function ref (e: GithubEvent): string | undefined {
  if (e.type === 'github.push') {
    const push: GithubPush | undefined = e.data
    // @ts-expect-error the member has another type
    const wrong: number | undefined = e.data?.ref
    return push?.ref ?? String(wrong)
  }
  if (e.type === 'github.issues.opened') return e.data?.issue.title
  // @ts-expect-error data may lie in the object store
  return e.data.action
}
export const next = (r: HostileRecursion) => r.node.next.next.next
export const a = (u: HostileUnion) => u.kind === 'a' ? u.a : undefined
// @ts-expect-error a required member is missing
export const r: HostileRecursion = {}
`

// TestTypes_compileInTypeScript checks what is written for the built-in schemas, and for
// those that try to get out of their place.
func TestTypes_compileInTypeScript(t *testing.T) {
	needsNode(t, consumerFolder)
	dir := t.TempDir()
	write := func(name string, text []byte) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile("../plugins/internal/typegen/testdata/hostile.json")
	if err != nil {
		t.Fatal(err)
	}
	var hostile map[string]json.RawMessage
	if err := errors.Join(json.Unmarshal(text, &hostile), os.Mkdir(filepath.Join(dir, "hostile"), 0o700)); err != nil {
		t.Fatal(err)
	}
	for event, schema := range hostile {
		write(filepath.Join("hostile", event+".json"), schema)
	}
	write("usage.ts", []byte(usage))
	files := []string{"usage.ts"}
	for _, provider := range []string{"github", "stripe", "hostile"} {
		args := []string{"types", "--lang", "ts", provider}
		if provider == "hostile" {
			args = append(args, "--schemas", dir)
		}
		out, err := webhookctl(t, nil, args...)
		if err != nil {
			t.Fatal(err)
		}
		write(provider+".ts", []byte(out))
		files = append(files, provider+".ts")
	}
	tsc := absolute(t, filepath.Join(consumerFolder, "node_modules/typescript/bin/tsc"))
	cmd := exec.CommandContext(t.Context(), "node", append([]string{tsc, "--noEmit", "--strict", "--target", "es2022", "--lib", "es2022", "--module", "es2022", "--moduleResolution", "bundler"}, files...)...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
