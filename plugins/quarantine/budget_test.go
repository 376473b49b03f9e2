package quarantine

import (
	"encoding/binary"
	"errors"
	"hash/maphash"
	"net/netip"
	"testing"
	"time"
)

// address is the n-th of many.
func address(n int) netip.Addr {
	var a [4]byte
	binary.BigEndian.PutUint32(a[:], 0x0a000000+uint32(n))
	return netip.AddrFrom4(a)
}

func TestBudget_boundsAMinute(t *testing.T) {
	b := newBudget()
	now := at()
	take := func(provider string) bool {
		return b.take(provider, source{}, false, now, 2, 3) == resultStored
	}
	for i, want := range []bool{true, true, false} {
		if got := take("github"); got != want {
			t.Errorf("github %d: %v", i, got)
		}
	}
	if !take("stripe") || take("stripe") || take("slack") {
		t.Error("the total does not hold")
	}
	if now = now.Add(time.Minute); !take("github") {
		t.Error("the next minute is not free")
	}
	if now = now.Add(-2 * time.Minute); !take("github") {
		t.Error("a clock that was set back blocks for good")
	}
}

func TestBudget_boundsStrangers(t *testing.T) {
	const perProvider, perMinute = 80, 160
	count := func(b *budget, provider string, stranger bool, tries int, from func(n int) netip.Addr) (got map[string]int) {
		got = map[string]int{}
		for n := range tries {
			got[b.take(provider, sourceOf(from(n)), stranger, at(), perProvider, perMinute)]++
		}
		return got
	}
	one := func(int) netip.Addr { return address(1) }
	v6 := func(n int) netip.Addr {
		a := netip.MustParseAddr("2001:db8:1:2::").As16()
		binary.BigEndian.PutUint32(a[12:], uint32(n))
		return netip.AddrFrom16(a)
	}
	t.Run("one address gets an eighth of a provider's, and of all", func(t *testing.T) {
		b := newBudget()
		if got := count(b, "github", true, 1000, one); got[resultStored] != perProvider/part || got[resultShare] != 1000-perProvider/part {
			t.Errorf("of one provider: %v", got)
		}
		if got := count(b, "stripe", true, 1000, one); got[resultStored] != perProvider/part {
			t.Errorf("of a second provider: %v", got)
		}
		if got := count(b, "slack", true, 1000, one); got[resultStored] != 0 {
			t.Errorf("of a third provider, beyond an eighth of all: %v", got)
		}
		if got := count(b, "github", true, 1, func(int) netip.Addr { return address(2) }); got[resultStored] != 1 {
			t.Errorf("another address is left nothing: %v", got)
		}
	})
	t.Run("a host's network of IPv6 is one source", func(t *testing.T) {
		if got := count(newBudget(), "github", true, 1000, v6); got[resultStored] != perProvider/part {
			t.Errorf("got %v", got)
		}
	})
	t.Run("an IPv4 address in an IPv6 one is the same source", func(t *testing.T) {
		mapped := func(int) netip.Addr { return netip.AddrFrom16(address(1).As16()) }
		b := newBudget()
		count(b, "github", true, 1000, one)
		if got := count(b, "github", true, 1, mapped); got[resultShare] != 1 {
			t.Errorf("got %v", got)
		}
	})
	t.Run("all of them leave a quarter to those that were proved", func(t *testing.T) {
		b := newBudget()
		if got := count(b, "github", true, 10_000, address); got[resultStored] != perProvider-perProvider/reserve {
			t.Errorf("strangers: %v", got)
		}
		if got := count(b, "github", false, 1000, one); got[resultStored] != perProvider/reserve {
			t.Errorf("proved: %v", got)
		}
	})
	t.Run("an unknown address is one source", func(t *testing.T) {
		if got := count(newBudget(), "github", true, 1000, func(int) netip.Addr { return netip.Addr{} }); got[resultStored] != perProvider/part {
			t.Errorf("got %v", got)
		}
	})
	t.Run("a budget of one is not none", func(t *testing.T) {
		if got := newBudget().take("github", sourceOf(address(1)), true, at(), 1, 1); got != resultStored {
			t.Errorf("got %v", got)
		}
	})
}

func TestSketch_countsNeverTooLittleAndRarelyTooMuch(t *testing.T) {
	s := newSketch()
	const keys = 20_000 // ten times its width
	for n := range keys {
		s.add(maphash.Comparable(s.seed, address(n)), uint64(n%10+1))
	}
	over := 0
	for n := range keys {
		switch got := s.of(maphash.Comparable(s.seed, address(n))); {
		case got < uint64(n%10+1):
			t.Fatalf("key %d counts %d", n, got)
		case got > 100:
			over++
		}
	}
	if over > keys/100 {
		t.Errorf("%d of %d count much too much", over, keys)
	}
	s.clear()
	if got := s.of(maphash.Comparable(s.seed, address(1))); got != 0 {
		t.Errorf("%d after it was cleared", got)
	}
}

func TestShare_ofOneSource(t *testing.T) {
	const mib = 1 << 20
	k := known{most: 800 * mib, room: 800 * mib, age: 72 * time.Hour}
	s, now := newShare(), at()
	one, other := sourceOf(address(1)), sourceOf(address(2))
	// fill sends what it can for a time, a MiB each five seconds.
	fill := func(from source, span time.Duration) (taken int64) {
		for end := now.Add(span); now.Before(end); now = now.Add(5 * time.Second) {
			if s.take(from, mib, &k, now) == nil {
				taken += mib
			}
		}
		return taken
	}
	if got := fill(one, 10*time.Hour); got > 100*mib || got < 90*mib {
		t.Errorf("one source takes %d MiB, not an eighth of 800", got/mib)
	}
	if err := s.take(one, mib, &k, now); !errors.Is(err, errShare) {
		t.Errorf("and more: %v", err)
	}
	if err := s.take(other, mib, &k, now); err != nil {
		t.Errorf("another source: %v", err)
	}
	if got := fill(one, 24*time.Hour); got > 2*mib {
		t.Errorf("before anything is too old it takes %d MiB more", got/mib)
	}
	now = now.Add(3 * 72 * time.Hour)
	if got := fill(one, 10*time.Hour); got > 100*mib || got < 90*mib {
		t.Errorf("once all of that is too old it takes %d MiB", got/mib)
	}
	now = now.Add(-time.Hour)
	if err := s.take(one, mib, &k, now); err != nil && !errors.Is(err, errShare) {
		t.Errorf("after the clock was set back: %v", err)
	}
}

func TestShare_ofAllStrangersNeverFillsTheStream(t *testing.T) {
	const mib = 1 << 20
	s, now := newShare(), at()
	k := known{most: 800 * mib, age: 72 * time.Hour}
	type stored struct {
		at   time.Time
		size int64
	}
	var kept []stored
	var used int64
	refused := map[error]int{}
	for n := 0; now.Before(at().Add(10 * 24 * time.Hour)); n++ { // ten days, ever new addresses
		for len(kept) > 0 && now.Sub(kept[0].at) > k.age {
			used, kept = used-kept[0].size, kept[1:]
		}
		k.room = k.most - used
		size := int64(256 << 10)
		if n%2 == 1 {
			size = 4 << 10
		}
		err := s.take(sourceOf(address(n)), size, &k, now)
		refused[err]++
		if err == nil {
			used, kept = used+size, append(kept, stored{now, size})
		}
		if k.room < k.most/30 {
			t.Fatalf("%d MiB are left after %s", k.room/mib, now.Sub(at()))
		}
		now = now.Add(2 * time.Second)
	}
	if used < 400*mib || refused[errShare] > refused[nil]/10 {
		t.Errorf("%d MiB are used, %v", used/mib, refused)
	}
}
