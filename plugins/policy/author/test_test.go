package author_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"webhookedge/plugins/policy/author"
)

func run(t *testing.T, dir, filter string) *author.Report {
	t.Helper()
	r, err := open(t, dir).Test(t.Context(), filter)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// verdicts are the results in short: ok or the first line of why not.
func verdicts(dir string, r *author.Report) map[string]string {
	all := map[string]string{}
	for _, x := range r.Results {
		first, _, _ := strings.Cut(x.Why, "\n")
		if x.Passed {
			first = "ok"
		}
		all[strings.TrimPrefix(x.Name, dir+"/")] = first
	}
	return all
}

const tests = `package webhook.main_test

import data.webhook.main

test_push_is_published if main.decision.allow with input.event.name as "push"

test_issue_is_published if main.decision.allow with input.event.name as "issues"

test_two_values if value == 1

value := x if some x in [1, 2]

todo_test_later if false

test_division if 1 / input.zero == 1 with input.zero as 0
`

func TestTest_namesFailuresAndTheirLines(t *testing.T) {
	top := dir(t, map[string]string{"webhook/main/main_test.rego": tests})
	r := run(t, top, "")
	want := map[string]string{
		"data.webhook.main_test.test_push_is_published":  "ok",
		"data.webhook.main_test.test_issue_is_published": "it failed",
		"data.webhook.main_test.test_two_values":         top + "/webhook/main/main_test.rego:11: eval_conflict_error: rule data.webhook.main_test.value produced conflicting values:",
		"data.webhook.main_test.todo_test_later":         "it is a todo: its name begins with todo_",
		"data.webhook.main_test.test_division":           top + "/webhook/main/main_test.rego:15: eval_builtin_error: div: divide by zero",
	}
	if diff := cmp.Diff(want, verdicts(top, r)); diff != "" {
		t.Errorf("results (-want +got):\n%s", diff)
	}
	if passed(r) || r.Results[1].Row != 7 || !strings.HasSuffix(r.Results[1].File, "main_test.rego") {
		t.Errorf("passed is %v and the second result is %+v", passed(r), r.Results[1])
	}
	if r := run(t, top, "push"); len(r.Results) != 1 || !passed(r) {
		t.Errorf("with a filter: %+v", r.Results)
	}
}

func TestCoverage_namesUncoveredLines(t *testing.T) {
	top := dir(t, map[string]string{
		"webhook/main/main.rego":      small + "\nother := 1 if {\n\tinput.event.action\n\tinput.event.tenant\n}\n",
		"webhook/main/main_test.rego": "package webhook.main_test\n\ntest_it if data.webhook.main.decision.allow with input.event.name as \"push\"\n",
	})
	r := run(t, top, "")
	var got []string
	for _, f := range r.Uncovered {
		got = append(got, strings.TrimPrefix(f.String(), top+"/"))
	}
	want := []string{
		"webhook/main/main.rego:3: warning: coverage: no test reaches line 3",
		"webhook/main/main.rego:7: warning: coverage: no test reaches line 7",
		"webhook/main/main.rego:8: warning: coverage: no test reaches line 8",
		"webhook/main/main.rego:9: warning: coverage: no test reaches line 9",
	}
	if diff := cmp.Diff(want, got); diff != "" || r.Coverage != 20 {
		t.Errorf("coverage %.1f%% (-want +got):\n%s", r.Coverage, diff)
	}
}

// event is a whole input about a push.
const event = `{"event": {"id": "1", "source": "/webhooks/github", "type": "github.push", "provider": "github", "name": "push", "unsigned": []}, "request": {}, "truncated": false}`

func TestSamples_areComparedAsAWhole(t *testing.T) {
	const table = "package webhook.main\n\ndefault decision := {\"allow\": false, \"reason\": \"no\"}\n\ndecision := data.webhook.main.rows[input.event.name]\n"
	tests := map[string]struct {
		files map[string]string // of the sample, and of the policy
		want  string
	}{
		"the wanted decision": {map[string]string{"input.json": event, "want.json": `{"allow": true, "subject": ["pushes"]}`}, "ok"},
		"a decision with less": {
			map[string]string{"input.json": event, "want.json": `{"allow": true}`},
			"the decision is another (-want +got):",
		},
		"a table of the sample's own": {
			map[string]string{"input.json": event, "want.json": `{"allow": true}`, "data.yaml": "rows: {push: {allow: true}}\n", "/webhook/main/main.rego": table, "/webhook/main/data.yaml": "rows: {push: {allow: false, reason: no}}\n"}, "ok",
		},
		"an input that no event could be": {
			map[string]string{"input.json": `{"event": {"type": "github.push"}, "truncated": false}`, "want.json": `{"allow": true}`},
			"it does not follow its schema, policy/input.json:",
		},
		"a want that is no decision": {
			map[string]string{"input.json": event, "want.json": `{"allow": "yes"}`},
			"it does not follow its schema, policy/decision.json:",
		},
		"a decision of a wrong shape": {
			map[string]string{"input.json": event, "want.json": `{"allow": true}`, "data.yaml": "rows: {push: {allow: true, subject: 5}}\n", "/webhook/main/main.rego": table},
			"decision has a wrong shape: subject is neither a text nor an array of tokens",
		},
		"no want": {map[string]string{"input.json": event}, "open DIR/webhook/main/testdata/push/want.json: no such file or directory"},
		"an input that is no JSON": {
			map[string]string{"input.json": `{"event": `, "want.json": `{"allow": true}`}, "input.json is neither JSON nor YAML: yaml: line 1: did not find expected node content",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			files := map[string]string{}
			for path, text := range tt.files {
				if whole, ok := strings.CutPrefix(path, "/"); ok {
					files[whole] = text
				} else {
					files["webhook/main/testdata/push/"+path] = text
				}
			}
			top := dir(t, files)
			got := strings.ReplaceAll(verdicts(top, run(t, top, ""))["webhook/main/testdata/push"], top, "DIR")
			if got != tt.want {
				t.Errorf("the sample gives %q, want %q", got, tt.want)
			}
		})
	}
}

func passed(r *author.Report) bool {
	return !slices.ContainsFunc(r.Results, func(x author.Result) bool { return !x.Passed })
}
