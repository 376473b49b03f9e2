package policy

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/internal/ctl/ctltest"
	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/policy/author"
)

const policies = "../../../../policies"

// candidateDir is a copy of the library in which a table is another.
func candidateDir(t *testing.T, table, text string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(policies)); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, table), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestCheck_exitCode(t *testing.T) {
	broken := candidateDir(t, "webhook/guard/more.rego", "package webhook.guard\n\ndeny contains \"x\" if input.evnt.name == \"push\"\n")
	trap := candidateDir(t, "webhook/guard/more.rego", "package webhook.guard\n\nspare := 1\n")
	tests := map[string]struct {
		args []string
		fail bool
		want []string
	}{
		"the library":       {[]string{policies, "--strict", "--streams", "../../../../kong/streams.yml"}, false, nil},
		"an error":          {[]string{broken}, true, []string{broken + "/webhook/guard/more.rego:3: rego_type_error: undefined ref: input.evnt.name", `want (one of): ["data" "event"`}},
		"a trap":            {[]string{trap}, false, []string{"more.rego:3: warning: unused: data.webhook.guard.spare"}},
		"a trap, strictly":  {[]string{trap, "--strict"}, true, []string{"warning: unused"}},
		"no such directory": {[]string{filepath.Join(trap, "none")}, true, []string{"no such file or directory"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			out, err := ctltest.Run(t, Command(), append([]string{"check"}, tt.args...)...)
			if (err != nil) != tt.fail || err != nil && !errors.Is(err, exit.ErrFailed) {
				t.Errorf("error %v", err)
			}
			for _, want := range tt.want {
				if !strings.Contains(out, want) {
					t.Errorf("no %q in\n%s", want, out)
				}
			}
			if len(tt.want) == 0 && out != "" {
				t.Errorf("it says %q", out)
			}
		})
	}
	if _, err := ctltest.Run(t, Command(), "check", policies, "--streams", "none.yml"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file of streams that is named and not there gives %v", err)
	}
}

func TestCheck_json(t *testing.T) {
	broken := candidateDir(t, "webhook/guard/more.rego", "package webhook.guard\n\ndeny contains \"x\" if input.evnt.name == \"push\"\n")
	out, err := ctltest.Run(t, Command(), "check", broken, "--json")
	var f author.Finding
	if jerr := json.Unmarshal([]byte(out), &f); !errors.Is(err, exit.ErrFailed) || jerr != nil || f.Row != 3 || f.Code != "rego_type_error" || f.Warning {
		t.Errorf("%v, %v: %+v\n%s", err, jerr, f, out)
	}
}

func TestTest_json(t *testing.T) {
	untested := candidateDir(t, "webhook/guard/more.rego", "package webhook.guard\n\ndeny contains \"x\" if {\n\tinput.event.name == \"never\"\n}\n")
	stdout, stderr, err := ctltest.RunWith(t, "", Command(), "test", untested, "--cover", "100", "--json")
	var r author.Report
	if jerr := json.Unmarshal([]byte(stdout), &r); !errors.Is(err, exit.ErrFailed) || jerr != nil || len(r.Results) == 0 || r.Coverage >= 100 || len(r.Uncovered) == 0 {
		t.Errorf("%v, %v: %s\n%s", err, jerr, stdout, stderr)
	}
}

func TestTest_failsBelowTheCoverage(t *testing.T) {
	out, err := ctltest.Run(t, Command(), "test", policies, "--cover", "100")
	if err != nil || !strings.Contains(out, "0 failed, 100.0% covered") {
		t.Errorf("the library: %v\n%s", err, out)
	}
	untested := candidateDir(t, "webhook/guard/more.rego", "package webhook.guard\n\ndeny contains \"x\" if {\n\tinput.event.name == \"never\"\n}\n")
	out, err = ctltest.Run(t, Command(), "test", untested, "--cover", "100")
	if !errors.Is(err, exit.ErrFailed) || !strings.Contains(out, "more.rego:3: warning: coverage: no test reaches line 3") || !strings.Contains(out, "coverage is under 100.0%") {
		t.Errorf("a rule without a test: %v\n%s", err, out)
	}
	out, err = ctltest.Run(t, Command(), "test", policies, "--run", "test_nothing_listed_allows", "-v")
	if err != nil || !strings.Contains(out, "ok   data.webhook.guard_test.test_nothing_listed_allows") || !strings.Contains(out, "1 passed, 0 failed\n") {
		t.Errorf("one test: %v\n%s", err, out)
	}
}

func TestFmt_checksAndWrites(t *testing.T) {
	dir := candidateDir(t, "webhook/guard/more.rego", "package webhook.guard\nspare:=1\n")
	file := filepath.Join(dir, "webhook/guard/more.rego")
	if out, err := ctltest.Run(t, Command(), "fmt", dir, "--check"); !errors.Is(err, exit.ErrFailed) || strings.TrimSpace(out) != file {
		t.Errorf("before: %v %q", err, out)
	}
	if out, err := ctltest.Run(t, Command(), "fmt", dir); err != nil || strings.TrimSpace(out) != file {
		t.Errorf("writing: %v %q", err, out)
	}
	if out, err := ctltest.Run(t, Command(), "fmt", dir, "--check"); err != nil || out != "" {
		t.Errorf("after: %v %q", err, out)
	}
}

// storedEvents puts events into a stream and returns the flags that reach it.
func storedEvents(t *testing.T, events ...string) []string {
	t.Helper()
	b, flags := ctltest.NATS(t)
	if _, err := b.JS.CreateStream(t.Context(), jetstream.StreamConfig{Name: defaultStream, Subjects: []string{"webhooks.>"}}); err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		if _, err := b.JS.Publish(t.Context(), "webhooks.x", []byte(e)); err != nil {
			t.Fatal(err)
		}
	}
	return flags
}

const (
	pushEvent  = `{"specversion":"1.0","type":"github.push","id":"1","source":"/webhooks/github","subject":"octo-corp/hello","provider":"github","data":{"ref":"refs/heads/main"}}`
	issueEvent = `{"specversion":"1.0","type":"github.issues.opened","id":"2","source":"/webhooks/github","provider":"github","data":{"action":"opened"}}`
	largeEvent = `{"specversion":"1.0","type":"github.push","id":"3","source":"/webhooks/github","provider":"github","dataref":"nats://objects/WEBHOOKS/3","datasize":9000000,"datasha256":"00"}`
)

func TestEval_samplesFilesAndStoredEvents(t *testing.T) {
	flags := storedEvents(t, pushEvent)
	file := filepath.Join(t.TempDir(), "event.json")
	if err := os.WriteFile(file, []byte(pushEvent), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, args := range map[string][]string{
		"a sample":       {"--sample", "github/push"},
		"a file":         {"--file", file},
		"a stored event": append([]string{"--sequence", "1"}, flags...),
	} {
		t.Run(name, func(t *testing.T) {
			out, err := ctltest.Run(t, Command(), append([]string{"eval", policies, "--explain"}, args...)...)
			if err != nil {
				t.Fatal(err, out)
			}
			for _, want := range []string{
				`"type": "github.push"`, `decision {"allow": true, "redact": [], "rule": "route.any"}`,
				`+ data.webhook.guard.decision = {"allow": true}`, "- data.webhook.main.decision stopped at input.truncated  (" + policies + "/webhook/main/main.rego:",
			} {
				if !strings.Contains(out, want) {
					t.Errorf("no %q in\n%s", want, out)
				}
			}
		})
	}
	if _, err := ctltest.Run(t, Command(), append([]string{"eval", policies, "--sequence", "2"}, flags...)...); !errors.Is(err, jetstream.ErrMsgNotFound) {
		t.Errorf("a sequence that there is not gives %v", err)
	}
	if _, err := ctltest.Run(t, Command(), "eval", policies); err == nil {
		t.Error("no event at all is no error")
	}
}

func TestReplay_showsDifferences(t *testing.T) {
	flags := storedEvents(t, pushEvent, issueEvent, pushEvent, largeEvent, "hello")
	candidate := candidateDir(t, "webhook/route/data.yaml", "routes:\n  github.push:\n    any:\n      then: {allow: true, rule: pushes, subject: [pushes]}\n  github:\n    any:\n      then: {allow: true}\n")
	out, err := ctltest.Run(t, Command(), append([]string{"replay", policies, "--candidate", candidate, "--from", "24h", "--show", "1"}, flags...)...)
	if !errors.Is(err, exit.ErrFailed) {
		t.Errorf("error %v", err)
	}
	for _, want := range []string{
		"3 events, 2 decided otherwise\n", "2  github.push                              published in another way, first WEBHOOKS/1",
		"WEBHOOKS/1 github.push\n  was {\"allow\": true, \"redact\": [], \"rule\": \"route.any\"}\n  is  {", "1 events left out: their payload is in the object store", "1 messages left out: they are no events",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	stdout, _, err := ctltest.RunWith(t, "", Command(), append([]string{"replay", policies, "--candidate", candidate, "--json"}, flags...)...)
	var c author.Comparison
	if jerr := json.Unmarshal([]byte(stdout), &c); !errors.Is(err, exit.ErrFailed) || jerr != nil || c.Events != 3 || c.Changed == 0 || len(c.Changes) == 0 {
		t.Errorf("as JSON: %v, %v: %s", err, jerr, stdout)
	}
	if out, err := ctltest.Run(t, Command(), append([]string{"replay", policies, "--candidate", policies}, flags...)...); err != nil || !strings.Contains(out, "3 events, 0 decided otherwise") {
		t.Errorf("the same policy: %v\n%s", err, out)
	}
}

func TestInspect_andBenchOfTheLibrary(t *testing.T) {
	out, err := ctltest.Run(t, Command(), "inspect", policies)
	if err != nil || !strings.Contains(out, "  input.data.repository.full_name\n    data.webhook.delivery.repository  "+policies+"/webhook/delivery/delivery.rego:") || !strings.Contains(out, "Only these parts of a payload are converted.") {
		t.Errorf("inspect: %v\n%s", err, out)
	}
	out, err = ctltest.Run(t, Command(), "bench", policies, "--sample", "github/push", "--for", "1ms")
	if err != nil || !strings.Contains(out, "what it reads") || !strings.Contains(out, "whole payload") {
		t.Errorf("bench: %v\n%s", err, out)
	}
}

func TestPolicy_dataComesAsJSON(t *testing.T) {
	untidy := candidateDir(t, "webhook/guard/more.rego", "package webhook.guard\nspare:=1\n")
	for name, tc := range map[string]struct {
		args   []string
		fail   bool
		member string
		want   any
	}{
		"eval":             {[]string{"eval", policies, "--sample", "github/push"}, false, "decision", map[string]any{"allow": true, "redact": []any{}, "rule": "route.any"}},
		"eval, its rule":   {[]string{"eval", policies, "--sample", "github/push"}, false, "rule", "route.any"},
		"inspect":          {[]string{"inspect", policies}, false, "input", "input.data"},
		"inspect, a place": {[]string{"inspect", policies}, false, "file", policies + "/webhook/"},
		"bench":            {[]string{"bench", policies, "--sample", "github/push", "--for", "1ms"}, false, "name", "github/push"},
		"fmt":              {[]string{"fmt", untidy, "--check"}, true, "file", untidy + "/webhook/guard/more.rego"},
		"fmt, only looked": {[]string{"fmt", untidy, "--check"}, true, "written", false},
	} {
		t.Run(name, func(t *testing.T) {
			out, _, err := ctltest.RunWith(t, "", Command(), append(tc.args, "--json")...)
			if errors.Is(err, exit.ErrFailed) != tc.fail || err != nil && !tc.fail {
				t.Errorf("error %v", err)
			}
			found := false
			for line := range strings.Lines(out) {
				var o map[string]any
				if err := json.Unmarshal([]byte(line), &o); err != nil {
					t.Fatalf("%v: %s", err, line)
				}
				got, text := o[tc.member].(string)
				want, _ := tc.want.(string)
				found = found || text && strings.HasPrefix(got, want) || cmp.Equal(o[tc.member], tc.want)
			}
			if !found {
				t.Errorf("no %s %v in\n%s", tc.member, tc.want, out)
			}
		})
	}
}

// sink collects what a command writes while it runs.
type sink struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (s *sink) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.all.Write(p)
}

func (s *sink) waitFor(ctx context.Context, text string) bool {
	for tick := time.NewTicker(10 * time.Millisecond); ; {
		s.mu.Lock()
		found := strings.Contains(s.all.String(), text)
		s.mu.Unlock()
		if found {
			return true
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return false
		}
	}
}

func TestWatch_checksASavedFile(t *testing.T) {
	dir := candidateDir(t, "webhook/guard/more.rego", "package webhook.guard\n")
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	out, done := &sink{}, make(chan error, 1)
	cmd := ctltest.Root(Command(), "watch", dir)
	cmd.SetOut(out)
	go func() { done <- cmd.ExecuteContext(ctx) }()
	if !out.waitFor(ctx, "0 failed, 100.0% covered") {
		t.Fatalf("nothing at the beginning: %s", &out.all)
	}
	if err := os.WriteFile(filepath.Join(dir, "webhook/guard/more.rego"), []byte("package webhook.guard\n\ndeny := := 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if !out.waitFor(ctx, "more.rego:3: rego_parse_error") {
		t.Errorf("nothing after a save: %s", &out.all)
	}
	stop()
	if err := <-done; err != nil {
		t.Errorf("the end of watching is the error %v", err)
	}
	if r := look(t.Context(), dir, author.CheckOptions{}); len(r.Findings) == 0 || r.Report != nil || r.Error != "" {
		t.Errorf("as JSON: %+v", r)
	}
}

func TestDiff_json(t *testing.T) {
	b, flags := ctltest.NATS(t)
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	out, notes, done := &sink{}, &sink{}, make(chan error, 1)
	cmd := ctltest.Root(Command(), append([]string{"diff", "--json"}, flags...)...)
	cmd.SetOut(out)
	cmd.SetErr(notes)
	go func() { done <- cmd.ExecuteContext(ctx) }()
	if !notes.waitFor(ctx, "listening to webhooks-policy.differences") {
		t.Fatal("it does not listen")
	}
	const text = `{"at":"2026-03-01T12:00:00Z","provider":"github","type":"github.push","event_id":"7","live":{"allow":true},"candidate":{"allow":false,"reason":"no"},"count":41}`
	if err := b.JS.Conn().Publish("webhooks-policy.differences", []byte(text)); err != nil {
		t.Fatal(err)
	}
	shown := out.waitFor(ctx, "\n")
	stop()
	if err := <-done; err != nil || !shown || out.all.String() != text+"\n" {
		t.Errorf("%v: %s", err, &out.all)
	}
}

func TestDiff_showsPublishedDifferences(t *testing.T) {
	b, flags := ctltest.NATS(t)
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	out, done := &sink{}, make(chan error, 1)
	cmd := ctltest.Root(Command(), append([]string{"diff"}, flags...)...)
	cmd.SetOut(out)
	go func() { done <- cmd.ExecuteContext(ctx) }()
	if !out.waitFor(ctx, "listening to webhooks-policy.differences") {
		t.Fatal("it does not listen")
	}
	for _, text := range []string{
		`{"at":"2026-03-01T12:00:00Z","provider":"github","type":"github.push","event_id":"7","count":41,"live":{"allow":true},"candidate":{"allow":false,"reason":"no"}}`, "hello",
	} {
		if err := b.JS.Conn().Publish("webhooks-policy.differences", []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if !out.waitFor(ctx, "2026-03-01T12:00:00Z github.push 7\n  live      {\"allow\":true}\n  candidate {\"allow\":false,\"reason\":\"no\"}\n") || !out.waitFor(ctx, "a message that is not a difference") {
		t.Error("a difference is not shown")
	}
	stop()
	if err := <-done; err != nil || !out.waitFor(t.Context(), "    41  github.push\n") {
		t.Errorf("at the end: %v", err)
	}
}
