package payloadschema_test

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"webhookedge/plugins/internal/payloadschema"
	"webhookedge/plugins/internal/schemas"
	"webhookedge/plugins/provider/catalogue"
)

func TestLint_faults(t *testing.T) {
	const head = `"$schema":"https://json-schema.org/draft/2020-12/schema","title":"T"`
	tests := map[string]struct {
		files map[string]string
		want  []string
	}{
		"all is well":                    {map[string]string{"github/push.json": `{` + head + `,"$id":"urn:a"}`, "github/issues.opened.json": `{` + head + `,"$id":"urn:b","$ref":"push.json"}`}, nil},
		"nothing at all":                 {nil, []string{"there is no <provider>/<event>.json"}},
		"a provider that there is not":   {map[string]string{"acme/push.json": `{` + head + `,"$id":"urn:a"}`}, []string{"acme/push.json: schema breaks a rule: there is no provider"}},
		"a name that no event has":       {map[string]string{"github/a b.json": `{` + head + `,"$id":"urn:a"}`}, []string{"github/a b.json: schema breaks a rule: no event"}},
		"another draft, and no title":    {map[string]string{"github/push.json": `{"$schema":"http://json-schema.org/draft-07/schema#","$id":"urn:a"}`}, []string{"$schema must be", "no title"}},
		"an id that is not absolute":     {map[string]string{"github/push.json": `{` + head + `,"$id":"push.json"}`}, []string{"$id must be"}},
		"an id that two files share":     {map[string]string{"github/push.json": `{` + head + `,"$id":"urn:a"}`, "github/ping.json": `{` + head + `,"$id":"urn:a"}`}, []string{"the $id of github/ping.json", ""}},
		"a schema that is none":          {map[string]string{"github/push.json": `{` + head + `,"$id":"urn:a","type":1}`}, []string{"github/push.json: invalid schema"}},
		"a file that is no JSON":         {map[string]string{"github/push.json": `{`}, []string{"github/push.json: invalid schema"}},
		"a reference that leads nowhere": {map[string]string{"github/push.json": `{` + head + `,"$id":"urn:a","$ref":"https://x.example/y"}`}, []string{"nothing is fetched"}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			tree := fstest.MapFS{}
			for name, text := range tc.files {
				tree[name] = &fstest.MapFile{Data: []byte(text)}
			}
			got, err := payloadschema.Lint(tree, []string{"github"})
			if err != nil {
				t.Fatal(err)
			}
			if len(got) != len(tc.want) {
				t.Fatalf("got %v, want %d faults", got, len(tc.want))
			}
			for i, want := range tc.want {
				if !strings.Contains(got[i].Error(), want) {
					t.Errorf("got %v, want %s", got[i], want)
				}
			}
		})
	}
}

func TestLint_builtinSchemas(t *testing.T) {
	faults, err := payloadschema.Lint(schemas.Payloads(), catalogue.Names())
	if err = errors.Join(append(faults, err)...); err != nil {
		t.Error(err)
	}
}
