package pluginserver

import (
	"context"
	"io"
	"net/netip"
	"testing"

	"webhookedge/kong/wire"
	"webhookedge/plugins/internal/pipeline"
)

func TestPublicURL_isTheOneThatTheSenderCalled(t *testing.T) {
	// What Kong says: forwarded scheme, host and port, and the port it listens on.
	tests := map[string]struct {
		scheme, forwarded string
		port, listen      uint64
		header            string // Host
		want              string
	}{
		"straight to Kong":                          {"https", "hooks.example.com", 8443, 8443, "hooks.example.com", "https://hooks.example.com/hook?x=\xff"},
		"straight to Kong, with a port":             {"https", "hooks.example.com", 8443, 8443, "hooks.example.com:8443", "https://hooks.example.com:8443/hook?x=\xff"},
		"a container's port is mapped":              {"http", "hooks.example.com", 8000, 8000, "hooks.example.com:9000", "http://hooks.example.com:9000/hook?x=\xff"},
		"the usual port is not written":             {"https", "hooks.example.com", 443, 443, "hooks.example.com:443", "https://hooks.example.com/hook?x=\xff"},
		"80 is no usual port of https":              {"https", "hooks.example.com", 8000, 8000, "hooks.example.com:80", "https://hooks.example.com:80/hook?x=\xff"},
		"a trusted proxy ends TLS":                  {"https", "hooks.example.com", 443, 8000, "10.0.0.7:8000", "https://hooks.example.com/hook?x=\xff"},
		"a trusted proxy with a port of its own":    {"https", "hooks.example.com", 8443, 8000, "10.0.0.7:8000", "https://hooks.example.com:8443/hook?x=\xff"},
		"a trusted proxy that tells no port":        {"https", "hooks.example.com", 8000, 8000, "10.0.0.7:8000", "https://hooks.example.com/hook?x=\xff"},
		"a host in capitals":                        {"https", "hooks.example.com", 8000, 8000, "Hooks.Example.com:8443", "https://hooks.example.com:8443/hook?x=\xff"},
		"no host":                                   {"https", "", 8000, 8000, "", ""},
		"a scheme that is none":                     {"gopher", "hooks.example.com", 8000, 8000, "hooks.example.com", ""},
		"an address of IPv6, which Kong cuts short": {"https", "[2001", 8000, 8000, "[2001:db8::1]:8000", "https://[2001:db8::1]:8000/hook?x=\xff"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			var got *pipeline.Delivery
			p := plugin(usual("exit"), func(_ context.Context, d *pipeline.Delivery) error { got = d; return nil })
			build := func(config []byte) (*Handler, error) {
				h, err := p(config)
				h.AskConnection = true
				return h, err
			}
			k := kongWith(t, testServer(t, io.Discard, build))
			k.reply = func(method string) []byte {
				switch method {
				case "kong.request.get_headers":
					return appendHeaderEntry(nil, []pipeline.Header{{Name: "host", Value: tc.header}})
				case "kong.request.get_forwarded_scheme":
					return str(tc.scheme)
				case "kong.request.get_forwarded_host":
					return str(tc.forwarded)
				case "kong.request.get_forwarded_port":
					return wire.AppendVarint(nil, 1, tc.port)
				case "kong.request.get_port":
					return wire.AppendVarint(nil, 1, tc.listen)
				case "kong.client.get_ip":
					return str("10.0.0.7")
				}
				return usualReply(method)
			}
			k.event(k.start("p", "{}"))
			if got == nil || got.PublicURL != tc.want || got.Peer != netip.MustParseAddr("10.0.0.7") {
				t.Errorf("got %+v, want %s", got, tc.want)
			}
		})
	}
}

func TestPublicURL_isAskedForOnlyWhereNeeded(t *testing.T) {
	var got *pipeline.Delivery
	k := kongWith(t, testServer(t, io.Discard, plugin(usual("exit"), func(_ context.Context, d *pipeline.Delivery) error { got = d; return nil })))
	k.reply = func(method string) []byte {
		if method == "kong.request.get_forwarded_scheme" || method == "kong.client.get_ip" {
			t.Errorf("asked for %s", method)
		}
		return usualReply(method)
	}
	k.event(k.start("p", "{}"))
	if got == nil || got.PublicURL != "" || got.Peer.IsValid() {
		t.Errorf("got %+v", got)
	}
}
