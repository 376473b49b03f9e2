package e2e

import (
	"context"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// quickStart returns the commands of the README's quick start as they stand.
func quickStart(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(text), "## Quick start\n")
	if !ok {
		t.Fatal("README.md has no quick start")
	}
	section, _, _ := strings.Cut(rest, "\n## ")
	var commands []string
	for _, block := range regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(section, -1) {
		commands = append(commands, strings.TrimSpace(block[1]))
	}
	return commands
}

func TestQuickStart_worksAsWritten(t *testing.T) {
	t.Parallel()
	commands := quickStart(t)
	if len(commands) != 3 || commands[1] != "go test ./..." {
		t.Fatalf("the quick start is now %q: say here how to test it", commands)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	t.Run("the main job", func(t *testing.T) {
		out := shell(ctx, t, commands[0])
		for _, want := range []string{"github", "stripe", "slack", "shopify", "standard-webhooks", "401", "duplicate", " 0 not as they should be"} {
			if !strings.Contains(out, want) {
				t.Errorf("its output has no %q:\n%s", want, out)
			}
		}
	})
	t.Run("keeping it running", func(t *testing.T) {
		// The port of the README may be taken here, and a shell would leave the
		// gateway behind, so the two commands run apart.
		lines := strings.Split(commands[2], "\n")
		address, secret := freeAddress(t), strings.TrimPrefix(lines[0], "export ")
		local := strings.TrimSuffix(lines[1], " &") + " --nats-port -1 --listen " + address
		send := strings.ReplaceAll(lines[2], "127.0.0.1:8000", address)
		ctx, stop := context.WithCancel(ctx)
		gateway := exec.CommandContext(ctx, "sh", "-c", "exec "+local)
		gateway.Dir, gateway.Env = "..", append(os.Environ(), secret)
		// Ctrl-C reaches the whole process group: go run leaves it to its child.
		gateway.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		gateway.Cancel = func() error { return syscall.Kill(-gateway.Process.Pid, syscall.SIGINT) }
		gateway.WaitDelay = 30 * time.Second
		out := &lockedBuffer{}
		gateway.Stdout, gateway.Stderr = out, out
		if err := gateway.Start(); err != nil {
			t.Fatal(err)
		}
		defer func() { stop(); _ = gateway.Wait() }()
		eventually(t, "it says where it listens", func() bool { return strings.Contains(out.String(), "gateway  http://"+address) })
		if got := shell(ctx, t, secret+" "+send); !strings.Contains(got, "200 github push") || !strings.Contains(got, "ack=broker") {
			t.Errorf("send: %s\ngateway: %s", got, out)
		}
		eventually(t, "it shows the delivery", func() bool { return strings.Contains(out.String(), "webhooks.github.octo-corp.push  seq 1") })
		forged := shell(ctx, t, secret+" "+send+" --mutate forge --expect 401")
		if !strings.Contains(forged, "401 github push") {
			t.Errorf("forged: %s", forged)
		}
		eventually(t, "it shows the refusal", func() bool { return strings.Contains(out.String(), "signature_invalid") })
		stop()
		eventually(t, "Ctrl-C ends it", func() bool { return strings.Contains(out.String(), "stopping") })
	})
}

func shell(ctx context.Context, t *testing.T, command string) string {
	t.Helper()
	cmd := exec.CommandContext(ctx, "sh", "-c", command)
	cmd.Dir = ".."
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", command, err, out)
	}
	return string(out)
}
