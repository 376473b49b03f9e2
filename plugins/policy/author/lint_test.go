package author_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"webhookedge/plugins/policy/author"
)

// routing is a policy that has the table of routes; its own rules hold no trap.
const routing = `# METADATA
# schemas:
#   - data.webhook.main.routes: schema.policy.route
package webhook.main

default decision := {"allow": false, "reason": "no row"}

decision := data.webhook.main.routes[input.event.type].any.then
`

func TestLint_findsTrapsUnlessIgnored(t *testing.T) {
	streams := map[string][]string{"WEBHOOKS": {"webhooks.>"}, "DEPLOYS": {"deploys.*"}}
	tests := map[string]struct {
		trap  string
		files map[string]string
		want  []string // file:row: what, without the reason that the trap has
	}{
		"a package in the folder of another": {
			"package-path", map[string]string{"webhook/guard/guard.rego": "package webhook.gard\n\nspare := 1\n\nmore := 2\n"},
			[]string{"webhook/guard/guard.rego:1: the package webhook.gard is not in webhook/gard"},
		},
		"a rule that no decision comes to": {
			"unused", map[string]string{"webhook/main/main.rego": small + "\nhelper := 1\n\nfirst := second\n\nsecond := 2\n"},
			[]string{"webhook/main/main.rego:7: data.webhook.main.helper", "webhook/main/main.rego:9: data.webhook.main.first", "webhook/main/main.rego:11: data.webhook.main.second"},
		},
		"a rule that only an else comes to is used": {
			"unused", map[string]string{"webhook/main/main.rego": head + "decision := {\"allow\": true} if {\n\tinput.truncated\n} else := other\n\nother := {\"allow\": true} if input.event.action\n"}, nil,
		},
		"a decision without a default": {
			"missing-default", map[string]string{"webhook/main/main.rego": "package webhook.main\n\ndecision := {\"allow\": true} if input.event.action\n"},
			[]string{"webhook/main/main.rego:3: data.webhook.main.decision"},
		},
		"a decision that always has a value needs no default": {
			"missing-default", map[string]string{"webhook/main/main.rego": "package webhook.main\n\ndecision := {\"allow\": true}\n"}, nil,
		},
		"a default that lets everything through": {
			"default-allows", map[string]string{"webhook/main/main.rego": "package webhook.main\n\ndefault decision := {\"allow\": true}\n\ndecision := {\"allow\": false, \"reason\": \"no\"} if input.event.action\n"},
			[]string{"webhook/main/main.rego:3: data.webhook.main.decision"},
		},
		"an else after what always holds": {
			"dead-else", map[string]string{"webhook/main/main.rego": head + "decision := {\"allow\": true} if {\n\tinput.event.action\n} else := {\"allow\": false, \"reason\": \"no\"} if {\n\ttrue\n} else := {\"allow\": true} if {\n\tinput.truncated\n}\n"},
			[]string{"webhook/main/main.rego:9: else of data.webhook.main.decision"},
		},
		"a name in the data that no file sets": {
			"unknown-data", map[string]string{"webhook/main/main.rego": head + "decision := {\"allow\": true} if data.webhook.main.tabel[input.event.name]\n", "webhook/main/data.yaml": "table: {push: true}\n"},
			[]string{"webhook/main/main.rego:5: data.webhook.main.tabel"},
		},
		"a decision that depends on the time of day": {
			"nondeterministic", map[string]string{"webhook/main/main.rego": head + "decision := {\"allow\": true} if time.now_ns() > 5\n\ndecision := {\"allow\": true} if rand.intn(input.event.id, 10) == 3\n"},
			[]string{"webhook/main/main.rego:5: time.now_ns in data.webhook.main.decision", "webhook/main/main.rego:7: rand.intn in data.webhook.main.decision"},
		},
		"a decision that holds a certificate against the clock": {
			"nondeterministic", map[string]string{"webhook/main/main.rego": head + "decision := {\"allow\": true} if crypto.x509.parse_and_verify_certificates(input.data.chain)[0]\n"},
			[]string{"webhook/main/main.rego:5: crypto.x509.parse_and_verify_certificates in data.webhook.main.decision"},
		},
		"a function that gives way to chance": {
			"nondeterministic", map[string]string{"webhook/main/main.rego": head + "decision := {\"allow\": true, \"tenant\": x} if x := upper(\"a\") with upper as uuid.rfc4122\n"},
			[]string{"webhook/main/main.rego:5: uuid.rfc4122 in data.webhook.main.decision"},
		},
		"a payload that is read by a name out of the event": {
			"whole-payload", map[string]string{"webhook/main/main.rego": head + "decision := {\"allow\": true} if input.data[input.event.name]\n"},
			[]string{"webhook/main/main.rego:5: decision := {\"allow\": true} if input.data[input.event.name] in data.webhook.main.decision"},
		},
		"branches that a pattern before takes": {
			"shadowed-route", map[string]string{"webhook/main/main.rego": routing, "webhook/main/data.yaml": `routes:
  github.push:
    any:
      branches:
        - {pattern: release/**, then: {allow: true}}
        - {pattern: release/*, then: {allow: true}}
        - {pattern: main, then: {allow: true}}
        - {pattern: main, then: {allow: true}}
      then: {allow: true}
`},
			[]string{
				"webhook/main/data.yaml:6: the branches \"release/*\" are always taken by \"release/**\" before",
				"webhook/main/data.yaml:8: the branches \"main\" are always taken by \"main\" before",
			},
		},
		"a row of a resource that a narrower name takes": {
			"shadowed-route", map[string]string{"webhook/main/main.rego": routing, "webhook/main/data.yaml": `routes:
  github.push:
    any:
      then: {allow: true}
  github:
    resource:
      octo-corp/infra:
        then: {allow: true}
`},
			[]string{"webhook/main/data.yaml:8: the row for resource octo-corp/infra under \"github\" never sees github.push, whose row any goes first"},
		},
		"an event of a provider that there is not": {
			"unknown-provider", map[string]string{"webhook/main/main.rego": routing, "webhook/main/data.yaml": "routes:\n  acme.push:\n    any:\n      then: {allow: true}\n  \"*\":\n    any:\n      then: {allow: true}\n"},
			[]string{"webhook/main/data.yaml:3: there is no provider \"acme\""},
		},
		"a subject of a row that no stream takes": {
			"no-stream", map[string]string{"webhook/main/main.rego": routing, "webhook/main/data.yaml": `routes:
  github.push:
    any:
      then: {allow: true, subject: [webhooks, all, of, it]}
  github.issues:
    any:
      then: {allow: true, subject: nowhere.at.all}
  github.star:
    any:
      then: {allow: true, targets: [{subject: deploys.a, stream: DEPLOYS}, {subject: deploys.a.b, stream: DEPLOYS}, {subject: webhooks.a, stream: GONE}]}
`},
			[]string{
				"webhook/main/data.yaml:7: no stream takes the subject nowhere.at.all, so the event would be answered with 503\n\tstreams: DEPLOYS (deploys.*), WEBHOOKS (webhooks.>)",
				"webhook/main/data.yaml:10: the stream DEPLOYS does not take the subject deploys.a.b\n\tit takes: deploys.*",
				"webhook/main/data.yaml:10: there is no stream GONE\n\tstreams: DEPLOYS (deploys.*), WEBHOOKS (webhooks.>)",
			},
		},
		"a subject in the Rego that no stream takes": {
			"no-stream", map[string]string{"webhook/main/main.rego": small + "\ndecision := {\"allow\": true, \"subject\": [\"webhooks\", input.event.name]} if input.event.action\n\ndecision := {\"allow\": true, \"subject\": \"deploys.a\", \"stream\": \"WEBHOOKS\"} if input.truncated\n"},
			[]string{
				"webhook/main/main.rego:5: no stream takes the subject pushes, so the event would be answered with 503\n\tstreams: DEPLOYS (deploys.*), WEBHOOKS (webhooks.>)",
				"webhook/main/main.rego:9: the stream WEBHOOKS does not take the subject deploys.a\n\tit takes: webhooks.>",
			},
		},
		"a subject in the Rego that a stream can take, and an object that is no decision": {
			"no-stream", map[string]string{"webhook/main/main.rego": "package webhook.main\n\ndefault decision := {\"allow\": false, \"reason\": \"no\"}\n\ndecision := {\"allow\": true, \"subject\": [input.event.name, \"x\"]} if input.event == {\"subject\": \"a\", \"type\": \"b\"}\n\ndecision := {\"allow\": true, \"subject\": [\"deploys\", input.event.name], \"stream\": \"DEPLOYS\"} if input.truncated\n"}, nil,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			why := ""
			for _, trap := range author.Traps() {
				if trap.Name == tt.trap {
					why = trap.Why
				}
			}
			found := func() []string {
				var lines []string
				for _, line := range check(t, dir(t, tt.files), streams) {
					if at, what, ok := strings.Cut(line, " "+tt.trap+": "); ok {
						lines = append(lines, strings.TrimSuffix(at, " warning:")+" "+strings.TrimSuffix(what, ": "+why))
					}
				}
				return lines
			}
			if diff := cmp.Diff(tt.want, found()); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLint_everyTrapHasATest(t *testing.T) {
	// A trap without a name in the table above would never be found missing.
	want := []string{"package-path", "unused", "missing-default", "default-allows", "dead-else", "unknown-data", "nondeterministic", "whole-payload", "shadowed-route", "unknown-provider", "unknown-field", "unknown-event", "no-decision", "no-stream"}
	var got []string
	for _, trap := range author.Traps() {
		got = append(got, trap.Name)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("traps (-want +got):\n%s", diff)
	}
}

func TestLint_metadataAllowsATrap(t *testing.T) {
	files := map[string]string{"webhook/main/main.rego": `# METADATA
# custom:
#   lint:
#     ignore: [nondeterministic]
package webhook.main

default decision := {"allow": false, "reason": "no"}

decision := {"allow": true} if time.now_ns() > 5

# METADATA
# custom:
#   lint:
#     ignore: [unused]
spare := 1

other := 2
`}
	want := []string{"webhook/main/main.rego:17: warning: unused: data.webhook.main.other: no decision uses the rule"}
	if diff := cmp.Diff(want, check(t, dir(t, files), nil)); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}
