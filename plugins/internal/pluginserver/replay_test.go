package pluginserver

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"testing"
	"time"

	"webhookedge/kong/wire"

	protocol "github.com/Kong/go-pdk/server/kong_plugin_protocol"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/telemetry"
)

// builds makes the handlers of the plugins p, all and piped.
type builds func(config []byte) (*Handler, error)

func (b builds) Build(_ string, config []byte) (*Handler, error) { return b(config) }

func (builds) Close() {}

// testServer returns a server of build.
func testServer(t testing.TB, log io.Writer, build builds) *Server {
	t.Helper()
	logger := telemetry.NewLogger(log, slog.LevelDebug)
	metrics, err := telemetry.NewMetrics("test", []string{"test"}, []string{"body", "recorded"})
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(Options{},
		Env{Logger: logger, Metrics: metrics, Now: time.Now},
		Program{Name: "test", Plugins: []Plugin{{Name: "p", Config: Settings{}}}, Open: func(Env) (Builder, error) { return build, nil }})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// socketPair returns two ends of a unix stream socket.
func socketPair(t testing.TB) (kong, plugin net.Conn) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "s")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if kong, err = net.Dial("unix", path); err != nil {
		t.Fatal(err)
	}
	if plugin, err = l.Accept(); err != nil {
		t.Fatal(err)
	}
	return kong, plugin
}

// tape is one connection of a recording.
type tape struct {
	kong, plugin []byte // the frames of each side, heads included
	calls        []call
	questions    []question
	exit         *protocol.ExitArgs
	headers      pipeline.Headers // of exit, in the recorded order
	status       *protocol.InstanceStatus
}

// cut sorts a recording by connection and finds out what the plugin of it
// asked. Kong's body file is replaced by one that is there.
func cut(t *testing.T, lines []recorded, bodyFile string) []tape {
	t.Helper()
	var tapes []tape
	index := map[int]int{}
	for i, line := range lines {
		n, ok := index[line.Conn]
		if !ok {
			n = len(tapes)
			index[line.Conn], tapes = n, append(tapes, tape{})
		}
		if line.Closed != "" {
			continue
		}
		if line.From == "kong" {
			tapes[n].kongSays(t, line.Frame, bodyFile)
		} else {
			tapes[n].pluginSays(t, lines[i:])
		}
	}
	return tapes
}

func (tp *tape) kongSays(t *testing.T, frame []byte, bodyFile string) {
	if c, err := parseCall(frame); err == nil {
		c.config, c.name = bytes.Clone(c.config), bytes.Clone(c.name)
		tp.calls = append(tp.calls, c)
	}
	var body protocol.RawBodyResult
	if proto.Unmarshal(frame, &body) == nil && body.GetBodyFilepath() != "" && filepath.Base(filepath.Dir(body.GetBodyFilepath())) == "client_body_temp" {
		body.Kind = &protocol.RawBodyResult_BodyFilepath{BodyFilepath: bodyFile}
		var err error
		if frame, err = proto.Marshal(&body); err != nil {
			t.Fatal(err)
		}
	}
	tp.kong = wire.AppendFrame(tp.kong, frame)
}

// readers are our own encoders and decoders for what the recorded plugins
// asked; calls that we never make only keep their place in the order.
func readers() map[string]question {
	ignore := func(*snapshot, []byte) error { return nil }
	return map[string]question{
		"kong.request.get_headers\x08d":                          {"kong.request.get_headers", wire.AppendVarint(nil, 1, 100), (*snapshot).readHeaders},
		"kong.request.get_raw_body":                              {"kong.request.get_raw_body", nil, nil},
		"kong.request.get_method":                                {"kong.request.get_method", nil, (*snapshot).readMethod},
		"kong.request.get_path_with_query":                       {"kong.request.get_path_with_query", nil, (*snapshot).readPath},
		"kong.client.get_forwarded_ip":                           {"kong.client.get_forwarded_ip", nil, (*snapshot).readClient},
		"kong.nginx.get_var\n\x0fkong_request_id":                {"kong.nginx.get_var", wire.AppendBytes(nil, 1, "kong_request_id"), (*snapshot).readRequestID},
		"kong.nginx.get_var\n\nrequest_id":                       {"kong.nginx.get_var", wire.AppendBytes(nil, 1, "request_id"), ignore},
		"kong.router.get_route":                                  {"kong.router.get_route", nil, (*snapshot).readRoute},
		"kong.ctx.shared.set\n\x07webhook\x12\n\x1a\x08verified": {"kong.ctx.shared.set", appendKV(nil, "", "webhook", "verified")[2*4:], ignore},
	}
}

func (tp *tape) pluginSays(t *testing.T, rest []recorded) {
	frame := rest[0].Frame
	tp.plugin = wire.AppendFrame(tp.plugin, frame)
	var ret protocol.RpcReturn
	if proto.Unmarshal(frame, &ret) == nil && ret.GetInstanceStatus() != nil {
		tp.status = ret.GetInstanceStatus()
	}
	if !bytes.HasPrefix(frame, []byte("kong.")) || len(tp.calls) > 0 && tp.asked() {
		return
	}
	var arg []byte // the next frame of the plugin on this connection
	for _, line := range rest[1:] {
		if line.Conn == rest[0].Conn && line.From == "plugin" {
			arg = line.Frame
			break
		}
	}
	if string(frame) == "kong.response.exit" {
		tp.exit = &protocol.ExitArgs{}
		if err := proto.Unmarshal(arg, tp.exit); err != nil {
			t.Fatal(err)
		}
		tp.headers = exitHeaders(t, arg)
		return
	}
	q, ok := readers()[string(frame)+string(arg)]
	if !ok {
		q = question{string(frame), arg, func(*snapshot, []byte) error { return nil }}
	}
	tp.questions = append(tp.questions, q)
}

// exitHeaders reads the headers of ExitArgs in their order, which generated
// code does not keep.
func exitHeaders(t *testing.T, arg []byte) pipeline.Headers {
	t.Helper()
	d := &pipeline.Delivery{}
	if err := wire.EachField(arg, func(f wire.Field) error {
		if f.Num != 3 {
			return nil
		}
		return (&snapshot{d: d}).readHeaders(f.Bytes)
	}); err != nil {
		t.Fatal(err)
	}
	return d.Headers
}

// asked reports whether the questions of an earlier delivery on this
// connection are complete, since each delivery asks the same.
func (tp *tape) asked() bool {
	events := 0
	for _, c := range tp.calls {
		if c.kind == wire.CallHandleEvent {
			events++
		}
	}
	return events > 1
}

type recordedStage struct {
	exit    *protocol.ExitArgs
	headers pipeline.Headers
	seen    []pipeline.Delivery
}

func (s *recordedStage) Name() string { return "recorded" }

func (s *recordedStage) Handle(_ context.Context, d *pipeline.Delivery) error {
	seen := *d
	seen.Body, seen.ReceivedAt, seen.Source = bytes.Clone(d.Body), time.Time{}, nil
	s.seen = append(s.seen, seen)
	if s.exit == nil {
		return nil
	}
	return &pipeline.Reply{Code: pipeline.Handshake, Status: int(s.exit.Status), Body: s.exit.Body, Headers: s.headers}
}

// TestReplay_isByteExact plays what a real Kong said to this server, and wants
// from it every byte that the recorded plugin wrote.
func TestReplay_isByteExact(t *testing.T) {
	push := []byte("{\"ref\":\"refs/heads/main\",\"repository\":{\"full_name\":\"octo/hello\"},\"note\":\"caf\\u00e9 é ✓\"}\n")
	big := bytes.Repeat([]byte{'a'}, 100_000)
	hookshot := pipeline.Delivery{
		Method: "POST", Body: push, ClientIP: netip.MustParseAddr("140.82.115.7"),
		Headers: pipeline.Headers{
			{Name: "host", Value: "127.0.0.1:8000"}, {Name: "content-type", Value: "application/json"},
			{Name: "user-agent", Value: "GitHub-Hookshot/044aadd"}, {Name: "content-length", Value: "92"},
			{Name: "accept", Value: "*/*"}, {Name: "x-github-delivery", Value: "72d3162e-cc78-11e3-81ab-4c9367dc0958"},
			{Name: "x-hub-signature-256", Value: "sha256=86f8c89d08940ed7dadb7c1d5dd916a08a352e01db40ec1abbe5cf9e693f618c"},
			{Name: "x-forwarded-for", Value: "140.82.115.7"}, {Name: "x-multi", Value: "one"}, {Name: "x-multi", Value: "two"},
			{Name: "x-github-event", Value: "push"},
		},
	}
	basic, piped, pipedOn := hookshot, hookshot, hookshot
	basic.Path, basic.RawQuery, basic.RequestID, basic.Route = "/webhooks/github/x%20y", "q=1&q=2", "318d22650de4df3ab341256f34f4361f", "github"
	piped.Path, pipedOn.Path = "/piped", "/piped-continue"
	curl := func(length, path, id, route string, body []byte) pipeline.Delivery {
		return pipeline.Delivery{
			Method: "POST", Path: path, RequestID: id, Route: route, Body: body, ClientIP: netip.MustParseAddr("127.0.0.1"),
			Headers: pipeline.Headers{
				{Name: "host", Value: "127.0.0.1:8000"}, {Name: "content-type", Value: "application/x-www-form-urlencoded"},
				{Name: "user-agent", Value: "curl/7.88.1"}, {Name: "content-length", Value: length}, {Name: "accept", Value: "*/*"},
			},
		}
	}
	latin1 := pipeline.Delivery{
		Method: "POST", Path: "/webhooks/github", RawQuery: "x=\xe9", RequestID: "e9b9442629f9574531bce12b1e97b962", Route: "github",
		Body: []byte("{}"), ClientIP: netip.MustParseAddr("127.0.0.1"),
		Headers: pipeline.Headers{
			{Name: "host", Value: "x"}, {Name: "x-bad", Value: "caf\xe9"}, {Name: "connection", Value: "close"}, {Name: "content-length", Value: "2"},
		},
	}
	tests := map[string][]pipeline.Delivery{
		"basic.jsonl":      {basic},
		"bigbody.jsonl":    {curl("100000", "/webhooks/github", "b7c2fe3233f5b64509855011fadee462", "github", big)},
		"continue.jsonl":   {curl("2", "/proxied/status", "bb9dcc779d05275d70d9a541cd008644", "proxied", []byte("{}"))},
		"latin1.jsonl":     {latin1},
		"pipelined.jsonl":  {piped, pipedOn, pipedOn},
		"unresolved.jsonl": {curl("2", "/unresolved", "b7562563643c1021b45fa3112023377a", "unresolved", []byte("{}"))},
	}
	for name, want := range tests {
		t.Run(name, func(t *testing.T) {
			bodyFile := filepath.Join(t.TempDir(), "body")
			if err := os.WriteFile(bodyFile, big, 0o600); err != nil {
				t.Fatal(err)
			}
			var got []pipeline.Delivery
			for _, tp := range cut(t, readRecording(t, name), bodyFile) {
				got = append(got, replay(t, tp)...)
			}
			if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b netip.Addr) bool { return a == b })); diff != "" {
				t.Errorf("what the stages saw (-want +got):\n%s", diff)
			}
		})
	}
}

func replay(t *testing.T, tp tape) []pipeline.Delivery {
	t.Helper()
	var log bytes.Buffer
	stage := &recordedStage{exit: tp.exit, headers: tp.headers}
	chain, err := pipeline.NewChain([]pipeline.Stage{pipeline.LoadBody(), stage})
	if err != nil {
		t.Fatal(err)
	}
	respond := "exit"
	if tp.exit == nil {
		respond = RespondContinue
	}
	handler := &Handler{Settings: Settings{Respond: respond, Bounds: Bounds{DeadlineMS: 1000, MaxBodyBytes: 1 << 20}}, Chain: chain, Provider: "test", AskClient: true}
	s := testServer(t, &log, func([]byte) (*Handler, error) { return handler, nil })
	for a := range s.plans {
		s.plans[a] = newPlan(tp.questions)
	}
	started := time.Unix(tp.status.GetStartedAt(), 0)
	s.now, s.instances.now = func() time.Time { return started }, func() time.Time { return started }
	s.instances.newID = func() int32 { return tp.instance() }
	if tp.status == nil { // started on a connection before this one
		if _, err := s.instances.start("all", []byte("{}")); err != nil {
			t.Fatal(err)
		}
	}
	kong, plugin := socketPair(t)
	s.add(plugin)
	go func() {
		_, _ = kong.Write(tp.kong)
		_ = kong.(*net.UnixConn).CloseWrite()
	}()
	got, err := io.ReadAll(kong)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, tp.plugin) {
		t.Errorf("bytes differ\nwant %q\n got %q\nlog %s", tp.plugin, got, log.String())
	}
	return stage.seen
}

func (tp *tape) instance() int32 {
	for _, c := range tp.calls {
		if c.kind == wire.CallHandleEvent {
			return c.instance
		}
	}
	return 1
}
