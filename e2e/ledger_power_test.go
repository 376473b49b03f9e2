package e2e

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// powerCuts are faults in which one machine of several loses what no disk has.
func powerCuts() []fault {
	return []fault{
		{"the power of a node goes", 4, false, func(w *world) bool { return w.cutPower(false, w.follower()) }},
		{"the power of the leader goes", 1, false, func(w *world) bool { return w.cutPower(false, w.cluster.leader(ledgerStream)) }},
		{"the power of the gateway goes", 4, true, func(w *world) bool { return w.cutPower(true) }},
		{"the power of a node goes in a change of the stream", 1, false, func(w *world) bool { return cutPowerInChange(w, w.follower()) }},
		{"the power of a node goes in an upload", 1, false, cutPowerInUpload},
	}
}

// faultsOfOne are those of a broker with one node. It is back in a second, since it
// needs no election.
func faultsOfOne() []fault {
	return []fault{
		{"the link breaks in a publish", 5, false, func(w *world) bool { return w.links.cutAt(cutPublish, trapTimeout) }},
		{"the link breaks before an ack", 5, false, func(w *world) bool { return w.links.cutAt(cutBeforeAck, trapTimeout) }},
		{"the link breaks in an ack", 5, false, func(w *world) bool { return w.links.cutAt(cutInsideAck, trapTimeout) }},
		{"nothing goes through", 1, false, func(w *world) bool { thaw := w.links.freeze(); w.pause(50, 700); thaw(); return true }},
		{"the stream is full", 1, false, fillStream},
		{"the plugin is killed with a journal", 1, true, killWithJournal},
		{"the power of the broker goes", 4, false, func(w *world) bool { return w.cutPower(false, w.cluster.nodes...) }},
		{"the power of the broker goes that has everything", 2, false, cutPowerOfSettled},
		{"the power of the gateway goes", 2, true, func(w *world) bool { return w.cutPower(true) }},
		{"all power goes", 2, true, func(w *world) bool { return w.cutPower(true, w.cluster.nodes...) }},
		{"the power of the broker goes while the journal empties", 2, true, cutPowerWhileEmptying},
		{"the power of the broker goes in a change of the stream", 2, false, func(w *world) bool { return cutPowerInChange(w, w.cluster.nodes...) }},
		{"the power of the broker goes in an upload", 2, false, cutPowerInUpload},
	}
}

// survivesFullPowerCut reports whether the broker comes back after a cut of all its power. A
// cluster whose nodes sync later than they acknowledge does not in one of three: a
// node syncs what it knows to be in the stream before what is there, so that each
// waits for another one that has it, and none becomes the leader ("catchup aborted,
// no leader" without end, nats-server 2.15.2).
func (w *world) survivesFullPowerCut() bool {
	return w.disks != nil && (w.mode.nodes == 1 || w.mode.sync.Always)
}

// crashes stand for powerCuts where no disks can be mounted.
func crashes() []fault {
	return []fault{
		{"the leader is killed", 1, false, func(w *world) bool { return w.restart(w.cluster.leader(ledgerStream), syscall.SIGKILL) }},
		{"every node is killed", 1, false, func(w *world) bool {
			for _, n := range w.cluster.nodes {
				n.end(syscall.SIGKILL)
			}
			w.pause(50, 300)
			for _, n := range w.cluster.nodes {
				n.start()
			}
			return true
		}},
	}
}

// cutPower cuts the power of nodes, and of the gateway's machine where that is asked
// for, all at the same moment, and restores it. It reports false where the gateway's
// machine runs no plugin.
func (w *world) cutPower(gateway bool, nodes ...*node) bool {
	w.t.Helper()
	if len(nodes) == 1 { // another one may not have all again that it lost before
		w.cluster.current(ledgerStream)
		w.cluster.current("OBJ_WEBHOOKS_DATA")
	}
	var dark []*disk
	var plugins, pids []int
	if gateway {
		if err := os.WriteFile(w.powerOff, nil, 0o600); err != nil {
			w.t.Fatal(err)
		}
		defer w.powerOn()
		if plugins = pidsWith(w.t, "webhook-edge", w.marker); len(plugins) == 0 {
			return false
		}
		dark = append(dark, w.journalDisk)
	}
	pids = append(pids, plugins...)
	for _, n := range nodes {
		pids, dark = append(pids, n.cmd.Process.Pid), append(dark, w.diskOf(n))
	}
	freezeProcesses(w.t, pids...)
	for _, d := range dark {
		d.cut()
	}
	for _, n := range nodes {
		n.end(syscall.SIGKILL)
	}
	for _, pid := range plugins {
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
	w.cuts++
	w.pause(20, 300)
	for _, d := range dark {
		d.restore()
	}
	for _, n := range nodes {
		n.start()
	}
	return true
}

// powerOn lets the plugin start again.
func (w *world) powerOn() {
	if err := os.Remove(w.powerOff); err != nil {
		w.t.Error(err)
	}
}

func (w *world) diskOf(n *node) *disk {
	for i, one := range w.cluster.nodes {
		if one == n {
			return w.disks[i]
		}
	}
	w.t.Fatal("a node without a disk")
	return nil
}

// cutPowerOfSettled cuts the power of a broker that has acknowledged everything, so that
// it loses some of it, and waits until the journal has published that again.
func cutPowerOfSettled(w *world) bool {
	w.awaitMetric("webhook_edge_publish_journal_events ", func(n float64) bool { return n == 0 })
	w.recovers()
	again := 0.0
	w.awaitMetric("webhook_edge_publish_journal_republished_total ", func(n float64) bool { again = n; return true })
	w.cutPower(false, w.cluster.nodes...)
	w.awaitMetric("webhook_edge_publish_journal_republished_total ", func(n float64) bool { return n > again })
	return true
}

// awaitMetric waits until a metric of the plugin is as it should be, for stallTimeout at
// most: another fault may be in the way.
func (w *world) awaitMetric(metric string, ok func(float64) bool) {
	if !w.mode.journal {
		return
	}
	for deadline := time.Now().Add(stallTimeout); time.Now().Before(deadline); time.Sleep(25 * time.Millisecond) {
		resp, err := http.Get("http://" + w.telemetry + "/metrics")
		if err != nil {
			continue
		}
		text, err := io.ReadAll(resp.Body)
		if _ = resp.Body.Close(); err == nil && strings.Contains(string(text), "\n"+metric) && ok(field(w.t, string(text), metric)) {
			return
		}
	}
}

// cutPowerWhileEmptying cuts the power of the broker when some events of the journal are
// published and others wait.
func cutPowerWhileEmptying(w *world) bool {
	thaw := w.links.freeze()
	w.answersMore("spool", 4*ledgerSenders)
	before := w.lastSequence()
	thaw()
	deadline := time.Now().Add(recoveryTimeout)
	for w.lastSequence() <= before {
		if time.Now().After(deadline) {
			w.t.Fatalf("the journal is not emptied in %s", recoveryTimeout)
		}
		w.pause(1, 10)
	}
	w.pause(1, 100)
	return w.cutPower(false, w.cluster.nodes...)
}

func (w *world) lastSequence() (last uint64) {
	w.t.Helper()
	w.cluster.ask("the stream's end", func(ctx context.Context, js jetstream.JetStream) error {
		s, err := js.Stream(ctx, ledgerStream)
		switch {
		case errors.Is(err, jetstream.ErrStreamNotFound): // lost in a cut, and not made anew yet
			last = 0
			return nil
		case err == nil:
			last = s.CachedInfo().State.LastSeq
		}
		return err
	})
	return last
}

// cutPowerInChange changes the stream, as an engineer does, and cuts the power of nodes
// at once.
func cutPowerInChange(w *world, nodes ...*node) bool {
	changed := make(chan struct{})
	leader := w.cluster.leader(ledgerStream)
	go func() {
		defer close(changed)
		_ = w.cluster.askOne(leader, func(ctx context.Context, js jetstream.JetStream) error {
			s, err := js.Stream(ctx, ledgerStream)
			if err != nil {
				return err
			}
			cfg := s.CachedInfo().Config
			cfg.Duplicates += time.Second
			_, err = js.UpdateStream(ctx, cfg)
			return err
		}) // it may be too late for an answer
	}()
	w.pause(1, 60)
	done := w.cutPower(false, nodes...)
	<-changed
	return done
}

// cutPowerInUpload cuts the power of a node when a part of a large payload is on its way.
// It reports false where nothing is uploaded.
func cutPowerInUpload(w *world) bool {
	n := w.anyNode()
	return w.links.cutAt(seeUpload, trapTimeout) && w.cutPower(false, n)
}

// mountDisks gives each node a disk, and the gateway's machine one for its journal, and
// returns the nodes' directories.
func (w *world) mountDisks(t *testing.T) (dirs []string) {
	t.Helper()
	if w.mode.journal {
		if w.journalDisk = newDisk(t, journalDiskBytes); w.journalDisk != nil {
			w.journalDir = w.journalDisk.dir
		} else {
			w.journalDir = t.TempDir()
		}
	}
	for range w.mode.nodes {
		d := newDisk(t, nodeDiskBytes)
		if d == nil {
			w.disks, dirs = nil, nil
			break
		}
		w.disks, dirs = append(w.disks, d), append(dirs, d.dir)
	}
	for len(dirs) < w.mode.nodes {
		dirs = append(dirs, t.TempDir())
	}
	return dirs
}
