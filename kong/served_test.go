package kong_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"webhookedge/kong/local"
	"webhookedge/kong/local/declarative"
	"webhookedge/kong/local/process"
)

const small = `_format_version: "3.0"
routes:
  - name: stripe
    paths: [/webhooks/stripe]
    plugins:
      - name: webhook-edge
        config:
          provider: stripe
          respond: continue
          verify:
            tolerance_seconds: 300
            secrets:
              - value: "{vault://env/stripe-webhook-secret}"
          publish:
            stream: {ensure: create}
      - name: request-termination
        config: {status_code: 200}
`

// TestKongYml_faultsHavePositions changes one place of a good file. What is said must
// be all of what is wrong and nothing else, each with its line and its field.
func TestKongYml_faultsHavePositions(t *testing.T) {
	if _, err := serve(t, small, oneSecret); err != nil {
		t.Fatalf("the good file: %v", err)
	}
	cases := map[string]struct {
		old, new string
		want     string
		schema   bool // an editor sees it too
	}{
		"a typo in a setting": {
			old: "respond: continue", new: "respnd: continue", schema: true,
			want: `kong.yml:9:11: routes[0].plugins[0].config.respnd: unknown field (did you mean "respond"?)`,
		},
		"a typo further in": {
			old: "tolerance_seconds", new: "tolerance_second", schema: true,
			want: `kong.yml:11:13: routes[0].plugins[0].config.verify.tolerance_second: unknown field (did you mean "tolerance_seconds"?)`,
		},
		"a typo in a route": {
			old: "paths:", new: "pths:",
			want: "kong.yml:3:5: routes[0]: must set one of 'methods', 'hosts', 'headers', 'paths'\n" +
				`kong.yml:4:5: routes[0].pths: unknown key (did you mean "paths"?)`,
		},
		"an unknown provider": {
			old: "provider: stripe", new: "provider: strype", schema: true,
			want: `kong.yml:8:11: routes[0].plugins[0].config.provider: expected one of`,
		},
		"no provider": {
			old: "          provider: stripe\n", new: "", schema: true,
			want: `kong.yml:7:9: routes[0].plugins[0].config: exactly one of these fields must be non-empty: 'provider', 'custom'`,
		},
		"a tolerance out of range": {
			old: "tolerance_seconds: 300", new: "tolerance_seconds: 604801", schema: true,
			want: `kong.yml:11:13: routes[0].plugins[0].config.verify.tolerance_seconds: value should be between 0 and 604800`,
		},
		"a number in quotes": {
			old: "tolerance_seconds: 300", new: `tolerance_seconds: "300"`, schema: true,
			want: `kong.yml:11:13: routes[0].plugins[0].config.verify.tolerance_seconds: expected an integer`,
		},
		"a secret without its value": {
			old: "- value:", new: "- id:", schema: true,
			want: `kong.yml:13:17: routes[0].plugins[0].config.verify.secrets[0].value: required field missing`,
		},
		"an empty secret": {
			old: `"{vault://env/stripe-webhook-secret}"`, new: `""`, schema: true,
			want: `kong.yml:13:17: routes[0].plugins[0].config.verify.secrets[0].value: length must be at least 1`,
		},
		"no secrets": {
			old: "            secrets:\n              - value: \"{vault://env/stripe-webhook-secret}\"\n", new: "", schema: true,
			want: `kong.yml:10:11: routes[0].plugins[0].config.verify.secrets: required field missing`,
		},
		"a user without a password": {
			old: "stream: {ensure: create}", new: "username: webhooks", schema: true,
			want: `kong.yml:14:11: routes[0].plugins[0].config.publish: all or none of these fields must be set: 'username', 'password'`,
		},
		"an unknown plugin": {
			old: "name: webhook-edge", new: "name: webhook-ege",
			want: `kong.yml:6:9: routes[0].plugins[0].name: no plugin binary for "webhook-ege"`,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			text := strings.Replace(small, tc.old, tc.new, 1)
			if text == small {
				t.Fatalf("%q is not in the file", tc.old)
			}
			_, err := serve(t, text, oneSecret)
			wrong := (*declarative.Error)(nil)
			if !errors.As(err, &wrong) {
				t.Fatalf("%T: %v", err, err)
			}
			got, _, _ := strings.Cut(wrong.Error(), ": looked in ") // directories of this run
			got, _, _ = strings.Cut(got, ": adcp, ")                // the whole catalogue, of which this is the first
			if got != tc.want {
				t.Errorf("got\n%s\nwant\n%s", got, tc.want)
			}
			if !tc.schema {
				return
			}
			file, err := declarative.Parse("kong.yml", []byte(text))
			if err != nil {
				t.Fatal(err)
			}
			if jsonSchema(t, "webhook-edge").Validate(file.Plugins[0].Config) == nil {
				t.Error("the JSON Schema lets it pass")
			}
		})
	}
}

func TestKongYml_isServedAsShipped(t *testing.T) {
	env := kongEnvironment(t)
	s, err := serve(t, read(t, "kong/kong.yml"), func(name string) (string, bool) {
		value, ok := env[name]
		return value, ok
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range s.Warnings() {
		t.Errorf("not run as Kong would: %s", w)
	}
	if len(s.Routes()) == 0 {
		t.Error("no routes")
	}
	for _, r := range s.Routes() {
		if diff := cmp.Diff([]string{"webhook-edge", "request-termination"}, r.Plugins); diff != "" {
			t.Errorf("plugins of %s in their order (-want +got):\n%s", r.Name, diff)
		}
	}
}

func oneSecret(name string) (string, bool) {
	return "of-the-test", name == "STRIPE_WEBHOOK_SECRET"
}

// serve serves a kong.yml on the plugins' real binaries until the test ends.
func serve(t *testing.T, text string, env func(name string) (string, bool)) (*local.Server, error) {
	t.Helper()
	s, err := local.New(t.Context(), local.Options{
		Config: []byte(text), Listen: "127.0.0.1:0", Env: env, NoWatch: true, NoBuild: true, PluginDir: binary(""),
		PluginServers: process.Servers(read(t, "kong/kong.conf")), Variables: process.Variables(read(t, "kong/kong.conf")),
	})
	if err != nil {
		return nil, err
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := s.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	return s, nil
}
