package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/kong/local"
)

const (
	ledgerStream  = "WEBHOOKS"
	ledgerSenders = 8
	// settleTimeout is how long senders may go on trying after the last fault.
	settleTimeout = 90 * time.Second
	// ledgerPayload is the nodes' max_payload in bytes.
	ledgerPayload = 128 << 10
	// The disks hold what a run stores, and are quickly filled.
	nodeDiskBytes    = 256 << 20
	journalDiskBytes = 128 << 20
)

// Variables that change a run: the seed that an earlier one logged, and the factor by
// which it has more faults than a run of CI.
const (
	seedVariable  = "LEDGER_SEED"
	scaleVariable = "LEDGER_SCALE"
)

// world is the system under test and what is known of it.
type world struct {
	t           *testing.T
	mode        ledgerMode
	random      *rand.Rand
	cluster     *cluster
	links       *links
	gateway     *gateway
	senders     *senderGroup
	book        *book
	marker      string  // environment variable of the plugin's process
	telemetry   string  // its address
	journalDir  string  // "" for none
	disks       []*disk // small, one for each node; nil where none could be mounted
	journalDisk *disk   // small, of the journal; likewise
	powerOff    string  // file that keeps the plugin from starting
	cuts        int     // of power
	last        string  // fault
}

// TestLedger compares what senders were answered with what is stored, after many faults:
// what got a 2xx is in the stream, once, byte for byte.
func TestLedger(t *testing.T) {
	t.Parallel()
	seed, scale := ledgerNumber(t, seedVariable, uint64(time.Now().UnixNano())), int(ledgerNumber(t, scaleVariable, 1))
	t.Logf("%s=%d %s=%d", seedVariable, seed, scaleVariable, scale)
	for i, mode := range ledgerModes(scale) {
		t.Run(mode.name, func(t *testing.T) {
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

func ledger(t *testing.T, mode ledgerMode, random *rand.Rand, scale int) {
	w := newWorld(t, mode, random)
	w.senders = startSenders(t, w.gateway.url, senders()["github"], ledgerSenders, sendInterval(scale), random.Uint64(), w.book)
	w.recovers()
	start := time.Now()
	planned := w.schedule(scale)
	injected := w.injectAll(planned)
	if mode.journal && mode.nodes == 1 && w.survivesFullPowerCut() { // where nothing else is in the way
		for range 2 { // the journal may have much to publish
			w.awaitMetric("webhook_edge_publish_journal_events ", func(n float64) bool { return n == 0 })
		}
		cutPowerOfSettled(w)
		w.recovers()
	}
	t.Logf("%d faults in %s: %s", len(planned), time.Since(start).Round(time.Millisecond), countBy(injected))
	if !w.senders.stop(settleTimeout) {
		t.Fatalf("some deliveries are still refused %s after the last fault\n%s", settleTimeout, w.gateway.logged())
	}
	w.drains()
	t.Log(w.book.report())
	if w.survivesFullPowerCut() { // what left the journal is on the nodes' disks
		w.cutPower(false, w.cluster.nodes...)
	}
	stored := w.stored()
	again := republished(stored)
	t.Logf("after %s: %d cuts of power, %d events that the broker had lost are there again", time.Since(start).Round(time.Millisecond), w.cuts, again)
	t.Logf("%d of %d events have their payload in the object store", w.fetch(stored), len(stored))
	wrong := w.book.balance(stored)
	for _, line := range wrong[:min(len(wrong), 10)] {
		t.Error(line)
	}
	if len(wrong) > 0 {
		t.Fatalf("%d faults in the ledger", len(wrong))
	}
	w.accepted(stored)
	if line := w.gateway.said("is parked"); line != "" {
		t.Errorf("the broker takes every event of the ledger, and one was parked: %s", line)
	}
	acks, least := w.book.acks, 45
	if mode.nodes == 1 {
		least /= 3
	}
	if len(w.book.entries) < 10*least || len(planned) < least || mode.journal && acks["spool"] < least {
		t.Errorf("%d faults, %d deliveries and acks %v prove little", len(planned), len(w.book.entries), acks)
	}
	if mode.journal && w.survivesFullPowerCut() && again == 0 {
		t.Errorf("the broker lost nothing in %d cuts of power: they prove little", w.cuts)
	}
	if acks[""] > 0 || acks["quarantine"] > 0 {
		t.Errorf("acks %v: each should say where its event is, and none was held", acks)
	}
}

// newWorld starts a cluster, the links to it and a gateway behind them.
func newWorld(t *testing.T, mode ledgerMode, random *rand.Rand) *world {
	t.Helper()
	w := &world{
		t: t, mode: mode, random: random, book: newBook(), gateway: &gateway{t: t},
		marker: "WEBHOOKEDGE_E2E_LEDGER=" + mode.name, telemetry: freeAddress(t),
	}
	dirs := w.mountDisks(t)
	if mode.nodes == 1 && w.disks == nil { // nearly all of this mode's faults are cuts of power
		notTested(t, noDisk)
	}
	w.cluster = startCluster(t, dirs, ledgerPayload, mode.sync)
	var addresses []string
	for _, n := range w.cluster.nodes {
		addresses = append(addresses, n.address())
	}
	w.links = startLinks(t, addresses...)
	env := environment("")
	w.gateway.serve(local.Options{
		Listen: "127.0.0.1:0", PluginDir: w.pluginDir(), NoBuild: true, PluginLine: w.gateway.line, NoWatch: true, Workers: 2,
		PluginEnv: append(os.Environ(), w.marker), Config: []byte(w.config()),
		Env: func(name string) (string, bool) { v, ok := env[name]; return v, ok },
	})
	return w
}

// pluginDir has the plugin with its telemetry on. It does not start while its
// machine has no power.
func (w *world) pluginDir() string {
	dir := w.t.TempDir()
	w.powerOff = filepath.Join(dir, "off")
	script := fmt.Sprintf("#!/bin/sh\nwhile [ -e '%s' ]; do sleep 0.05; done\nexec '%s' \"$@\" -telemetry-address %s\n",
		w.powerOff, filepath.Join(binaries, "webhook-edge"), w.telemetry)
	if err := os.WriteFile(filepath.Join(dir, "webhook-edge"), []byte(script), 0o700); err != nil {
		w.t.Fatal(err)
	}
	return dir
}

// config has time-outs that fit the faults: a second for an ack, where most senders
// allow ten.
func (w *world) config() string {
	urls, err := json.Marshal(w.links.urls)
	if err != nil {
		w.t.Fatal(err)
	}
	sync := fmt.Sprintf("interval, broker_sync_interval_seconds: %d, require: durable", int(nodeSyncInterval.Seconds()))
	if w.journalDir == "" {
		sync = "always"
	}
	return strings.Replace(one("github", ""), `publish: {servers: ["{vault://env/nats-url}"], stream: {ensure: create}, broker_sync: always}`,
		fmt.Sprintf(`publish: {servers: %s, ack_timeout_ms: 1000, dedupe: %s, stream: {ensure: create, replicas: %d, duplicate_window_seconds: %d}, broker_sync: %s, journal: {directory: %q}}`,
			urls, w.mode.dedupe, w.mode.nodes, w.mode.windowSeconds, sync, w.journalDir), 1)
}

// drains waits until nothing is left in the journals, those of killed processes
// included.
func (w *world) drains() {
	w.t.Helper()
	if w.journalDir == "" {
		return
	}
	left := "it is not open"
	deadline := time.Now().Add(settleTimeout)
	for time.Now().Before(deadline) {
		parts, err := filepath.Glob(filepath.Join(w.journalDir, "webhook-edge-*"))
		if err != nil {
			w.t.Fatal(err)
		}
		text := metrics(w.t, w.telemetry)
		// A process that was just started does not know yet what waits, and looks with
		// its first request.
		if field(w.t, text, `webhook_edge_publish_journals{state="open"}`) == 0 {
			w.gateway.do(http.MethodPost, senders()["github"].path, nil, "")
			time.Sleep(20 * time.Millisecond)
			continue
		}
		waiting, parked := field(w.t, text, "webhook_edge_publish_journal_events "), field(w.t, text, "webhook_edge_publish_journal_parked_events ")
		held := field(w.t, text, "webhook_edge_publish_journal_held_events ")
		if waiting+parked+held == 0 && len(parts) == 1 {
			return
		}
		left = fmt.Sprintf("%g events wait, %g are held and %g are parked in %d parts", waiting, held, parked, len(parts))
		time.Sleep(20 * time.Millisecond)
	}
	w.t.Errorf("the journal is not empty %s after the last fault: %s\n%s", settleTimeout, left, w.gateway.logged())
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
			event := storedEvent{again: m.Headers().Get("Webhook-Republished") != ""}
			if err := json.Unmarshal(m.Data(), &event); err != nil {
				return errors.Join(errors.New("not an event"), err)
			}
			events = append(events, event)
		}
		return nil
	})
	return events
}

// republished is how many of events the broker had lost.
func republished(events []storedEvent) (n int) {
	for _, event := range events {
		if event.again {
			n++
		}
	}
	return n
}

// fetch puts the payloads into events that only refer to them, and returns how many
// there are.
func (w *world) fetch(events []storedEvent) (n int) {
	w.t.Helper()
	for i := range events {
		e := &events[i]
		if e.DataRef == "" {
			continue
		}
		n++
		ref, err := url.Parse(e.DataRef)
		if err != nil {
			w.t.Fatal(err)
		}
		w.cluster.ask("the payload of "+e.ID+" is read", func(ctx context.Context, js jetstream.JetStream) error {
			bucket, err := js.ObjectStore(ctx, ref.Host)
			if err != nil {
				return err
			}
			e.Data, err = bucket.GetBytes(w.t.Context(), strings.TrimPrefix(ref.Path, "/"))
			if errors.Is(err, jetstream.ErrObjectNotFound) {
				return nil // the balance says what that means
			}
			e.Data = bytes.TrimSpace(e.Data)
			return err
		})
	}
	return n
}
