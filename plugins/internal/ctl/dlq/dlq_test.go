package dlq

import (
	"strings"
	"testing"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/ctl/ctltest"
	"webhookedge/plugins/internal/ctl/streams"
	"webhookedge/plugins/streams/deadletter"
	"webhookedge/plugins/streams/replay"
)

func TestDLQ_listShowReplayDrop(t *testing.T) {
	b, flags := ctltest.NATS(t)
	if out, err := ctltest.Run(t, streams.Command(), append([]string{"apply", "--file", "../../../../kong/streams.yml"}, flags...)...); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, id := range []string{"1", "2"} {
		e := &event.Event{ID: id, Source: "/s", Provider: "github", Type: "push"}
		ack, err := b.JS.Publish(t.Context(), e.NATSSubject("webhooks"), e.AppendJSON(nil))
		if err != nil {
			t.Fatal(err)
		}
		o := &replay.Original{Stream: ack.Stream, Sequence: ack.Sequence, Subject: e.NATSSubject("webhooks"), Data: e.AppendJSON(nil)}
		if _, err := b.JS.PublishMsg(t.Context(), deadletter.Message(deadletter.Prefix, "billing", o, 8, "no \x1b[31mmoney")); err != nil {
			t.Fatal(err)
		}
	}
	run := func(args ...string) (string, error) {
		return ctltest.Run(t, Command(), append(args, flags...)...)
	}
	for _, tc := range []struct { // in order: the last ones remove
		name, want string
		args       []string
		fails      bool
	}{
		{"ls", "WEBHOOKS/1  webhooks.github._.push  no ?[31mmoney", []string{"ls", "--consumer", "billing"}, false},
		{"ls as JSON", `"cause":"given_up","consumer":"billing","stream":"WEBHOOKS","message":2`, []string{"ls", "--json"}, false},
		{"ls of a consumer that is not there", `no consumer "mail"`, []string{"ls", "--consumer", "mail"}, true},
		{"show", `"id":"2"`, []string{"show", "2"}, false},
		{"show of nothing", "not a dead letter", []string{"show", "9"}, true},
		{"a dry run", "1 WEBHOOKS/1 would be published on webhooks.again.webhooks.github._.push", []string{"replay", "1", "--dry-run", "--subject", "webhooks.again.{subject}"}, false},
		{"a subject of no stream", "no response from stream", []string{"replay", "1", "--subject", "nowhere"}, true},
		{"a replay", "1 WEBHOOKS/1 published on webhooks.github._.push", []string{"replay", "1"}, false},
		{"the letter of it", "not a dead letter", []string{"show", "1"}, true},
		{"a drop of everything by mistake", "name sequences", []string{"drop"}, true},
		{"a dry drop", "2 would be removed\n", []string{"drop", "--consumer", "billing", "--dry-run"}, false},
		{"a drop", "2 removed\n", []string{"drop", "--consumer", "billing"}, false},
		{"ls at the end", "REASON\n", []string{"ls"}, false},
	} {
		out, err := run(tc.args...)
		if err != nil {
			out += err.Error()
		}
		if (err != nil) != tc.fails || !strings.Contains(out, tc.want) || strings.Contains(out, "\x1b") {
			t.Errorf("%s: %v\n%s", tc.name, err, out)
		}
	}
	replayed := 0
	for _, m := range b.Read(t, "WEBHOOKS") {
		if e, err := event.ParseJSON(m.Data()); err == nil && e.Replayed && e.ID == "1" {
			replayed++
		}
	}
	if replayed != 1 {
		t.Errorf("%d replayed events", replayed)
	}
}
