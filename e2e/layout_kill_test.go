package e2e

import (
	"math/rand/v2"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// limitedRoute is a route of which few deliveries pass, over all gateways. A delivery that
// Redis did not count is refused, so that the number is exact.
const limitedRoute = `
  - name: limited
    paths: [/limited]
    plugins:
      - name: webhook-edge
        config:
          provider: slack
          verify: {secrets: [{value: "{vault://env/slack-signing-secret}"}]}
          ratelimit:
            limits: [{rate: 30-H, by: route}]
            store: redis
            on_store_error: refuse
            redis: {url: "{vault://env/redis-url}", sentinel_password: "{vault://env/redis-password}"}
          publish: *publish
`

// layout is that of kong/cluster, in processes.
type layout struct {
	t         *testing.T
	nodes     *cluster
	redis     []*redisServer // the first was the master at first
	sentinels []*redisServer
	gateways  []*machine
	balancer  *balancer
	book      *book
}

func startLayout(t *testing.T) *layout {
	t.Helper()
	l := &layout{t: t, book: newBook()}
	l.nodes = startCluster(t, []string{t.TempDir(), t.TempDir(), t.TempDir()}, ledgerPayload, nodeSync{Always: true})
	l.redis, l.sentinels = startSentinels(t)
	l.gateways = startMachines(t, l.nodes, l.sentinels)
	eventually(t, "the streams are made", func() bool {
		out, err := exec.Command(filepath.Join(binaries, "webhookctl"), "streams", "apply", "--file", filepath.Join("..", "kong", "cluster", "streams.yml"),
			"--server", "nats://"+l.nodes.nodes[0].address()).CombinedOutput()
		if err != nil {
			t.Logf("%s", out)
		}
		return err == nil
	})
	l.nodes.current(ledgerStream)
	l.balancer = startBalancer(t, l.gateways[0].spec.Listen, l.gateways[1].spec.Listen)
	for _, g := range l.gateways {
		g.listens()
	}
	t.Cleanup(func() {
		for _, g := range l.gateways {
			if text := g.logged(); t.Failed() || strings.Contains(text, "WARNING: DATA RACE") || strings.Contains(text, "panic: ") {
				t.Errorf("%s:\n%.6000s", g.spec.Listen, text)
			}
		}
	})
	return l
}

// answered is how many answers of 2xx senders have.
func (l *layout) answered() (n int) {
	l.book.mu.Lock()
	defer l.book.mu.Unlock()
	for _, times := range l.book.acks {
		n += times
	}
	return n
}

// goesOn waits until so many more deliveries are answered with 2xx.
func (l *layout) goesOn(what string, n int) {
	l.t.Helper()
	start, want := time.Now(), l.answered()+n
	eventually(l.t, "deliveries are stored "+what, func() bool { return l.answered() >= want })
	l.t.Logf("%d deliveries %s in %s", n, what, time.Since(start).Round(time.Millisecond))
}

// limited sends a delivery to the limited route of a gateway until Redis has counted it.
func (l *layout) limited(g *machine, id string) (status int) {
	l.t.Helper()
	s := senders()["slack"]
	body := s.body(id)
	eventually(l.t, "Redis counts "+id, func() bool {
		req, err := http.NewRequestWithContext(l.t.Context(), http.MethodPost, "http://"+g.spec.Listen+"/limited", strings.NewReader(body))
		if err != nil {
			l.t.Fatal(err)
		}
		req.Header = s.sign(s.secret, id, body, time.Now())
		resp, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			return false
		}
		resp.Body.Close()
		status = resp.StatusCode
		if status != 200 && status != 429 && status != 503 {
			l.t.Errorf("the limited route answers with %d", status)
		}
		return status != 503
	})
	return status
}

// TestCluster_losesOneOfEach plays kong/cluster and kills a node of NATS that leads, a
// Sentinel, the master of Redis and a gateway, one after another, while deliveries go on.
// What was answered with 2xx is stored, once, and limits go on with their counts.
func TestCluster_losesOneOfEach(t *testing.T) {
	l := startLayout(t)
	from := senders()["github"]
	group := startSenders(t, l.balancer.url(), from, 4, 50*time.Millisecond, rand.Uint64(), l.book)
	l.goesOn("with everything there", 20)
	passed := l.spend(0, 12)

	leader := l.nodes.leader(ledgerStream)
	leader.end(syscall.SIGKILL)
	l.goesOn("without the leader of the stream", 40)
	leader.start()

	l.replicated()
	l.sentinels[0].kill()
	l.redis[0].kill()
	l.goesOn("without the master of Redis", 20)
	l.limited(l.gateways[0], "after the failover") // waits for it
	passed += l.spend(100, 40)
	if passed < 24 || passed > 30 { // one that was counted may have had its answer lost
		t.Errorf("%d passed a limit of 30 over both gateways and a failover", passed)
	}
	l.redis[0].start()
	eventually(t, "the first Redis is a replica of the other", func() bool {
		return strings.Contains(l.redis[0].ask("ROLE"), "slave") && strings.Contains(l.redis[1].ask("ROLE"), "master")
	})

	l.gateways[0].kill()
	l.goesOn("without a gateway", 20)
	l.gateways[0].start()
	l.gateways[0].listens()
	l.goesOn("with everything back", 20)

	if !group.stop(settleTimeout) {
		t.Fatal("some deliveries are still refused")
	}
	l.settles()
}

// spend sends n deliveries to the limited route, half to each gateway, and returns how
// many passed.
func (l *layout) spend(first, n int) (passed int) {
	l.t.Helper()
	seen := map[int]int{}
	for i := range n {
		status := l.limited(l.gateways[i%2], "limited-"+strings.Repeat("i", first+i))
		seen[status]++
	}
	l.t.Logf("the limited route answered with %v", seen)
	return seen[200]
}

// replicated waits until the replica has every count.
func (l *layout) replicated() {
	l.t.Helper()
	eventually(l.t, "the replica of Redis has every count", func() bool {
		return strings.HasSuffix(strings.TrimSuffix(l.redis[0].ask("SET last 1", "WAIT 1 1000"), "+OK\r\n"), ":1\r\n")
	})
}

// settles compares what is stored with what was answered, once the journals are empty.
func (l *layout) settles() {
	l.t.Helper()
	w := &world{t: l.t, cluster: l.nodes, book: l.book}
	l.t.Log(l.book.report())
	var wrong []string
	eventually(l.t, "what was answered is stored", func() bool {
		var events []storedEvent
		for _, e := range w.stored() {
			if !strings.HasPrefix(e.ID, "limited-") && e.ID != "after the failover" {
				events = append(events, e)
			}
		}
		w.fetch(events)
		wrong = l.book.balance(events)
		return !strings.Contains(strings.Join(wrong, "\n"), "is lost")
	})
	for _, line := range wrong[:min(len(wrong), 10)] {
		l.t.Error(line)
	}
	for status := range l.book.refusals {
		if status != 429 && status != 503 {
			l.t.Errorf("%d answers of %d, which not every sender tries again", l.book.refusals[status], status)
		}
	}
	if spooled := l.book.acks["spool"]; spooled == 0 {
		l.t.Log("no election was long enough for the journal")
	}
}
