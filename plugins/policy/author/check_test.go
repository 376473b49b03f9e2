package author_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// head begins a policy that is typed as METADATA says.
const head = "package webhook.main\n\ndefault decision := {\"allow\": false, \"reason\": \"no\"}\n\n"

func TestCheckTellsWhatIsWrongAndWhere(t *testing.T) {
	tests := map[string]struct {
		files map[string]string
		want  []string
	}{
		"nothing": {map[string]string{}, nil},
		"a field of the event that there is not, with those that there are": {
			map[string]string{"webhook/main/main.rego": head + "decision := {\"allow\": true} if input.evnt.type == \"github.push\"\n"},
			[]string{"webhook/main/main.rego:5: rego_type_error: undefined ref: input.evnt.type\n\tinput.evnt.type\n\t      ^\n\t      have: \"evnt\"\n\t" +
				"      want (one of): [\"data\" \"event\" \"request\" \"truncated\" \"verification\"]"},
		},
		"a member of the payload that there is not, where METADATA says what event it is": {
			map[string]string{"webhook/main/main.rego": head + "# METADATA\n# schemas:\n#   - input: schema.policy.input\n#   - input.data: schema.payload.github.push\ndecision := {\"allow\": true} if input.data.repository.nam == \"hello\"\n"},
			[]string{"webhook/main/main.rego:9: rego_type_error: undefined ref: input.data.repository.nam\n\tinput.data.repository.nam\n\t                      ^\n\t                      have: \"nam\"\n\t" +
				"                      want (one of): [\"default_branch\" \"fork\" \"full_name\" \"html_url\" \"id\" \"name\" \"owner\" \"private\" \"visibility\"]"},
		},
		"two files that do not parse": {
			map[string]string{"webhook/main/main.rego": head + "decision := {\n", "webhook/x/x.rego": "package webhook.x\n\na := := 1\n"},
			[]string{
				"webhook/main/main.rego:6: rego_parse_error: unexpected eof token\n\tdecision := {\n\t            ^",
				"webhook/main/main.rego:6: rego_parse_error: unexpected eof token: expected rule value term (e.g., decision := <VALUE> { ... })\n\tdecision := {\n\t            ^",
				"webhook/x/x.rego:3: rego_parse_error: unexpected assign token\n\ta := := 1\n\t     ^",
				"webhook/x/x.rego:3: rego_parse_error: unexpected assign token: expected rule value term (e.g., a := <VALUE> { ... })\n\ta := := 1\n\t     ^",
			},
		},
		"a policy without the rule that decides": {
			map[string]string{"webhook/main/main.rego": "package webhook.main\n\nother := 1\n"},
			[]string{"DIR: policy: policy has no such rule: data.webhook.main.decision; the setting decision names the rule that decides"},
		},
		"a built-in function that reaches the network": {
			map[string]string{"webhook/main/main.rego": head + "decision := http.send({\"url\": \"http://localhost\", \"method\": \"get\"}).body if input.event\n"},
			[]string{"webhook/main/main.rego:5: rego_type_error: undefined function http.send: it is switched off unless the setting builtins names it"},
		},
		"a variable that nothing uses": {
			map[string]string{"webhook/main/main.rego": head + "decision := {\"allow\": true} if {\n\tname := input.event.name\n\tinput.event.type\n}\n"},
			[]string{"webhook/main/main.rego:6: rego_compile_error: assigned var name unused"},
		},
		"a test that does not compile": {
			map[string]string{"webhook/main/main_test.rego": "package webhook.main_test\n\ntest_it if data.webhook.main.decision == {\"allow\": true} with input.event.nam as 1\n\ntest_it if nothing(1)\n"},
			[]string{"webhook/main/main_test.rego:5: rego_type_error: undefined function nothing"},
		},
		"a file that is in another form": {
			map[string]string{"webhook/main/main.rego": head + "decision := {\"allow\": true} if { input.event.name == \"push\" }\n"},
			[]string{"webhook/main/main.rego:5: format: not as `webhookctl policy fmt webhook/main/main.rego` writes it"},
		},
		"a table that does not follow its schema, where annotations give it one": {
			map[string]string{
				"webhook/route/route.rego": "# METADATA\n# schemas:\n#   - data.webhook.route.routes: schema.policy.route\npackage webhook.route\n\n# METADATA\n# entrypoint: true\ndefault decision := {\"allow\": false, \"reason\": \"no\"}\n\ndecision := data.webhook.route.routes[input.event.type].any.then\n",
				"webhook/route/data.yaml":  "routes:\n  github.push:\n    any:\n      then: {allow: true}\n      branch: main\n  stripe:\n    resource: {}\n    every: {}\n",
			},
			[]string{
				"webhook/route/data.yaml:4: table: webhook.route.routes.github.push.any: additional properties 'branch' not allowed (schemas/policy/route.json)",
				"webhook/route/data.yaml:7: table: webhook.route.routes.stripe: additional properties 'every' not allowed (schemas/policy/route.json)",
			},
		},
		"a place to redact that is no path": {
			map[string]string{
				"webhook/privacy/privacy.rego": "# METADATA\n# schemas:\n#   - data.webhook.privacy.redactions: schema.policy.privacy\npackage webhook.privacy\n\n# METADATA\n# entrypoint: true\ndefault decision := {\"allow\": false, \"reason\": \"no\"}\n\ndecision := {\"allow\": true, \"redact\": data.webhook.privacy.redactions[input.event.type]}\n",
				"webhook/privacy/data.yaml":    "redactions:\n  github.push:\n    - {path: \"$.a[*].b\"}\n    - {path: \"$.a[?(@.b)]\"}\n    - {path: a.b}\n",
			},
			[]string{
				"webhook/privacy/data.yaml:4: table: [0].path: not a path of a redaction: brackets must hold a position, a star or a quoted name",
				"webhook/privacy/data.yaml:5: table: [0].path: not a path of a redaction: it must begin with $, lead somewhere and have at most 1024 bytes",
				"webhook/privacy/data.yaml:5: table: webhook.privacy.redactions.github.push.2.path: 'a.b' does not match pattern '^\\\\$[.\\\\[]' (schemas/policy/privacy.json)",
			},
		},
		"a row whose decision the edge would refuse": {
			map[string]string{
				"webhook/route/route.rego": "# METADATA\n# schemas:\n#   - data.webhook.route.routes: schema.policy.route\npackage webhook.route\n\n# METADATA\n# entrypoint: true\ndefault decision := {\"allow\": false, \"reason\": \"no\"}\n\ndecision := data.webhook.route.routes[input.event.type].any.then\n",
				"webhook/route/data.yaml":  "routes:\n  github.push:\n    any:\n      then: {allow: false}\n",
			},
			[]string{"webhook/route/data.yaml:4: table: decision has a wrong shape: reason is missing where allow is false"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, check(t, dir(t, tt.files), nil)); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}
