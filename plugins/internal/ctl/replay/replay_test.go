package replay

import (
	"strings"
	"testing"

	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/event"
	"webhookedge/plugins/internal/ctl/ctltest"
)

func TestReplay_command(t *testing.T) {
	b, flags := ctltest.NATS(t)
	if _, err := b.JS.CreateStream(t.Context(), jetstream.StreamConfig{Name: "WEBHOOKS", Subjects: []string{"webhooks.>", "replay.>"}}); err != nil {
		t.Fatal(err)
	}
	e := &event.Event{ID: "1", Source: "/s", Provider: "github", Type: "push"}
	if _, err := b.JS.Publish(t.Context(), e.NATSSubject("webhooks"), e.AppendJSON(nil)); err != nil {
		t.Fatal(err)
	}
	run := func(args ...string) (string, error) {
		return ctltest.Run(t, Command(), append(args, flags...)...)
	}
	for _, tc := range []struct {
		name, want string
		args       []string
		fails      bool
	}{
		{"a dry run", "1 webhooks.github._.push would be published on replay.webhooks.github._.push\n1 of 1 messages would be replayed", []string{"--from", "1h", "--subject", "replay.{subject}", "--dry-run"}, false},
		{"a run", "run r1: 1 published, 0 duplicates, 0 failed, of 1 messages", []string{"--from", "1h", "--run", "r1", "--rate", "1000"}, false},
		{"the run again", "run r1: 0 published, 1 duplicates, 0 failed, of 2 messages", []string{"--from", "1h", "--run", "r1"}, false},
		{"another type", "of 2 messages", []string{"--from", "1h", "--type", "github.issues.*", "--dry-run"}, false},
		{"no time", "neither a time", []string{"--from", "yesterday"}, true},
		{"a time to come", "neither a time", []string{"--from", "-1h"}, true},
		{"no stream", `no stream "NONE"; there are: WEBHOOKS`, []string{"--from", "1h", "--stream", "NONE"}, true},
		{"a misspelt provider", `no provider "githb"; did you mean github?`, []string{"--from", "1h", "--provider", "githb"}, true},
		{"a misspelt type", `no provider "githb"; did you mean github?`, []string{"--from", "1h", "--type", "githb.push"}, true},
	} {
		out, err := run(tc.args...)
		if err != nil {
			out += err.Error()
		}
		if (err != nil) != tc.fails || !strings.Contains(out, tc.want) {
			t.Errorf("%s: %v\n%s", tc.name, err, out)
		}
	}
}
