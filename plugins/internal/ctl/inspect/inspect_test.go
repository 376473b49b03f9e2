package inspect_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/ctl/ctltest"
	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/internal/ctl/inspect"
	"webhookedge/plugins/internal/ctl/inspector/api"
)

const config = `_format_version: "3.0"
routes:
  - name: hub
    paths: [/webhooks/hub]
    plugins:
      - name: webhook-edge
        config:
          provider: github
          verify: {secrets: [{value: "{vault://env/octo-inspect-unset}"}]}
          publish: {servers: ["nats://nats:4222"], stream: {name: OTHER}}
          quarantine: {stream: OTHER_REJECTED, subject_prefix: other-rejected}
`

// page runs the command until the test ends, and returns the address that it prints.
func page(t *testing.T, args ...string) string {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	out, in := io.Pipe()
	cmd := ctltest.Root(inspect.Command(), args...)
	cmd.SetOut(in)
	cmd.SetErr(io.Discard)
	ended := make(chan error, 1)
	go func() {
		err := cmd.ExecuteContext(ctx)
		_ = in.CloseWithError(io.EOF)
		ended <- err
	}()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		stop()
		t.Fatalf("%v", err)
	}
	return strings.TrimSpace(line)
}

func TestInspect_showsWhatIsStored(t *testing.T) {
	b, flags := ctltest.NATS(t)
	b.Stream(t)
	b.Publish(t, &event.Event{ID: "1", Source: "/s", Provider: "github", Type: "push", Tenant: "octo", RequestID: "r1", ReceivedAt: time.Now()}, "hub", true)
	address := page(t, flags...)
	s := ctltest.GetJSON[api.Session](t, address+"api/session")
	if s.Mode != "inspect" || s.Changes || strings.Contains(s.NATS, "@") || s.NATS == "" || s.Records != "webhooks-trace.>" || len(s.Streams) != 1 || s.Streams[0] != "WEBHOOKS" {
		t.Errorf("%+v", s)
	}
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		p := ctltest.GetJSON[api.Page](t, address+"api/deliveries?q=r1")
		if p.Matched == 1 && p.Rows[0].Type == "push" && p.Rows[0].Route == "hub" && p.Rows[0].Kind == api.KindEvent {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%+v", p)
		}
	}
}

func TestInspect_takesPlacesFromAConfig(t *testing.T) {
	_, flags := ctltest.NATS(t)
	file := filepath.Join(t.TempDir(), "kong.yml")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	address := page(t, append(flags, "--config", file, "--allow-changes", "--gateway", "http://edge:8000", "--metrics", "http://edge:9542")...)
	if s := ctltest.GetJSON[api.Session](t, address+"api/session"); !s.Changes || s.Config != file || s.Gateway != "http://edge:8000" || len(s.Streams) != 1 || s.Streams[0] != "OTHER" {
		t.Errorf("%+v", s)
	}
}

func TestInspect_refusesWhatItCannotDo(t *testing.T) {
	_, flags := ctltest.NATS(t)
	for name, args := range map[string][]string{
		"an address for others":      {"--listen", "0.0.0.0:0"},
		"a name for others":          {"--listen", "example.com:8080"},
		"a gateway that is no URL":   {"--gateway", "edge:8000"},
		"a gateway with a user":      {"--gateway", "http://user:password@edge:8000"},
		"metrics of a file":          {"--metrics", "file:///etc/passwd"},
		"too much of the past":       {"--backfill", "1000001"},
		"a key on the command line":  {"--key", "2026=c2VjcmV0"},
		"a config that is not there": {"--config", "no-such.yml"},
	} {
		out, err := ctltest.Run(t, inspect.Command(), append(args, flags...)...)
		if !errors.Is(err, exit.ErrUsage) || strings.Contains(err.Error(), "password@") {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}
