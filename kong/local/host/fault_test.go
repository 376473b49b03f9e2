package host

import (
	"errors"
	"net"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/Kong/go-pdk/server/kong_plugin_protocol"
	"google.golang.org/protobuf/proto"

	"webhookedge/kong/wire"
)

// fake is a plugin server whose handler is a function over raw frames.
type fake struct {
	socket string
	mu     sync.Mutex
	calls  []string
}

// serve answers instance calls by itself and hands events to event, which
// returns false to hang up.
func serve(t *testing.T, event func(c net.Conn, r *wire.Reader, run int) bool) *fake {
	t.Helper()
	f := &fake{socket: filepath.Join(t.TempDir(), "s")}
	listener, err := net.Listen("unix", f.socket)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	t.Cleanup(func() { listener.Close(); wg.Wait() })
	wg.Go(func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			wg.Go(func() { f.conn(c, event) })
		}
	})
	return f
}

func (f *fake) conn(c net.Conn, event func(net.Conn, *wire.Reader, int) bool) {
	defer c.Close()
	r := wire.NewReader(c, maxFrame)
	for {
		b, err := r.Next()
		if err != nil {
			return
		}
		var call kong_plugin_protocol.RpcCall
		if proto.Unmarshal(b, &call) != nil {
			return
		}
		ret := &kong_plugin_protocol.RpcReturn{Sequence: call.Sequence}
		switch cmd := call.Call.(type) {
		case *kong_plugin_protocol.RpcCall_CmdStartInstance:
			f.note("start " + string(cmd.CmdStartInstance.Config))
			ret.Return = &kong_plugin_protocol.RpcReturn_InstanceStatus{InstanceStatus: &kong_plugin_protocol.InstanceStatus{InstanceId: 7}}
		case *kong_plugin_protocol.RpcCall_CmdCloseInstance:
			f.note("close")
		case *kong_plugin_protocol.RpcCall_CmdHandleEvent:
			if !event(c, r, f.note("event")) {
				return
			}
		}
		out, _ := proto.Marshal(ret)
		if _, err := c.Write(wire.AppendFrame(nil, out)); err != nil {
			return
		}
	}
}

// note records a call and returns how often it was made.
func (f *fake) note(call string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = append(f.calls, call)
	n := 0
	for _, c := range f.calls {
		if c == call {
			n++
		}
	}
	return n
}

func done(c net.Conn) bool {
	_, err := c.Write(wire.AppendFrame(nil, ""))
	return err == nil
}

func ask(c net.Conn, method string) {
	_, _ = c.Write(wire.AppendFrame(wire.AppendFrame(nil, method), ""))
}

func TestAccess_hangUps(t *testing.T) {
	cases := map[string]struct {
		event func(net.Conn, *wire.Reader, int) bool
		want  error
		runs  int
	}{
		"once is run again":    {func(c net.Conn, _ *wire.Reader, run int) bool { return run > 1 && done(c) }, nil, 2},
		"for ever is bounded":  {func(net.Conn, *wire.Reader, int) bool { return false }, ErrReruns, 4},
		"in the middle counts": {func(c net.Conn, _ *wire.Reader, _ int) bool { _, _ = c.Write([]byte{9, 0, 0, 0, 'k'}); return false }, ErrReruns, 4},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			f := serve(t, tc.event)
			p := New("fake", f.socket, Options{MaxRuns: 4})
			defer p.Close()
			x := NewContext(sample(), nil)
			defer x.Close()
			if err := p.Access(x, &Config{ID: "a", Seq: 1}); !errors.Is(err, tc.want) {
				t.Errorf("got %v, want %v", err, tc.want)
			}
			if f.note("event") != tc.runs+1 || f.note("start ") != tc.runs+1 {
				t.Errorf("calls %q, want a start and an event for each of %d runs", f.calls, tc.runs)
			}
		})
	}
}

func TestAccess_faults(t *testing.T) {
	silent := func(_ net.Conn, r *wire.Reader, _ int) bool { _, _ = r.Next(); return false }
	cases := map[string]struct {
		event  func(net.Conn, *wire.Reader, int) bool
		want   error
		raised bool
	}{
		"a method that Kong does not know": {func(c net.Conn, r *wire.Reader, _ int) bool { ask(c, "kong.coffee.brew"); return silent(c, r, 0) }, ErrUnknownMethod, false},
		"silence":                          {silent, ErrTimeout, false},
		"an argument that is no protobuf": {func(c net.Conn, r *wire.Reader, _ int) bool {
			_, _ = c.Write(wire.AppendFrame(wire.AppendFrame(nil, []byte("kong.request.get_header")), []byte{0xff}))
			return silent(c, r, 0)
		}, wire.ErrMalformed, true},
		"a frame that is too large": {func(c net.Conn, r *wire.Reader, _ int) bool {
			_, _ = c.Write([]byte{0xff, 0xff, 0xff, 0x7f})
			return silent(c, r, 0)
		}, wire.ErrFrameTooLarge, false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			f := serve(t, tc.event)
			p := New("fake", f.socket, Options{Timeout: 200 * time.Millisecond})
			defer p.Close()
			x := NewContext(sample(), nil)
			err := p.Access(x, &Config{ID: "a", Seq: 1})
			x.Close()
			if !errors.Is(err, tc.want) || isRaised(err) != tc.raised {
				t.Errorf("got %v (raised: %v), want %v (raised: %v)", err, isRaised(err), tc.want, tc.raised)
			}
		})
	}
}

func TestInstance_changedConfigClosesTheOneBefore(t *testing.T) {
	f := serve(t, func(c net.Conn, _ *wire.Reader, _ int) bool { return done(c) })
	p := New("fake", f.socket, Options{Workers: 2})
	defer p.Close()
	run := func(worker, seq int) {
		r := sample()
		r.Worker = worker
		x := NewContext(r, nil)
		defer x.Close()
		if err := p.Access(x, &Config{ID: "a", Seq: seq, JSON: []byte{'0' + byte(seq)}}); err != nil {
			t.Fatal(err)
		}
	}
	run(0, 1)
	run(1, 1)
	run(0, 1)
	run(0, 2)
	want := []string{"start 1", "event", "start 1", "event", "event", "start 2", "close", "event"}
	if !slices.Equal(f.calls, want) {
		t.Errorf("calls %q, want %q", f.calls, want)
	}
}

func TestAccess_instanceThatDoesNotStart(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "s")
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	starts := make(chan struct{}, 10)
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = wire.NewReader(c, maxFrame).Next()
			starts <- struct{}{}
			c.Close()
		}
	}()
	p := New("fake", socket, Options{})
	defer p.Close()
	x := NewContext(sample(), nil)
	if err := p.Access(x, &Config{ID: "a", Seq: 1}); !isRaised(err) || !errors.Is(err, ErrClosed) {
		t.Errorf("got %v, want a raised ErrClosed", err)
	}
	if len(starts) != 1 {
		t.Errorf("%d starts, want 1", len(starts))
	}
}

func isRaised(err error) bool {
	_, raised := errors.AsType[*Raised](err)
	return raised
}
