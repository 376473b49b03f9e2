package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/kong/local"
)

const (
	ledgerStream  = "WEBHOOKS"
	ledgerSenders = 12
	// ledgerMost is how long senders may go on trying after the last fault.
	ledgerMost = 90 * time.Second
	// smallDiskBytes is enough for what a run stores, and quickly filled.
	smallDiskBytes = 256 << 20
)

// Variables that change a run: the seed that an earlier one logged, and how many
// times the faults of CI a longer run has.
const (
	seedVariable  = "LEDGER_SEED"
	scaleVariable = "LEDGER_SCALE"
)

// world is everything that a ledger is about.
type world struct {
	t         *testing.T
	random    *rand.Rand
	cluster   *cluster
	links     *links
	gateway   *gateway
	senders   *senderCrowd
	marker    string // environment variable of the plugin's process
	smallDisk string // of the first node; empty where none could be made
	last      string // fault
}

// TestLedger holds what senders were answered against what is stored, after
// hundreds of faults: what got a 2xx is in the stream, once, byte for byte.
func TestLedger(t *testing.T) {
	seed, scale := ledgerNumber(t, seedVariable, uint64(time.Now().UnixNano())), int(ledgerNumber(t, scaleVariable, 1))
	t.Logf("%s=%d %s=%d", seedVariable, seed, scaleVariable, scale)
	for i, mode := range []string{"window", "exact"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			ledger(t, mode, rand.New(rand.NewPCG(seed, uint64(i))), scale)
		})
	}
}

func ledgerNumber(t *testing.T, variable string, otherwise uint64) uint64 {
	t.Helper()
	text := os.Getenv(variable)
	if text == "" {
		return otherwise
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatalf("%s: %v", variable, err)
	}
	return n
}

func ledger(t *testing.T, mode string, random *rand.Rand, scale int) {
	w := newWorld(t, mode, random)
	b := newBook()
	w.senders = startSenders(t, w.gateway.url, senders()["github"], ledgerSenders, random.Uint64(), b)
	w.recovers()
	start := time.Now()
	cards := deck(random, scale)
	struck := w.play(cards)
	t.Logf("%d faults in %s: %s", len(cards), time.Since(start).Round(time.Millisecond), countBy(struck))
	if !w.senders.stop(ledgerMost) {
		t.Fatalf("some deliveries are still refused %s after the last fault\n%s", ledgerMost, w.gateway.logged())
	}
	t.Log(b.report())
	wrong := b.balance(w.stored())
	for _, line := range wrong[:min(len(wrong), 10)] {
		t.Error(line)
	}
	if len(wrong) > 0 {
		t.Fatalf("%d faults in the ledger", len(wrong))
	}
	if n := w.senders.answered.Load(); n < 1000 || len(cards) < 100 {
		t.Errorf("%d deliveries and %d faults prove little", n, len(cards))
	}
	if b.acks[""] > 0 || b.acks["quarantine"] > 0 {
		t.Errorf("acks %v: each should say where its event is, and none was held", b.acks)
	}
}

// newWorld starts a cluster, the links to it and a gateway behind them.
func newWorld(t *testing.T, mode string, random *rand.Rand) *world {
	t.Helper()
	w := &world{t: t, random: random, marker: "WEBHOOKEDGE_E2E_LEDGER=" + mode}
	dirs := [3]string{t.TempDir(), t.TempDir(), t.TempDir()}
	if w.smallDisk = mountSmallDisk(t, dirs[0]); w.smallDisk == "" {
		t.Log("NO SMALL DISK could be mounted (that needs root): a full stream stands for a full disk")
	}
	w.cluster = startCluster(t, dirs, 1<<20)
	var addresses []string
	for _, n := range w.cluster.nodes {
		addresses = append(addresses, n.address())
	}
	w.links = startLinks(t, addresses...)
	w.gateway = &gateway{t: t}
	env := environment("")
	o := local.Options{
		Listen: "127.0.0.1:0", PluginDir: binaries, NoBuild: true, PluginLine: w.gateway.line, NoWatch: true, Workers: 2,
		PluginEnv: append(os.Environ(), w.marker), Config: []byte(ledgerConfig(mode, w.links.urls)),
		Env: func(name string) (string, bool) { v, ok := env[name]; return v, ok },
	}
	w.gateway.serve(o)
	return w
}

// ledgerConfig has waits that fit the faults: a second for an ack, where most
// senders allow ten. Exact has a window that retries outlast, so that it is not the
// window which keeps doubles out.
func ledgerConfig(mode string, servers []string) string {
	urls, _ := json.Marshal(servers)
	window := 0 // as the catalogue has it
	if mode == "exact" {
		window = 1
	}
	return strings.Replace(one("github", ""), `publish: {servers: ["{vault://env/nats-url}"], stream: {ensure: create}}`,
		fmt.Sprintf(`publish: {servers: %s, ack_timeout_ms: 1000, dedupe: %s, stream: {ensure: create, replicas: 3, duplicate_window_seconds: %d}}`, urls, mode, window), 1)
}

// mountSmallDisk makes dir a disk of its own.
func mountSmallDisk(t *testing.T, dir string) string {
	t.Helper()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%d", smallDiskBytes)); err != nil {
		return ""
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
	return dir
}

// stored reads the whole stream.
func (w *world) stored() (events []storedEvent) {
	w.t.Helper()
	w.cluster.ask("the stream is read", func(ctx context.Context, js jetstream.JetStream) error {
		events = nil
		s, err := js.Stream(ctx, ledgerStream)
		if err != nil {
			return err
		}
		total := s.CachedInfo().State.Msgs
		c, err := s.OrderedConsumer(ctx, jetstream.OrderedConsumerConfig{})
		if err != nil {
			return err
		}
		messages, err := c.Messages()
		if err != nil {
			return err
		}
		defer messages.Stop()
		for uint64(len(events)) < total {
			m, err := messages.Next(jetstream.NextMaxWait(5 * time.Second))
			if err != nil {
				return err
			}
			var event storedEvent
			if err := json.Unmarshal(m.Data(), &event); err != nil {
				return errors.Join(errors.New("not an event"), err)
			}
			events = append(events, event)
		}
		return nil
	})
	return events
}
