package drift_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"webhookedge/plugins/internal/ctl/ctltest"
	ctl "webhookedge/plugins/internal/ctl/drift"
	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/internal/drift"
	"webhookedge/plugins/internal/drift/bucket"
)

// kit is a bucket of a broker of the test.
type kit struct {
	t     *testing.T
	b     *bucket.Bucket
	flags []string
}

func newKit(t *testing.T) *kit {
	t.Helper()
	broker, flags := ctltest.NATS(t)
	b, err := bucket.OpenOrCreate(t.Context(), broker.JS, "WEBHOOKS")
	if err != nil {
		t.Fatal(err)
	}
	return &kit{t, b, flags}
}

// learn has n payloads of an event seen.
func (k *kit) learn(event string, n int, payload string) {
	k.t.Helper()
	var seen drift.Tally
	for range n {
		seen.Observe([]byte(payload))
	}
	_, err := k.b.Change(k.t.Context(), "github", event, time.Unix(0, 0), false, func(m *drift.Model) bool {
		m.Merge(&seen, time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
		return true
	})
	if err != nil {
		k.t.Fatal(err)
	}
}

// run returns what a command writes.
func (k *kit) run(args ...string) (string, error) {
	k.t.Helper()
	return ctltest.Run(k.t, ctl.Command(), append(args, k.flags...)...)
}

// wants runs a command that succeeds.
func (k *kit) wants(want string, args ...string) {
	k.t.Helper()
	got, err := k.run(args...)
	if err != nil || got != want {
		k.t.Errorf("drift %s: %v\n%swant\n%s", strings.Join(args, " "), err, got, want)
	}
}

// changed has two changes of github.push, and an event that is still learnt.
func (k *kit) changed() {
	k.learn("push", 3, `{"ref":"a","pusher":{"name":"x"}}`)
	k.wants("github.push is known, after 3 deliveries\n", "accept", "github", "push")
	k.learn("push", 3, `{"ref":1,"pusher":{"name":"x","e mail":"y"}}`)
	k.learn("issues.opened", 1, `{"a":1}`)
}

const both = `github.push  2026-03-01 12:00
  $.pusher['e mail']: appeared, string
github.push  2026-03-01 12:00
  $.ref: string became integer
`

func TestDrift_showsAndAccepts(t *testing.T) {
	k := newKit(t)
	k.wants("no change: known events: 0, still learnt: 0\n")
	k.changed()
	k.wants(both)
	k.wants(both, "--provider", "github", "--event", "push")
	k.wants("no change: known events: 0, still learnt: 1\n", "--event", "issues.opened")
	k.wants(`{"provider":"github","event":"push","path":"$.pusher['e mail']","change":"appeared","after":["string"],"since":"2026-03-01T12:00:00Z"}
{"provider":"github","event":"push","path":"$.ref","change":"retyped","before":["string"],"after":["integer"],"since":"2026-03-01T12:00:00Z"}
`, "--json")
	k.wants("EVENT                 DELIVERIES  FIELDS  STATE     CHANGES\n"+
		"github.issues.opened  1           1       learning  0\n"+
		"github.push           6           5       known     2\n", "show")
	k.wants("TYPES              IN %  PATH\n"+
		"object             100   $\n"+
		"object             100   $.pusher\n"+
		"string             100   $.pusher['e mail']\n"+
		"string             100   $.pusher.name\n"+
		"integer or string  100   $.ref\n", "show", "github", "push")
	k.wants("github.push  2026-03-01 12:00\n  $.ref: string became integer\n  would be accepted\n", "accept", "github", "push", "$.ref", "--dry-run")
	k.wants(both)
	k.wants("github.push  2026-03-01 12:00\n  $.pusher['e mail']: appeared, string\n  accepted\n", "accept", "github", "push", "$.pusher")
	k.wants(`{"provider":"github","event":"push","path":"$.ref","change":"retyped","before":["string"],"after":["integer"],"since":"2026-03-01T12:00:00Z"}
`, "accept", "github", "push", "--json")
	k.wants("no change: known events: 1, still learnt: 1\n")
	k.wants("github.push: nothing has changed\n", "accept", "github", "push")
	k.wants("github.push would be forgotten, after 6 deliveries\n", "forget", "github", "push", "--dry-run")
	k.wants("github.push is forgotten, after 6 deliveries\n", "forget", "github", "push")
	k.wants("no change: known events: 0, still learnt: 1\n")
}

func TestDrift_namesWhatThereIs(t *testing.T) {
	k := newKit(t)
	k.changed()
	for line, want := range map[string]string{
		"--provider githb":                  "did you mean github?",
		"accept githb push":                 "did you mean github?",
		"accept github psh":                 "did you mean push?",
		"show github psh":                   "did you mean push?",
		"forget github psh":                 "did you mean push?",
		"accept github push $.reff":         "did you mean $.ref?",
		"accept github push ref":            "no path",
		"accept github":                     "name the provider and the event",
		"show github":                       "name the provider and the event",
		"--config no-such-file":             "no such file",
		"accept github push $.pu --dry-run": "no change of github.push at",
	} {
		if out, err := k.run(strings.Fields(line)...); exit.Code(err) != exit.Misuse || !strings.Contains(err.Error(), want) {
			t.Errorf("drift %s: %v\n%s", line, err, out)
		}
	}
}

func TestDrift_withoutABucket(t *testing.T) {
	_, flags := ctltest.NATS(t)
	if _, err := ctltest.Run(t, ctl.Command(), flags...); !errors.Is(err, bucket.ErrNone) || exit.Code(err) != exit.Found {
		t.Errorf("got %v", err)
	}
}

func TestDrift_forgetsWhatCannotBeRead(t *testing.T) {
	broker, flags := ctltest.NATS(t)
	if _, err := bucket.OpenOrCreate(t.Context(), broker.JS, "WEBHOOKS"); err != nil {
		t.Fatal(err)
	}
	kv, err := broker.JS.KeyValue(t.Context(), bucket.Name)
	if err == nil {
		_, err = kv.Put(t.Context(), "github.push", []byte("{}"))
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ctltest.Run(t, ctl.Command(), flags...); !errors.Is(err, bucket.ErrUnreadable) || !strings.Contains(err.Error(), "github.push") {
		t.Errorf("got %v", err)
	}
	if out, err := ctltest.Run(t, ctl.Command(), append([]string{"forget", "github", "push"}, flags...)...); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	if out, err := ctltest.Run(t, ctl.Command(), flags...); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestDrift_saysWhatReadsAField looks into a kong.yml and its policies.
func TestDrift_saysWhatReadsAField(t *testing.T) {
	k := newKit(t)
	k.changed()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"kong.yml": `_format_version: "3.0"
routes:
  - name: github
    paths: [/webhooks/github]
    plugins:
      - name: webhook-edge
        config:
          provider: github
          verify: {secrets: [{value: "{vault://env/no-such-secret}"}]}
          normalize: {learn: true, redact: [{path: "$..ref", action: mask}]}
          policy: {directory: "{vault://env/no-such-directory}"}
          publish: {servers: ["nats://127.0.0.1:1"]}
`,
		"policies/webhook/main/main.rego": `# METADATA
# schemas:
#   - data.webhook.main.redactions: schema.policy.privacy
package webhook.main

# METADATA
# entrypoint: true
default decision := {"allow": false, "reason": "no"}

decision := {"allow": true, "redact": data.webhook.main.redactions[input.event.type]} if input.data.ref == "main"
`,
		"policies/webhook/main/data.yaml": "redactions:\n  github.push:\n    - {path: \"$.pusher['e mail']\", action: drop}\n  stripe:\n    - {path: \"$.ref\", action: drop}\n",
	} {
		if err := errors.Join(os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o750), os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	got, err := k.run("--config", filepath.Join(dir, "kong.yml"), "--policies", filepath.Join(dir, "policies"))
	want := `github.push  2026-03-01 12:00
  $.pusher['e mail']: appeared, string
  read by the redaction $.pusher['e mail'] (DIR/webhook/main/data.yaml:3)
github.push  2026-03-01 12:00
  $.ref: string became integer
  read by the redaction $..ref
  read by the rule data.webhook.main.decision (DIR/webhook/main/main.rego:10)
`
	if got = strings.ReplaceAll(got, filepath.Join(dir, "policies"), "DIR"); err != nil || got != want {
		t.Errorf("%v\n%swant\n%s", err, got, want)
	}
}

func TestDrift_follows(t *testing.T) {
	k := newKit(t)
	k.changed()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	r, w := io.Pipe()
	cmd := ctltest.Root(ctl.Command(), append([]string{"--follow", "--json"}, k.flags...)...)
	cmd.SetOut(w)
	done := make(chan error, 1)
	go func() { done <- cmd.ExecuteContext(ctx) }()
	lines := make([]byte, 4096)
	var got bytes.Buffer
	for strings.Count(got.String(), "\n") < 2 {
		n, err := r.Read(lines)
		if err != nil {
			t.Fatal(err)
		}
		got.Write(lines[:n])
	}
	k.learn("push", 3, `{"ref":1,"new":1,"pusher":{"name":"x","e mail":"y"}}`)
	n, err := r.Read(lines)
	if err != nil || !strings.Contains(string(lines[:n]), `"$.new"`) {
		t.Errorf("%s, %v", lines[:n], err)
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
