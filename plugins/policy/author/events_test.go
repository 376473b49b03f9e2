package author_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestEventNames_areCheckedInTables(t *testing.T) {
	tests := map[string]struct{ name, want string }{
		"a type":                                  {"github.push", ""},
		"a type with its action":                  {"github.pull_request.opened", ""},
		"a provider":                              {"stripe", ""},
		"every event":                             {`"*"`, ""},
		"what no provider names":                  {"github.unknown", ""},
		"a misspelt type":                         {"github.pusch", `unknown-event: github.pusch: the catalogue knows no github event "pusch"; did you mean "push"?`},
		"the other number of one":                 {"github.issue.opened", `unknown-event: github.issue.opened: the catalogue knows no github event "issue"; did you mean "issues"?`},
		"a misspelt action":                       {"github.pull_request.opend", `unknown-event: github.pull_request.opend: the catalogue knows no action of github.pull_request "opend"; did you mean "opened"?`},
		"a misspelt topic with a slash":           {"shopify.ordres.create", `unknown-event: shopify.ordres.create: the catalogue knows no shopify event "ordres"; did you mean "orders"?`},
		"a type of tomorrow":                      {"github.agent_task", `warning: unknown-event: github.agent_task: the catalogue knows no github event "agent_task"`},
		"an action of tomorrow":                   {"github.pull_request.summarized", `warning: unknown-event: github.pull_request.summarized: the catalogue knows no action of github.pull_request "summarized"`},
		"an action of an event without any":       {"github.push.created", `warning: unknown-event: github.push.created: the catalogue knows no action of github.push "created"`},
		"a misspelt type of a row that lists few": {"stripe.payment_intnet.succeeded", `warning: unknown-event: stripe.payment_intnet.succeeded: the catalogue knows no stripe event "payment_intnet"; did you mean "payment_intent"?`},
		"another type of a row that lists few":    {"stripe.topup.succeeded", ""},
		"a misspelt provider":                     {"githbu.push", `unknown-event: githbu.push: the catalogue knows no provider "githbu"; did you mean "github"?`},
		"an event that its caller names":          {"github.repository_dispatch.deploy", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			files := map[string]string{"webhook/main/main.rego": routing, "webhook/main/data.yaml": "routes:\n  " + tt.name + ":\n    any:\n      then: {allow: true}\n"}
			if diff := cmp.Diff(tt.want, eventFinding(t, files, "webhook/main/data.yaml:3: ", "webhook/main/data.yaml:2: ")); diff != "" {
				t.Errorf("finding (-want +got):\n%s", diff)
			}
		})
	}
}

func TestEventNames_areCheckedInConditions(t *testing.T) {
	const (
		pusch = `unknown-event: github.pusch: the catalogue knows no github event "pusch"; did you mean "push"?`
		opend = `unknown-event: github.pull_request.opend: the catalogue knows no action of github.pull_request "opend"; did you mean "opened"?`
	)
	tests := map[string]struct{ body, want string }{
		"a type":                          {`input.event.type == "github.push"`, ""},
		"a misspelt type":                 {`input.event.type == "github.pusch"`, pusch},
		"behind not":                      {`not input.event.type == "github.pusch"`, pusch},
		"as what it is not":               {`input.event.type != "github.pusch"`, pusch},
		"in a set":                        {`input.event.type in {"github.push", "github.pusch"}`, pusch},
		"the name with its provider":      {"input.event.provider == \"github\"\n\tinput.event.name in {\"pusch\"}", pusch},
		"the action of a name":            {"input.event.provider == \"github\"\n\tinput.event.name == \"pull_request\"\n\tinput.event.action in {\"opened\", \"opend\"}", opend},
		"inside of a comprehension":       {`count([1 | input.event.type == "github.pusch"]) > 0`, pusch},
		"a name of any provider":          {`input.event.name == "pusch"`, `warning: unknown-event: the catalogue knows no event "pusch" of any provider; did you mean "push"?`},
		"an action of any event":          {`input.event.action == "opend"`, `warning: unknown-event: the catalogue knows no action "opend" of any provider; did you mean "opened"?`},
		"a name that somebody has":        {`input.event.name == "push"`, ""},
		"a name of a sender of one's own": {`input.event.name == "glove_was_found"`, ""},
		"a text that is no event":         {`input.event.subject == "github.pusch"`, ""},
		"a rule that was told to be so":   {"allowed", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			text := head + "decision := {\"allow\": true} if {\n\t" + tt.body + "\n}\n\n# METADATA\n# custom:\n#   lint:\n#     ignore: [unknown-event]\nallowed if input.event.type == \"github.pusch\"\n"
			got := eventFinding(t, map[string]string{"webhook/main/main.rego": text}, "webhook/main/main.rego:6: ", "webhook/main/main.rego:7: ", "webhook/main/main.rego:8: ")
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("finding (-want +got):\n%s", diff)
			}
		})
	}
}

// eventFinding is the first line of the one finding about the name of an event, without one
// of the places.
func eventFinding(t *testing.T, files map[string]string, places ...string) string {
	t.Helper()
	var found []string
	for _, line := range check(t, dir(t, files), nil) {
		first, _, _ := strings.Cut(line, "\n")
		if strings.Contains(first, "unknown-event") {
			for _, place := range places {
				first = strings.TrimPrefix(first, place)
			}
			found = append(found, first)
		}
	}
	return strings.Join(found, "\n")
}
