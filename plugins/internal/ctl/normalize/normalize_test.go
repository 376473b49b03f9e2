package normalize

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/ctl/ctltest"
)

func TestNormalize_printsTheEventAlone(t *testing.T) {
	body := `{"action":"opened", "issue":{}, "repository":{"full_name":"octo/hello","owner":{"login":"octo"}}}`
	out, complaints, err := ctltest.RunWith(t, body, Command(), "--provider", "github", "--header", "X-GitHub-Event: issues", "--header", "x-github-delivery:d1")
	if err != nil || complaints != "" || !strings.HasSuffix(out, "}\n") {
		t.Fatalf("%v, %q, %q", err, complaints, out)
	}
	e, err := event.ParseJSON([]byte(out))
	if err != nil {
		t.Fatal(err)
	}
	if e.ID != "d1" || e.FullType() != "github.issues.opened" || e.Subject != "octo/hello" || string(e.Data) != body || e.Verification != "" {
		t.Errorf("got %+v", e)
	}
}

func TestNormalize_queryIsTheBodyOfAGet(t *testing.T) {
	out, complaints, err := ctltest.RunWith(t, "", Command(), "--provider", "vonage-sms", "--method", "get", "--url", "https://hooks.example/sms?status=delivered&messageId=m1", "--route", "sms")
	if err != nil || complaints != "" {
		t.Fatalf("%v, %q", err, complaints)
	}
	e, err := event.ParseJSON([]byte(out))
	if err != nil {
		t.Fatal(err)
	}
	if e.ID != "m1:delivered" || e.Type != "delivered" || string(e.Data) != `{"status":"delivered","messageId":"m1"}` {
		t.Errorf("got %s", out)
	}
}

func TestNormalize_settings(t *testing.T) {
	t.Setenv("REDACT_KEY", "a key of the tests")
	settings := filepath.Join(t.TempDir(), "normalize.yml")
	text := "tenant: eu\nbatch: split\nredact:\n  - {path: $..email, action: hash}\nvalidation: {on_invalid: quarantine}\n"
	if err := os.WriteFile(settings, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	body := filepath.Join(t.TempDir(), "body")
	if err := os.WriteFile(body, []byte(`[{"email":"a"},{"email":"a"}]`), 0o600); err != nil {
		t.Fatal(err)
	}
	out, complaints, err := ctltest.RunWith(t, "", Command(), "--provider", "shopify", "--header", "X-Shopify-Topic: orders/create", "--file", body, "--settings", settings, "--redact-key-env", "REDACT_KEY")
	if err != nil || strings.Count(complaints, "held back: payload_invalid: required at #") != 2 {
		t.Fatalf("%v, %q", err, complaints)
	}
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if len(lines) != 2 {
		t.Fatalf("got %q", out)
	}
	for _, line := range lines {
		e, err := event.ParseJSON([]byte(line))
		if err != nil || e.Tenant != "eu" || !e.Redacted || !strings.Contains(string(e.Data), "hmac-sha256:") || e.DeliveryID == "" {
			t.Errorf("%v: %s", err, line)
		}
	}
}

func TestNormalize_routeOfAKongYML(t *testing.T) {
	t.Setenv("REDACT_KEY", "a key of the tests")
	file := filepath.Join(t.TempDir(), "kong.yml")
	text := `_format_version: "3.0"
routes:
  - name: hooks
    paths: [/github]
    plugins:
      - name: webhook-edge
        config:
          provider: github
          verify: {secrets: [{value: "{vault://env/not-set-by-anybody}"}]}
          normalize:
            tenant: eu
            redact: [{path: $.email, action: hash}]
            redact_key: "{vault://env/redact-key}"
          publish: {servers: ["nats://127.0.0.1:4222"]}
`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	out, complaints, err := ctltest.RunWith(t, `{"email":"e@x","ref":"r","before":"0","after":"1","commits":[]}`, Command(), "--config", file, "--route", "hooks", "--header", "X-GitHub-Event: push")
	if err != nil || complaints != "" {
		t.Fatalf("%v, %q", err, complaints)
	}
	e, err := event.ParseJSON([]byte(out))
	if err != nil || e.Provider != "github" || e.Tenant != "eu" || !e.Redacted || !strings.Contains(string(e.Data), "hmac-sha256:") {
		t.Errorf("%v: %s", err, out)
	}
	for name, args := range map[string][]string{
		"a route that there is not": {"--config", file, "--route", "other"},
		"no route":                  {"--config", file},
		"a file that there is not":  {"--config", file + "x", "--route", "hooks"},
		"two sources":               {"--config", file, "--route", "hooks", "--provider", "github"},
	} {
		if out, _, err := ctltest.RunWith(t, `{}`, Command(), args...); err == nil || out != "" {
			t.Errorf("%s: %v, %q", name, err, out)
		}
	}
}

func TestNormalize_failures(t *testing.T) {
	vault := filepath.Join(t.TempDir(), "vault.yml")
	if err := os.WriteFile(vault, []byte(`redact_key: "{vault://env/key}"`), 0o600); err != nil {
		t.Fatal(err)
	}
	typo := filepath.Join(t.TempDir(), "typo.yml")
	if err := os.WriteFile(typo, []byte(`tenent: eu`), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		body string
		args []string
		want string
	}{
		"a body that is refused":       {`{"a":1,"a":2}`, []string{"--provider", "github"}, "refused with 400: malformed: "},
		"a provider that there is not": {`{}`, []string{"--provider", "acme"}, "no provider"},
		"no provider":                  {`{}`, nil, "provider"},
		"a header that is none":        {`{}`, []string{"--provider", "github", "--header", "x"}, "Name: value"},
		"a setting that there is not":  {`{}`, []string{"--provider", "github", "--settings", typo}, "tenent"},
		"a reference to a vault":       {`{}`, []string{"--provider", "github", "--settings", vault}, "--redact-key-env"},
		"a variable that is empty":     {`{}`, []string{"--provider", "github", "--redact-key-env", "NOT_SET_BY_ANYBODY"}, "NOT_SET_BY_ANYBODY is empty"},
		"a URL that is none":           {`{}`, []string{"--provider", "github", "--url", "http://[s3cret"}, "--url is not a URL"},
		"a file that is gone":          {`{}`, []string{"--provider", "github", "--file", "/nowhere"}, "nowhere"},
	} {
		t.Run(name, func(t *testing.T) {
			out, _, err := ctltest.RunWith(t, tc.body, Command(), tc.args...)
			if err == nil || !strings.Contains(err.Error(), tc.want) || out != "" {
				t.Errorf("got %v and %q, want %s", err, out, tc.want)
			}
		})
	}
}
