package engine_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/open-policy-agent/opa/v1/ast"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/policy/engine"
)

func TestEval_givesTheDecision(t *testing.T) {
	tests := map[string]struct {
		rego string
		want engine.Decision
	}{
		"a bare allowance": {`decision := {"allow": true}`, engine.Decision{Allow: true, Code: pipeline.PolicyDenied}},
		"a refusal by code": {
			`decision := {"allow": false, "reason": "no", "code": "rate_limited", "rule": "guard.x"}`,
			engine.Decision{Reason: "no", Rule: "guard.x", Code: pipeline.RateLimited},
		},
		"a refusal by status": {`decision := {"allow": false, "reason": "gone", "status": 410}`, engine.Decision{Reason: "gone", Code: pipeline.PolicyDenied, Status: 410}},
		"a subject whose values cannot forge a token": {
			`decision := {"allow": true, "subject": ["events", "a.b", ">", "*", "_"], "stream": "EVENTS"}`,
			engine.Decision{Allow: true, Code: pipeline.PolicyDenied, Targets: []pipeline.Target{{Subject: "events.a%2Eb.%3E.%2A.%5F", Stream: "EVENTS"}}},
		},
		"a subject as text": {
			`decision := {"allow": true, "subject": "$JS.a b.>"}`,
			engine.Decision{Allow: true, Code: pipeline.PolicyDenied, Targets: []pipeline.Target{{Subject: "%24JS.a%20b.%3E"}}},
		},
		"everything else": {
			`decision := {"allow": true, "targets": [{"subject": ["a"]}, {"subject": "b.c", "stream": "S"}], "headers": {"X-Team": "pay", "A": ""},
				"tenant": "t", "redact": {{"path": "$.a.b"}, {"path": "$.c", "action": "hash"}}, "labels": {"team": "pay", "b": "c"}, "quarantine": true}`,
			engine.Decision{
				Allow: true, Code: pipeline.PolicyDenied, Tenant: "t", Quarantine: true,
				Targets: []pipeline.Target{{Subject: "a"}, {Subject: "b.c", Stream: "S"}},
				Headers: []pipeline.Header{{Name: "A"}, {Name: "X-Team", Value: "pay"}},
				Redact:  []engine.Redaction{{Path: "$.c", Action: engine.Hash}, {Path: "$.a.b", Action: engine.Mask}},
				Labels:  []engine.Label{{Name: "b", Value: "c"}, {Name: "team", Value: "pay"}},
			},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := compile(t, tt.rego, engine.Options{}).Eval(t.Context(), input(push), now())
			if err != nil {
				t.Fatal(err)
			}
			if tt.want.Rule == "" {
				tt.want.Rule = "webhook.main.decision"
			}
			if diff := cmp.Diff(&tt.want, got, cmpopts.IgnoreUnexported(engine.Decision{}), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestEval_failsClosed(t *testing.T) {
	tests := map[string]struct {
		rego string
		want error
	}{
		"no rule applies":                       {`decision := {"allow": true} if input.event.name == "pull"`, engine.ErrUndefined},
		"two rules disagree":                    {"decision := {\"allow\": true} if input.event.name\n\ndecision := {\"allow\": false, \"reason\": \"x\"} if input.data.ref", engine.ErrSeveral},
		"a set of decisions":                    {`decision contains {"allow": true}`, engine.ErrShape},
		"true":                                  {`decision := true`, engine.ErrShape},
		"no allow":                              {`decision := {"reason": "x"}`, engine.ErrShape},
		"allow as text":                         {`decision := {"allow": "true"}`, engine.ErrShape},
		"a refusal without a reason":            {`decision := {"allow": false}`, engine.ErrShape},
		"a member that there is not":            {`decision := {"allow": true, "alow": true}`, engine.ErrShape},
		"a refusal with 2xx":                    {`decision := {"allow": false, "reason": "x", "status": 200}`, engine.ErrShape},
		"a code that is no refusal":             {`decision := {"allow": false, "reason": "x", "code": "accepted"}`, engine.ErrShape},
		"a code beside a status":                {`decision := {"allow": false, "reason": "x", "code": "malformed", "status": 400}`, engine.ErrShape},
		"a code of an allowance":                {`decision := {"allow": true, "code": "malformed"}`, engine.ErrShape},
		"a stream without a subject":            {`decision := {"allow": true, "stream": "S"}`, engine.ErrShape},
		"a subject beside targets":              {`decision := {"allow": true, "subject": "a", "targets": [{"subject": "b"}]}`, engine.ErrShape},
		"an empty token":                        {`decision := {"allow": true, "subject": "a..b"}`, engine.ErrShape},
		"no target at all":                      {`decision := {"allow": true, "targets": []}`, engine.ErrShape},
		"a header of NATS":                      {`decision := {"allow": true, "headers": {"nats-Msg-Id": "x"}}`, engine.ErrShape},
		"a header with a line break":            {`decision := {"allow": true, "headers": {"X": "a\r\nb"}}`, engine.ErrShape},
		"a path that does not begin at the top": {`decision := {"allow": true, "redact": [{"path": "a.b"}]}`, engine.ErrShape},
		"an action that there is not":           {`decision := {"allow": true, "redact": [{"path": "$.a", "action": "burn"}]}`, engine.ErrShape},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			d, err := compile(t, tt.rego, engine.Options{}).Eval(t.Context(), input(push), now())
			if d != nil || !errors.Is(err, tt.want) {
				t.Errorf("got %+v, %v; want %v", d, err, tt.want)
			}
		})
	}
}

func TestCompile_namesFileAndLine(t *testing.T) {
	tests := map[string]struct {
		rego string
		want []string
	}{
		"a name that the input has not":   {"decision := {\"allow\": true} if input.evnt.type", []string{"main.rego:3: rego_type_error", "input.evnt", `"event"`}},
		"a misspelt member":               {"decision := {\"allow\": true} if input.event.typ", []string{"main.rego:3", `"type"`}},
		"syntax":                          {"decision := {", []string{"main.rego:4: rego_parse_error"}},
		"a function that is switched off": {"decision := {\"allow\": true} if http.send({\"method\": \"get\", \"url\": \"http://x\"})", []string{"main.rego:3", "http.send"}},
		"the environment":                 {"decision := {\"allow\": true, \"reason\": opa.runtime().env.HOME}", []string{"opa.runtime"}},
		"zone files":                      {"decision := {\"allow\": true} if time.clock([1, \"Europe/Berlin\"])", []string{"time.clock"}},
		"what cannot be stopped":          {"decision := {\"allow\": true} if bits.lsh(1, 1000000000) > 1", []string{"main.rego:3", "bits.lsh: it is switched off"}},
		"an unused variable":              {"decision := {\"allow\": true} if { x := 1 }", []string{"main.rego:3", "x unused"}},
		"a schema that there is not":      {"# METADATA\n# schemas:\n#   - input: schema.nope\ndecision := {\"allow\": true} if input.event", []string{"main.rego:6", "undefined schema: schema.nope"}},
		"a schema from the network":       {"# METADATA\n# schemas:\n#   - input: {$ref: \"http://127.0.0.1:1/x\"}\ndecision := {\"allow\": true} if input.event", []string{"remote reference loading disabled"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			root := dir(t, "main.rego", "package webhook.main\n\n"+tt.rego+"\n")
			s, err := engine.ReadDir(root)
			if err == nil {
				_, err = engine.Compile(s, engine.Options{})
			}
			if !errors.Is(err, engine.ErrCompile) {
				t.Fatalf("got %v", err)
			}
			for _, want := range tt.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q is not in:\n%v", want, err)
				}
			}
		})
	}
}

func TestCompile_needsTheDecision(t *testing.T) {
	s, err := engine.ReadDir(dir(t, "a.rego", "package a\n\nb := 1"))
	if err != nil {
		t.Fatal(err)
	}
	for _, decision := range []string{"", "a/c", "a", "a.b", "a/../b"} {
		if _, err := engine.Compile(s, engine.Options{Decision: decision}); !errors.Is(err, engine.ErrNoDecision) {
			t.Errorf("%q: %v", decision, err)
		}
	}
	if _, err := engine.Compile(s, engine.Options{Decision: "a/b"}); err != nil {
		t.Error(err)
	}
}

func TestReadDir_nestsDataAndOmitsTests(t *testing.T) {
	root := dir(t,
		"data.yaml", "a: {b: 1}",
		"a/data.json", `{"c": 2.50}`,
		"a/a.rego", "package a.x\n\nsum := [data.a.b, data.a.c]",
		"a/a_test.rego", "package broken {",
		"a/testdata/x/data.json", `{"d": 1}`,
		"a/.hidden/x.rego", "nonsense",
		"a/routes.json", "nonsense",
	)
	s, err := engine.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	p, err := engine.Compile(s, engine.Options{Decision: "a/x/sum"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Eval(t.Context(), input(push), now()); !errors.Is(err, engine.ErrShape) {
		t.Errorf("got %v", err)
	}
	if len(s.Modules) != 1 {
		t.Errorf("%d modules", len(s.Modules))
	}
}

func TestReadDir_namesEveryFault(t *testing.T) {
	tests := map[string]struct {
		files []string
		want  error
		text  []string
	}{
		"nothing there":      {nil, engine.ErrEmpty, nil},
		"data that is none":  {[]string{"a.rego", "package a", "data.json", "[1]"}, engine.ErrSource, []string{"data.json"}},
		"one value twice":    {[]string{"a.rego", "package a", "data.json", `{"x":{"y":1}}`, "x/data.yaml", "y: 2"}, engine.ErrSource, []string{`"y"`}},
		"two files at fault": {[]string{"a.rego", "package a\nx :=", "b.rego", "package b\ny :="}, engine.ErrCompile, []string{"a.rego:2", "b.rego:2"}},
		"an empty file":      {[]string{"a.rego", ""}, engine.ErrCompile, []string{"a.rego", "empty module"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := engine.ReadDir(dir(t, tt.files...))
			if !errors.Is(err, tt.want) {
				t.Fatalf("got %v", err)
			}
			for _, text := range tt.text {
				if !strings.Contains(err.Error(), text) {
					t.Errorf("%q is not in %v", text, err)
				}
			}
		})
	}
}

func TestInput_holdsOnlyWhatIsRead(t *testing.T) {
	tests := map[string]struct{ rego, want string }{
		"nothing":              {`decision := {"allow": true}`, `{}`},
		"a few names":          {`decision := {"allow": input.event.name == "push", "reason": input.data.repository.owner.login}`, `{"event":{"name":"push"},"data":{"repository":{"owner":{"login":"octo"}}}}`},
		"an escaped name":      {`decision := {"allow": true, "reason": input.data.action}`, `{"data":{"action":"xé"}}`},
		"an object below":      {`decision := {"allow": true, "reason": input.data.repository["a.b"][0]}`, `{"data":{"repository":{"a.b":[1,{"c":null}]}}}`},
		"by way of a variable": {"repo := input.data.repository\n\ndecision := {\"allow\": true, \"reason\": repo.owner.login}", `{"data":{"repository":{"full_name":"octo/hello","owner":{"login":"octo"},"a.b":[1,{"c":null}]}}}`},
		"in a function":        {"f(x) := x.login\n\ndecision := {\"allow\": true, \"reason\": f(input.data.repository.owner)}", `{"data":{"repository":{"owner":{"login":"octo"}}}}`},
		"elements of a list":   {`decision := {"allow": true, "reason": input.data.commits[_].id}`, `{"data":{"commits":[{"id":"1","added":["a"]},{"id":"2","added":[]}]}}`},
		"through a text":       {`decision := {"allow": true, "reason": input.data.ref.x}`, `{}`},
		"not in reach":         {"other := input.data\n\ndecision := {\"allow\": true}", `{}`},
		"behind a rule":        {"other := input.data.n\n\ndecision := {\"allow\": true} if not other", `{"data":{"n":1.50}}`},
		"headers that are set": {`decision := {"allow": true, "reason": concat("", [input.request.headers["x-a"], input.request.headers.authorization])}`, `{"request":{"headers":{"x-a":"1, 2"}}}`},
		"the request":          {`decision := {"allow": true} if input.request[_]`, `{"request":{"id":"r1","received_at":"2026-03-01T12:00:00.000Z","route":"hooks","method":"POST","path":"/github","client_ip":"192.0.2.7","headers":{"user-agent":"hook","x-a":"1, 2"}}}`},
		"whether it is cut":    {`decision := {"allow": true} if not input.truncated`, `{"truncated":false}`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			p := compile(t, tt.rego, engine.Options{Headers: []string{"user-agent", "x-a"}})
			got := p.Document(input(push))
			if want := ast.MustParseTerm(tt.want).Value; got.Compare(want) != 0 {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}

func TestReads_nameWhatNeedsTheWholePayload(t *testing.T) {
	p := compile(t, `decision := {"allow": true} if {
	name := input.event.name
	input.data[name]
}

decision := {"allow": true} if f(input)

f(x) if x.event.id`, engine.Options{})
	var got []string
	for _, r := range p.Reads() {
		if r.Whole() {
			got = append(got, r.Name()+" by "+r.Rule)
		}
	}
	want := []string{"input by data.webhook.main.decision", "input.data by data.webhook.main.decision"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if r := p.Reads()[1]; r.Row != 5 || !strings.HasSuffix(r.File, "main.rego") {
		t.Errorf("got %v", r)
	}
}

func TestInput_truncatesWhatCannotBeShown(t *testing.T) {
	rego := `decision := {"allow": input.truncated, "reason": "seen"} if not input.data.repository`
	binary := input(push)
	binary.Event.Binary = true
	for name, in := range map[string]engine.Input{
		"bytes": binary, "a large part": input(`{"repository":"` + strings.Repeat("x", 100) + `"}`),
		"a deep part":              input(`{"repository":` + strings.Repeat("[", 1000) + strings.Repeat("]", 1000) + `}`),
		"a number beyond counting": input(`{"repository":[1e1000000000]}`), "one that is all but nothing": input(`{"repository":{"x":-1.5E-10000}}`),
	} {
		d, err := compile(t, rego, engine.Options{MaxInput: 100}).Eval(t.Context(), in, now())
		if err != nil || !d.Allow {
			t.Errorf("%s: %+v, %v", name, d, err)
		}
	}
	small := input(`{"x":"` + strings.Repeat("x", 1000) + `"}`)
	if d, err := compile(t, rego, engine.Options{MaxInput: 100}).Eval(t.Context(), small, now()); err != nil || d.Allow {
		t.Errorf("what is not read counted: %+v, %v", d, err)
	}
}
