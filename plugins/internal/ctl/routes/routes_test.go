package routes

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/internal/ctl/ctltest"
	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/internal/ctl/topology"
)

const config = `_format_version: "3.0"
services:
  - name: app
    host: app.internal
    routes:
      - name: single
        paths: [/single]
        plugins:
          - {name: webhook-verify, config: {provider: stripe, secrets: [{value: "{vault://env/octo-stripe}"}]}}
          - {name: webhook-publish, config: {provider: stripe, subject_prefix: other, stream: {name: OTHER}}}
routes:
  - name: all
    methods: [POST]
    hosts: [hooks.example.com]
    paths: [/webhooks/all, /b]
    plugins:
      - name: webhook-edge
        config:
          provider: github
          ipallow: {mode: observe, allow: [10.0.0.0/8]}
          ratelimit: {limits: [{rate: 5-S, by: client_ip}]}
          verify: {secrets: [{value: "{vault://env/octo-github}"}]}
          normalize: {tenant: acme}
          policy: {directory: POLICY, mode: shadow}
  - name: gone
    paths: [/gone]
    plugins:
      - name: webhook-edge
        config:
          provider: github
          verify: {secrets: [{value: "{vault://env/octo-github}"}]}
          policy: {opa_config: /etc/opa.yml}
`

const rego = `package webhook.main

default decision := {"allow": false, "reason": "none"}

decision := {"allow": true, "targets": [
	{"subject": ["billing", input.event.tenant]},
	{"subject": "audit.github", "stream": "AUDIT"},
]} if {
	input.event.provider == "github"
}
`

const streamsFile = `streams:
  - {name: WEBHOOKS, subjects: ["webhooks.>", "billing.>"]}
  - {name: OTHER, subjects: ["other.>"]}
`

// files writes a kong.yml, its policy and its streams.
func files(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	policy := filepath.Join(dir, "policy")
	for path, text := range map[string]string{
		"kong.yml": strings.ReplaceAll(config, "POLICY", policy), "policy/main.rego": rego, "streams.yml": streamsFile,
	} {
		path = filepath.Join(dir, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, "kong.yml")
}

// shown is a route in JSON.
type shown struct {
	Name, Provider                       string
	Methods, Hosts, Paths, Stages, Notes []string
	Targets                              []topology.Target
}

func TestRoutes_sayWhatBecomesOfADelivery(t *testing.T) {
	out, err := ctltest.Run(t, Command(), "--config", files(t), "--json")
	if err != nil {
		t.Fatal(err, out)
	}
	var got []shown
	for dec := json.NewDecoder(strings.NewReader(out)); dec.More(); {
		var r shown
		if err := dec.Decode(&r); err != nil {
			t.Fatal(err)
		}
		got = append(got, r)
	}
	want := []shown{
		{Name: "single", Paths: []string{"/single"}, Provider: "stripe", Stages: []string{"verify", "publish"}, Targets: []topology.Target{{Subject: "other.stripe.>", Stream: "OTHER"}}},
		{
			Name: "all", Methods: []string{"POST"}, Hosts: []string{"hooks.example.com"}, Paths: []string{"/webhooks/all", "/b"}, Provider: "github",
			Stages: []string{"ipallow (observe)", "ratelimit", "verify", "normalize", "policy (shadow)", "publish"},
			Targets: []topology.Target{
				{Subject: "webhooks.github.acme.>", Stream: "WEBHOOKS"}, {Subject: "audit.github", Stream: "AUDIT", ByPolicy: true},
				{Subject: "billing.*", Stream: "WEBHOOKS", ByPolicy: true},
			},
			Notes: []string{"the file of streams has no AUDIT that takes audit.github"},
		},
		{
			Name: "gone", Paths: []string{"/gone"}, Provider: "github", Stages: []string{"verify", "normalize", "policy", "publish"},
			Targets: []topology.Target{{Subject: "webhooks.github.>", Stream: "WEBHOOKS"}},
			Notes:   []string{"its policy's targets are not known: it comes in bundles"},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestRoutes_shippedFileFitsATerminal(t *testing.T) {
	out, err := ctltest.Run(t, Command(), "--config", "../../../../kong/kong.yml")
	if err != nil || !strings.Contains(out, "-> webhooks.stripe.>  WEBHOOKS\n") || !strings.Contains(out, "/webhooks/standard\n") {
		t.Errorf("%v\n%s", err, out)
	}
	for line := range strings.SplitSeq(out, "\n") {
		if n := utf8.RuneCountInString(line); n > 80 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
}

func TestRoutes_diagram(t *testing.T) {
	out, err := ctltest.Run(t, Command(), "--config", files(t), "--mermaid")
	if err != nil || !strings.HasPrefix(out, "flowchart LR\n") {
		t.Fatal(err, out)
	}
	for _, want := range []string{
		`route1["all<br/>POST hooks.example.com/webhooks/all, hooks.example.com/b"] --> provider1(["github"]) --> stages1[["ipallow #40;observe#41;, ratelimit, verify, normalize, policy #40;shadow#41;, publish"]]`,
		`"webhooks.github.acme.#62;"`, "stages1 -. policy .-> subject", `[("WEBHOOKS")]`,
	} {
		if !strings.Contains(out, want) {
			t.Errorf("no %s in\n%s", want, out)
		}
	}
	if n := strings.Count(out, `[("WEBHOOKS")]`); n != 1 {
		t.Errorf("the stream is there %d times", n)
	}
}

func TestRoutes_diagramHasConsumersOfNATS(t *testing.T) {
	broker, flags := ctltest.NATS(t)
	for _, name := range []string{"WEBHOOKS", "ELSEWHERE"} {
		s, err := broker.JS.CreateStream(t.Context(), jetstream.StreamConfig{Name: name, Subjects: []string{strings.ToLower(name) + ".>"}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.CreateConsumer(t.Context(), jetstream.ConsumerConfig{Durable: "billing-" + name, AckPolicy: jetstream.AckExplicitPolicy}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := broker.JS.Publish(t.Context(), "webhooks.github.acme.push", []byte("{}")); err != nil {
		t.Fatal(err)
	}
	args := append(flags, "--config", files(t))
	out, err := ctltest.Run(t, Command(), append(args, "--mermaid")...)
	if err != nil || !strings.Contains(out, `{{"billing-WEBHOOKS<br/>1 pending, 0 without ack"}}`) || strings.Contains(out, "ELSEWHERE") {
		t.Error(err, out)
	}
	if out, err := ctltest.Run(t, Command(), args...); !errors.Is(err, exit.ErrUsage) {
		t.Error(err, out)
	}
}

func TestLabel_holdsNoSyntax(t *testing.T) {
	for name, tc := range map[string]struct{ text, want string }{
		"a quote":         {`a"] --> b["`, "a#34;#93; --#62; b#91;#34;"},
		"markup":          {"<script>&#35;", "#60;script#62;#38;#35;35#59;"},
		"lines":           {"a\nb\x1b", "a b "},
		"a markdown text": {"`**a**`", "#96;#42;#42;a#42;#42;#96;"},
		"a directive":     {"%%{init}%%", "#37;#37;#123;init#125;#37;#37;"},
		"a regular path":  {`~/w/\d+$`, "#126;/w/#92;d#43;#36;"},
	} {
		if got := label(tc.text); got != tc.want {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestRoutes_byName(t *testing.T) {
	file := files(t)
	if out, err := ctltest.Run(t, Command(), "single", "--config", file); err != nil || strings.Contains(out, "/gone") || !strings.Contains(out, "/single") {
		t.Errorf("%v\n%s", err, out)
	}
	if _, err := ctltest.Run(t, Command(), "singel", "--config", file); !errors.Is(err, exit.ErrUsage) || !strings.Contains(err.Error(), "did you mean single?") {
		t.Error(err)
	}
	if _, err := ctltest.Run(t, Command(), "--config", file, "--streams", "none.yml"); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}
