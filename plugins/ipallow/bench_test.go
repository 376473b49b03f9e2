package ipallow_test

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"testing"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/ipallow"
)

// networks are n distinct networks of /24.
func networks(n int) []string {
	all := make([]string, n)
	for i := range all {
		var b [4]byte
		binary.BigEndian.PutUint32(b[:], uint32(i)*2654435761&^0xff) // spread by Knuth's multiplicative hash
		all[i] = netip.PrefixFrom(netip.AddrFrom4(b), 24).String()
	}
	return all
}

func BenchmarkHandle(b *testing.B) {
	for _, n := range []int{10, 10_000} {
		cfg := ipallow.Config{Allow: networks(n)}
		s := newKit(b).stage(b, row(b, "github"), cfg)
		last := netip.MustParsePrefix(cfg.Allow[n-1]).Addr().Next()
		b.Run(fmt.Sprintf("%d prefixes", n), func(b *testing.B) {
			d := &pipeline.Delivery{ClientIP: last}
			b.ReportAllocs()
			for b.Loop() {
				if err := s.Handle(b.Context(), d); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("%d prefixes one by one", n), func(b *testing.B) { // the baseline
			var list []netip.Prefix
			for _, text := range cfg.Allow {
				list = append(list, netip.MustParsePrefix(text))
			}
			for b.Loop() {
				found := false
				for _, p := range list {
					found = found || p.Contains(last)
				}
				if !found {
					b.Fatal("not found")
				}
			}
		})
	}
}
