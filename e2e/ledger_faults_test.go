package e2e

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// fault is one kind of what goes wrong.
type fault struct {
	name    string
	times   int  // in a run of CI; a soak has more
	journal bool // only with a journal
	// inject causes the fault and ends it. It reports false where it met nothing,
	// as with an ack that did not come.
	inject func(w *world) bool
}

// Time-outs of the faults.
const (
	trapTimeout = 2 * time.Second
	// recoveryTimeout is how long the edge may take until deliveries pass again. An
	// election of NATS takes 4 to 9 s, and split votes need a second one.
	recoveryTimeout = 60 * time.Second
	// stallTimeout is the time without answers after which an engineer would act.
	stallTimeout = 5 * time.Second
)

// faults are in the order of their cost. A cluster whose leader is killed needs an
// election, so those faults are few.
func faults() []fault {
	return []fault{
		{"the link breaks in a publish", 30, false, func(w *world) bool { return w.links.cutAt(cutPublish, trapTimeout) }},
		{"the link breaks before an ack", 30, false, func(w *world) bool { return w.links.cutAt(cutBeforeAck, trapTimeout) }},
		{"the link breaks in an ack", 30, false, func(w *world) bool { return w.links.cutAt(cutInsideAck, trapTimeout) }},
		{"every link breaks", 10, false, func(w *world) bool { w.links.cutAll(); return true }},
		{"nothing goes through", 4, false, func(w *world) bool { thaw := w.links.freeze(); w.pause(50, 700); thaw(); return true }},
		{"the leader hands over", 3, false, func(w *world) bool { w.cluster.stepDown(ledgerStream); return true }},
		{"a node is paused", 4, false, func(w *world) bool {
			n := w.anyNode()
			n.signal(syscall.SIGSTOP)
			w.pause(50, 700)
			n.signal(syscall.SIGCONT)
			return true
		}},
		{"a node is killed", 2, false, func(w *world) bool { return w.restart(w.follower(), syscall.SIGKILL) }},
		{"the leader is restarted", 1, false, func(w *world) bool { return w.restart(w.cluster.leader(ledgerStream), syscall.SIGTERM) }},
		{"the stream is full", 2, false, fillStream},
		{"the plugin is killed", 3, false, func(w *world) bool { return w.signalPlugin(syscall.SIGKILL) }},
		{"the plugin is told to end", 2, false, func(w *world) bool { return w.signalPlugin(syscall.SIGTERM) }},
		{"a disk is full", 1, false, fillDisk},
		{"the plugin is killed with a journal", 2, true, killWithJournal},
		{"the journal has no room", 1, true, fillJournal},
	}
}

// schedule returns the faults of a run in their order, which depends on the seed alone.
func (w *world) schedule(scale int) []fault {
	possible := faults()
	switch {
	case w.mode.nodes == 1:
		possible = faultsOfOne()
	case w.disks != nil:
		possible = append(possible, powerCuts()...)
	default:
		possible = append(possible, crashes()...)
	}
	if w.mode.nodes > 1 && w.survivesFullPowerCut() {
		possible = append(possible, fault{"the power of every node goes", 2, false, func(w *world) bool { return w.cutPower(false, w.cluster.nodes...) }})
	}
	var all []fault
	for _, f := range possible {
		if w.mode.journal || !f.journal {
			n := scale * f.times
			if scale == 1 { // CI plays two modes in the plain run and two under the race detector
				n = (n + 1) / 2
			}
			all = append(all, slices.Repeat([]fault{f}, n)...)
		}
	}
	w.random.Shuffle(len(all), func(i, k int) { all[i], all[k] = all[k], all[i] })
	return all
}

// injectAll injects the planned faults and returns how often each kind met something.
func (w *world) injectAll(planned []fault) map[string]int {
	w.t.Helper()
	injected, missed := map[string]int{}, 0
	for i := 0; i < len(planned); i++ {
		f := planned[i]
		if !w.inject(f) {
			if missed++; missed > len(planned)/4 {
				w.t.Fatalf("%d faults met nothing, the last: %s", missed, f.name)
			}
			planned = append(planned, f)
			continue
		}
		injected[f.name]++
		w.gateway.line("", time.Now().UTC().Format("15:04:05.000 ")+f.name) // for readers of the log
		w.last = f.name
		if w.random.IntN(4) > 0 { // the others follow before the edge has recovered
			w.recovers()
		}
	}
	w.recovers()
	return injected
}

// recovers waits until the broker takes deliveries again.
func (w *world) recovers() { w.t.Helper(); w.answersMore("broker", 2*ledgerSenders) }

// answersMore waits for n more answers that name an ack.
func (w *world) answersMore(ack string, n int) {
	w.t.Helper()
	want := w.book.acked(ack) + n
	begun := time.Now()
	look := begun.Add(stallTimeout)
	for w.book.acked(ack) < want {
		switch now := time.Now(); {
		case now.Sub(begun) > recoveryTimeout:
			w.t.Fatalf("no answers with %s in %s; the last fault: %s\n%s", ack, recoveryTimeout, w.last, w.gateway.logged())
		case now.After(look):
			look = now.Add(stallTimeout)
			w.liftStreamLimit()
		}
		time.Sleep(2 * time.Millisecond)
	}
}

// liftStreamLimit removes the stream's limit, as an engineer does when the stream takes
// nothing: a power cut may have brought an old limit back.
func (w *world) liftStreamLimit() {
	_ = w.cluster.askOne(w.anyNode(), func(ctx context.Context, js jetstream.JetStream) error { return limitStream(ctx, js, -1) })
}

// pause waits for a random number of milliseconds.
func (w *world) pause(low, high int) {
	time.Sleep(time.Duration(low+w.random.IntN(high-low)) * time.Millisecond)
}

func (w *world) anyNode() *node { return w.cluster.nodes[w.random.IntN(len(w.cluster.nodes))] }

// follower is a node that does not lead the stream.
func (w *world) follower() *node {
	leader := w.cluster.leader(ledgerStream)
	others := slices.DeleteFunc(slices.Clone(w.cluster.nodes), func(n *node) bool { return n == leader })
	return others[w.random.IntN(len(others))]
}

func (w *world) restart(n *node, s syscall.Signal) bool {
	n.end(s)
	w.pause(20, 300)
	n.start()
	return true
}

// signalPlugin reports false while there is no plugin process, which is started
// again a second after its end.
func (w *world) signalPlugin(s syscall.Signal) bool {
	pids := pidsWith(w.t, "webhook-edge", w.marker)
	for _, pid := range pids {
		_ = syscall.Kill(pid, s)
	}
	if len(pids) == 0 {
		w.pause(50, 100)
	}
	return len(pids) > 0
}

// fillStream makes the stream refuse events for a moment.
func fillStream(w *world) bool {
	limit := func(bytes int64) {
		w.cluster.ask("the stream's limit is changed", func(ctx context.Context, js jetstream.JetStream) error { return limitStream(ctx, js, bytes) })
	}
	limit(1)
	w.pause(50, 500)
	limit(-1)
	return true
}

// limitStream sets how many bytes the stream takes, -1 for no limit.
func limitStream(ctx context.Context, js jetstream.JetStream, bytes int64) error {
	s, err := js.Stream(ctx, ledgerStream)
	if err != nil {
		return err
	}
	cfg := s.CachedInfo().Config
	if cfg.MaxBytes == bytes {
		return nil
	}
	cfg.MaxBytes = bytes
	_, err = js.UpdateStream(ctx, cfg)
	return err
}

// fillDisk fills the small disk of the first node, gives the space back and starts
// the node again: NATS goes on without JetStream until somebody does.
func fillDisk(w *world) bool {
	if w.disks == nil {
		return fillStream(w)
	}
	free := w.disks[0].fill()
	w.pause(300, 800)
	free()
	return w.restart(w.cluster.nodes[0], syscall.SIGKILL)
}

// fillJournal fills the small disk of the journal while it is needed.
func fillJournal(w *world) bool {
	thaw := w.links.freeze()
	defer thaw()
	if w.journalDisk == nil {
		return true
	}
	free := w.journalDisk.fill()
	w.pause(300, 800)
	free()
	return true
}

// killWithJournal kills the plugin while events wait in its journal.
func killWithJournal(w *world) bool {
	thaw := w.links.freeze()
	defer thaw()
	w.answersMore("spool", ledgerSenders)
	return w.signalPlugin(syscall.SIGKILL)
}

// pidsWith finds the processes of a name that have an environment variable.
func pidsWith(t testing.TB, name, variable string) (pids []int) {
	t.Helper()
	entries, err := os.ReadDir("/proc")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		var pid int
		if _, err := fmt.Sscan(entry.Name(), &pid); err != nil {
			continue
		}
		dir := filepath.Join("/proc", entry.Name())
		comm, err := os.ReadFile(filepath.Join(dir, "comm"))
		if err != nil || strings.TrimSpace(string(comm)) != name {
			continue
		}
		if environ, err := os.ReadFile(filepath.Join(dir, "environ")); err == nil && slices.Contains(strings.Split(string(environ), "\x00"), variable) {
			pids = append(pids, pid)
		}
	}
	return pids
}
