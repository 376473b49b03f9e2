package author_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// head begins a policy that is typed as METADATA says.
const head = "package webhook.main\n\ndefault decision := {\"allow\": false, \"reason\": \"no\"}\n\n"

const members = "there are allow, code, headers, labels, quarantine, reason, redact, rule, status, stream, subject, targets and tenant"

func TestCheck_namesFileAndLine(t *testing.T) {
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
			[]string{"webhook/main/main.rego:5: warning: format: not as `webhookctl policy fmt webhook/main/main.rego` writes it"},
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
		"a table whose name has a slash": {
			map[string]string{
				"webhook/route/route.rego": "# METADATA\n# schemas:\n#   - data.webhook.route[\"on/off\"]: schema.policy.route\npackage webhook.route\n\n# METADATA\n# entrypoint: true\ndefault decision := {\"allow\": false, \"reason\": \"no\"}\n\ndecision := data.webhook.route[\"on/off\"][input.event.type].any.then\n",
				"webhook/route/data.yaml":  "on/off:\n  stripe:\n    every: {}\n",
			},
			[]string{
				"webhook/route/data.yaml:3: table: webhook.route.on/off.stripe: additional properties 'every' not allowed (schemas/policy/route.json)",
			},
		},
		"a place to redact that is no path": {
			map[string]string{
				"webhook/privacy/privacy.rego": "# METADATA\n# schemas:\n#   - data.webhook.privacy.redactions: schema.policy.privacy\npackage webhook.privacy\n\n# METADATA\n# entrypoint: true\ndefault decision := {\"allow\": false, \"reason\": \"no\"}\n\ndecision := {\"allow\": true, \"redact\": data.webhook.privacy.redactions[input.event.type]}\n",
				"webhook/privacy/data.yaml":    "redactions:\n  github.push:\n    - {path: \"$.a[*].b\"}\n    - {path: \"$.a[?(@.b)]\"}\n    - {path: a.b}\n",
			},
			[]string{
				"webhook/privacy/data.yaml:4: table: [0].path: invalid redaction path: brackets must hold a position, a star or a quoted name",
				"webhook/privacy/data.yaml:5: table: [0].path: invalid redaction path: it must begin with $, lead somewhere and have at most 1024 bytes",
				"webhook/privacy/data.yaml:5: table: webhook.privacy.redactions.github.push.2.path: 'a.b' does not match pattern '^\\\\$[.\\\\[]' (schemas/policy/privacy.json)",
			},
		},
		"a member that a decision has not": {
			map[string]string{"webhook/main/main.rego": head + "decision := {\"alow\": true} if input.event.name == \"push\"\n\ndecision := d if {\n\td := {\"allow\": true, \"subjekt\": input.event.name}\n}\n"},
			[]string{
				"webhook/main/main.rego:5: decision: decision has a wrong shape: there is no member \"alow\"; " + members,
				"webhook/main/main.rego:8: decision: decision has a wrong shape: there is no member \"subjekt\"; " + members,
			},
		},
		"decisions that are none": {
			map[string]string{"webhook/main/main.rego": "package webhook.main\n\ndefault decision := false\n\ndecision := {\"allow\": false} if input.event.name == \"push\"\n\ndecision if input.event.name == \"star\"\n"},
			[]string{
				"webhook/main/main.rego:3: decision: decision has a wrong shape: it is not an object such as {\"allow\": true}",
				"webhook/main/main.rego:5: decision: decision has a wrong shape: reason is missing where allow is false",
				"webhook/main/main.rego:7: decision: decision has a wrong shape: it is not an object such as {\"allow\": true}",
			},
		},
		"a set of decisions": {
			map[string]string{"webhook/main/main.rego": "package webhook.main\n\ndecision contains {\"allow\": true} if input.event.name\n"},
			[]string{
				"webhook/main/main.rego:3: decision: a decision is one value, and this is a set: write := in the place of contains",
				"webhook/main/main.rego:3: warning: missing-default: data.webhook.main.decision: an event that no body of the decision covers is answered with 500",
			},
		},
		"decisions whose parts are known only with the event": {
			map[string]string{"webhook/main/main.rego": head + `decision := {
	"allow": ok,
	"reason": input.event.name,
	"targets": [{"subject": ["a", input.event.provider]}, second],
	"redact": [{"path": "$.a", "action": action}],
	"headers": {"X-Team": input.event.name},
	"labels": {"team": input.event.name},
	input.event.name: 5,
} if {
	ok := input.event.provider == "gitlab"
	second := {"subject": "x.y"}
	action := "mask"
}

decision := other if input.event.name == "x"

other := {"allow": false, "reason": "x", "status": input.event.name}
`}, nil,
		},
		"a policy without the usual decision, but with others": {
			map[string]string{"webhook/main/main.rego": "package webhook.main\n\nother := 1\n", "b/b.rego": "package b\n\ndefault decision := {\"allow\": false, \"reason\": \"no\"}\n", "a/a.rego": "package a\n\ndecision := {\"allow\": 5}\n"},
			[]string{
				"DIR: warning: no-decision: webhook/main/decision is not here, which the edge asks for unless the setting decision names another: a/decision, b/decision",
				"a/a.rego:3: decision: decision has a wrong shape: allow is neither true nor false",
				"webhook/main/main.rego:3: warning: unused: data.webhook.main.other: no decision uses the rule",
			},
		},
		"data that is no YAML": {
			map[string]string{"webhook/main/data.yaml": "a: 1\nb: [\n"},
			[]string{"webhook/main/data.yaml:2: data: did not find expected node content"},
		},
		"data that is no object": {
			map[string]string{"webhook/main/data.json": "[1]"},
			[]string{"webhook/main/data.json:1: data: it is not an object"},
		},
		"a value that two files set": {
			map[string]string{"data.json": "{\"webhook\": {\n\"main\": {\"x\": 1}}}", "webhook/main/data.yaml": "y: 1\nx: 2\n"},
			[]string{"webhook/main/data.yaml:2: data: \"x\" is set by another file too"},
		},
		"policies about decision logs, whose input is another": {
			map[string]string{"system/log/mask.rego": "package system.log\n\nmask contains \"/input/data\" if input.result.allow\n"}, nil,
		},
		"a policy about decision logs that does not compile": {
			map[string]string{"system/log/mask.rego": "package system.log\n\nmask contains x if input.result.allow\n"},
			[]string{"system/log/mask.rego:3: rego_unsafe_var_error: var x is unsafe"},
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
