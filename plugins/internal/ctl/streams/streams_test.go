package streams

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/internal/ctl/ctltest"
	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/streams"
)

func TestStreams_apply(t *testing.T) {
	_, flags := ctltest.NATS(t)
	apply := func(more ...string) (string, error) {
		return ctltest.Run(t, Command(), append(append([]string{"apply", "--file", "../../../../kong/streams.yml"}, flags...), more...)...)
	}
	if out, err := apply("--dry-run"); !errors.Is(err, exit.ErrFailed) || !strings.Contains(out, "WEBHOOKS: would create") || !strings.Contains(out, "WEBHOOKS_REJECTED: would create") {
		t.Errorf("dry run before: %v\n%s", err, out)
	}
	if out, err := apply(); err != nil || !strings.Contains(out, "WEBHOOKS: create") {
		t.Errorf("apply: %v\n%s", err, out)
	}
	for _, more := range []string{"--dry-run", "--force"} {
		if out, err := apply(more); err != nil || strings.Count(out, "as it should be") != 4 {
			t.Errorf("%s after: %v\n%s", more, err, out)
		}
	}
}

func TestStreams_check(t *testing.T) {
	b, flags := ctltest.NATS(t)
	run := func(args ...string) (string, error) {
		return ctltest.Run(t, Command(), append(args, append([]string{"--file", "../../../../kong/streams.yml"}, flags...)...)...)
	}
	if out, err := run("check"); !errors.Is(err, exit.ErrFailed) || strings.Count(out, "it is not there; webhookctl streams apply makes it") != 4 {
		t.Errorf("before they are made: %v\n%s", err, out)
	}
	if _, err := run("apply"); err != nil {
		t.Fatal(err)
	}
	if out, err := run("check"); err != nil || strings.Count(out, ": fit") != 4 {
		t.Errorf("after: %v\n%s", err, out)
	}
	js := b.JS
	s, err := js.Stream(t.Context(), "WEBHOOKS")
	if err != nil {
		t.Fatal(err)
	}
	cfg := s.CachedInfo().Config
	cfg.Compression, cfg.Discard = jetstream.S2Compression, jetstream.DiscardOld
	if _, err := js.UpdateStream(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	if _, err := js.CreateObjectStore(t.Context(), jetstream.ObjectStoreConfig{Bucket: "WEBHOOKS_DATA", Compression: true}); err != nil {
		t.Fatal(err)
	}
	out, err := run("check")
	for _, want := range []string{"WEBHOOKS is compressed (S2)", "drops its oldest events", "OBJ_WEBHOOKS_DATA is compressed (S2)", "WEBHOOKS_DEAD: fit"} {
		if !errors.Is(err, exit.ErrFailed) || !strings.Contains(out, want) {
			t.Errorf("%v without %q:\n%s", err, want, out)
		}
	}
}

// TestStreams_checkAsksWhenNATSSyncs reads the word of two monitoring endpoints.
func TestStreams_checkAsksWhenNATSSyncs(t *testing.T) {
	_, flags := ctltest.NATS(t)
	run := func(args ...string) (string, error) {
		return ctltest.Run(t, Command(), append(args, append([]string{"--file", "../../../../kong/streams.yml"}, flags...)...)...)
	}
	if out, err := run("apply"); err != nil || !strings.Contains(out, "create the stream again under its name") {
		t.Fatalf("%v:\n%s", err, out)
	}
	if out, err := run("apply"); err != nil || strings.Contains(out, "power cut") {
		t.Errorf("nothing was changed: %v\n%s", err, out)
	}
	tests := map[string]struct{ sync, want string }{
		"always":       {`"sync_always":true`, "WEBHOOKS: fit"},
		"now and then": {`"sync_interval":120000000000`, "WEBHOOKS is on webhookctl, which syncs what it acknowledged only every 2m0s"},
	}
	for name, tt := range tests {
		monitor := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprintf(w, `{"server_name":"webhookctl","jetstream":{"config":{%s}}}`, tt.sync)
		}))
		defer monitor.Close()
		out, err := run("check", "--monitor", monitor.URL)
		if (err == nil) != (name == "always") || !strings.Contains(out, tt.want) {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
	if out, err := run("check", "--monitor", "http://127.0.0.1:1"); !errors.Is(err, streams.ErrMonitor) {
		t.Errorf("nobody answers: %v\n%s", err, out)
	}
}

func TestNATSFlags_keepSecretsOffTheCommandLine(t *testing.T) {
	_, flags := ctltest.NATS(t)
	t.Setenv("NATS_PASSWORD", "")
	if _, err := ctltest.Run(t, Command(), append([]string{"apply", "--file", "../../../../kong/streams.yml"}, flags...)...); err == nil || !strings.Contains(err.Error(), "NATS_PASSWORD is empty") {
		t.Errorf("without a password: %v", err)
	}
	_, err := ctltest.Run(t, Command(), "apply", "--file", "../../../../kong/streams.yml", "--server", "nats://u:hush@127.0.0.1:4222")
	if err == nil || strings.Contains(err.Error(), "hush") || !strings.Contains(err.Error(), "--creds") {
		t.Errorf("a password in the URL: %v", err)
	}
}
