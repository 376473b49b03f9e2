package e2e

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"

	"webhookedge/e2e/ackmodel"
)

// modelFaults maps a fault to those of the model by words of its name. The others are
// about links and disk space, which may fail in the model at any time.
func modelFaults(name string) (kinds []string) {
	for words, kind := range map[string]string{
		"node is killed": ackmodel.FaultBrokerKilled, "leader is killed": ackmodel.FaultBrokerKilled,
		"leader is restarted": ackmodel.FaultBrokerKilled, "a disk is full": ackmodel.FaultBrokerKilled,
		"plugin is killed": ackmodel.FaultGatewayKilled, "plugin is told to end": ackmodel.FaultGatewayKilled,
		"power of the gateway": ackmodel.FaultGatewayPowerCut, "all power": ackmodel.FaultGatewayPowerCut,
	} {
		if strings.Contains(name, words) {
			kinds = append(kinds, kind)
		}
	}
	if strings.Contains(name, "power") && !strings.Contains(name, "gateway") {
		kinds = append(kinds, ackmodel.FaultBrokerPowerCut)
	}
	return kinds
}

// inject injects f, and records for the model when it began and when it was over.
func (w *world) inject(f fault) bool {
	kinds := modelFaults(f.name)
	for _, kind := range kinds {
		w.book.notes(ackmodel.Line{Event: ackmodel.FaultBegins, Fault: kind})
	}
	defer func() {
		for _, kind := range kinds {
			w.book.notes(ackmodel.Line{Event: ackmodel.FaultIsOver, Fault: kind})
		}
	}()
	return f.inject(w)
}

// tries records that a sender is about to send a delivery.
func (b *book) tries(id string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	e := b.entries[id]
	b.trace = append(b.trace, ackmodel.Line{Event: ackmodel.Deliver, ID: id, Body: e.digest, Large: len(e.body) > ledgerPayload})
}

// fails records that a try ended without an answer of 2xx.
func (b *book) fails(id string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.trace = append(b.trace, ackmodel.Line{Event: ackmodel.Unanswered, ID: id, Body: b.entries[id].digest})
}

// notes adds a line that is not about one delivery.
func (b *book) notes(line ackmodel.Line) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.trace = append(b.trace, line)
}

// record returns the whole trace, from its first line to what is stored.
func (b *book) record(mode string, stored []storedEvent) []ackmodel.Line {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := append([]ackmodel.Line{{Event: ackmodel.Begin, Mode: mode, Gateways: 2}}, b.trace...)
	for _, event := range stored {
		out = append(out, ackmodel.Line{Event: ackmodel.Stored, ID: event.ID, Body: digestOf(string(event.Data))})
	}
	return append(out, ackmodel.Line{Event: ackmodel.End})
}

// digestOf is the same for bodies that differ only in surrounding space.
func digestOf(body string) string {
	sum := sha256.Sum256([]byte(strings.TrimSpace(body)))
	return hex.EncodeToString(sum[:])
}

// accepted fails unless some run of the model shows what the ledger saw. A trace that
// no run shows is kept with go test -artifacts.
func (w *world) accepted(stored []storedEvent) {
	w.t.Helper()
	mode := "broker"
	if w.mode.journal {
		mode = "journal"
	}
	w.book.notes(ackmodel.Line{Event: ackmodel.Drained})
	lines := w.book.record(mode, stored)
	start := time.Now()
	refusals, err := ackmodel.Accept(lines)
	w.t.Logf("a trace of %d lines is read in %s", len(lines), time.Since(start).Round(time.Millisecond))
	for _, refusal := range refusals[:min(len(refusals), 10)] {
		w.t.Errorf("the model has no run that shows this: %v", refusal)
	}
	if err != nil || len(refusals) > 0 {
		var file bytes.Buffer
		err = errors.Join(err, ackmodel.WriteTrace(&file, lines), os.WriteFile(filepath.Join(w.t.ArtifactDir(), "trace.jsonl"), file.Bytes(), 0o600))
		w.t.Errorf("%d of %d events do not fit the model: %v", len(refusals), len(w.book.entries), err)
	}
}
