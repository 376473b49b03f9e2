package host

import (
	"net/netip"
	"strings"
	"time"

	"webhookedge/kong/local/uri"
	"webhookedge/kong/wire"
)

// Header is one header line; Name is lower-case, Value the bytes as sent.
type Header struct{ Name, Value string }

// Request is one client request as Kong's first phases leave it. It is never
// changed by a plugin, so that many exchanges can share it.
type Request struct {
	Method  string
	Target  string // path and query as sent
	Scheme  string // "http" or "https"
	Version float64
	Headers []Header
	// Body is the body in memory; BodyFile is set instead when it outgrew
	// client_body_buffer_size.
	Body     []byte
	BodyFile string

	Peer       netip.AddrPort // who connected
	Client     netip.AddrPort // who sent it, after trusted_ips and real_ip_header
	ServerPort int
	// TrustedPeer says that Peer is one of trusted_ips, so that its
	// X-Forwarded-* headers count.
	TrustedPeer bool
	// Trusted is kong.ip.is_trusted; nil trusts nobody.
	Trusted func(netip.Addr) bool

	ID      string // kong_request_id, shown as X-Kong-Request-Id
	NginxID string // request_id
	NodeID  string
	Start   time.Time
	// Variables are nginx variables that the gateway sets, as nginx_location_set in
	// kong.conf does: others stand in their values as $name.
	Variables map[string]string
	Worker    int // which nginx worker took it

	Route    *wire.Route
	Service  *wire.Service // nil for a route without one
	Captures []string      // of a regex path, the first group first
	Named    []NamedCapture
}

// NamedCapture is a named group of a regex path.
type NamedCapture struct{ Name, Value string }

// Path returns the path as sent, without the query.
func (r *Request) Path() string {
	path, _ := uri.Split(r.Target)
	return path
}

// Values returns the values of a header. Names are compared as nginx's $http_
// variables do: "X_Foo" and "x-foo" are equal.
func Values(list []Header, name string) (values []string) {
	name = foldName(name)
	for _, h := range list {
		if h.Name == name || foldName(h.Name) == name {
			values = append(values, h.Value)
		}
	}
	return values
}

// header returns the first value of a header and whether it is there.
func header(list []Header, name string) (string, bool) {
	values := Values(list, name)
	if len(values) == 0 {
		return "", false
	}
	return values[0], true
}

func foldName(name string) string {
	if strings.IndexByte(name, '_') < 0 {
		return strings.ToLower(name)
	}
	return strings.ReplaceAll(strings.ToLower(name), "_", "-")
}

// host is nginx's $host: the Host header without its port, lower-case.
func host(list []Header) string {
	v, _ := header(list, "host")
	return HostOnly(v)
}

// HostOnly cuts the port from a Host header and makes it lower-case.
func HostOnly(v string) string {
	if strings.HasPrefix(v, "[") {
		if end := strings.IndexByte(v, ']'); end > 0 {
			return strings.ToLower(v[:end+1])
		}
	}
	if i := strings.LastIndexByte(v, ':'); i >= 0 {
		v = v[:i]
	}
	return strings.ToLower(v)
}
