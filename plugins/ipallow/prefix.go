package ipallow

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"

	"github.com/gaissmai/bart"
)

// ErrPrefix means that a text is no network or address.
var ErrPrefix = errors.New("not an address or a network in CIDR notation")

// maxPrefixText is longer than any prefix is written, in bytes.
const maxPrefixText = 64

// parsePrefix reads an address or a network. IPv4 in IPv6 notation becomes
// IPv4; zones are refused, because they mean nothing to other hosts. Bits
// behind the prefix length are an error where strict, because 10.1.2.3/8 is
// more likely a slip than a way to write 10.0.0.0/8; they are cut otherwise.
func parsePrefix(text string, strict bool) (netip.Prefix, error) {
	if len(text) > maxPrefixText {
		return netip.Prefix{}, ErrPrefix
	}
	if !strings.Contains(text, "/") {
		addr, err := netip.ParseAddr(text)
		if err != nil || addr.Zone() != "" {
			return netip.Prefix{}, ErrPrefix
		}
		addr = addr.Unmap()
		return netip.PrefixFrom(addr, addr.BitLen()), nil
	}
	p, err := netip.ParsePrefix(text) // refuses zones itself
	if err != nil {
		return netip.Prefix{}, ErrPrefix
	}
	if strict && p != p.Masked() {
		return netip.Prefix{}, fmt.Errorf("%w: bits are set behind the length; the network is %s", ErrPrefix, p.Masked())
	}
	p = p.Masked()
	const mapped = 96 // bits before the address in ::ffff:0:0/96
	if p.Addr().Is4In6() {
		if p.Bits() < mapped {
			return netip.Prefix{}, ErrPrefix
		}
		p = netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-mapped)
	}
	return p, nil
}

func trie(prefixes []netip.Prefix) *bart.Lite {
	t := &bart.Lite{}
	for _, p := range prefixes {
		t.Insert(p)
	}
	return t
}
