package pluginserver

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func listen(t *testing.T, path string, takeover bool) *Socket {
	t.Helper()
	s, err := Listen(path, takeover)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Listener.Close() })
	return s
}

func TestSocket_replacesADeadOneAndSparesALiveOne(t *testing.T) {
	path := filepath.Join(t.TempDir(), "p.socket")
	dead, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	dead.SetUnlinkOnClose(false)
	if err := dead.Close(); err != nil { // its file stays, as after kill -9
		t.Fatal(err)
	}
	first := listen(t, path, false)
	if _, err := Listen(path, false); !errors.Is(err, ErrSocketInUse) {
		t.Fatalf("second server: %v", err)
	}
	if !first.owned() {
		t.Error("the refused server took the socket all the same")
	}
}

func TestSocket_takeoverLeavesNoGap(t *testing.T) {
	path := filepath.Join(t.TempDir(), "p.socket")
	current := listen(t, path, false)
	stop, gap := make(chan struct{}), make(chan error, 1)
	go func() {
		for {
			select {
			case <-stop:
				gap <- nil
				return
			default:
			}
			if _, err := os.Lstat(path); err != nil {
				gap <- err
				return
			}
		}
	}()
	for range 200 {
		next := listen(t, path, true)
		if err := leave(current); err != nil { // must spare the file of the next
			t.Fatal(err)
		}
		current = next
	}
	close(stop)
	if err := <-gap; err != nil {
		t.Errorf("there was an instant without a socket: %v", err)
	}
	if err := leave(current); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Lstat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the last server left its socket: %v", err)
	}
}

func TestSocket_lossIsNoticed(t *testing.T) {
	tests := map[string]func(t *testing.T, path string){
		"taken over": func(t *testing.T, path string) { listen(t, path, true) },
		"removed": func(t *testing.T, path string) {
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
		},
	}
	for name, lose := range tests {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "p.socket")
			s := listen(t, path, false)
			lose(t, path)
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			if err := s.Lost(ctx); err != nil {
				t.Errorf("not noticed: %v", err)
			}
		})
	}
}

func TestSocket_sparesOtherFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "p.socket")
	if err := os.WriteFile(path, []byte("somebody's file"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Listen(path, true); err == nil {
		t.Error("replaced a file that is no socket")
	}
}

// leave is what a server does with its socket at its end.
func leave(s *Socket) error { return errors.Join(s.Withdraw(), s.Listener.Close()) }
