package kong_test

import (
	"strings"
	"testing"

	"webhookedge/kong/local/declarative"
)

const small = `_format_version: "3.0"
routes:
  - name: stripe
    paths: [/webhooks/stripe]
    plugins:
      - name: webhook-edge
        config:
          provider: stripe
          respond: continue
          verify:
            tolerance_seconds: 300
            secrets:
              - value: "{vault://env/stripe-webhook-secret}"
          publish:
            stream: {ensure: create}
      - name: request-termination
        config: {status_code: 200}
`

// TestWrongKongYmlIsToldWhere changes one place of a good file. What is said must
// name the place and the field, also in words that Kong itself would use.
func TestWrongKongYmlIsToldWhere(t *testing.T) {
	if _, found := problems(t, "kong.yml", small); len(found) > 0 {
		t.Fatalf("the good file has %v", found)
	}
	cases := map[string]struct {
		old, new string
		want     string
		schema   bool // an editor sees it too
	}{
		"a typo in a setting": {
			old: "respond: continue", new: "respnd: continue", schema: true,
			want: `kong.yml:9:11: routes[0].plugins[0].config.respnd: unknown field (did you mean "respond"?)`,
		},
		"a typo further in": {
			old: "tolerance_seconds", new: "tolerance_second", schema: true,
			want: `kong.yml:11:13: routes[0].plugins[0].config.verify.tolerance_second: unknown field (did you mean "tolerance_seconds"?)`,
		},
		"a typo in a route": {
			old: "paths:", new: "pths:",
			want: "kong.yml:3:5: routes[0]: must set one of 'methods', 'hosts', 'headers', 'paths'\n" +
				`kong.yml:4:5: routes[0].pths: unknown key (did you mean "paths"?)`,
		},
		"an unknown provider": {
			old: "provider: stripe", new: "provider: strype", schema: true,
			want: `kong.yml:8:11: routes[0].plugins[0].config.provider: expected one of: github, shopify, slack, standard-webhooks, stripe`,
		},
		"no provider": {
			old: "          provider: stripe\n", new: "", schema: true,
			want: `kong.yml:7:9: routes[0].plugins[0].config.provider: required field missing`,
		},
		"a tolerance out of range": {
			old: "tolerance_seconds: 300", new: "tolerance_seconds: 3601", schema: true,
			want: `kong.yml:11:13: routes[0].plugins[0].config.verify.tolerance_seconds: value should be between 1 and 3600`,
		},
		"a number in quotes": {
			old: "tolerance_seconds: 300", new: `tolerance_seconds: "300"`, schema: true,
			want: `kong.yml:11:13: routes[0].plugins[0].config.verify.tolerance_seconds: expected an integer`,
		},
		"a secret without its value": {
			old: "- value:", new: "- id:", schema: true,
			want: `kong.yml:13:17: routes[0].plugins[0].config.verify.secrets[0].value: required field missing`,
		},
		"an empty secret": {
			old: `"{vault://env/stripe-webhook-secret}"`, new: `""`, schema: true,
			want: `kong.yml:13:17: routes[0].plugins[0].config.verify.secrets[0].value: length must be at least 1`,
		},
		"no secrets": {
			old: "            secrets:\n              - value: \"{vault://env/stripe-webhook-secret}\"\n", new: "", schema: true,
			want: `kong.yml:10:11: routes[0].plugins[0].config.verify.secrets: required field missing`,
		},
		"a user without a password": {
			old: "stream: {ensure: create}", new: "username: webhooks", schema: true,
			want: `kong.yml:14:11: routes[0].plugins[0].config.publish: all or none of these fields must be set: 'username', 'password'`,
		},
		"an unknown plugin": {
			old: "name: webhook-edge", new: "name: webhook-ege",
			want: `kong.yml:6:9: routes[0].plugins[0].name: no such plugin`,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			text := strings.Replace(small, tc.old, tc.new, 1)
			if text == small {
				t.Fatalf("%q is not in the file", tc.old)
			}
			file, found := problems(t, "kong.yml", text)
			if got := join(found); got != tc.want {
				t.Errorf("got\n%s\nwant\n%s", got, tc.want)
			}
			if tc.schema && jsonSchema(t, "webhook-edge").Validate(file.Plugins[0].Config) == nil {
				t.Error("the JSON Schema lets it pass")
			}
		})
	}
}

func join(found []declarative.Problem) string {
	lines := make([]string, 0, len(found))
	for _, p := range found {
		lines = append(lines, p.String())
	}
	return strings.Join(lines, "\n")
}
