package main

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

// ctl runs webhookctl in this process.
func ctl(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	cmd := root()
	cmd.SetArgs(args)
	cmd.SetOut(&out)
	cmd.SetErr(&out)
	err := cmd.ExecuteContext(t.Context())
	return out.String(), err
}

// natsFor starts a broker and returns the flags that reach it.
func natsFor(t *testing.T) (*broker, []string) {
	t.Helper()
	b, err := startBroker(t.TempDir(), "of-the-test", -1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.stop)
	t.Setenv("NATS_PASSWORD", b.password)
	return b, []string{"--server", b.url(), "--user", brokerUser}
}

func TestStreamsApply(t *testing.T) {
	_, flags := natsFor(t)
	apply := func(more ...string) (string, error) {
		return ctl(t, append(append([]string{"streams", "apply", "--file", "../../../kong/streams.yml"}, flags...), more...)...)
	}
	if out, err := apply("--dry-run"); !errors.Is(err, errFailed) || !strings.Contains(out, "WEBHOOKS: create") || !strings.Contains(out, "WEBHOOKS_REJECTED: create") {
		t.Errorf("dry run before: %v\n%s", err, out)
	}
	if out, err := apply(); err != nil || !strings.Contains(out, "WEBHOOKS: create") {
		t.Errorf("apply: %v\n%s", err, out)
	}
	for _, more := range []string{"--dry-run", "--force"} {
		if out, err := apply(more); err != nil || strings.Count(out, "as it should be") != 3 {
			t.Errorf("%s after: %v\n%s", more, err, out)
		}
	}
}

func TestNATSFlagsKeepSecretsOffTheCommandLine(t *testing.T) {
	_, flags := natsFor(t)
	t.Setenv("NATS_PASSWORD", "")
	if _, err := ctl(t, append([]string{"streams", "apply", "--file", "../../../kong/streams.yml"}, flags...)...); err == nil || !strings.Contains(err.Error(), "NATS_PASSWORD is empty") {
		t.Errorf("without a password: %v", err)
	}
	_, err := ctl(t, "streams", "apply", "--file", "../../../kong/streams.yml", "--server", "nats://u:hush@127.0.0.1:4222")
	if err == nil || strings.Contains(err.Error(), "hush") || !strings.Contains(err.Error(), "--creds") {
		t.Errorf("a password in the URL: %v", err)
	}
}
