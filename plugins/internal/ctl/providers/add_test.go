package providers

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"webhookedge/plugins/internal/ctl/ctltest"
	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/internal/ctl/kongyml"
)

func TestAdd_printsTheExample(t *testing.T) {
	want, err := os.ReadFile("../../../../kong/examples/stripe.yml")
	if err != nil {
		t.Fatal(err)
	}
	if out, err := ctltest.Run(t, Command(), "add", "stripe"); err != nil || out != string(want) {
		t.Errorf("%v\n%s", err, out)
	}
	out, err := ctltest.Run(t, Command(), "add", "twilio", "--name", "twilio-eu")
	if err != nil || strings.Count(out, "/webhooks/twilio-eu") != 2 || !strings.Contains(out, "provider: twilio\n") || !strings.Contains(out, "- name: twilio-eu\n") {
		t.Errorf("%v\n%s", err, out)
	}
	if _, err := ctltest.Run(t, Command(), "add", "strpie"); err == nil || !strings.Contains(err.Error(), "stripe") {
		t.Error(err)
	}
	if _, err := ctltest.Run(t, Command(), "add", "stripe", "--name", "a: b"); !errors.Is(err, exit.ErrUsage) {
		t.Error(err)
	}
}

// TestAdd_intoTheShippedFile adds some, that are there, too.
func TestAdd_intoTheShippedFile(t *testing.T) {
	text, err := os.ReadFile("../../../../kong/kong.yml")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "kong.yml")
	if err := os.WriteFile(file, text, 0o640); err != nil {
		t.Fatal(err)
	}
	link := file + ".link"
	if err := os.Symlink(file, link); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"github", "gitlab", "twilio", "svix", "google-oidc", "twilio"} {
		if out, err := ctltest.Run(t, Command(), "add", name, "--into", link); err != nil {
			t.Fatalf("%s: %v\n%s", name, err, out)
		}
	}
	out, err := ctltest.Run(t, Command(), "add", "paddle", "--into", link)
	if err != nil || !strings.Contains(out, "added the route paddle, which reads PADDLE_WEBHOOK_SECRET, NATS_URL, NATS_PASSWORD") {
		t.Errorf("%v\n%s", err, out)
	}
	if _, err := ctltest.Run(t, Command(), "add", "gitlab", "--name", "slack", "--into", file); !errors.Is(err, kongyml.ErrClash) {
		t.Error(err)
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(got), strings.TrimRight(string(text), "\n")) {
		t.Error("what was there has changed")
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("%v %v", info.Mode(), err)
	}
	if left, err := filepath.Glob(filepath.Join(filepath.Dir(file), ".kong-*")); err != nil || len(left) > 0 {
		t.Errorf("%v %v", left, err)
	}
	routes, err := kongyml.Routes(file)
	if err != nil || len(routes) != 10 {
		t.Errorf("%d routes: %v", len(routes), err)
	}
}

func TestProviders_fit80Columns(t *testing.T) {
	out, err := ctltest.Run(t, Command())
	if err != nil || strings.Count(out, "\n") < 200 {
		t.Fatalf("%v\n%s", err, out)
	}
	for line := range strings.Lines(out) {
		if n := len([]rune(strings.TrimRight(line, " \n"))); n > 80 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
}
