package ipallow

import (
	"errors"
	"fmt"
	"net/netip"
)

// What keeps a list from being used; the strings of these are for logs.
var (
	// ErrEmpty means a list without prefixes.
	ErrEmpty = errors.New("the list is empty")
	// ErrNotPublic means a list with a prefix that no provider can send from.
	ErrNotPublic = errors.New("the list holds a network that is not public, or is too wide to be one provider's")
	// ErrShrunk means a list that lost more than half of the one before.
	ErrShrunk = errors.New("the list lost more than half of its prefixes")
)

// The shortest lengths that a provider's own network can have. The largest
// assignments to single holders are IPv4 /8; IPv6 /19 is the largest ever made
// by a regional registry, with room below it.
const (
	minBits4 = 8
	minBits6 = 16
)

// reserved are the networks of the IANA special-purpose registries (RFC 6890 and updates) that
// no request from the internet comes from or that stand for others, and multicast. Networks
// for documentation are left out: nobody has them.
func reserved() []netip.Prefix {
	var all []netip.Prefix
	for _, text := range []string{
		"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
		"192.0.0.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/3",
		"::/16", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2002::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
	} {
		all = append(all, netip.MustParsePrefix(text))
	}
	return all
}

// sane reports what keeps prefixes from being a provider's list.
func sane(prefixes []netip.Prefix) error {
	if len(prefixes) == 0 {
		return ErrEmpty
	}
	private := trie(reserved())
	for _, p := range prefixes {
		wide := p.Bits() < minBits4
		if p.Addr().Is6() {
			wide = p.Bits() < minBits6
		}
		if wide || private.OverlapsPrefix(p) {
			return fmt.Errorf("%w: %s", ErrNotPublic, p)
		}
	}
	return nil
}

// shrunk reports whether more than half of old is not covered by fresh, merged or not.
func shrunk(old, fresh []netip.Prefix) error {
	have := trie(fresh)
	lost := 0
	for _, p := range old {
		if !have.LookupPrefix(p) {
			lost++
		}
	}
	if 2*lost > len(old) {
		return fmt.Errorf("%w: %d of %d", ErrShrunk, lost, len(old))
	}
	return nil
}
