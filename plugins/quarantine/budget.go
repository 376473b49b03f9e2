package quarantine

import (
	"hash/maphash"
	"net/netip"
	"sync"
	"time"
)

// part is how much of a budget one source of strangers gets at most: one of eight.
const part = 8

// source is where a delivery came from: an IPv4 address, or the network of 64 bits of
// an IPv6 address, since a host has all of those. The zero source is an unknown one.
type source netip.Prefix

func sourceOf(addr netip.Addr) source {
	addr = addr.Unmap().WithZone("")
	bits := addr.BitLen()
	if addr.Is6() {
		bits = 64
	}
	prefix, err := addr.Prefix(bits)
	if err != nil { // of the zero Addr
		return source{}
	}
	return source(prefix)
}

// budget counts what a process keeps in a minute of the clock. A minute's count
// can come twice in a row around its end; what is bounded is the day.
type budget struct {
	mu       sync.Mutex
	minute   int64
	total    count
	provider map[string]count
	sources  *sketch // strangers by source, and by source and provider
}

// count is how many refusals there were, and how many of strangers.
type count struct{ all, strangers int }

func newBudget() *budget { return &budget{sources: newSketch()} }

// take counts one refusal of a provider unless that would be more than a limit allows.
// Deliveries that nothing proved leave a quarter of each limit to those that were
// proved, and one source of them gets an eighth of it. The result is resultStored,
// resultBudget or resultShare.
func (b *budget) take(provider string, from source, stranger bool, now time.Time, perProvider, perMinute int) string {
	minute := now.Unix() / 60
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.provider == nil || b.minute != minute {
		b.minute, b.total, b.provider = minute, count{}, map[string]count{}
		b.sources.clear()
	}
	of := b.provider[provider]
	if b.total.all >= perMinute || of.all >= perProvider {
		return resultBudget
	}
	if stranger {
		if b.total.strangers >= perMinute-perMinute/reserve || of.strangers >= perProvider-perProvider/reserve {
			return resultBudget
		}
		type both struct {
			source   source
			provider string
		}
		one, two := maphash.Comparable(b.sources.seed, both{from, ""}), maphash.Comparable(b.sources.seed, both{from, provider})
		if b.sources.of(one) >= uint64(max(perMinute/part, 1)) || b.sources.of(two) >= uint64(max(perProvider/part, 1)) {
			return resultShare
		}
		b.sources.add(one, 1)
		b.sources.add(two, 1)
		b.total.strangers++
		of.strangers++
	}
	b.total.all++
	of.all++
	b.provider[provider] = of
	return resultStored
}
