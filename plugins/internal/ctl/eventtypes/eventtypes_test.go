package eventtypes

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"webhookedge/plugins/internal/ctl/ctltest"
	"webhookedge/plugins/internal/ctl/exit"
)

// own is a kong.yml with a route of a sender of its own, and the directory of its schemas.
func own(t *testing.T) (config, schemas string) {
	t.Helper()
	dir := t.TempDir()
	config = filepath.Join(dir, "kong.yml")
	for name, text := range map[string]string{
		"acme/order.json": `{"type":"object","properties":{"total":{"type":"integer"}}}`,
		"kong.yml": `_format_version: "3.0"
routes:
  - name: orders
    paths: [/a]
    plugins:
      - name: webhook-edge
        config:
          custom: {name: acme, schemes: [{name: v1, signature: "header:x-sig", hash: sha256, encoding: hex, content: "{body}"}], facts: {type: ["json:type"]}}
          verify: {secrets: [{value: "{vault://env/no-such-secret}"}]}
          normalize: {validation: {on_invalid: tag, directory: ` + dir + `}}
`,
	} {
		if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return config, dir
}

func TestTypes_sayWhatIsAsked(t *testing.T) {
	config, dir := own(t)
	for name, tc := range map[string]struct {
		args          string
		want, without string
	}{
		"a provider in TypeScript": {"--lang ts github", "export type GithubPushEvent = ", "package"},
		"an event":                 {"--lang ts github push", "export type GithubPushEvent = ", "GithubIssuesEvent"},
		"an action of an event":    {"--lang go stripe charge.dispute.created", "type StripeChargeDispute struct", "StripeInvoice"},
		"a package":                {"--lang go --package hooks slack message", "package hooks\n", "export"},
		"a route":                  {"--lang go --route orders --config " + config, "Total *int64", "Github"},
		"a route's event":          {"--lang json-schema --route orders order --config " + config, `"pattern": "^acme\\.order(\\.|$)"`, "github"},
		"a directory":              {"--lang ts acme --schemas " + dir, `"total"?: number;`, "unresolved"},
		"a provider of no schema":  {"--lang ts svix", `export type SvixEvent = EdgeEvent & { "provider": "svix" }`, "SvixEventEvent"},
	} {
		out, err := ctltest.Run(t, Command(), strings.Fields(tc.args)...)
		if err != nil || !strings.Contains(out, tc.want) || strings.Contains(out, tc.without) {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}

func TestTypes_misuse(t *testing.T) {
	config, _ := own(t)
	for name, tc := range map[string]struct{ args, want string }{
		"no language":      {"github", `no language ""; there are: ts, go, json-schema`},
		"another language": {"--lang tss github", "did you mean ts?"},
		"no provider":      {"--lang ts", "name a provider, or a route"},
		"a misspelt one":   {"--lang ts gihub", "did you mean github?"},
		"a misspelt event": {"--lang ts github pussh", "did you mean push?"},
		"a misspelt route": {"--lang ts --route order --config " + config, "did you mean orders?"},
		"too much":         {"--lang ts --route orders acme order --config " + config, "a route has its provider"},
		"no name of Go":    {"--lang go --package a-b github", "--package"},
		"a keyword of Go":  {"--lang go --package func github", "--package"},
	} {
		out, err := ctltest.Run(t, Command(), strings.Fields(tc.args)...)
		if !errors.Is(err, exit.ErrUsage) || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}
