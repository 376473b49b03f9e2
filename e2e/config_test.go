package e2e

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"webhookedge/kong/local/host"
)

// routed is a kong.yml with a route of webhook-edge for each config, by path.
func routed(configs map[string]string) string {
	text := "_format_version: \"3.0\"\nroutes:\n"
	for path, config := range configs {
		text += fmt.Sprintf(`  - name: %[1]s
    paths: [/o/%[1]s]
    plugins:
      - name: webhook-edge
        config:
          publish: {servers: ["{vault://env/nats-url}"], stream: {ensure: create}, broker_sync: always}
          %[2]s
`, path, config)
	}
	return text
}

// TestConfig_missingSecretDegradesReadiness reads /readyz of a plugin with an unresolved
// secret.
func TestConfig_missingSecretDegradesReadiness(t *testing.T) {
	address := freeAddress(t)
	d := startDaemon(t, "webhook-verify", shortDir(t), "-telemetry-address", address)
	d.says("listening")
	p := host.New("webhook-verify", d.socket, host.Options{})
	defer p.Close()
	cfg := pluginConfig(fmt.Sprintf(`{"provider":"github","respond":"continue","secrets":[{"value":"","$refs":{"value":"{vault://env/not-set}"}},{"value":%q}]}`, githubSecret))
	if o := access(p, githubRequest(githubSecret, 2048), cfg); o.err != nil || o.status != 0 {
		t.Fatalf("the good one: %+v\n%s", o, d.log())
	}
	resp, err := http.Get("http://" + address + "/readyz")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var ready struct {
		Ready  bool
		Checks []struct {
			Name         string
			OK, Degraded bool
			Why          string
		}
	}
	if err := json.NewDecoder(resp.Body).Decode(&ready); err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != http.StatusOK || !ready.Ready {
		t.Errorf("%d %+v", resp.StatusCode, ready)
	}
	for _, c := range ready.Checks {
		if c.Degraded != (c.Name == "secrets") || c.Degraded && !strings.Contains(c.Why, "secrets[0].value: the vault reference {vault://env/not-set} did not resolve") {
			t.Errorf("%+v", c)
		}
	}
	if n := field(t, metrics(t, address), `webhook_edge_missing_secrets{provider="github"}`); n != 1 {
		t.Errorf("the metric is %v", n)
	}
}

// TestConfig_unsafeSenderIsRefused configures custom senders that cannot be safe.
func TestConfig_unsafeSenderIsRefused(t *testing.T) {
	const sender = `custom: {name: acme, schemes: [{name: v1, hash: sha256, encoding: hex, signature: "header:x-acme", content: "{body}"}], facts: {type: ["text:event"]}, handshakes: [{method: GET, when: "query:c", challenge: "query:c", unsigned: true, answer: {content_type: text/plain, body: "{challenge}"}}]}
          verify: {secrets: [{value: "{vault://env/acme-secret}"}], public_url: https://hooks.example.com/o/acme}`
	changes := map[string]struct{ old, new, field string }{
		"checksum": {`content: "{body}"`, `content: "{body|crc32}"`, "schemes[0].content"},
		"borders":  {`content: "{body}"`, `content: "{header:a}{header:b}{body}"`, "schemes[0].content"},
		"lower":    {`content: "{body}"`, `content: "{body|lower}"`, "schemes[0].content"},
		"noquery":  {`content: "{body}"`, `content: "{url|no-query}.{body}"`, "schemes[0].content"},
		"short":    {`hash: sha256`, `key_min: 8, hash: sha256`, "schemes[0].key_min"},
		"html":     {"text/plain", "text/html", "handshakes[0].answer.content_type"},
		"secret":   {`facts:`, `settings: [{name: word, secret: true}], facts:`, ""},
	}
	configs := map[string]string{"good": sender}
	for name, c := range changes {
		configs[name] = strings.Replace(sender, c.old, c.new, 1)
	}
	configs["secret"] = strings.Replace(strings.Replace(configs["secret"], `body: "{challenge}"`, `body: "{setting:word}"`, 1), "public_url:", `settings: [{name: word, value: "{vault://env/acme-secret}"}], public_url:`, 1)
	key := random()
	g := startGateway(t, routed(configs), func(env map[string]string) { env["ACME_SECRET"] = key })
	const body = `{"a":1}`
	h := header("X-Acme", hex.EncodeToString(mac(key, body)))
	if r := g.do(http.MethodPost, "/o/good", h, body); r.status != 200 {
		t.Errorf("a good one: %+v\n%s", r, g.logged())
	}
	for name, c := range changes {
		if r := g.do(http.MethodPost, "/o/"+name, h, body); r.status != 500 || !strings.Contains(r.body, "misconfigured") {
			t.Errorf("%s: %+v", name, r)
		}
		if r := g.do(http.MethodGet, "/o/"+name+"?c=x", nil, ""); r.status != 500 || strings.Contains(r.body, key) {
			t.Errorf("%s, its handshake: %+v", name, r)
		}
		eventually(t, "the log names "+c.field, func() bool { return strings.Contains(g.logged(), "custom."+c.field) })
	}
}

func TestConfig_unresolvedSecretRefusesEverything(t *testing.T) {
	for name, change := range map[string]func(map[string]string){
		"not set": func(env map[string]string) { delete(env, "GITHUB_WEBHOOK_SECRET") },
		"empty":   func(env map[string]string) { env["GITHUB_WEBHOOK_SECRET"] = "" },
	} {
		t.Run(name, func(t *testing.T) {
			g := startGateway(t, one("github", ""), change)
			s := senders()["github"]
			for _, secret := range []string{"", s.secret, "{vault://env/github-webhook-secret}"} {
				body := s.body("")
				r := g.post(s, s.sign(secret, "id", body, time.Now()), body)
				if r.status != 500 || !strings.Contains(r.body, `"misconfigured"`) {
					t.Errorf("signed with %q: %d %s", secret, r.status, r.body)
				}
			}
			eventually(t, "the log names the field and the reference", func() bool {
				return strings.Contains(g.logged(), "verify.secrets[0].value") && strings.Contains(g.logged(), "vault://env/github-webhook-secret")
			})
		})
	}
}
