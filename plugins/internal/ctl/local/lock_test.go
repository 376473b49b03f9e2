package local

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestLock_namesWhoHasTheDirectory(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	first, err := lockData(dir)
	if err != nil {
		t.Fatal(err)
	}
	second, err := lockData(dir)
	if want := fmt.Sprintf("process %d", os.Getpid()); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), dir) {
		t.Fatalf("%v, %v: want an error that says %q", second, err, want)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if first, err = lockData(dir); err != nil {
		t.Fatalf("after the first is gone: %v", err)
	}
	_ = first.Close()
}

// TestStack_errorsNameTheirCause starts it where it cannot be, without any plugin.
func TestStack_errorsNameTheirCause(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	store := filepath.Join(t.TempDir(), "store")
	if err := os.MkdirAll(store, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(store, "jetstream"), nil, 0o600); err != nil { // where NATS wants a directory
		t.Fatal(err)
	}
	tests := map[string]struct {
		options stackOptions
		want    string
	}{
		"a data directory that is a file": {stackOptions{data: file, natsPort: -1}, "not a directory"},
		"one below a file":                {stackOptions{data: filepath.Join(file, "data"), natsPort: -1}, "not a directory"},
		"one that NATS cannot use":        {stackOptions{data: store, natsPort: -1}, "storage"},
		"a port that is taken":            {stackOptions{data: t.TempDir(), natsPort: taken.Addr().(*net.TCPAddr).Port}, "address already in use"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			tt.options.config = "../../../../kong/kong.yml"
			s, err := tt.options.start(t.Context())
			if err == nil {
				_ = s.close()
				t.Fatal("it starts")
			}
			if !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "is another one there") {
				t.Errorf("%v: want %q", err, tt.want)
			}
		})
	}
}
