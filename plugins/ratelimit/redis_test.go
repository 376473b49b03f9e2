package ratelimit

import (
	"fmt"
	"net"
	"strconv"
	"testing"
	"time"

	"webhookedge/plugins/ratelimit/redistest"
)

// storeOf returns the store of a server.
func storeOf(t testing.TB, s *redistest.Server) *shared {
	t.Helper()
	cfg := RedisConfig{Addresses: []string{s.Address()}, TimeoutMS: 2000, PoolSize: 8} // the bound is tested apart
	o, err := cfg.options()
	if err != nil {
		t.Fatal(err)
	}
	c := newShared(o, 2*time.Second)
	t.Cleanup(func() { c.client.Close() })
	return c
}

// between forwards connections to a server and can delay what it answers.
type between struct {
	l     net.Listener
	delay chan time.Duration // holds the one that is in force
}

func startBetween(t testing.TB, to string) *between {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	b := &between{l: l, delay: make(chan time.Duration, 1)}
	b.delay <- 0
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			out, err := net.Dial("tcp", to)
			if err != nil {
				in.Close()
				continue
			}
			go b.copy(out, in, false)
			go b.copy(in, out, true)
		}
	}()
	return b
}

func (b *between) copy(to, from net.Conn, slow bool) {
	defer to.Close()
	defer from.Close()
	buf := make([]byte, 4<<10)
	for {
		n, err := from.Read(buf)
		if err != nil {
			return
		}
		if slow {
			d := <-b.delay
			b.delay <- d
			time.Sleep(d)
		}
		if _, err := to.Write(buf[:n]); err != nil {
			return
		}
	}
}

func (b *between) set(d time.Duration) {
	<-b.delay
	b.delay <- d
}

func keys(prefix string, n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprint(prefix, strconv.Itoa(i))
	}
	return all
}
