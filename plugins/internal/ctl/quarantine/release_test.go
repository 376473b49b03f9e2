package quarantine

import (
	"bytes"
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/ctl/ctltest"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/provider"
	"webhookedge/plugins/provider/catalogue"
	"webhookedge/plugins/streams/archive"
)

const releaseYML = `
_format_version: "3.0"
routes:
  - name: unset
    paths: [/unset]
    plugins:
      - name: webhook-edge
        config: {provider: slack, verify: {secrets: [{value: "{vault://env/not-set}"}]}}
  - name: gh
    paths: [/webhooks/github]
    plugins:
      - name: webhook-edge
        config:
          provider: github
          verify: {secrets: [{value: "{vault://env/gh-secret}"}]}
          ratelimit: {limits: [{rate: 5-S, by: route}], store: redis, redis: {url: "{vault://env/not-set}"}}
          publish: {journal: {directory: "{vault://env/not-set}"}, servers: ["{vault://env/nats-url}"], username: webhooks, password: "{vault://env/nats-password}", stream: {ensure: create}}
          quarantine: {keys: [{id: k1, value: "{vault://env/quarantine-key}"}]}
  - name: other
    paths: [/other]
    plugins:
      - name: webhook-edge
        config: {provider: stripe, verify: {secrets: [{value: "{vault://env/not-set}"}]}}
`

func TestRelease_byAKongYML(t *testing.T) {
	b, _ := ctltest.NATS(t)
	const secret = "octo-private-release-secret"
	key := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte("k"), archive.KeySize))
	t.Setenv("NATS_URL", b.URL)
	t.Setenv("QUARANTINE_KEY", key)
	t.Setenv("GH_SECRET", secret)
	file := filepath.Join(t.TempDir(), "kong.yml")
	if err := os.WriteFile(file, []byte(releaseYML), 0o600); err != nil {
		t.Fatal(err)
	}
	row, _ := catalogue.Lookup("github")
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
		return ctltest.Run(t, Command(), append([]string{"release", "--config", file}, args...)...)
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
		{"a route that is gone", `no route "gone"; there are: unset, gh, other`, []string{"4"}, true},
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
	for _, m := range b.Read(t, "WEBHOOKS") {
		e, err := event.ParseJSON(m.Data())
		if err != nil {
			t.Error(err)
		}
		all = append(all, e)
	}
	if len(all) != 1 || !all[0].Replayed || all[0].ID != "d1" {
		t.Errorf("events %+v", all)
	}
}

// TestRelease_tokenThatHasChanged holds an event of Telegram
// back, whose deliveries carry the secret itself.
func TestRelease_tokenThatHasChanged(t *testing.T) {
	b, flags := ctltest.NATS(t)
	key := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte("k"), archive.KeySize))
	t.Setenv("NATS_URL", b.URL)
	t.Setenv("QUARANTINE_KEY", key)
	t.Setenv("TELEGRAM_TOKEN", "octo-private-token-of-today")
	file := filepath.Join(t.TempDir(), "kong.yml")
	text := strings.NewReplacer("provider: github", "provider: telegram", "gh-secret", "telegram-token", "name: gh", "name: tg").Replace(releaseYML)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	_, keeper := keeperOf(t, b, "telegram", key)
	d := &pipeline.Delivery{
		Method: "POST", Body: []byte(`{"update_id":7001}`), ReceivedAt: time.Now(), Route: "tg",
		Headers:      pipeline.Headers{{Name: "content-type", Value: "application/json"}, {Name: "x-telegram-bot-api-secret-token", Value: "octo-private-token-of-then"}},
		Verification: &pipeline.Verification{Provider: "telegram", Scheme: "token", SecretID: "bot-2025"},
	}
	d.SetEvent(&event.Event{ID: "7001", Provider: "telegram", Type: "update", Source: "/s"})
	if err := keeper.Hold(t.Context(), d, &d.Items[0], pipeline.IDReused); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name, want string
		args       []string
		fails      bool
	}{
		{"listed", "id_reused", append([]string{"ls"}, flags...), false},
		{"shown", "which the sealed record vouches for", append([]string{"show", "1", "--key", "k1=QUARANTINE_KEY"}, flags...), false},
		{"by today's secret alone", "1 not released: signature_invalid", []string{"release", "1", "--config", file, "--reverify"}, true},
		{"dry", "1 would be released: webhooks.telegram", []string{"release", "1", "--config", file, "--dry-run"}, false},
		{"released", "(proved by its sealed record alone: token, secret bot-2025, as of ", []string{"release", "1", "--config", file}, false},
		{"again", "no kept delivery", []string{"release", "1", "--config", file}, true},
	} {
		out, err := ctltest.Run(t, Command(), tc.args...)
		if err != nil {
			out += err.Error()
		}
		if (err != nil) != tc.fails || !strings.Contains(out, tc.want) {
			t.Errorf("%s: %v\n%s", tc.name, err, out)
		}
		if strings.Contains(out, "octo-private") || strings.Contains(out, key) {
			t.Errorf("%s shows a secret", tc.name)
		}
	}
}
