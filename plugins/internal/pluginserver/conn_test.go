package pluginserver

import (
	"net"
	"testing"
	"testing/synctest"
	"time"
)

// deadlined is a connection that looks how long each write may take.
type deadlined struct {
	net.Conn
	t        *testing.T
	deadline time.Time
	sets     int
}

func (d *deadlined) SetWriteDeadline(at time.Time) error {
	d.deadline, d.sets = at, d.sets+1
	return nil
}

func (d *deadlined) Write(b []byte) (int, error) {
	if left := time.Until(d.deadline); left < writeTimeout || left > writeTimeout+writeSlack {
		d.t.Errorf("a write may take %v", left)
	}
	return len(b), nil
}

func TestConn_everyWriteIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &deadlined{t: t}
		c := &conn{net: d}
		const writes = 1000
		for n := range writes {
			if err := c.write(); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Duration(n%4) * 10 * time.Millisecond)
		}
		time.Sleep(time.Minute)
		if err := c.write(); err != nil {
			t.Fatal(err)
		}
		if d.sets > writes/20 {
			t.Errorf("the deadline was set %d times for %d writes in 15 s", d.sets, writes)
		}
	})
}
