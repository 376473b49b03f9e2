package policy_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"webhookedge/plugins/policy"
)

// opaFile writes a configuration whose bundle is a file with the rules, and with
// a policy that masks and one that drops decision logs.
func opaFile(t *testing.T, rules, more string) string {
	t.Helper()
	dir := t.TempDir()
	raw := packed(t, rules, "r9", "", map[string]string{
		"/system/log/mask.rego": "package system.log\n\nmask contains \"/input/data/pusher/name\"\n",
		"/system/log/drop.rego": "package system.log\n\ndrop if input.input.event.id == \"dull\"\n",
	})
	if err := os.WriteFile(filepath.Join(dir, "bundle.tar.gz"), raw, 0o600); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "opa.yaml")
	text := "bundles:\n  edge:\n    resource: file://" + dir + "/bundle.tar.gz\n" + more
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const toNATS = `decision_logs: {plugin: webhook_nats}
plugins:
  webhook_nats: {subject: told.decisions}
`

func broker(js jetstream.JetStream) policy.Option {
	return policy.WithNATS(func(context.Context) (jetstream.JetStream, error) { return js, nil }, "nats://test")
}

func TestSink_publishesMaskedAndFilteredDecisions(t *testing.T) {
	k := newKit(t)
	nc, js := connect(t)
	told, err := nc.SubscribeSync("told.decisions")
	if err != nil {
		t.Fatal(err)
	}
	s := k.stage(t, map[string]any{"opa_config": opaFile(t, `decision := {"allow": true, "tenant": input.data.pusher.name, "reason": input.event.id} if input.event.id != "bad"

decision := {"allow": 5} if input.event.id == "bad"
`, toNATS)}, broker(js))
	eventually(t, "the policy", func() bool { return tenantOf(t, s)() == "mona" })
	for _, id := range []string{"dull", "bad", "last"} {
		e := push()
		e.ID = id
		_ = s.Handle(t.Context(), delivery(e)) // the bad one is refused
	}
	found := map[string]map[string]any{}
	for found["last"] == nil {
		entry, id := nextEntry(t, told)
		found[id] = entry
	}
	if _, ok := found["dull"]; ok {
		t.Error("an entry that drop names was told")
	}
	if text := fmt.Sprint(found["last"]["input"]); strings.Contains(text, "mona") || fmt.Sprint(found["last"]["erased"]) != "[/input/data/pusher/name]" {
		t.Errorf("not masked: %v", found["last"])
	}
	if fmt.Sprint(found["last"]["custom"]) != "map[request_id:r1 rule:webhook.main.decision]" || fmt.Sprint(found["last"]["bundles"]) != "map[edge:map[revision:r9]]" {
		t.Errorf("the entry is %v", found["last"])
	}
	if why, _ := found["bad"]["error"].(map[string]any); why["code"] != "policy_failed" || !strings.Contains(fmt.Sprint(why["message"]), "allow is neither true nor false") {
		t.Errorf("a failed evaluation is told as %v", found["bad"])
	}
}

func nextEntry(t *testing.T, told *nats.Subscription) (entry map[string]any, id string) {
	t.Helper()
	m, err := told.NextMsg(20 * time.Second)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(m.Data, &entry); err != nil {
		t.Fatal(err)
	}
	input, _ := entry["input"].(map[string]any)
	event, _ := input["event"].(map[string]any)
	return entry, fmt.Sprint(event["id"])
}

func TestDecisionLog_directoryMasksTheFirstEntry(t *testing.T) {
	k := newKit(t)
	nc, js := connect(t)
	told, err := nc.SubscribeSync("told.decisions")
	if err != nil {
		t.Fatal(err)
	}
	dir := rego(t, "decision := {\"allow\": true, \"labels\": {\"of\": input.data.pusher.name}}\n")
	mask := func(rules string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, "mask.rego"), []byte("package system.log\n\n"+rules), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	mask("mask contains \"/input/data/pusher/name\" if input.result.allow\n\nmask contains \"/result/labels\"\n")
	config := filepath.Join(t.TempDir(), "opa.yaml")
	if err := os.WriteFile(config, []byte(toNATS), 0o600); err != nil {
		t.Fatal(err)
	}
	s := k.stage(t, map[string]any{"directory": dir, "opa_config": config}, broker(js))
	next := func() string {
		for {
			if err := s.Handle(t.Context(), delivery(push())); err != nil {
				t.Fatal(err)
			}
			if m, err := told.NextMsg(10 * time.Millisecond); err == nil { // OPA may not be there yet
				return string(m.Data)
			}
		}
	}
	if entry := next(); strings.Contains(entry, "mona") || !strings.Contains(entry, `"erased":["/input/data/pusher/name","/result/labels"]`) {
		t.Errorf("the first entry is %s", entry)
	}
	mask("mask contains \"/input\"\n\nmask contains \"/result/labels\"\n")
	eventually(t, "another mask", func() bool { return strings.Contains(next(), `"erased":["/input","/result/labels"]`) })
	mask("mask contains input.evnt if oops\n")
	eventually(t, "a broken mask in the log", func() bool { return strings.Contains(k.log.String(), "mask.rego:3: rego_unsafe_var_error") })
	if entry := next(); strings.Contains(entry, "mona") {
		t.Errorf("with a broken mask: %s", entry)
	}
}

func TestSink_outlivesTheStageThatOpenedIt(t *testing.T) {
	k := newKit(t)
	nc, js := connect(t)
	told, err := nc.SubscribeSync("told.decisions")
	if err != nil {
		t.Fatal(err)
	}
	config := map[string]any{"opa_config": opaFile(t, "decision := {\"allow\": true, \"tenant\": input.event.id}\n", toNATS)}
	first := k.stage(t, config, policy.WithNATS(func(context.Context) (jetstream.JetStream, error) { return nil, nats.ErrConnectionClosed }, "nats://test"))
	second := k.stage(t, config, broker(js))
	first.Close()
	eventually(t, "the policy", func() bool { return tenantOf(t, second)() == "1" })
	if _, id := nextEntry(t, told); id != "1" {
		t.Errorf("told about %s", id)
	}
}

func TestSink_invalidIsLogged(t *testing.T) {
	for name, tt := range map[string]struct {
		more string
		nats bool
		want error
	}{
		"without NATS":             {toNATS, false, policy.ErrNoNATS},
		"a subject with wildcards": {strings.ReplaceAll(toNATS, "told.decisions", "told.*"), true, policy.ErrSink},
		"a setting there is not":   {strings.ReplaceAll(toNATS, "subject:", "topic:"), true, policy.ErrSink},
	} {
		t.Run(name, func(t *testing.T) {
			k := newKit(t)
			_, js := connect(t)
			var opts []policy.Option
			if tt.nats {
				opts = append(opts, broker(js))
			}
			s := k.stage(t, map[string]any{"opa_config": opaFile(t, says("x"), tt.more)}, opts...)
			eventually(t, "the fault in the log", func() bool { return strings.Contains(k.log.String(), tt.want.Error()) })
			if got := tenantOf(t, s)(); !strings.Contains(got, policy.ErrNone.Error()) {
				t.Errorf("it is used all the same: %s", got)
			}
		})
	}
}

func TestSink_lostBrokerCostsNoDelivery(t *testing.T) {
	k := newKit(t)
	gone := func(context.Context) (jetstream.JetStream, error) { return nil, nats.ErrConnectionClosed }
	s := k.stage(t, map[string]any{"opa_config": opaFile(t, says("x"), toNATS)}, policy.WithNATS(gone, "nats://gone"))
	eventually(t, "the policy", func() bool { return tenantOf(t, s)() == "x" })
	for range 50 {
		if got := tenantOf(t, s)(); got != "x" {
			t.Fatal(got)
		}
	}
	eventually(t, "lost entries in the metric", func() bool {
		families, err := k.registry.Gather()
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range families {
			if f.GetName() == "webhook_edge_policy_logged_total" {
				return f.GetMetric()[0].GetCounter().GetValue()+f.GetMetric()[1].GetCounter().GetValue() >= 51
			}
		}
		return false
	})
	if n := strings.Count(k.log.String(), "decisions could not be logged"); n != 1 {
		t.Errorf("told %d times that decisions could not be logged, want once a minute", n)
	}
	if n := testutil.CollectAndCount(k.registry, "webhook_edge_policy_logged_total"); n != 2 {
		t.Errorf("%d series", n)
	}
}
