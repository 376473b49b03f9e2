package scaffold_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"webhookedge/plugins/internal/scaffold"
)

const kong = `
plugins:
- name: webhook-edge
  config:
    custom:
      name: acme
      schemes:
      - {name: v1, hash: sha256, signature: "header:acme-signature", layout: pairs, mark: v1, timestamp: "pair:t", encoding: hex, content: "{timestamp}.{body}", time_unit: s, tolerance_seconds: 300}
      facts: {type: ["json:type"], id: ["json:event.id"]}
      identity: {why: "The id stands in the signed body."}
`

// TestNew_followsTheStepsOfContributing adds two providers to a copy of the tree, one
// from nothing and one from a kong.yml, and runs the vectors and rules of rows there.
func TestNew_followsTheStepsOfContributing(t *testing.T) {
	dir := t.TempDir()
	for _, part := range []string{"plugins/provider", "plugins/internal", "plugins/event", "schemas"} {
		if err := os.CopyFS(filepath.Join(dir, part), os.DirFS(filepath.Join(top, part))); err != nil {
			t.Fatal(err)
		}
	}
	for _, file := range []string{"go.mod", "go.sum"} {
		text, err := os.ReadFile(filepath.Join(top, file))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, file), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(dir, "kong.yml")
	if err := os.WriteFile(file, []byte(kong), 0o600); err != nil {
		t.Fatal(err)
	}
	own, err := scaffold.Read(file, "acme")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := scaffold.New(dir, own); err != nil {
		t.Fatal(err)
	}
	if _, err := scaffold.New(dir, scaffold.Example("octo-corp")); err != nil {
		t.Fatal(err)
	}
	if _, err := scaffold.New(dir, own); err == nil {
		t.Error("a file was written twice")
	}
	cmd := exec.CommandContext(t.Context(), "go", "test", "-v", "-vet=off", "./plugins/provider", "-run", "^(TestVectors_areVerified|TestRows_areComplete|TestSample_isADelivery)$/^(acme|octo-corp)$")
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, want := range []string{"TestVectors_areVerified/acme/example", "TestVectors_areVerified/octo-corp/example"} {
		if !bytes.Contains(out, []byte("--- PASS: "+want)) {
			t.Errorf("%s did not run: %s", want, out)
		}
	}
}
