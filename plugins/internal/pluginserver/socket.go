package pluginserver

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"strings"
	"syscall"
	"time"
)

// socketPollInterval is how often a server checks that the socket is still its own.
const socketPollInterval = time.Second

// withdrawTimeout is how long connections are still accepted that were made before the
// socket's file was removed. They wait in the kernel already.
const withdrawTimeout = 100 * time.Millisecond

// ErrSocketInUse says that another live server answers on the socket.
var ErrSocketInUse = errors.New("another plugin server answers on this socket")

// Socket is the unix socket of a plugin server at a well-known path.
type Socket struct {
	Listener *net.UnixListener
	path     string
	self     os.FileInfo
}

// Listen takes the socket at path. The file of a dead server is replaced; that
// of a live one only where takeover is set, as in a reload of Kong, whose new
// worker starts its plugin server while the old one's still runs. The new
// socket is bound beside the path and renamed over it, so that there is no
// instant at which a client of either finds nothing there.
func Listen(path string, takeover bool) (*Socket, error) {
	unlock, err := lockSocket(path)
	if err != nil {
		return nil, err
	}
	defer unlock()
	if !takeover && answers(path) {
		return nil, fmt.Errorf("%w: %s (stop it, or take over with -takeover=yes)", ErrSocketInUse, path)
	}
	if info, err := os.Lstat(path); err == nil && info.Mode().Type() != fs.ModeSocket {
		return nil, fmt.Errorf("%s exists and is not a socket", path)
	}
	temporary := fmt.Sprintf("%s.%d", path, os.Getpid())
	if err := os.Remove(temporary); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: temporary, Net: "unix"})
	if err != nil {
		return nil, err
	}
	l.SetUnlinkOnClose(false)
	s, err := publish(l, temporary, path)
	if err != nil {
		return nil, errors.Join(err, l.Close(), os.Remove(temporary))
	}
	return s, nil
}

func publish(l *net.UnixListener, temporary, path string) (*Socket, error) {
	// Kong's workers and an externally started server may share a group only.
	if err := os.Chmod(temporary, 0o660); err != nil { //nolint:gosec // a socket, see above
		return nil, err
	}
	self, err := os.Lstat(temporary)
	if err != nil {
		return nil, err
	}
	if err := os.Rename(temporary, path); err != nil {
		return nil, err
	}
	return &Socket{Listener: l, path: path, self: self}, nil
}

// Withdraw removes the socket's file if it is still ours, and lets the listener accept
// for a moment the connections that were made before: the kernel would reset those, and
// Kong would answer 500.
func (s *Socket) Withdraw() error {
	unlock, err := lockSocket(s.path)
	if err != nil {
		return errors.Join(err, s.Listener.Close())
	}
	defer unlock()
	if s.owned() {
		err = os.Remove(s.path)
	}
	return errors.Join(err, s.Listener.SetDeadline(time.Now().Add(withdrawTimeout)))
}

func (s *Socket) owned() bool {
	now, err := os.Lstat(s.path)
	return err == nil && os.SameFile(now, s.self)
}

// Lost blocks until the path no longer leads to this socket, because another
// server took it over or somebody removed it, or until ctx is done.
func (s *Socket) Lost(ctx context.Context) error {
	tick := time.NewTicker(socketPollInterval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
			if !s.owned() {
				return nil
			}
		}
	}
}

// answers reports whether a live server accepts on path.
func answers(path string) bool {
	c, err := net.DialTimeout("unix", path, time.Second)
	if err != nil {
		return false
	}
	_ = c.Close() // nothing was said
	return true
}

// lockSocket keeps a server that ends from removing the socket of one that takes over
// between its check and its removal.
func lockSocket(path string) (unlock func(), err error) {
	f, err := os.OpenFile(path+".lock", os.O_CREATE|os.O_RDWR, 0o660) //nolint:gosec // shared like the socket
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return func() { _ = f.Close() }, nil // closing unlocks
}

// startedByKong reports whether the parent process is one of Kong's nginx
// workers, in which case a live socket belongs to the generation before.
func startedByKong() bool {
	comm, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", os.Getppid()))
	return err == nil && strings.HasPrefix(string(comm), "nginx")
}
