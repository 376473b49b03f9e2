package engine_test

import (
	"net/netip"
	"os"
	"path/filepath"
	"testing"
	"time"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/policy/engine"
)

func now() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }

// dir writes files, as name, text, ..., into a new directory.
func dir(t testing.TB, files ...string) string {
	t.Helper()
	root := t.TempDir()
	for i := 0; i < len(files); i += 2 {
		path := filepath.Join(root, files[i])
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(files[i+1]), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// compile compiles one file of the package webhook.main.
func compile(t testing.TB, rego string, o engine.Options) *engine.Policy {
	t.Helper()
	s, err := engine.ReadDir(dir(t, "main.rego", "package webhook.main\n\n"+rego))
	if err != nil {
		t.Fatal(err)
	}
	p, err := engine.Compile(s, o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

const push = `{"ref":"refs/heads/main","n":1.50,"repository":{"full_name":"octo/hello","owner":{"login":"octo"},"a.b":[1,{"c":null}]},"commits":[{"id":"1","added":["a"]},{"id":"2","added":[]}],"\u0061ction":"x\u00e9"}`

// input is a push event in its delivery.
func input(data string) engine.Input {
	return engine.Input{
		Event: &event.Event{
			ID: "d1", Source: "/webhooks/github/octo", Provider: "github", Type: "push", Subject: "octo/hello", Tenant: "octo",
			Time: now(), ReceivedAt: now(), RequestID: "r1", Verification: "sha256", SecretID: "1",
			DataContentType: "application/json", DataSchema: "urn:x", Action: "created", Unsigned: []string{"id", "type"}, Data: []byte(data),
		},
		Request: &pipeline.Delivery{
			Method: "POST", Path: "/github", Route: "hooks", ClientIP: netip.MustParseAddr("192.0.2.7"),
			Verification: &pipeline.Verification{Provider: "github", Scheme: "sha256", SecretID: "1", Covers: []string{"body", "header:x-timestamp"}},
			Headers:      pipeline.Headers{{Name: "user-agent", Value: "hook"}, {Name: "x-a", Value: "1"}, {Name: "x-a", Value: "2"}, {Name: "authorization", Value: "s3cr3t"}},
		},
	}
}
