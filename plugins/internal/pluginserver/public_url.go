package pluginserver

import (
	"net/netip"
	"strconv"
	"strings"

	"google.golang.org/protobuf/encoding/protowire"

	"webhookedge/plugins/internal/pipeline"
)

// forwarded is what Kong says of the URL that the sender called. Kong takes the
// X-Forwarded-* of a peer in trusted_ips for it, and of nobody else.
type forwarded struct {
	scheme, host string
	port, listen uint64
}

func urlQuestions() []question {
	return []question{
		{"kong.request.get_forwarded_scheme", nil, func(s *snapshot, frame []byte) (err error) {
			s.url.scheme, err = stringField(frame, 1)
			return err
		}},
		{"kong.request.get_forwarded_host", nil, func(s *snapshot, frame []byte) (err error) {
			s.url.host, err = stringField(frame, 1)
			return err
		}},
		{"kong.request.get_forwarded_port", nil, func(s *snapshot, frame []byte) (err error) {
			s.url.port, err = numberField(frame, 1)
			return err
		}},
		{"kong.request.get_port", nil, func(s *snapshot, frame []byte) (err error) {
			s.url.listen, err = numberField(frame, 1)
			return err
		}},
		{"kong.client.get_ip", nil, (*snapshot).readPeer},
	}
}

// readPeer leaves the zero address where Kong's cannot be read. It is the last of
// the questions of the URL, which can be put together now.
func (s *snapshot) readPeer(frame []byte) error {
	text, err := stringField(frame, 1)
	if addr, parseErr := netip.ParseAddr(text); parseErr == nil {
		s.d.Peer = addr
	}
	s.d.PublicURL = s.url.of(s.d)
	return err
}

// of returns the URL that the sender called, "" where Kong does not know its
// host. Path and query are those of the request line: no strip_path and no
// rewriting of Kong's has happened to them.
func (f forwarded) of(d *pipeline.Delivery) string {
	if f.host == "" || (f.scheme != "https" && f.scheme != "http") {
		return ""
	}
	url := f.scheme + "://" + f.host + f.suffix(d.Headers) + d.Path
	if d.RawQuery != "" {
		url += "?" + d.RawQuery
	}
	return url
}

// suffix is the port as it stands in the URL. The port on which Kong listens says
// nothing of it: a container's port is mapped, and a load balancer has its own.
// So a port that is not Kong's own was forwarded by a trusted peer, and else the
// Host header has the one that the sender called.
func (f forwarded) suffix(headers pipeline.Headers) string {
	port := ""
	if f.port != f.listen {
		port = strconv.FormatUint(f.port, 10)
	} else if value, n := headers.Get("host"); n == 1 {
		name, after, found := strings.Cut(value, ":")
		if found && strings.EqualFold(name, f.host) {
			port = after
		}
	}
	if port == "" || f.scheme == "https" && port == "443" || f.scheme == "http" && port == "80" {
		return ""
	}
	return ":" + port
}

// numberField returns a varint field of a message, 0 where it is absent.
func numberField(frame []byte, num protowire.Number) (uint64, error) {
	f, err := fieldOf(frame, num, protowire.VarintType)
	return f.Varint, err
}
