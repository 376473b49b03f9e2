package main

import (
	"bytes"
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/quarantine"
)

const releaseYML = `
_format_version: "3.0"
routes:
  - name: gh
    paths: [/webhooks/github]
    plugins:
      - name: webhook-edge
        config:
          provider: github
          verify: {secrets: [{value: "{vault://env/gh-secret}"}]}
          publish: {servers: ["{vault://env/nats-url}"], username: webhooks, password: "{vault://env/nats-password}", stream: {ensure: create}}
          quarantine: {keys: [{id: k1, value: "{vault://env/quarantine-key}"}]}
  - name: other
    paths: [/other]
    plugins:
      - name: webhook-edge
        config: {provider: stripe, verify: {secrets: [{value: "{vault://env/not-set}"}]}}
`

func TestQuarantineReleaseByAKongYML(t *testing.T) {
	b, _ := natsFor(t)
	const secret = "octo-private-release-secret"
	key := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte("k"), quarantine.KeySize))
	t.Setenv("NATS_URL", b.url())
	t.Setenv("QUARANTINE_KEY", key)
	t.Setenv("GH_SECRET", secret)
	file := filepath.Join(t.TempDir(), "kong.yml")
	if err := os.WriteFile(file, []byte(releaseYML), 0o600); err != nil {
		t.Fatal(err)
	}
	row, _ := provider.Lookup("github")
	signer, err := row.Signer(provider.Options{Secrets: []provider.Secret{{Value: secret}}})
	if err != nil {
		t.Fatal(err)
	}
	signed := func(id, route string) *pipeline.Delivery {
		signed, err := signer.Sign(provider.Unsigned{Body: []byte(`{"n":1}`), ContentType: "application/json", Event: "octo", ID: id, At: time.Now()})
		if err != nil {
			t.Fatal(err)
		}
		d := &pipeline.Delivery{Method: "POST", Body: []byte(`{"n":1}`), ReceivedAt: time.Now(), Route: route}
		for _, h := range signed.Headers {
			d.Headers = append(d.Headers, pipeline.Header(h))
		}
		return d
	}
	forged := signed("d2", "gh")
	forged.Body = []byte(`{"n":2}`)
	keep(t, b, key, signed("d1", "gh"), forged, signed("d3", "other"), signed("d4", "gone"))

	run := func(args ...string) (string, error) {
		return ctl(t, append([]string{"quarantine", "release", "--config", file}, args...)...)
	}
	for _, tc := range []struct {
		name, want string
		args       []string
		fails      bool
	}{
		{"dry", "1 would be released: webhooks.github._.octo", []string{"1", "--dry-run"}, false},
		{"kept", "1 released: webhooks.github._.octo", []string{"1", "--keep"}, false},
		{"everything of a code", "1 released: webhooks.github._.octo\n2 not released: signature_invalid", []string{"--code", "signature_invalid"}, true},
		{"a secret that is not set", "cannot be resolved", []string{"3"}, true},
		{"a route that is gone", `no route "gone"`, []string{"4"}, true},
		{"one that was released", "no kept delivery", []string{"1"}, true},
		{"nothing", "name sequences", nil, true},
	} {
		out, err := run(tc.args...)
		if err != nil {
			out += err.Error()
		}
		if (err != nil) != tc.fails || !strings.Contains(out, tc.want) {
			t.Errorf("%s: %v\n%s", tc.name, err, out)
		}
		if strings.Contains(out, secret) || strings.Contains(out, key) {
			t.Errorf("%s shows a secret", tc.name)
		}
	}
	var all []*event.Event
	if err := b.read(t.Context(), "WEBHOOKS", func(s stored) {
		e, err := event.ParseJSON(s.data)
		if err != nil {
			t.Error(err)
		}
		all = append(all, e)
	}); err != nil || len(all) != 1 || !all[0].Replayed || all[0].ID != "d1" {
		t.Errorf("events %+v, %v", all, err)
	}
}
