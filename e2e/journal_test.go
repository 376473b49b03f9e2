package e2e

import (
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
)

// TestJournal_outlivesBrokerAndPlugin kills NATS, delivers, kills the plugin, delivers
// again, and looks for everything that was answered 200 once NATS is back.
func TestJournal_outlivesBrokerAndPlugin(t *testing.T) {
	dir := t.TempDir()
	g := startGateway(t, "", func(env map[string]string) { env["WEBHOOK_JOURNAL_DIR"] = dir })
	s := senders()["github"]
	var answered []string
	deliver := func(want string, n int) {
		t.Helper()
		for range n {
			id := fmt.Sprint("journaled-", len(answered))
			eventually(t, id+" is stored by the "+want, func() bool {
				_, r := g.deliver(s, id)
				return r.status == 200 && r.header.Get("Webhook-Ack") == want
			})
			answered = append(answered, id)
		}
	}
	deliver("broker", 1)
	g.nats.kill()
	deliver("spool", 10)
	for _, pid := range pidsOf(t, "webhook-edge", os.Getpid()) {
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
	}
	deliver("spool", 10)
	g.nats.start()
	stored := map[string]int{}
	eventually(t, "everything is in the stream", func() bool {
		clear(stored)
		for _, m := range g.events() {
			stored[strings.TrimPrefix(eventID(m), "github:")]++
		}
		return len(stored) == len(answered)
	})
	for _, id := range answered {
		if stored[id] != 1 {
			t.Errorf("%s was answered 200 and is in the stream %d times", id, stored[id])
		}
	}
}
