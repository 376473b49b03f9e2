package local

import (
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"strings"
)

// parseTrusted reads trusted_ips; the error names each that is wrong.
func parseTrusted(list []string) ([]netip.Prefix, error) {
	var out []netip.Prefix
	var errs []error
	for _, text := range list {
		if a, err := netip.ParseAddr(text); err == nil {
			out = append(out, netip.PrefixFrom(a.Unmap(), a.Unmap().BitLen()))
			continue
		}
		p, err := netip.ParsePrefix(text)
		if err != nil {
			errs = append(errs, fmt.Errorf("TrustedIPs: %q is neither an address nor a network", text))
			continue
		}
		out = append(out, p.Masked())
	}
	return out, errors.Join(errs...)
}

// realIP is nginx's realip module.
type realIP struct {
	trusted   []netip.Prefix
	header    string
	recursive bool
}

func (r realIP) isTrusted(a netip.Addr) bool {
	for _, p := range r.trusted {
		if p.Contains(a.Unmap()) {
			return true
		}
	}
	return false
}

// client is who sent the request: the peer, or whom a trusted peer names.
func (r realIP) client(peer netip.AddrPort, h http.Header) netip.AddrPort {
	if !r.isTrusted(peer.Addr()) {
		return peer
	}
	values := h.Values(r.header)
	if len(values) == 0 {
		return peer
	}
	if !strings.EqualFold(r.header, "X-Forwarded-For") {
		if a, ok := address(values[0]); ok {
			return a
		}
		return peer
	}
	list := strings.Split(strings.Join(values, ","), ",")
	found := peer
	for i := len(list) - 1; i >= 0; i-- {
		a, ok := address(list[i])
		if !ok {
			return found
		}
		found = a
		if !r.recursive || !r.isTrusted(a.Addr()) {
			return found
		}
	}
	return found
}

// address reads an address with a port or without.
func address(text string) (netip.AddrPort, bool) {
	text = strings.TrimSpace(text)
	if ap, err := netip.ParseAddrPort(text); err == nil {
		return netip.AddrPortFrom(ap.Addr().Unmap(), ap.Port()), true
	}
	a, err := netip.ParseAddr(strings.Trim(text, "[]"))
	return netip.AddrPortFrom(a.Unmap(), 0), err == nil
}
