//go:build browser

package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// inspected is an installation with its inspectors, as the tests in the browser are told of it.
type inspected struct {
	Local   string            `json:"local"`   // links of the pages, with their tokens
	Inspect string            `json:"inspect"` // read-only
	Feed    string            `json:"feed"`    // of records that Control writes
	Control string            `json:"control"`
	Gateway string            `json:"gateway"`
	Secrets map[string]string `json:"secrets"` // by route
	Shots   string            `json:"shots,omitempty"`

	nats, password string
	dir            string // of the kong.yml and the policies, which are named as they lie in it
}

// The subjects of records: that of the gateway, and that of Control.
const feedSubject = "webhooks-load.deliveries"

// inspectedConfig has a route of each kind that the page shows: with a policy and its
// candidate, one that a policy holds, one without a policy, and a sender of one's own.
const inspectedConfig = `_format_version: "3.0"
routes:
  - name: github
    paths: [/webhooks/github]
    plugins:
      - name: webhook-edge
        config: &edge
          provider: github
          ratelimit: {limits: [{rate: 100000-S, by: client_net}]}
          verify: {secrets: [{id: current, value: "{vault://env/github-webhook-secret}"}]}
          policy: &policy {directory: policies, candidate: {directory: candidate}}
          quarantine: {keep: [signature_invalid, malformed, policy_denied]}
          publish: &publish {servers: ["{vault://env/nats-url}"], username: webhooks, password: "{vault://env/nats-password}", stream: {ensure: create}}
  - name: stripe
    paths: [/webhooks/stripe]
    plugins:
      - name: webhook-edge
        config:
          provider: stripe
          verify: {secrets: [{value: "{vault://env/stripe-webhook-secret}"}]}
          publish: *publish
  - name: stripe-held
    paths: [/webhooks/held]
    plugins:
      - name: webhook-edge
        config:
          provider: stripe
          verify: {secrets: [{value: "{vault://env/stripe-webhook-secret}"}]}
          policy: *policy
          publish: *publish
  - name: acme
    paths: [/webhooks/acme]
    plugins:
      - name: webhook-edge
        config:
          custom: {name: acme, schemes: [{name: v1, signature: "header:acme-signature", hash: sha256, encoding: hex, content: "{body}"}], facts: {id: ["json:id"], type: ["json:kind"], tenant: ["json:account"]}}
          verify: {secrets: [{value: "{vault://env/acme-webhook-secret}"}]}
          publish: *publish
`

// startInspected starts `webhookctl local` and two of `webhookctl inspect`.
func startInspected(t *testing.T) *inspected {
	t.Helper()
	s := &inspected{Secrets: map[string]string{"github": random(), "stripe": "whsec_" + random(), "acme": random()}, Shots: os.Getenv("SCREENSHOTS")}
	s.Secrets["stripe-held"] = s.Secrets["stripe"]
	s.dir = t.TempDir()
	s.policies(t, "policies", "")
	s.policies(t, "candidate", `
  github.push:
    any:
      then: {allow: true, rule: deploys, subject: [webhooks, deploys, github]}
`)
	if err := os.WriteFile(filepath.Join(s.dir, "kong.yml"), []byte(inspectedConfig), 0o600); err != nil {
		t.Fatal(err)
	}
	out := s.start(t, "local", "--listen", "127.0.0.1:0", "--nats-port", "-1", "--data", t.TempDir(), "--plugins-dir", binaries)
	s.Local = pageIn(t, out)
	s.Gateway = printed(t, out, `gateway +(http://[0-9.:]+)`)
	s.nats = printed(t, out, `NATS +(nats://[0-9.:]+)`)
	s.password = printed(t, out, `password (\S+),`)
	s.fillDeadLetters(t)
	s.Inspect = pageIn(t, s.start(t, "inspect", "--server", s.nats, "--user", "webhooks"))
	s.Feed = pageIn(t, s.start(t, "inspect", "--server", s.nats, "--user", "webhooks", "--subject", feedSubject, "--stream", "NONE", "--kept-stream", "NONE"))
	s.Control = startControl(t, s)
	return s
}

// policies copies the shipped policies into a folder: stripe's account is not known, which holds its
// events, stars are refused, and routes are added.
func (s *inspected) policies(t *testing.T, name, routes string) {
	t.Helper()
	dir := filepath.Join(s.dir, name)
	if err := os.CopyFS(dir, os.DirFS("../policies")); err != nil {
		t.Fatal(err)
	}
	change := func(file, old, now string) {
		file = filepath.Join(dir, file)
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), old) {
			t.Fatalf("%s has no %q", file, old)
		}
		if err := os.WriteFile(file, []byte(strings.Replace(string(text), old, now, 1)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	change("webhook/tenant/data.yaml", "unknown: keep", "unknown: quarantine")
	change("webhook/tenant/data.yaml", "known: {}", "known: {github: {octo-corp: acme}}")
	change("webhook/guard/data.yaml", "events: {}", "events: {github.star: nobody reads stars}")
	if routes != "" {
		change("webhook/route/data.yaml", "routes:\n", "routes:"+routes)
	}
}

// start runs the command until the test ends and returns what it prints.
func (s *inspected) start(t *testing.T, args ...string) *lockedBuffer {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), filepath.Join(binaries, "webhookctl"), append(args, "--config", "kong.yml")...)
	cmd.Dir = s.dir
	cmd.Env = append(os.Environ(), "GITHUB_WEBHOOK_SECRET="+s.Secrets["github"], "STRIPE_WEBHOOK_SECRET="+s.Secrets["stripe"], "ACME_WEBHOOK_SECRET="+s.Secrets["acme"])
	if s.password != "" {
		cmd.Env = append(cmd.Env, "NATS_PASSWORD="+s.password)
	}
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGINT) }
	out := &lockedBuffer{}
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGINT)
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("webhookctl %s:\n%s", args[0], out)
		}
	})
	return out
}

// printed waits for what a command prints and returns the part in parentheses.
func printed(t *testing.T, out *lockedBuffer, pattern string) (found string) {
	t.Helper()
	re := regexp.MustCompile(pattern)
	eventually(t, "it says "+pattern, func() bool {
		if m := re.FindStringSubmatch(out.String()); m != nil {
			found = m[1]
		}
		return found != ""
	})
	return found
}

// pageIn is the link of the page, with its token of 32 bytes.
func pageIn(t *testing.T, out *lockedBuffer) string {
	t.Helper()
	return printed(t, out, `(http://127\.0\.0\.1:[0-9]+/[A-Za-z0-9_-]{43}/)`)
}

// connect is a client of the installation's NATS.
func (s *inspected) connect(t *testing.T) *nats.Conn {
	t.Helper()
	nc, err := nats.Connect(s.nats, nats.UserInfo("webhooks", s.password))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	return nc
}

// fillDeadLetters writes letters as consumers do, about messages of a stream.
func (s *inspected) fillDeadLetters(t *testing.T) {
	t.Helper()
	js, err := jetstream.New(s.connect(t))
	if err != nil {
		t.Fatal(err)
	}
	for name, subject := range map[string]string{"WEBHOOKS_DEAD": "webhooks-dead.>", "AUDIT": "webhooks-audit.>"} {
		if _, err := js.CreateStream(t.Context(), jetstream.StreamConfig{Name: name, Subjects: []string{subject}, Storage: jetstream.MemoryStorage}); err != nil {
			t.Fatal(err)
		}
	}
	for n := 1; n <= 3; n++ {
		message := nats.NewMsg("webhooks-audit.stripe")
		message.Data = fmt.Appendf(nil, `{"specversion":"1.0","id":"letter-%d","source":"/webhooks/stripe","type":"stripe.charge.refunded","provider":"stripe","datacontenttype":"application/json","data":{}}`, n)
		ack, err := js.PublishMsg(t.Context(), message)
		if err != nil {
			t.Fatal(err)
		}
		letter := nats.NewMsg("webhooks-dead.billing." + message.Subject)
		letter.Data = message.Data
		for name, value := range map[string]string{"Consumer": "billing", "Reason": fmt.Sprintf("no such customer \u202e%d", n), "Deliveries": "5", "Subject": message.Subject} {
			letter.Header.Set("Webhook-Dead-"+name, value)
		}
		letter.Header.Set("Webhook-Origin", fmt.Sprintf("AUDIT/%d", ack.Sequence))
		if _, err := js.PublishMsg(t.Context(), letter); err != nil {
			t.Fatal(err)
		}
	}
}
