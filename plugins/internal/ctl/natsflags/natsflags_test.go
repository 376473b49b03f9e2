package natsflags_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/spf13/cobra"

	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/internal/ctl/natsflags"
)

// variables are all that settings are read from.
func variables() []string {
	return []string{"NATS_URL", "NATS_CONTEXT", "NATS_USER", "NATS_PASSWORD", "NATS_TOKEN", "NATS_CREDS", "NATS_NKEY", "NATS_CA", "NATS_CERT", "NATS_KEY"}
}

// settings of a command line, with an environment and contexts of its own.
func settings(t *testing.T, selected string, contexts, env map[string]string, args ...string) (natsflags.Settings, error) {
	t.Helper()
	config := t.TempDir()
	t.Setenv("XDG_CONFIG_HOME", config)
	for _, name := range variables() {
		t.Setenv(name, env[name])
	}
	files := map[string]string{"context.txt": selected}
	for name, text := range contexts {
		files["context/"+name+".json"] = text
	}
	for name, text := range files {
		path := filepath.Join(config, "nats", name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	var n natsflags.Flags
	cmd := &cobra.Command{Use: "test"}
	n.Add(cmd)
	if err := cmd.ParseFlags(args); err != nil {
		t.Fatal(err)
	}
	return n.Settings()
}

func TestSettings_comeFromFlagsContextsAndEnvironment(t *testing.T) {
	contexts := map[string]string{
		"prod": `{"url":"nats://prod:4222","user":"edge","password":"hush","jetstream_domain":"eu","color_scheme":"red"}`,
		"dev":  `{"url":"nats://dev:4222","creds":"$HOME/dev.creds","ca":"/ca.pem","tls_first":true}`,
	}
	t.Setenv("HOME", "/home/dev")
	user := natsflags.Credentials{User: "edge", Password: "hush"}
	for name, tc := range map[string]struct {
		selected string
		env      map[string]string
		args     []string
		want     natsflags.Settings
	}{
		"nothing at all":            {want: natsflags.Settings{Servers: "nats://127.0.0.1:4222"}},
		"the variables":             {env: map[string]string{"NATS_URL": "nats://e:1", "NATS_USER": "u", "NATS_PASSWORD": "p", "NATS_CA": "c"}, want: natsflags.Settings{Servers: "nats://e:1", Credentials: natsflags.Credentials{User: "u", Password: "p"}, CA: "c"}},
		"a flag over a variable":    {env: map[string]string{"NATS_URL": "nats://e:1", "NATS_USER": "u", "NATS_PASSWORD": "p"}, args: []string{"--server", "nats://f:1", "--creds", "f"}, want: natsflags.Settings{Servers: "nats://f:1", Credentials: natsflags.Credentials{Creds: "f"}}},
		"a context by name":         {args: []string{"--context", "prod"}, want: natsflags.Settings{Servers: "nats://prod:4222", Credentials: user, Domain: "eu"}},
		"a context by variable":     {env: map[string]string{"NATS_CONTEXT": "prod"}, want: natsflags.Settings{Servers: "nats://prod:4222", Credentials: user, Domain: "eu"}},
		"the selected one":          {selected: "dev\n", want: natsflags.Settings{Servers: "nats://dev:4222", Credentials: natsflags.Credentials{Creds: "/home/dev/dev.creds"}, CA: "/ca.pem", TLSFirst: true}},
		"a flag over a context":     {args: []string{"--context", "prod", "--jetstream-domain", "us"}, want: natsflags.Settings{Servers: "nats://prod:4222", Credentials: user, Domain: "us"}},
		"a context over a variable": {env: map[string]string{"NATS_URL": "nats://e:1"}, args: []string{"--context", "prod"}, want: natsflags.Settings{Servers: "nats://prod:4222", Credentials: user, Domain: "eu"}},
		// Credentials of a context nobody named go to its own servers only.
		"another server than the selected one": {selected: "prod", args: []string{"--server", "nats://f:1"}, want: natsflags.Settings{Servers: "nats://f:1"}},
		"a server in a variable":               {selected: "prod", env: map[string]string{"NATS_URL": "nats://e:1"}, want: natsflags.Settings{Servers: "nats://e:1"}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := settings(t, tc.selected, contexts, tc.env, tc.args...)
			if diff := cmp.Diff(tc.want, got, cmpopts.IgnoreUnexported(natsflags.Settings{})); diff != "" || err != nil {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		})
	}
}

func TestSettings_refuseWhatIsNotThere(t *testing.T) {
	contexts := map[string]string{
		"prod": `{"url":"nats://prod:4222"}`, "broken": `{"password":"hush"`, "nsc": `{"nsc":"nsc://hush"}`, "vaulted": `{"user":"u","password":"op://hush/x"}`,
	}
	for name, tc := range map[string]struct {
		env  map[string]string
		args []string
		want string
	}{
		"a misspelt context":       {args: []string{"--context", "prd"}, want: "did you mean prod?"},
		"a path":                   {args: []string{"--context", "../prod"}, want: "no nats context"},
		"a broken one":             {args: []string{"--context", "broken"}, want: "not JSON"},
		"one that needs nsc":       {args: []string{"--context", "nsc"}, want: "uses nsc"},
		"one that needs 1Password": {args: []string{"--context", "vaulted"}, want: "1Password"},
		"a password in --server":   {args: []string{"--server", "nats://u:hush@h"}, want: "credentials do not belong into a URL"},
		"a user without password":  {args: []string{"--user", "u"}, want: "NATS_PASSWORD is empty"},
		"an empty token":           {args: []string{"--token-env", "NOTHING_HERE"}, want: "NOTHING_HERE is empty"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := settings(t, "", contexts, tc.env, tc.args...)
			if !errors.Is(err, exit.ErrUsage) || !strings.Contains(err.Error(), tc.want) || strings.Contains(err.Error(), "hush") {
				t.Error(err)
			}
		})
	}
}

func TestFlags_errorsHoldNoURL(t *testing.T) {
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	t.Setenv("NATS_URL", "nats://u:hush@[broken")
	var n natsflags.Flags
	if err := n.With(nil); err == nil || strings.Contains(err.Error(), "hush") {
		t.Error(err)
	}
}
