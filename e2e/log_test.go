package e2e

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"webhookedge/kong/local/host"
)

// TestLog_nobodyReadsItAndDeliveriesGoOn runs the plugin with a stderr that is a full
// pipe, as Kong's is while the worker that reads it is stopped.
func TestLog_nobodyReadsItAndDeliveriesGoOn(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	_ = w.SetWriteDeadline(time.Now().Add(50 * time.Millisecond))
	for err == nil {
		_, err = w.Write([]byte(strings.Repeat("-", 4095) + "\n"))
	}
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatal(err)
	}
	broker, prefix := startNATS(t), shortDir(t)
	cmd := exec.Command(filepath.Join(binaries, "webhook-edge"), "-kong-prefix", prefix)
	cmd.Stderr = w
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }()
	socket := filepath.Join(prefix, "webhook-edge.socket")
	eventually(t, "the socket is there", func() bool { _, err := os.Stat(socket); return err == nil })

	plugin := host.New("webhook-edge", socket, host.Options{})
	defer plugin.Close()
	cfg, forged := edgeConfig(broker.url(), ""), githubRequest("a-secret-of-somebody-else", 2<<10)
	for i := range 500 {
		start := time.Now()
		if o := access(plugin, forged, cfg); o.err != nil || o.status != 401 {
			t.Fatalf("refusal %d, after %v: %+v", i, time.Since(start), o)
		}
	}
	if o := access(plugin, githubRequest(githubSecret, 2<<10), cfg); o.err != nil || o.ack == "" {
		t.Errorf("a good one: %+v", o)
	}
}
