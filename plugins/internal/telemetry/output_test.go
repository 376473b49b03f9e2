package telemetry_test

import (
	"bytes"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"webhookedge/plugins/internal/telemetry"
)

// openOutput returns an output, and what it writes to stderr.
func openOutput(t *testing.T, target string) (io.Writer, *bytes.Buffer) {
	t.Helper()
	var stderr bytes.Buffer
	out, err := telemetry.OpenOutput(target, &stderr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = out.Close() })
	return out, &stderr
}

func write(t *testing.T, out io.Writer, lines string) {
	t.Helper()
	if n, err := io.WriteString(out, lines); err != nil || n != len(lines) {
		t.Errorf("%d of %d bytes, %v", n, len(lines), err)
	}
}

func TestOutput_fileIsOpenedAgainAfterARotation(t *testing.T) {
	path := filepath.Join(t.TempDir(), "edge.log")
	out, stderr := openOutput(t, path)
	write(t, out, "one\n")
	write(t, out, "two\n")
	if err := os.Rename(path, path+".1"); err != nil {
		t.Fatal(err)
	}
	write(t, out, "three\n")
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	write(t, out, "four\n")
	for file, want := range map[string]string{path + ".1": "one\ntwo\n", path: "four\n"} {
		if got, err := os.ReadFile(file); err != nil || string(got) != want {
			t.Errorf("%s: %q, %v", file, got, err)
		}
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm()&0o027 != 0 {
		t.Errorf("everybody may read it: %v, %v", info.Mode(), err)
	}
	if stderr.Len() > 0 {
		t.Errorf("stderr: %s", stderr)
	}
}

func TestOutput_streamSocketIsConnectedAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	out, stderr := openOutput(t, "unix:"+path)
	for _, line := range []string{"first\n", "second\n"} { // to a reader each
		l, err := net.Listen("unix", path)
		if err != nil {
			t.Fatal(err)
		}
		write(t, out, line)
		conn, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		got := make([]byte, len(line))
		if _, err := io.ReadFull(conn, got); err != nil || string(got) != line {
			t.Errorf("%q, %v", got, err)
		}
		conn.Close()
		l.Close()
	}
	if n, err := io.WriteString(out, "nobody\n"); err == nil || n != 0 || stderr.String() != "nobody\n" {
		t.Errorf("without a reader: %d, %v, stderr %q", n, err, stderr)
	}
}

func TestOutput_datagramSocketGetsALineADatagram(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	out, _ := openOutput(t, "unixgram:"+path)
	write(t, out, "one\ntwo\n")
	for _, want := range []string{"one", "two"} {
		got := make([]byte, 16)
		if n, err := conn.Read(got); err != nil || string(got[:n]) != want {
			t.Errorf("%q, %v", got[:n], err)
		}
	}
}

func TestOutput_failureIsCounted(t *testing.T) {
	m := newMetrics(t)
	out, stderr := openOutput(t, filepath.Join(t.TempDir(), "no", "such", "directory"))
	q := telemetry.NewLogQueue(out, m)
	for range 3 {
		write(t, q, "a line\n")
	}
	if err := q.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(stderr.String(), "a line\n"); got != 3 {
		t.Errorf("%d lines on stderr", got)
	}
	want := "# HELP webhook_edge_log_lines_dropped_total Log lines that did not get where they belong: whoever reads them did not keep up, or the output of the log failed.\n" +
		"# TYPE webhook_edge_log_lines_dropped_total counter\nwebhook_edge_log_lines_dropped_total 3\n"
	if err := testutil.GatherAndCompare(m, strings.NewReader(want), "webhook_edge_log_lines_dropped_total"); err != nil {
		t.Error(err)
	}
}

func TestOutput_stuckReaderIsLeft(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	out, _ := openOutput(t, "unix:"+path)
	begun := time.Now()
	lines := strings.Repeat("a line that nobody reads\n", 1<<16)
	if n, err := io.WriteString(out, lines); err == nil || n == len(lines) || lines[max(n-1, 0)] != '\n' && n > 0 {
		t.Errorf("%d of %d bytes, %v", n, len(lines), err)
	}
	if took := time.Since(begun); took > 5*time.Second {
		t.Errorf("it took %v", took)
	}
}

func TestOutput_unknownTargets(t *testing.T) {
	for _, target := range []string{"", "edge.log", "unix:edge.sock", "tcp:127.0.0.1:514", "unixgram:", "stdout"} {
		if _, err := telemetry.OpenOutput(target, io.Discard); err == nil {
			t.Errorf("%q is taken", target)
		}
	}
}
