package host

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"webhookedge/kong/wire"
)

// conn is one connection to a plugin server, with its buffers.
type conn struct {
	net.Conn
	r      *wire.Reader
	out    []byte
	reused bool
	idle   time.Time
}

func (c *conn) close() { _ = c.Close() }

// ended reports whether the peer has ended the stream of an idle connection.
func (c *conn) ended() bool {
	raw, err := c.Conn.(syscall.Conn).SyscallConn()
	if err != nil {
		return true
	}
	gone := false
	err = raw.Control(func(fd uintptr) {
		var b [1]byte
		n, _, err := unix.Recvfrom(int(fd), b[:], unix.MSG_PEEK|unix.MSG_DONTWAIT)
		gone = n == 0 && err == nil || err != nil && !errors.Is(err, unix.EAGAIN)
	})
	return gone || err != nil
}

// flush writes what has been gathered.
func (c *conn) flush() error {
	if len(c.out) == 0 {
		return nil
	}
	_, err := c.Write(c.out)
	c.out = c.out[:0]
	if cap(c.out) > 1<<20 {
		c.out = nil
	}
	return err
}

// next reads a frame, and gives the plugin a whole time-out for it.
func (c *conn) next(timeout time.Duration) ([]byte, error) {
	if !c.r.Pending() {
		if err := c.SetDeadline(time.Now().Add(timeout)); err != nil {
			return nil, readError(err)
		}
	}
	b, err := c.r.Next()
	if err != nil {
		return nil, readError(err)
	}
	return b, nil
}

// readError sorts errors as nginx does: only an orderly end is "closed"; a reset
// is not, so that Kong does not run the handler again after one.
func readError(err error) error {
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return ErrClosed
	case errors.Is(err, os.ErrDeadlineExceeded):
		return ErrTimeout
	}
	return fmt.Errorf("reading from plugin: %w", err)
}

const (
	maxIdle     = 256 // Kong's keep-alive pool of a worker
	idleTimeout = time.Minute
	// maxFrame bounds a frame in bytes. Kong has no bound of its own; a response body
	// of a plugin is the largest thing that travels here.
	maxFrame = 64 << 20
)

// pool keeps idle connections, the last used first.
type pool struct {
	socket string

	mu     sync.Mutex
	idle   []*conn
	closed bool
}

func (p *pool) get(fresh bool) (*conn, error) {
	for !fresh {
		c := p.pop()
		if c == nil {
			break
		}
		if c.ended() { // nginx would have been told and closed it
			c.close()
			continue
		}
		c.reused = true
		return c, nil
	}
	nc, err := net.Dial("unix", p.socket)
	if err != nil {
		return nil, fmt.Errorf("connecting to plugin: %w", err)
	}
	return &conn{Conn: nc, r: wire.NewReader(nc, maxFrame)}, nil
}

func (p *pool) pop() *conn {
	now := time.Now()
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.idle) > 0 && now.Sub(p.idle[0].idle) > idleTimeout {
		p.idle[0].close()
		p.idle = append(p.idle[:0], p.idle[1:]...)
	}
	if len(p.idle) == 0 {
		return nil
	}
	c := p.idle[len(p.idle)-1]
	p.idle = p.idle[:len(p.idle)-1]
	return c
}

func (p *pool) put(c *conn) {
	c.idle = time.Now()
	p.mu.Lock()
	full := p.closed || len(p.idle) >= maxIdle
	if !full {
		p.idle = append(p.idle, c)
	}
	p.mu.Unlock()
	if full {
		c.close()
	}
}

// drop closes the idle connections.
func (p *pool) drop() {
	p.mu.Lock()
	idle := p.idle
	p.idle = nil
	p.mu.Unlock()
	for _, c := range idle {
		c.close()
	}
}

func (p *pool) close() {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	p.drop()
}
