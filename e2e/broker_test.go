package e2e

import (
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestBroker_downIs503AndRecovers(t *testing.T) {
	g := startGateway(t, one("github", ""), nil) // without a spool
	s := senders()["github"]
	if _, r := g.deliver(s, "before"); r.status != 200 {
		t.Fatalf("%+v\n%s", r, g.logged())
	}
	down := func(name string) {
		_, r := g.deliver(s, name)
		if r.status != 503 || r.header.Get("Retry-After") == "" || !strings.Contains(r.body, "broker_unavailable") {
			t.Errorf("%s: %+v", name, r)
		}
		if r.took > 2*time.Second {
			t.Errorf("%s: answered after %s", name, r.took)
		}
	}
	back := func(name string) {
		eventually(t, name, func() bool { _, r := g.deliver(s, name); return r.status == 200 })
	}
	g.nats.kill()
	down("killed")
	down("killed, a moment later")
	g.nats.start()
	back("started-again")
	g.nats.signal(syscall.SIGSTOP)
	down("paused")
	g.nats.signal(syscall.SIGCONT)
	back("goes-on")
	g.find("github:before")
	g.find("github:goes-on")
}

func TestBroker_missingStreamIsNamed(t *testing.T) {
	g := startGateway(t, strings.Replace(one("github", ""), "ensure: create", "ensure: check", 1), nil)
	s := senders()["github"]
	_, r := g.deliver(s, "nowhere to go")
	if r.status != 503 || !strings.Contains(r.body, "no_stream") || r.header.Get("Retry-After") == "" {
		t.Errorf("%+v", r)
	}
	eventually(t, "the log says what to create", func() bool {
		return strings.Contains(g.logged(), "WEBHOOKS") && strings.Contains(g.logged(), "webhooks.>")
	})
}
