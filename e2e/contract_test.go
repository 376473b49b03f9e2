package e2e

import (
	"os"
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
	binary := filepath.Join(t.TempDir(), "kong.yml")
	text := strings.Replace(one("stripe", ""), "broker_sync: always", "content_mode: binary, dedupe: exact", 1)
	if err := os.WriteFile(binary, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{"../kong/kong.yml", binary} {
		out, err := webhookctl(t, nil, "asyncapi", "--json", "--config", file)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := jsonschema.UnmarshalJSON(strings.NewReader(out))
		if err != nil {
			t.Fatal(err)
		}
		if err := official.Validate(doc); err != nil {
			t.Errorf("%s: %v", file, err)
		}
		root, _ := doc.(map[string]any)
		channels, _ := root["channels"].(map[string]any)
		channel, _ := channels["stripe.charge"].(map[string]any)
		channel["adress"] = channel["address"]
		if official.Validate(doc) == nil {
			t.Error("the schema takes anything")
		}
	}
}
