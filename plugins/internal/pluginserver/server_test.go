package pluginserver

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"webhookedge/kong/wire"

	protocol "github.com/Kong/go-pdk/server/kong_plugin_protocol"
	"google.golang.org/protobuf/proto"

	"webhookedge/plugins/internal/pipeline"
)

// kongEnd is Kong's end of a connection, as small as a test needs it. The full
// one is kong/local, which shares no code with this package.
type kongEnd struct {
	t      testing.TB
	server *Server
	conn   net.Conn
	in     *wire.Reader
	seq    int64
	// reply gives the reply to a method of the snapshot.
	reply func(method string) []byte
}

func (k *kongEnd) call(m *protocol.RpcCall) {
	k.t.Helper()
	k.seq++
	m.Sequence = k.seq
	b, err := proto.Marshal(m)
	if err != nil {
		k.t.Fatal(err)
	}
	k.write(wire.AppendFrame(nil, b))
}

func (k *kongEnd) write(b []byte) {
	if _, err := k.conn.Write(b); err != nil {
		k.t.Fatal(err)
	}
}

func (k *kongEnd) frame() []byte {
	k.t.Helper()
	b, err := k.in.Next()
	if err != nil {
		k.t.Fatalf("read: %v", err)
	}
	return bytes.Clone(b)
}

func (k *kongEnd) start(plugin, config string) int32 {
	k.t.Helper()
	k.call(&protocol.RpcCall{Call: &protocol.RpcCall_CmdStartInstance{CmdStartInstance: &protocol.CmdStartInstance{Name: plugin, Config: []byte(config)}}})
	var r protocol.RpcReturn
	if err := proto.Unmarshal(k.frame(), &r); err != nil || r.Sequence != k.seq {
		k.t.Fatalf("start: %v, %v", &r, err)
	}
	return r.GetInstanceStatus().InstanceId
}

// event runs a handler and returns the exit's arguments, or nil when it ended
// without.
func (k *kongEnd) event(id int32) *protocol.ExitArgs {
	k.t.Helper()
	k.call(&protocol.RpcCall{Call: &protocol.RpcCall_CmdHandleEvent{CmdHandleEvent: &protocol.CmdHandleEvent{InstanceId: id, EventName: "access"}}})
	for {
		method := string(k.frame())
		if method == "" {
			var r protocol.RpcReturn
			if err := proto.Unmarshal(k.frame(), &r); err != nil || r.Sequence != k.seq {
				k.t.Fatalf("return: %v, %v", &r, err)
			}
			return nil
		}
		arg := k.frame()
		if method == "kong.response.exit" {
			exit := &protocol.ExitArgs{}
			if err := proto.Unmarshal(arg, exit); err != nil {
				k.t.Fatal(err)
			}
			return exit
		}
		k.write(wire.AppendFrame(nil, k.reply(asks(method, arg))))
	}
}

// question reads a call, as [kongEnd.reply] has it.
func (k *kongEnd) question() string {
	method := string(k.frame())
	return asks(method, k.frame())
}

// asks is a method, and which variable it asks for.
func asks(method string, arg []byte) string {
	if name, err := stringField(arg, 1); method == "kong.nginx.get_var" && err == nil {
		method += " " + name
	}
	return method
}

func str(v string) []byte { return wire.AppendBytes(nil, 1, v) }

func usualReply(method string) []byte {
	switch method {
	case "kong.request.get_method":
		return str("POST")
	case "kong.request.get_path_with_query":
		return str("/hook?x=\xff")
	case "kong.client.get_forwarded_ip":
		return str("192.0.2.7")
	case "kong.nginx.get_var kong_request_id":
		return str("req-1")
	case "kong.nginx.get_var request":
		return str("POST /hook?x=\xff HTTP/1.1")
	case "kong.request.get_raw_body":
		return wire.AppendBytes(nil, bodyContent, "{}")
	}
	return nil
}

// plugin builds handlers whose one stage behind the body is fn.
func plugin(settings Settings, fn func(context.Context, *pipeline.Delivery) error) builds {
	return func(config []byte) (*Handler, error) {
		if bytes.Contains(config, []byte("broken")) {
			return nil, errors.Join(errors.New("a: first fault"), errors.New("b: second fault"))
		}
		chain, err := pipeline.NewChain([]pipeline.Stage{pipeline.LoadBody(), fnStage(fn)})
		return &Handler{Settings: settings, Chain: chain, Provider: "test"}, err
	}
}

// stores is a stage that stores the delivery.
func stores(_ context.Context, d *pipeline.Delivery) error {
	d.Ack.By = pipeline.AckBroker
	return nil
}

type fnStage func(context.Context, *pipeline.Delivery) error

func (fnStage) Name() string { return "recorded" }
func (f fnStage) Handle(ctx context.Context, d *pipeline.Delivery) error {
	return f(ctx, d)
}

func usual(respond string) Settings {
	return Settings{Respond: respond, Bounds: Bounds{DeadlineMS: 2000, MaxBodyBytes: 1 << 20}}
}

// kongWith connects a kongEnd to a server.
func kongWith(t testing.TB, s *Server) *kongEnd {
	kong, plugin := socketPair(t)
	if err := kong.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { kong.Close() })
	s.add(plugin)
	return &kongEnd{t: t, server: s, conn: kong, in: wire.NewReader(kong, DefaultMaxFrame), reply: usualReply}
}

func TestAnswer_followsTheStages(t *testing.T) {
	tests := map[string]struct {
		stage  func(context.Context, *pipeline.Delivery) error
		config string
		reply  map[string][]byte
		want   int32
		body   string
	}{
		"stored": {stage: stores, want: 200},
		"passed, and stored by nobody": {
			stage: pass, want: 500, body: `{"error":"internal","request_id":"req-1"}`,
		},
		"an answer of success that is no handshake": {
			stage: func(context.Context, *pipeline.Delivery) error { return &pipeline.Reply{Status: 200} },
			want:  500, body: `{"error":"internal","request_id":"req-1"}`,
		},
		"a panic":    {stage: func(context.Context, *pipeline.Delivery) error { panic("s3cret") }, want: 500, body: `{"error":"internal","request_id":"req-1"}`},
		"a deadline": {stage: func(ctx context.Context, _ *pipeline.Delivery) error { <-ctx.Done(); return ctx.Err() }, want: 503, body: `{"error":"deadline_exceeded","request_id":"req-1"}`},
		"a config with faults": {
			stage: func(context.Context, *pipeline.Delivery) error { return nil }, config: `{"broken":1}`,
			want: 500, body: `{"error":"misconfigured","request_id":"req-1"}`,
		},
		"a config that is no JSON": {
			stage: func(context.Context, *pipeline.Delivery) error { return nil }, config: `broken{`,
			want: 500, body: `{"error":"misconfigured","request_id":"req-1"}`,
		},
		"a body over the limit": {
			reply: map[string][]byte{"kong.request.get_raw_body": wire.AppendBytes(nil, bodyContent, bytes.Repeat([]byte("x"), 1<<20+1))},
			want:  413, body: `{"error":"body_too_large","request_id":"req-1"}`,
		},
		"a body file that is gone": {
			reply: map[string][]byte{"kong.request.get_raw_body": wire.AppendBytes(nil, bodyPath, "/nonexistent/body")},
			want:  500, body: `{"error":"internal","request_id":"req-1"}`,
		},
		"a body that Kong cannot read": {
			reply: map[string][]byte{"kong.request.get_raw_body": wire.AppendBytes(nil, bodyError, "Can't read request body")},
			want:  400, body: `{"error":"malformed","request_id":"req-1"}`,
		},
		"headers that are no message": {
			reply: map[string][]byte{"kong.request.get_headers": {0xff, 0xff}},
			want:  500, body: `{"error":"internal","request_id":"req-1"}`,
		},
		"a body that is no message": {
			reply: map[string][]byte{"kong.request.get_raw_body": {0x0a, 0x7f}},
			want:  500, body: `{"error":"internal","request_id":"req-1"}`,
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			var log syncBuffer
			settings := usual("exit")
			settings.DeadlineMS = 100
			k := kongWith(t, testServer(t, &log, plugin(settings, tc.stage)))
			k.reply = func(method string) []byte {
				if b, ok := tc.reply[method]; ok {
					return b
				}
				return usualReply(method)
			}
			config := tc.config
			if config == "" {
				config = `{}`
			}
			exit := k.event(k.start("p", config))
			if exit == nil || exit.Status != tc.want || string(exit.Body) != tc.body {
				t.Errorf("got %v, want %d %s\nlog: %s", exit, tc.want, tc.body, log.String())
			}
			if strings.Contains(log.String(), "s3cret") {
				t.Error("the panic's value is in the log")
			}
			if strings.Contains(tc.config, "{\"broken") && strings.Count(log.String(), "second fault") != 1 {
				t.Errorf("the config's faults are not in one log entry:\n%s", log.String())
			}
		})
	}
}

type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// TestRecord_followsTheAnswer has a Record that does not return before the sender has
// its answer.
func TestRecord_followsTheAnswer(t *testing.T) {
	for respond, want := range map[string]string{"continue": "accepted", "exit": "signature_invalid"} {
		answered, recorded := make(chan struct{}), make(chan string, 1)
		build := plugin(usual(respond), func(ctx context.Context, d *pipeline.Delivery) error {
			if respond == "exit" {
				return &pipeline.Reject{Code: pipeline.SignatureInvalid}
			}
			return stores(ctx, d)
		})
		k := kongWith(t, testServer(t, io.Discard, func(config []byte) (*Handler, error) {
			h, err := build(config)
			h.Record = func(d *pipeline.Delivery, out *pipeline.Outcome, took time.Duration) {
				<-answered
				recorded <- fmt.Sprintf("%s %s %d %t", out.Code, d.RequestID, len(d.Body), took > 0)
			}
			return h, err
		}))
		k.event(k.start("p", `{}`)) // would stand here
		close(answered)
		if got := <-recorded; got != want+" req-1 2 true" {
			t.Errorf("%s: %s", respond, got)
		}
	}
}

func TestContinue_keepsTheConnection(t *testing.T) {
	stage := func(_ context.Context, d *pipeline.Delivery) error {
		d.Ack.By = pipeline.AckBroker
		d.Upstream = []pipeline.Header{{Name: "webhook-verified", Value: "true"}, {Name: "webhook-event-type"}}
		d.Verification = &pipeline.Verification{Provider: "test"}
		return nil
	}
	p := plugin(usual("continue"), stage)
	k := kongWith(t, testServer(t, io.Discard, p))
	seen := map[string]int{}
	k.reply = func(method string) []byte { seen[method]++; return usualReply(method) }
	id := k.start("p", `{}`)
	for range 3 {
		if exit := k.event(id); exit != nil {
			t.Fatalf("exit %v", exit)
		}
	}
	for _, method := range []string{"kong.response.set_header", "kong.service.request.set_header", "kong.service.request.clear_header"} {
		if seen[method] != 3 {
			t.Errorf("%s was called %d times, want 3", method, seen[method])
		}
	}
}

func TestInstance_unknownOneClosesTheConnection(t *testing.T) {
	k := kongWith(t, testServer(t, io.Discard, plugin(usual("exit"), nil)))
	k.call(&protocol.RpcCall{Call: &protocol.RpcCall_CmdHandleEvent{CmdHandleEvent: &protocol.CmdHandleEvent{InstanceId: 5, EventName: "access"}}})
	if _, err := k.in.Next(); !errors.Is(err, io.EOF) {
		t.Errorf("got %v, want the connection closed", err)
	}
}

func TestCall_othersThanDeliveriesAreAnswered(t *testing.T) {
	k := kongWith(t, testServer(t, io.Discard, plugin(usual("exit"), nil)))
	id := k.start("p", `{}`)
	calls := map[string]struct {
		call *protocol.RpcCall
		want func(*protocol.RpcReturn) bool
	}{
		"names": {&protocol.RpcCall{Call: &protocol.RpcCall_CmdGetPluginNames{CmdGetPluginNames: &protocol.CmdGetPluginNames{}}}, func(r *protocol.RpcReturn) bool { return len(r.GetPluginNames().GetNames()) == 1 }},
		"info": {&protocol.RpcCall{Call: &protocol.RpcCall_CmdGetPluginInfo{CmdGetPluginInfo: &protocol.CmdGetPluginInfo{Name: "p"}}}, func(r *protocol.RpcReturn) bool {
			return strings.Contains(r.GetPluginInfo().GetSchema(), "deadline_ms")
		}},
		"status":          {&protocol.RpcCall{Call: &protocol.RpcCall_CmdGetInstanceStatus{CmdGetInstanceStatus: &protocol.CmdGetInstanceStatus{InstanceId: id}}}, func(r *protocol.RpcReturn) bool { return r.GetInstanceStatus().GetInstanceId() == id }},
		"status of none":  {&protocol.RpcCall{Call: &protocol.RpcCall_CmdGetInstanceStatus{CmdGetInstanceStatus: &protocol.CmdGetInstanceStatus{InstanceId: id + 1}}}, func(r *protocol.RpcReturn) bool { return r.GetInstanceStatus() == nil }},
		"closing of none": {&protocol.RpcCall{Call: &protocol.RpcCall_CmdCloseInstance{CmdCloseInstance: &protocol.CmdCloseInstance{InstanceId: id + 1}}}, func(r *protocol.RpcReturn) bool { return r.GetInstanceStatus() == nil }},
	}
	for name, tc := range calls {
		t.Run(name, func(t *testing.T) {
			k.call(tc.call)
			var r protocol.RpcReturn
			if err := proto.Unmarshal(k.frame(), &r); err != nil || r.Sequence != k.seq || !tc.want(&r) {
				t.Errorf("got %v, %v", &r, err)
			}
		})
	}
}

func TestInstance_workersShareAHandlerUntilTheLastIsGone(t *testing.T) {
	built, closed := 0, 0
	s := testServer(t, io.Discard, func([]byte) (*Handler, error) {
		built++
		return &Handler{Close: func() { closed++ }}, nil
	})
	first, err1 := s.instances.start("p", []byte(`{"__seq__":1,"a":{"x":1,"y":2},"route_id":"r1"}`))
	second, err2 := s.instances.start("p", []byte(`{"a":{"y":2,"x":1},"route_id":"r2","__seq__":2,"__plugin_id":"i"}`))
	other, err3 := s.instances.start("p", []byte(`{"a":{"x":1,"y":3}}`))
	if err := errors.Join(err1, err2, err3); err != nil {
		t.Fatal(err)
	}
	if built != 2 || first.id == second.id || second.id == other.id {
		t.Fatalf("%d handlers for two configs; ids %d %d %d", built, first.id, second.id, other.id)
	}
	_, ok := s.instances.use(first.id)
	s.instances.stop(first.id)
	s.instances.stop(first.id) // twice, as two workers may
	s.instances.stop(second.id)
	if !ok || closed != 0 {
		t.Fatalf("closed with a delivery under way (found %v)", ok)
	}
	if first.done(time.Now()); closed != 1 {
		t.Errorf("closed %d times after the last delivery, want 1", closed)
	}
	s.instances.stopAll()
	if closed != 2 || len(*s.instances.byID.Load()) != 0 || len(maps.Collect(s.instances.handlers.All())) != 0 {
		t.Errorf("left over: %d closed, instances %v", closed, *s.instances.byID.Load())
	}
}

func TestInstance_numberIsBounded(t *testing.T) {
	s := testServer(t, io.Discard, plugin(usual("exit"), nil))
	keep, err := s.instances.start("p", []byte(`{}`))
	if err != nil {
		t.Fatal(err)
	}
	for i := range maxInstances + 10 {
		if _, ok := s.instances.use(keep.id); !ok {
			t.Fatalf("the instance in use was dropped after %d", i)
		}
		if _, err := s.instances.start("p", fmt.Appendf(nil, `{"n":%d}`, i%7)); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(*s.instances.byID.Load()); n > maxInstances {
		t.Errorf("%d instances, limit %d", n, maxInstances)
	}
}

func TestDrain_finishesWhatIsUnderWay(t *testing.T) {
	entered, goOn := make(chan struct{}), make(chan struct{})
	s := testServer(t, io.Discard, plugin(usual("exit"), func(ctx context.Context, d *pipeline.Delivery) error {
		close(entered)
		<-goOn
		return stores(ctx, d)
	}))
	idle, busy := kongWith(t, s), kongWith(t, s)
	idle.start("p", `{}`)
	id := busy.start("p", `{}`)
	answered := make(chan *protocol.ExitArgs)
	go func() { answered <- busy.event(id) }()
	<-entered
	drained := make(chan int)
	go func() { drained <- s.Drain(context.Background()) }()
	if _, err := idle.in.Next(); !errors.Is(err, io.EOF) {
		t.Errorf("the idle connection: %v", err)
	}
	close(goOn)
	if exit := <-answered; exit == nil || exit.Status != 200 {
		t.Errorf("the delivery under way got %v", exit)
	}
	if n := <-drained; n != 0 {
		t.Errorf("%d deliveries given up", n)
	}
}

func TestDrain_givesUpAtItsDeadline(t *testing.T) {
	entered := make(chan struct{})
	s := testServer(t, io.Discard, plugin(usual("exit"), func(ctx context.Context, _ *pipeline.Delivery) error {
		close(entered)
		<-ctx.Done()
		return ctx.Err()
	}))
	k := kongWith(t, s)
	id := k.start("p", `{}`)
	k.call(&protocol.RpcCall{Call: &protocol.RpcCall_CmdHandleEvent{CmdHandleEvent: &protocol.CmdHandleEvent{InstanceId: id, EventName: "access"}}})
	go func() {
		for range s.plans[asked{learn: true}].questions {
			k.write(wire.AppendFrame(nil, k.reply(k.question())))
		}
	}()
	<-entered
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if n := s.Drain(ctx); n != 1 {
		t.Errorf("%d deliveries given up, want 1", n)
	}
}

func TestServer_floodBeyondTheLimitIsRefused(t *testing.T) {
	s := testServer(t, io.Discard, plugin(usual("exit"), func(context.Context, *pipeline.Delivery) error { return nil }))
	s.inFlight.Store(maxInFlight)
	k := kongWith(t, s)
	exit := k.event(k.start("p", `{}`))
	if exit == nil || exit.Status != 503 || !strings.Contains(string(exit.Body), "overloaded") {
		t.Errorf("got %v", exit)
	}
}

func TestMemory_largeBodiesShareTheBudget(t *testing.T) {
	const size = 1 << 20
	path := filepath.Join(t.TempDir(), "body")
	if err := os.WriteFile(path, bytes.Repeat([]byte("x"), size), 0o600); err != nil {
		t.Fatal(err)
	}
	entered, goOn := make(chan struct{}), make(chan struct{})
	settings := usual("exit")
	settings.DeadlineMS, settings.MaxBodyBytes = 1000, size
	s := testServer(t, io.Discard, plugin(settings, func(ctx context.Context, d *pipeline.Delivery) error {
		if len(d.Body) != size {
			return fmt.Errorf("body of %d bytes", len(d.Body))
		}
		entered <- struct{}{}
		<-goOn
		return stores(ctx, d)
	}))
	s.memory = newMemory(2 * size)
	replies := map[string][]byte{"file": wire.AppendBytes(nil, bodyPath, path), "inline": wire.AppendBytes(nil, bodyContent, bytes.Repeat([]byte("x"), size))}
	var ends []chan *protocol.ExitArgs
	for _, body := range replies {
		k := kongWith(t, s)
		k.reply = func(method string) []byte {
			if method == "kong.request.get_raw_body" {
				return body
			}
			return usualReply(method)
		}
		id, end := k.start("p", `{}`), make(chan *protocol.ExitArgs, 1)
		ends = append(ends, end)
		go func() { end <- k.event(id) }()
	}
	<-entered // one has the memory
	var first, second *protocol.ExitArgs
	select {
	case second = <-ends[0]:
		close(goOn)
		first = <-ends[1]
	case second = <-ends[1]:
		close(goOn)
		first = <-ends[0]
	}
	if second.Status != 503 || !strings.Contains(string(second.Body), "overloaded") {
		t.Errorf("the one without memory got %v", second)
	}
	if first.Status != 200 {
		t.Errorf("the one with memory got %v", first)
	}
}

func TestBody_frameOverTheLimitIsAnswered(t *testing.T) {
	s := testServer(t, io.Discard, plugin(usual("exit"), nil))
	s.maxFrame = 64 << 10
	k := kongWith(t, s)
	k.reply = func(method string) []byte {
		if method == "kong.request.get_raw_body" {
			return wire.AppendBytes(nil, bodyContent, make([]byte, 128<<10))
		}
		return usualReply(method)
	}
	if exit := k.event(k.start("p", `{}`)); exit == nil || exit.Status != 413 {
		t.Errorf("got %v", exit)
	}
}

func TestCall_tooLargeClosesTheConnection(t *testing.T) {
	s := testServer(t, io.Discard, plugin(usual("exit"), nil))
	k := kongWith(t, s)
	k.write(binary.LittleEndian.AppendUint32(nil, 1<<31))
	if _, err := k.in.Next(); !errors.Is(err, io.EOF) {
		t.Errorf("got %v, want the connection closed", err)
	}
}
