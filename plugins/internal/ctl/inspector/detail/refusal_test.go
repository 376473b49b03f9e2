package detail_test

import (
	"strings"
	"testing"

	"webhookedge/plugins/internal/ctl/inspector/api"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/observe"
)

const kongyml = `_format_version: "3.0"
routes:
  - name: github
    paths: [/webhooks/github]
    plugins:
      - name: webhook-edge
        config:
          provider: github
          max_body_bytes: 1000
          ipallow: {allow: [192.0.2.0/24]}
          verify:
            # value: "an-old-s3cret-0123"
            secrets:
              - value: 'octo-s3cret-0123456789' # of 2026
                id: "2026"
              - value: "{vault://env/old-secret}"
              - value: |
                  -----BEGIN s3cret
                  s3cret lines
          publish:
            servers: ["nats://user:s3cret@127.0.0.1:4222"]
            username: webhooks
            password: s3cret-of-nats
`

func TestRefusal_namesTheLineAndNoSecret(t *testing.T) {
	k := newKit(t)
	k.config(t, kongyml)
	for name, tc := range map[string]struct {
		code    pipeline.Code
		reason  string
		cause   string
		line    string // that is named
		change  string
		retries bool
	}{
		"a wrong secret":        {pipeline.SignatureInvalid, "signature does not match", "", "            secrets:", "Compare the secret", false},
		"a URL":                 {pipeline.SignatureInvalid, "signature does not match", "The signature is that of another URL.", "          verify:", "verify.public_url", false},
		"an address":            {pipeline.IPDenied, "the client address is on no list that allows it", "", "          ipallow: {allow: [192.0.2.0/24]}", "ipallow.allow", false},
		"a body":                {pipeline.BodyTooLarge, "body is larger", "", "          max_body_bytes: 1000", "max_body_bytes", false},
		"NATS":                  {pipeline.BrokerUnavailable, "no connection", "", `            servers: ["nats://[masked]@127.0.0.1:4222"]`, "publish.servers", true},
		"a setting that is not": {pipeline.PolicyDenied, "the policy refuses the event", "", "        config:", "rule of the policy", false},
	} {
		t.Run(name, func(t *testing.T) {
			given := refused("github", tc.code, post(`{}`))
			given.Record = &observe.Record{Provider: "github", Route: "github", Status: tc.code.Info().Status, Code: tc.code.String(), Stage: "verify", Reason: tc.reason, Cause: tc.cause}
			d, text := k.detail(t, given)
			r := d.Refusal
			if r == nil || r.Code != tc.code.String() || r.Meaning != tc.code.Info().Meaning || r.Reason != tc.reason || r.Cause != tc.cause || r.Retry != tc.retries || !strings.Contains(r.Change, tc.change) {
				t.Fatalf("%+v", r)
			}
			line := ""
			for _, l := range r.Lines {
				if l.Number == r.Line {
					line = l.Text
				}
			}
			if line != tc.line || r.File != k.site.Config {
				t.Errorf("%s:%d %q", r.File, r.Line, line)
			}
			if strings.Contains(text, "s3cret") {
				t.Errorf("a secret is shown: %+v", r.Lines)
			}
		})
	}
}

func TestRefusal_masksInTheFile(t *testing.T) {
	k := newKit(t)
	k.config(t, kongyml)
	given := refused("github", pipeline.SignatureInvalid, post(`{}`))
	d, _ := k.detail(t, given)
	var lines []string
	for _, l := range d.Refusal.Lines {
		lines = append(lines, l.Text)
	}
	text := strings.Join(lines, "\n")
	for _, want := range []string{"- value: [masked] # of 2026", `- value: "{vault://env/old-secret}"`, `id: "2026"`, "# value: [masked]"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

func TestRefusal_ofAStoredDeliveryIsNone(t *testing.T) {
	k := newKit(t)
	given := refused("github", pipeline.Duplicate, post(`{}`))
	given.Row.State = api.StateStored
	if d, _ := k.detail(t, given); d.Refusal != nil {
		t.Errorf("%+v", d.Refusal)
	}
}
