package author_test

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"webhookedge/plugins/policy/author"
	"webhookedge/plugins/policy/engine"
)

const request = "POST /webhooks/github?x=1 HTTP/1.1\r\nHost: hooks.example\r\nX-GitHub-Event: push\r\nX-GitHub-Delivery: d-1\r\n" +
	"Content-Type: application/json\r\nContent-Length: 3\r\n\r\n{\"ref\":\"refs/heads/main\",\"commits\":[],\r\n\"repository\":{\"full_name\":\"octo-corp/hello\"}}"

const storedEvent = `{"specversion":"1.0","type":"github.push","id":"d-1","source":"/webhooks/github","provider":"github","data":{"ref":"refs/heads/main"}}`

func TestRead_inputsEventsAndRequests(t *testing.T) {
	tests := map[string]struct {
		text  string
		asker author.Asker
		want  string // the decision of the policy below, or the error
	}{
		"an input":        {event, asker(), `{"allow": true, "subject": ["github.push", "push", "-"]}`},
		"a stored event":  {storedEvent, asker(), `{"allow": true, "subject": ["github.push", "push", "refs/heads/main"]}`},
		"an HTTP request": {request, asker(), `{"allow": true, "subject": ["github.push", "push", "refs/heads/main"]}`},
		"an HTTP request to another path": {
			strings.Replace(request, "/webhooks/github", "/in", 1), author.Asker{Provider: "github", Now: at}, `{"allow": true, "subject": ["github.push", "push", "refs/heads/main"]}`,
		},
		"an HTTP request with bare line feeds": {strings.ReplaceAll(request, "\r\n", "\n"), asker(), `{"allow": true, "subject": ["github.push", "push", "refs/heads/main"]}`},
		"an HTTP request to who knows whom":    {strings.Replace(request, "/webhooks/github", "/in", 1), asker(), `neither an input, nor an event, nor an HTTP request: no provider "in"`},
		"a payload without headers":            {`{"ref": "refs/heads/main"}`, asker(), "neither an input, nor an event, nor an HTTP request: a bare payload needs the headers that it came with"},
		"a text":                               {"hello", asker(), "neither an input, nor an event, nor an HTTP request: there is no empty line between headers and body"},
		"a request that the edge refuses":      {strings.Replace(request, "{\"ref\"", "{ref", 1), asker(), "the edge would refuse it before any policy"},
	}
	policy := open(t, dir(t, map[string]string{"webhook/main/main.rego": head +
		"decision := {\"allow\": true, \"subject\": [input.event.type, input.event.name, object.get(input, [\"data\", \"ref\"], \"-\")]}\n"}))
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			questions, err := tt.asker.Read(t.Context(), "saved", []byte(tt.text))
			if err != nil {
				if !strings.Contains(err.Error(), tt.want) {
					t.Errorf("error %q, want %q", err, tt.want)
				}
				return
			}
			if len(questions) != 1 || questions[0].Name != "saved" {
				t.Fatalf("%d questions, want one by its name", len(questions))
			}
			if got := policy.Eval(t.Context(), &questions[0], at(), false).String(); got != tt.want {
				t.Errorf("decision %s, want %s", got, tt.want)
			}
		})
	}
}

func TestSample_unknownNameListsWhatExists(t *testing.T) {
	for name, want := range map[[2]string]string{
		{"github", "nothing"}: `no sample "nothing" of github; there are: `,
		{"githbu", "push"}:    `no provider "githbu"; there are: `,
	} {
		if _, err := asker().Sample(t.Context(), name[0], name[1]); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%v: error %v, want one that begins with %q", name, err, want)
		}
	}
}

func TestExplain_hasTheRulesThatMattered(t *testing.T) {
	top := dir(t, map[string]string{"webhook/main/main.rego": head + `decision := {"allow": true, "subject": [team]} if {
	not input.truncated
	some team in teams
	startswith(team, "a")
}

teams contains team if {
	some team in data.webhook.main.table[input.event.name]
}

teams contains "never" if {
	count(input.event.name) > 10
}
`, "webhook/main/data.yaml": "table: {push: [zebra, apple]}\n"})
	questions, err := asker().Sample(t.Context(), "github", "push")
	if err != nil {
		t.Fatal(err)
	}
	a := open(t, top).Eval(t.Context(), &questions[0], at(), true)
	var b bytes.Buffer
	for _, step := range a.Steps {
		fmt.Fprintln(&b, step)
	}
	want := `+ data.webhook.main.decision = {"allow": true, "subject": ["apple"]}  (webhook/main/main.rego:5)
  + data.webhook.main.teams = "zebra", "apple"  (webhook/main/main.rego:11)
  - data.webhook.main.teams stopped at count(input.event.name) > 10  (webhook/main/main.rego:16)
`
	if diff := cmp.Diff(want, strings.ReplaceAll(b.String(), top+"/", "")); diff != "" {
		t.Errorf("explanation (-want +got):\n%s", diff)
	}
	if a := open(t, top).Eval(t.Context(), &questions[0], at(), false); len(a.Steps) > 0 {
		t.Errorf("%d steps that nobody asked for", len(a.Steps))
	}
}

// stream is the events of a test.
func stream(t *testing.T, samples ...string) iter.Seq2[*author.Question, error] {
	return func(yield func(*author.Question, error) bool) {
		for _, name := range samples {
			provider, event, _ := strings.Cut(name, "/")
			questions, err := asker().Sample(t.Context(), provider, event)
			if err != nil {
				yield(nil, err)
				return
			}
			for i := range questions {
				if !yield(&questions[i], nil) {
					return
				}
			}
		}
	}
}

func TestCompare_countsDifferences(t *testing.T) {
	live := open(t, dir(t, nil))
	candidate := open(t, dir(t, map[string]string{"webhook/main/main.rego": head +
		"decision := {\"allow\": true, \"rule\": \"new\", \"subject\": [\"pushes\"]} if input.event.name == \"push\"\n\n" +
		"decision := {\"allow\": true, \"quarantine\": true} if input.event.name == \"issues\"\n\n" +
		"decision := {\"allow\": \"yes\"} if input.event.provider == \"slack\"\n"}))
	got, err := author.Compare(t.Context(), live, candidate, stream(t, "github/push", "github/issues", "github/issues", "slack/message", "stripe/payment_intent.succeeded"), 1, at())
	if err != nil {
		t.Fatal(err)
	}
	want := &author.Comparison{
		Events: 5, Changed: 3,
		Changes: []author.Change{
			{Kind: "github.issues.opened", Was: engine.Refused, Is: engine.Quarantined, Events: 2, First: "github/issues"},
			{Kind: "slack.message.channel_join", Was: engine.Refused, Is: engine.Failed, Events: 1, First: "slack/message"},
		},
		Differences: []author.Difference{{
			Name: "github/issues", Kind: "github.issues.opened",
			Was: `{"allow": false, "reason": "nothing else is wanted"}`, Is: `{"allow": true, "quarantine": true}`,
		}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("comparison (-want +got):\n%s", diff)
	}
}

func TestCompare_returnsTheErrorOfTheEvents(t *testing.T) {
	broken := errors.New("the stream is gone")
	p := open(t, dir(t, nil))
	_, err := author.Compare(t.Context(), p, p, func(yield func(*author.Question, error) bool) { yield(nil, broken) }, 0, at())
	if !errors.Is(err, broken) {
		t.Errorf("error %v, want that of the events", err)
	}
}

func TestInspect_namesRulesThatNeedTheWholePayload(t *testing.T) {
	top := dir(t, map[string]string{"webhook/main/main.rego": head + "decision := {\"allow\": true} if {\n\tinput.event.name == \"push\"\n\tsome key\n\tinput.data[key] == 7\n}\n"})
	want := `decision data.webhook.main.decision

reads
  input.data
    data.webhook.main.decision  webhook/main/main.rego:8
  input.event.name
    data.webhook.main.decision  webhook/main/main.rego:6

The whole payload is converted for every event, because of
  webhook/main/main.rego:8: input.data[key] == 7 in data.webhook.main.decision
A fixed name in the place of what is known only with the event avoids it.
`
	if diff := cmp.Diff(want, strings.ReplaceAll(open(t, top).Inspect(), top+"/", "")); diff != "" {
		t.Errorf("inspection (-want +got):\n%s", diff)
	}
}

func TestBench_measuresBothWays(t *testing.T) {
	questions, err := asker().Sample(t.Context(), "github", "push")
	if err != nil {
		t.Fatal(err)
	}
	b, err := open(t, library).Bench(t.Context(), &questions[0], 0)
	if err != nil {
		t.Fatal(err)
	}
	if b.Projected.Median <= 0 || b.Whole.Allocs <= b.Projected.Allocs || b.Payload < 1000 {
		t.Errorf("benchmark %+v", b)
	}
	failing := open(t, dir(t, map[string]string{"webhook/main/main.rego": head + "decision := {\"allow\": 1} if input.event.name == \"push\"\n"}))
	if _, err := failing.Bench(t.Context(), &questions[0], 0); !errors.Is(err, engine.ErrShape) {
		t.Errorf("a policy that fails gives %v", err)
	}
}
