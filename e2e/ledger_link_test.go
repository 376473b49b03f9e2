package e2e

import (
	"bytes"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// cut is where in the traffic a link is to break.
type cut int

const (
	cutPublish   cut = iota // half of a publish goes through
	cutBeforeAck            // the broker has stored the event, and nothing of its ack goes through
	cutInsideAck            // half of the ack goes through
	seeUpload               // a part of a large payload; it goes through
)

// The beginnings of what is waited for (NATS client protocol; JetStream's
// publish acknowledgement and object store).
var (
	publishMark = []byte("HPUB webhooks.")
	ackMark     = []byte(`{"stream":"WEBHOOKS"`)
	uploadMark  = []byte("PUB $O.WEBHOOKS_DATA.C.")
)

// outgoing is what comes from the client where a cut fits, nil for nothing.
func (c cut) outgoing() []byte {
	switch c {
	case cutPublish:
		return publishMark
	case seeUpload:
		return uploadMark
	default:
		return nil
	}
}

// incoming is what comes from the server where a cut fits, nil for nothing.
func (c cut) incoming() []byte {
	switch c {
	case cutBeforeAck, cutInsideAck:
		return ackMark
	default:
		return nil
	}
}

// trap breaks one connection, the first in which its cut fits.
type trap struct {
	at     cut
	sprung atomic.Bool
	done   chan struct{}
}

// links stand between the plugin and the nodes, one for each node.
type links struct {
	t    testing.TB
	urls []string

	trap   atomic.Pointer[trap]
	frozen sync.RWMutex // held while nothing goes through

	mu    sync.Mutex
	pipes map[*pipe]struct{}
}

type pipe struct{ client, server net.Conn }

// close breaks both ways.
func (p *pipe) close() {
	_ = p.client.Close()
	_ = p.server.Close()
}

func startLinks(t testing.TB, targets ...string) *links {
	t.Helper()
	l := &links{t: t, pipes: map[*pipe]struct{}{}}
	for _, target := range targets {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = listener.Close() })
		l.urls = append(l.urls, "nats://"+listener.Addr().String())
		go l.serve(listener, target)
	}
	t.Cleanup(l.cutAll)
	return l
}

func (l *links) serve(listener net.Listener, target string) {
	for {
		client, err := listener.Accept()
		if err != nil {
			return
		}
		go func() {
			server, err := net.DialTimeout("tcp", target, time.Second)
			if err != nil {
				_ = client.Close()
				return
			}
			p := &pipe{client, server}
			l.mu.Lock()
			l.pipes[p] = struct{}{}
			l.mu.Unlock()
			go l.pump(p, client, server, cut.outgoing)
			l.pump(p, server, client, cut.incoming)
			l.mu.Lock()
			delete(l.pipes, p)
			l.mu.Unlock()
		}()
	}
}

// pump copies one way until the connection breaks, by itself or by a trap whose
// mark comes along.
func (l *links) pump(p *pipe, from, to net.Conn, marked func(cut) []byte) {
	defer p.close()
	buf := make([]byte, 64<<10)
	for {
		n, err := from.Read(buf)
		l.frozen.RLock()
		l.frozen.RUnlock() //nolint:staticcheck // a gate: what comes while it is closed waits
		chunk := buf[:n]
		if rest, sprung := l.spring(chunk, marked); sprung {
			_, _ = to.Write(rest)
			return
		}
		if _, werr := to.Write(chunk); err != nil || werr != nil {
			return
		}
	}
}

// spring returns what of chunk goes through before the link breaks.
func (l *links) spring(chunk []byte, marked func(cut) []byte) (rest []byte, sprung bool) {
	trap := l.trap.Load()
	if trap == nil {
		return nil, false
	}
	text := marked(trap.at)
	if text == nil {
		return nil, false
	}
	i := bytes.Index(chunk, text)
	if i < 0 || !trap.sprung.CompareAndSwap(false, true) {
		return nil, false
	}
	close(trap.done)
	if trap.at == seeUpload {
		return nil, false
	}
	if trap.at != cutBeforeAck {
		i += (len(chunk) - i) / 2
	}
	return chunk[:i], true
}

// cutAt breaks a link at the next place of a kind. It reports false when none came
// in time.
func (l *links) cutAt(at cut, within time.Duration) bool {
	trap := &trap{at: at, done: make(chan struct{})}
	l.trap.Store(trap)
	defer l.trap.Store(nil)
	select {
	case <-trap.done:
		return true
	case <-time.After(within):
		return !trap.sprung.CompareAndSwap(false, true)
	}
}

// cutAll breaks every connection.
func (l *links) cutAll() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for p := range l.pipes {
		p.close()
	}
}

// freeze lets nothing through until the returned function is called.
func (l *links) freeze() (thaw func()) {
	l.frozen.Lock()
	return l.frozen.Unlock
}
