package detail_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/ctl/inspector/api"
	"webhookedge/plugins/internal/ctl/inspector/site"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/observe"
	"webhookedge/plugins/policy/author"
	"webhookedge/plugins/policy/engine"
)

const allowing = `package webhook.main

import data.webhook.limits

default decision := {"allow": false, "reason": "no rule"}

# METADATA
# title: Issues
decision := {"allow": true, "rule": "issues", "subject": ["issues", input.event.action]} if {
	input.event.name == "issues"
	input.data.issue.number < limits.most
}
`

// policyOf writes a policy, and a kong.yml with a route that has it and maybe a candidate.
func (k *kit) policyOf(t *testing.T, live, candidate string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for name, text := range map[string]string{"live": live, "next": candidate} {
		if text != "" {
			write(t, filepath.Join(dir, name, "webhook", "main", "main.rego"), text)
			write(t, filepath.Join(dir, name, "webhook", "limits", "data.json"), `{"most": 10}`)
		}
	}
	set := fmt.Sprintf("directory: %q", filepath.Join(dir, "live"))
	if candidate != "" {
		set += fmt.Sprintf(", candidate: {directory: %q}", filepath.Join(dir, "next"))
	}
	k.config(t, fmt.Sprintf(`_format_version: "3.0"
routes:
  - name: github
    paths: [/webhooks/github]
    plugins:
      - name: webhook-edge
        config:
          provider: github
          verify: {secrets: [{value: "octo-s3cret-0123456789"}]}
          policy: {%s}
          publish: {servers: ["nats://127.0.0.1:4222"]}
`, set))
	return dir
}

func TestDecision_liveAndCandidate(t *testing.T) {
	k := newKit(t)
	dir := k.policyOf(t, allowing, strings.ReplaceAll(allowing, `"issues", input`, `"bugs", input`))
	given := k.storedOf(t, "github", "sha256", []string{"body"}, post(issue, [2]string{"x-github-event", "issues"}, [2]string{"x-github-delivery", "1"}))
	given.Record.Events = []observe.Event{{ID: "1", Rule: "issues-then", Targets: []string{"webhooks.issues"}}}
	d, _ := k.detail(t, given)
	if len(d.Decision) != 1 {
		t.Fatalf("%+v", d.Decision)
	}
	one := d.Decision[0]
	if one.Rule != "issues-then" || len(one.Targets) != 1 || one.Absent != "" || !one.Differs {
		t.Errorf("%+v", one)
	}
	if one.Live == nil || !strings.Contains(string(one.Live.Decision), `"issues","opened"`) || len(one.Live.Steps) == 0 || one.Live.Directory != filepath.Join(dir, "live") {
		t.Errorf("%+v", one.Live)
	}
	if one.Candidate == nil || !strings.Contains(string(one.Candidate.Decision), `"bugs","opened"`) {
		t.Errorf("%+v", one.Candidate)
	}
	// A change is seen at once.
	write(t, filepath.Join(dir, "live", "webhook", "main", "main.rego"), strings.ReplaceAll(allowing, `"issues", input`, `"bugs", input`)+"# changed\n")
	if d, _ = k.detail(t, given); d.Decision[0].Differs {
		t.Errorf("%+v", d.Decision[0].Live)
	}
	write(t, filepath.Join(dir, "live", "webhook", "main", "main.rego"), "package webhook.main\n\ndecision := {")
	if d, _ = k.detail(t, given); d.Decision[0].Live.Error == "" || !d.Decision[0].Differs {
		t.Errorf("%+v", d.Decision[0].Live)
	}
}

// TestDecision_isAskedAboutTheTenantThatCame stores an event to which the policy gave a
// tenant of its own: asked about that one, it might not know it.
func TestDecision_isAskedAboutTheTenantThatCame(t *testing.T) {
	k := newKit(t)
	k.policyOf(t, strings.ReplaceAll(allowing, "input.event.action", "input.event.tenant"), "")
	e := &event.Event{
		ID: "1", Provider: "github", Type: "issues", Action: "opened", Source: "/webhooks/github", Tenant: "ours", Verification: "sha256", Data: []byte(issue), ReceivedAt: noon(),
	}
	d, _ := k.detail(t, site.Delivery{Row: api.Row{State: api.StateStored, Provider: "github", Route: "github", At: noon()}, Stored: []site.Stored{k.store(t, e)}})
	if len(d.Decision) != 1 || d.Decision[0].Live == nil || !strings.Contains(string(d.Decision[0].Live.Decision), `"issues","octo-corp"`) {
		t.Errorf("%+v", d.Decision)
	}
}

// TestDecision_ofARefusal asks about a delivery that the policy refused, of which nothing
// is stored.
func TestDecision_ofARefusal(t *testing.T) {
	k := newKit(t)
	k.policyOf(t, strings.ReplaceAll(allowing, "limits.most", "limits.most - 100"), "")
	given := refused("github", pipeline.PolicyDenied, post(issue, [2]string{"x-github-event", "issues"}, [2]string{"x-github-delivery", "1"}))
	given.Record = proved("github", "sha256", []string{"body"})
	given.Record.Code, given.Record.Status = "policy_denied", 403
	given.Record.Events = []observe.Event{{ID: "1", Rule: "default"}}
	d, _ := k.detail(t, given)
	if len(d.Decision) != 1 || d.Decision[0].Live == nil || !strings.Contains(string(d.Decision[0].Live.Decision), "no rule") || d.Decision[0].Rule != "default" {
		t.Fatalf("%+v", d.Decision)
	}
	stopped := false
	for _, s := range d.Decision[0].Live.Steps {
		stopped = stopped || strings.Contains(s.Stopped, "limits.most - 100")
	}
	if !stopped {
		t.Errorf("no step tells where it stopped: %+v", d.Decision[0].Live.Steps)
	}
}

func TestDecision_absent(t *testing.T) {
	for name, tc := range map[string]struct{ config, want string }{
		"no kong.yml": {"", "No kong.yml is known"},
		"no route":    {"_format_version: \"3.0\"\n", "no such route"},
		"no policy":   {kongyml, "no policy"},
		"bundles":     {strings.ReplaceAll(kongyml, "          publish:\n", "          policy: {opa_config: /etc/opa.yml}\n          publish:\n"), "bundles"},
		"a reference": {strings.ReplaceAll(kongyml, "          publish:\n", "          policy: {directory: \"{vault://env/policies}\"}\n          publish:\n"), "policy"},
	} {
		t.Run(name, func(t *testing.T) {
			k := newKit(t)
			if tc.config != "" {
				k.config(t, tc.config)
			}
			d, _ := k.detail(t, k.storedOf(t, "github", "sha256", []string{"body"}, post(issue, [2]string{"x-github-event", "issues"}, [2]string{"x-github-delivery", "1"})))
			if len(d.Decision) != 1 || !strings.Contains(d.Decision[0].Absent, tc.want) {
				t.Errorf("%+v", d.Decision)
			}
		})
	}
}

// TestDecision_isBounded has a policy that would go on for minutes, and one with a thousand
// rules.
func TestDecision_isBounded(t *testing.T) {
	k := newKit(t)
	var many strings.Builder
	many.WriteString("package webhook.main\n\ndecision := {\"allow\": count(all) > 0}\n\n")
	for n := range 1000 {
		fmt.Fprintf(&many, "all contains %d\n\n", n)
	}
	k.policyOf(t, `package webhook.main

slow(n) := count([1 | some x in numbers.range(1, n); some y in numbers.range(1, n); x == y + n])

decision := {"allow": slow(100000) == 0}
`, many.String())
	given := k.storedOf(t, "github", "sha256", []string{"body"}, post(issue, [2]string{"x-github-event", "issues"}, [2]string{"x-github-delivery", "1"}))
	begin := time.Now()
	d, _ := k.detail(t, given)
	if took := time.Since(begin); took > 8*time.Second {
		t.Errorf("it took %v", took)
	}
	if live := d.Decision[0].Live; live == nil || live.Error == "" {
		t.Errorf("%+v", live)
	}
	if n := len(d.Decision[0].Candidate.Steps); n > 200 {
		t.Errorf("%d steps", n)
	}
}

// TestCopies_testOfThePolicyPasses runs the test that is copied.
func TestCopies_testOfThePolicyPasses(t *testing.T) {
	k := newKit(t)
	dir := k.policyOf(t, allowing, "")
	d, _ := k.detail(t, k.storedOf(t, "github", "sha256", []string{"body"}, post(issue, [2]string{"x-github-event", "issues"}, [2]string{"x-github-delivery", "1"})))
	if !strings.HasPrefix(d.Copies.Test, "package webhook.main_test\n") {
		t.Fatalf("%s", d.Copies.Test)
	}
	file := filepath.Join(dir, "live", "webhook", "main", "main_test.rego")
	write(t, file, d.Copies.Test)
	changed, err := author.Format(file, false)
	if err != nil || len(changed) > 0 {
		t.Errorf("it is not formatted: %v\n%s", err, d.Copies.Test)
	}
	project, found := author.Open(filepath.Join(dir, "live"), engine.Options{})
	if project == nil {
		t.Fatalf("%v\n%s", found, d.Copies.Test)
	}
	report, err := project.Test(t.Context(), "")
	if err != nil || len(report.Results) != 1 || !report.Results[0].Passed {
		t.Errorf("%+v %v\n%s", report, err, d.Copies.Test)
	}
}
