package verify_test

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"webhookedge/plugins/internal/config"
	"webhookedge/plugins/verify"
)

func TestConfig_isAConfig(t *testing.T) {
	if _, err := config.JSONSchema("", "", verify.Config{}); err != nil {
		t.Fatal(err)
	}
}

func TestConfig_decodes(t *testing.T) {
	var got verify.Config
	if err := config.Decode([]byte(`{"secrets":[{"value":"octo-private-1"},{"value":"octo-private-2","id":"old"}]}`), &got); err != nil {
		t.Fatal(err)
	}
	want := verify.Config{Secrets: []verify.SecretConfig{
		{Value: config.NewSecret("octo-private-1")}, {Value: config.NewSecret("octo-private-2"), ID: "old"},
	}}
	if diff := cmp.Diff(want, got, cmpopts.EquateComparable(), cmp.Comparer(config.Secret.Equal)); diff != "" {
		t.Errorf("config (-want +got):\n%s", diff)
	}
}

func TestConfig_refuses(t *testing.T) {
	for name, text := range map[string]string{
		"no secrets":                  `{}`,
		"a secret that is not there":  `{"secrets":[{"id":"a"}]}`,
		"a reference not resolved":    `{"secrets":[{"value":""}]}`,
		"a tolerance below nothing":   `{"secrets":[{"value":"octo-private-1"}],"tolerance_seconds":-1}`,
		"a tolerance above a week":    `{"secrets":[{"value":"octo-private-1"}],"tolerance_seconds":604801}`,
		"a setting without a value":   `{"secrets":[{"value":"octo-private-1"}],"settings":[{"name":"a"}]}`,
		"a field that does not exist": `{"secrets":[{"value":"octo-private-1"}],"tolerance":300}`,
	} {
		t.Run(name, func(t *testing.T) {
			var c verify.Config
			if err := config.Decode([]byte(text), &c); err == nil || strings.Contains(err.Error(), "octo") {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestConfig_leaksNoSecret(t *testing.T) {
	c := settings(secretText)
	text, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	s := stage(t, row(t, "github"), c)
	for what, shown := range map[string]string{
		"JSON": string(text), "%v": fmt.Sprintf("%v", c), "%+v": fmt.Sprintf("%+v", c), "%#v": fmt.Sprintf("%#v", c),
		"the stage": fmt.Sprintf("%v %+v", s, s),
	} {
		if strings.Contains(shown, "octo-private") {
			t.Errorf("%s shows the secret", what)
		}
	}
}

func TestReadme_hasItsSections(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	at := 0
	for _, want := range []string{
		"# verify\n", "\n## Description\n", "\n## Configuration\n", "<!-- config:begin -->", "<!-- config:end -->",
		"\n## Example\n", "```yaml\n", "\n## Refusals\n", "\n## Metrics\n", "webhook_edge_verify_verifications_total", "\n## Notes\n",
	} {
		i := strings.Index(string(text[at:]), want)
		if i < 0 {
			t.Fatalf("no %q, or not in its place", want)
		}
		at += i
	}
}
