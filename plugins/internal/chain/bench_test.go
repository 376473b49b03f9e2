package chain

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	wire "github.com/Kong/go-pdk/server/kong_plugin_protocol"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/pluginserver"
	"webhookedge/plugins/internal/telemetry"
)

// encode stands in for publish: it makes the message and sends it nowhere.
type encode struct{ buffers sync.Pool }

func (*encode) Name() string { return "publish" }

func (e *encode) Handle(_ context.Context, d *pipeline.Delivery) error {
	buffer, ok := e.buffers.Get().(*[]byte)
	if !ok {
		buffer = new([]byte)
	}
	*buffer = d.Event().AppendJSON((*buffer)[:0])
	e.buffers.Put(buffer)
	if d.Event().NATSSubject("webhooks") == "" {
		return errors.New("no subject")
	}
	d.Ack.By = pipeline.AckBroker
	return nil
}

// unpublished is webhook-edge without its publish.
type unpublished struct{ *Process }

// Build implements pluginserver.Builder.
func (u unpublished) Build(plugin string, config []byte) (*pluginserver.Handler, error) {
	spec, err := Decode(plugin, config)
	if err != nil {
		return nil, err
	}
	i, err := u.Instance(spec, Variant{Skip: []string{"publish"}})
	if err != nil {
		return nil, err
	}
	i.Stages = append(i.Stages, &encode{})
	return i.handler()
}

// BenchmarkChainWithoutPublish is the process's own cost for a 2 KB delivery
// over the plugin protocol, all but the publish. Kong's end is in the process
// too, so cpu-µs/op (user and system) is an upper bound.
func BenchmarkChainWithoutPublish(b *testing.B) {
	log := telemetry.NewLogger(io.Discard, slog.LevelInfo)
	metrics, err := telemetry.NewMetrics("bench", []string{"github"}, Stages())
	if err != nil {
		b.Fatal(err)
	}
	env := pluginserver.Env{Logger: log, Metrics: metrics, Checks: telemetry.NewServer(metrics, log), Now: time.Now}
	s, err := pluginserver.New(pluginserver.Options{}, env, pluginserver.Program{
		Name: Server, Plugins: Plugins(), Open: func(env pluginserver.Env) (pluginserver.Builder, error) {
			p, err := Open(env, "bench")
			return unpublished{p}, err
		},
	})
	if err != nil {
		b.Fatal(err)
	}
	l, err := net.Listen("unix", filepath.Join(b.TempDir(), "s"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { l.Close() })
	go s.Serve(l)

	const secret = "It's a Secret to Everybody"
	says := deliverySays(b, startInstance(b, l.Addr().String(), secret), secret)
	hears := len(heard(b, l.Addr().String(), says))
	const connections = 16
	var wg sync.WaitGroup
	before := processCPU()
	b.ReportAllocs()
	b.ResetTimer()
	for i := range connections {
		wg.Go(func() { converse(b, l.Addr().String(), says, hears, (b.N+i)/connections) })
	}
	wg.Wait()
	b.StopTimer()
	b.ReportMetric(float64((processCPU()-before).Microseconds())/float64(b.N), "cpu-µs/op")
}

func processCPU() time.Duration {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		return 0
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

func frame(b testing.TB, m proto.Message) []byte {
	content, err := proto.Marshal(m)
	if err != nil {
		b.Fatal(err)
	}
	return append(binary.LittleEndian.AppendUint32(nil, uint32(len(content))), content...)
}

func dial(b testing.TB, socket string) net.Conn {
	c, err := net.Dial("unix", socket)
	if err != nil {
		b.Fatal(err)
	}
	return c
}

func startInstance(b testing.TB, socket, secret string) int32 {
	c := dial(b, socket)
	defer c.Close()
	says := frame(b, &wire.RpcCall{Sequence: 1, Call: &wire.RpcCall_CmdStartInstance{CmdStartInstance: &wire.CmdStartInstance{
		Name: "webhook-edge", Config: []byte(`{"provider":"github","respond":"continue","verify":{"secrets":[{"value":"` + secret + `"}]}}`),
	}}})
	if _, err := c.Write(says); err != nil {
		b.Fatal(err)
	}
	head := make([]byte, 4)
	if _, err := io.ReadFull(c, head); err != nil {
		b.Fatal(err)
	}
	content := make([]byte, binary.LittleEndian.Uint32(head))
	if _, err := io.ReadFull(c, content); err != nil {
		b.Fatal(err)
	}
	var r wire.RpcReturn
	if err := proto.Unmarshal(content, &r); err != nil {
		b.Fatal(err)
	}
	return r.GetInstanceStatus().GetInstanceId()
}

// deliverySays is what Kong says of one delivery: the call and every reply,
// in the order of the questions.
func deliverySays(b testing.TB, instance int32, secret string) []byte {
	body := `{"action":"opened","repository":{"full_name":"octo-org/hello","owner":{"login":"octo-org"}},"issue":{"body":"` + strings.Repeat("x", 1930) + `"}}`
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(body))
	headers, err := structpb.NewStruct(map[string]any{
		"host": "hooks.example.com", "content-type": "application/json", "user-agent": "GitHub-Hookshot/044aadd", "accept": "*/*",
		"content-length": "2048", "x-github-event": "issues", "x-github-delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958",
		"x-github-hook-id": "1234567", "x-hub-signature-256": "sha256=" + hex.EncodeToString(mac.Sum(nil)),
	})
	if err != nil {
		b.Fatal(err)
	}
	var says []byte
	for _, m := range []proto.Message{
		&wire.RpcCall{Sequence: 2, Call: &wire.RpcCall_CmdHandleEvent{CmdHandleEvent: &wire.CmdHandleEvent{InstanceId: instance, EventName: "access"}}},
		headers, &wire.String{V: "POST"}, &wire.String{V: "/webhooks/github"}, &wire.String{V: "192.0.2.1"},
		&wire.String{V: "0123456789abcdef0123456789abcdef"}, &wire.Route{Name: "github"},
		&wire.RawBodyResult{Kind: &wire.RawBodyResult_Content{Content: []byte(body)}},
		&wire.String{}, // to set_header
	} {
		says = append(says, frame(b, m)...)
	}
	return says
}

// heard has one delivery and returns all that the server answers.
func heard(b testing.TB, socket string, says []byte) []byte {
	c := dial(b, socket)
	defer c.Close()
	if _, err := c.Write(says); err != nil {
		b.Fatal(err)
	}
	if err := c.(*net.UnixConn).CloseWrite(); err != nil {
		b.Fatal(err)
	}
	answer, err := io.ReadAll(c)
	if err != nil {
		b.Fatal(err)
	}
	if !strings.Contains(string(answer), "webhook-ack") || strings.Contains(string(answer), "kong.response.exit") {
		b.Fatalf("the delivery does not pass: %q", answer)
	}
	return answer
}

func converse(b testing.TB, socket string, says []byte, hears, n int) {
	c := dial(b, socket)
	defer c.Close()
	answer := make([]byte, hears)
	for range n {
		if _, err := c.Write(says); err != nil {
			b.Error(err)
			return
		}
		if _, err := io.ReadFull(c, answer); err != nil {
			b.Error(err)
			return
		}
	}
}
