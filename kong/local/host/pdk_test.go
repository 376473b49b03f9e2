package host

import (
	"net"
	"net/netip"
	"path/filepath"
	"strings"
	"testing"
	"time"

	pdk "github.com/Kong/go-pdk"
	"github.com/Kong/go-pdk/server/kong_plugin_protocol"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/reflect/protoreflect"

	"webhookedge/kong/wire"
)

// TestPDK_everyMethodIsThere derives the names from go-pdk's service definition
// the way Kong does.
func TestPDK_everyMethodIsThere(t *testing.T) {
	all := functions()
	methods := kong_plugin_protocol.File_server_kong_plugin_protocol_pluginsocket_proto.Services().ByName("Kong").Methods()
	if methods.Len() < 70 {
		t.Fatalf("only %d methods in the service", methods.Len())
	}
	for i := range methods.Len() {
		name := kongName(methods.Get(i))
		if all[name] == nil {
			t.Errorf("%s is missing", name)
		}
		delete(all, name)
	}
	for name := range all {
		t.Errorf("%s is not in the service", name)
	}
}

func kongName(m protoreflect.MethodDescriptor) string {
	switch m.Name() { // these two carry a MethodName option
	case "Ctx_SetShared":
		return "kong.ctx.shared.set"
	case "Ctx_GetShared":
		return "kong.ctx.shared.get"
	}
	var out strings.Builder
	out.WriteString("kong.")
	before := 'A'
	for _, c := range string(m.Name()) {
		switch {
		case c == '_':
			c = '.'
		case c >= 'A' && c <= 'Z' && (before >= 'a' && before <= 'z' || before >= '0' && before <= '9'):
			out.WriteByte('_')
		}
		out.WriteRune(c)
		before = c
	}
	return strings.ToLower(out.String())
}

// talk runs handler as a go-pdk plugin against the host's bridge.
func talk(t *testing.T, r *Request, handler func(*pdk.PDK)) (*Context, error) {
	t.Helper()
	socket := filepath.Join(t.TempDir(), "s")
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	done := make(chan struct{})
	go func() {
		defer close(done)
		c, err := listener.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		handler(pdk.Init(c))
		_, _ = c.Write(wire.AppendFrame(nil, ""))
	}()
	p := New("test", socket, Options{Timeout: 5 * time.Second})
	defer p.Close()
	c, err := p.pool.get(true)
	if err != nil {
		t.Fatal(err)
	}
	x := NewContext(r, nil)
	err = p.bridge(c, x)
	c.close()
	<-done
	return x, err
}

func sample() *Request {
	return &Request{
		Method: "POST", Target: "/a//b/../c%2fd?x=1&y&x=%20two+", Scheme: "http", Version: 1.1, Body: []byte("hello"),
		Headers: []Header{
			{"host", "Example.com:8000"}, {"x-one", "1"}, {"x-two", "a"}, {"x-two", "b"}, {"x-empty", ""},
			{"x-forwarded-proto", "HTTPS"}, {"x-forwarded-host", "user@Public.example:444"}, {"x-forwarded-port", "99999"},
		},
		Peer: netip.MustParseAddrPort("10.0.0.1:1111"), Client: netip.MustParseAddrPort("[2001:db8::1]:0"), ServerPort: 8000,
		TrustedPeer: true, Trusted: func(a netip.Addr) bool { return a.String() == "10.0.0.1" },
		ID: "kid", NginxID: "nid", NodeID: "node", Start: time.UnixMilli(1700000000123),
		Route:    &wire.Route{ID: "rid", Name: "r", Protocols: []string{"http", "https"}, Methods: []string{"POST"}, Tags: []string{"t"}, ServiceID: "sid"},
		Service:  &wire.Service{ID: "sid", Name: "s", Protocol: "http", Host: "h", Port: 80, Path: "/p"},
		Captures: []string{"one"}, Named: []NamedCapture{{"n", "one"}},
	}
}

// askEverything notes what each reading call gives.
func askEverything(k *pdk.PDK, got map[string]any) {
	note := func(name string) func(v any, err error) {
		return func(v any, err error) {
			if err != nil {
				v = err.Error()
			}
			got[name] = v
		}
	}
	s := func(name string, f func() (string, error)) { v, err := f(); note(name)(v, err) }
	i := func(name string, f func() (int, error)) { v, err := f(); note(name)(v, err) }
	s("client ip", k.Client.GetIp)
	s("forwarded ip", k.Client.GetForwardedIp)
	i("client port", k.Client.GetPort)
	s("scheme", k.Request.GetScheme)
	s("host", k.Request.GetHost)
	i("port", k.Request.GetPort)
	s("forwarded scheme", k.Request.GetForwardedScheme)
	s("forwarded host", k.Request.GetForwardedHost)
	i("forwarded port", k.Request.GetForwardedPort)
	s("method", k.Request.GetMethod)
	s("path", k.Request.GetPath)
	s("target", k.Request.GetPathWithQuery)
	s("query", k.Request.GetRawQuery)
	s("subsystem", k.Nginx.GetSubsystem)
	s("tls", k.Nginx.GetTLS1VersionStr)
	s("node", k.Node.GetId)
	v, err := k.Request.GetHttpVersion()
	note("version")(v, err)
	start, err := k.Nginx.ReqStartTime()
	note("start")(start, err)
	h, err := k.Request.GetHeaders(5)
	note("headers, five at most")(h, err)
	arg, err := k.Request.GetQueryArg("x")
	note("first x")(arg, err)
	body, err := k.Request.GetRawBody()
	note("body")(string(body), err)
	for _, name := range []string{"request_id", "kong_request_id", "remote_addr", "realip_remote_addr", "uri", "http_x_two", "arg_x", "no_such"} {
		v, err := k.Nginx.GetVar(name)
		note("var "+name)(v, err)
	}
	for _, name := range []string{"10.0.0.1", "10.0.0.2", "nonsense"} {
		v, err := k.IP.IsTrusted(name)
		note("trusted "+name)(v, err)
	}
	proto, err := k.Client.GetProtocol(true)
	note("protocol")(proto, err)
}

// TestPDK_reads asks for everything readable through go-pdk's client.
func TestPDK_reads(t *testing.T) {
	got := map[string]any{}
	_, err := talk(t, sample(), func(k *pdk.PDK) { askEverything(k, got) })
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"client ip": "10.0.0.1", "forwarded ip": "2001:db8::1", "client port": 1111, "scheme": "http", "host": "example.com",
		"port": 8000, "forwarded scheme": "https", "forwarded host": "public.example", "forwarded port": 444,
		"method": "POST", "path": "/a/c%2Fd", "target": "/a//b/../c%2fd?x=1&y&x=%20two+", "query": "x=1&y&x=%20two+",
		"subsystem": "http", "tls": "", "node": "node", "version": 1.1, "start": 1700000000.123,
		"headers, five at most": map[string][]string{"host": {"Example.com:8000"}, "x-one": {"1"}, "x-two": {"a", "b"}, "x-empty": {""}},
		"first x":               "1", "body": "hello",
		"var request_id": "nid", "var kong_request_id": "kid", "var remote_addr": "2001:db8::1", "var realip_remote_addr": "10.0.0.1",
		"var uri": "/a/c%2Fd", "var http_x_two": "a, b", "var arg_x": "1", "var no_such": "",
		"trusted 10.0.0.1": true, "trusted 10.0.0.2": false, "trusted nonsense": false, "protocol": "https",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
