package pluginserver

import (
	"errors"
	"io"
	"net"
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// closeTimeout bounds the wait for Kong to close its end as well, which it does at once,
// or after the request that it is sending.
const closeTimeout = time.Second

// callPending reports whether a call from Kong waits in the socket. It is better
// answered than cut off: Kong repeats cmd_handle_event, but gives up on
// cmd_start_instance and answers 500.
func (c *conn) callPending() bool {
	raw, err := c.net.(syscall.Conn).SyscallConn()
	if err != nil {
		return false
	}
	waiting := false
	_ = raw.Control(func(fd uintptr) {
		var b [1]byte
		n, _, err := unix.Recvfrom(int(fd), b[:], unix.MSG_PEEK|unix.MSG_DONTWAIT)
		waiting = err == nil && n > 0
	})
	return waiting
}

// hangUp ends a connection that Kong may be writing to at this moment. Kong
// starts a handler again when it reads the end of the stream, but answers 500
// when the connection is reset or does not take its bytes; and closing a socket
// with unread bytes resets it. So the stream is ended, and whatever comes is read
// until Kong closes its end, too.
func (c *conn) hangUp() {
	c.endStream()
	_, _ = io.Copy(io.Discard, c.net) // ends with Kong's end or the deadline
}

func (c *conn) endStream() {
	if half, ok := c.net.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
	}
	_ = c.net.SetReadDeadline(time.Now().Add(closeTimeout))
}

// hungUp logs the end of a connection unless it is an ordinary one.
func (c *conn) hungUp(err error) {
	if c.exited || errors.Is(err, io.EOF) || errors.Is(err, net.ErrClosed) || errors.Is(err, os.ErrDeadlineExceeded) {
		return
	}
	c.srv.log.Debug("Kong hung up", "err", err)
}
