package journal

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go"

	"webhookedge/plugins/internal/ctl/ctltest"
	"webhookedge/plugins/internal/ctl/streams"
	"webhookedge/plugins/internal/journal"
)

// journalWith writes records as a plugin does, and returns the open journal.
func journalWith(t *testing.T, dir, plugin string, records ...*journal.Record) *journal.Journal {
	t.Helper()
	s := journal.Open(journal.Config{Dir: dir, Name: plugin, Limits: journal.Limits{MaxBytes: 64 << 20, MaxAge: time.Hour}}, slog.New(slog.DiscardHandler), time.Now)
	t.Cleanup(func() { shut(t, s) })
	<-s.Filled()
	for _, r := range records {
		if err := s.Put(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func shut(t *testing.T, s *journal.Journal) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err := s.Close(ctx); err != nil {
		t.Error(err)
	}
}

func journaledRecord(n int) *journal.Record {
	return &journal.Record{
		Subject: fmt.Sprint("webhooks.github.octo.push.", n), Data: fmt.Appendf(nil, `{"hidden":%d}`, n),
		Header: map[string][]string{"Nats-Msg-Id": {fmt.Sprint("github:e", n)}, "Nats-Expected-Stream": {"WEBHOOKS"}},
	}
}

func TestJournal_listExportDrain(t *testing.T) {
	b, flags := ctltest.NATS(t)
	if _, err := ctltest.Run(t, streams.Command(), append([]string{"apply", "--file", "../../../../kong/streams.yml"}, flags...)...); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	gone := journalWith(t, dir, "webhook-edge", journaledRecord(1), journaledRecord(2))
	astray := journaledRecord(3)
	astray.Subject, astray.Object, astray.Bucket, astray.Name = "elsewhere.x", []byte{0xFF, 0xFE}, "WEBHOOKS_DATA", "github/e3"
	if err := gone.Park(astray, "no stream takes it"); err != nil {
		t.Fatal(err)
	}
	running := journalWith(t, dir, "webhook-publish", journaledRecord(4))
	shut(t, gone)

	has := func(want []string, args ...string) string {
		t.Helper()
		out, err := ctltest.Run(t, Command(), args...)
		for _, text := range want {
			if !strings.Contains(out, text) {
				t.Errorf("journal %s: %v, no %q in\n%s", args, err, text, out)
			}
		}
		return out
	}
	out := has([]string{"webhook-edge-0     gone     2       0     1", "webhook-publish-0  running  1       0     0"}, "ls", dir)
	out += has([]string{`"part":"webhook-edge-0","running":false,"events":2,"held":0,"parked":1`}, "ls", dir, "--json")
	out += has([]string{"webhooks.github.octo.push.2", `"github:e1"`, "no stream takes it"}, "ls", dir, "--events")
	out += has([]string{`"id":"github:e4"`}, "ls", dir, "--events", "--json")
	if strings.Contains(out, "hidden") {
		t.Errorf("a list shows payloads:\n%s", out)
	}
	out = has([]string{`"json":{"hidden":1}`, `"object":{"bucket":"WEBHOOKS_DATA","name":"github/e3","base64":"//4="}`}, "export", dir)
	if n := strings.Count(out, "\n"); n != 4 {
		t.Errorf("%d lines of 4 events", n)
	}
	if out := has([]string{"elsewhere.x"}, "export", dir, "--parked"); strings.Count(out, "\n") != 1 {
		t.Errorf("parked:\n%s", out)
	}

	out, err := ctltest.Run(t, Command(), append([]string{"drain", dir, "--sync-interval", "0"}, flags...)...)
	if err == nil || !strings.Contains(out, "webhook-edge: 2 published, 0 wait, 1 parked\n") || strings.Contains(out, "webhook-publish") {
		t.Errorf("drain: %v\n%s", err, out)
	}
	var ids []string
	for _, m := range b.Read(t, "WEBHOOKS") {
		ids = append(ids, m.Headers().Get(nats.MsgIdHdr))
	}
	if diff := cmp.Diff([]string{"github:e1", "github:e2"}, ids); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if running.Depth() != 1 {
		t.Error("what a running process has was taken")
	}
}

// TestJournal_readWhileWritten copies files that change.
func TestJournal_readWhileWritten(t *testing.T) {
	dir := t.TempDir()
	s := journalWith(t, dir, "webhook-edge", journaledRecord(0))
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for n := 1; ; n++ {
			select {
			case <-stop:
				return
			default:
			}
			if err := s.Put(context.Background(), journaledRecord(n)); err != nil {
				t.Error(err)
				return
			}
		}
	}()
	before := 0
	for range 5 {
		out, err := ctltest.Run(t, Command(), "ls", dir, "--events", "--json")
		if n := strings.Count(out, "\n"); err != nil || n < before || !strings.Contains(out, `"id":"github:e0"`) {
			t.Errorf("%d events after %d: %v", n, before, err)
		} else {
			before = n
		}
	}
	close(stop)
	<-stopped
}
