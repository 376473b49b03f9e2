package quarantine

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/prometheus/client_golang/prometheus"

	"webhookedge/plugins/internal/config"
	"webhookedge/plugins/internal/ctl/ctltest"
	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/provider/catalogue"
	"webhookedge/plugins/quarantine"
	"webhookedge/plugins/streams/archive"
)

// keeperOf keeps deliveries of a provider as the edge does, sealed.
func keeperOf(t *testing.T, b *ctltest.Broker, name, key string) (*quarantine.Pool, *quarantine.Keeper) {
	t.Helper()
	text, err := json.Marshal(map[string]any{"keys": []any{map[string]any{"id": "k1", "value": key}}})
	if err != nil {
		t.Fatal(err)
	}
	var cfg quarantine.Config
	if err := config.Decode(text, &cfg); err != nil {
		t.Fatal(err)
	}
	pool, err := quarantine.NewPool(slog.New(slog.DiscardHandler), time.Now, prometheus.NewRegistry(), func(name string) string { return name })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := pool.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	row, _ := catalogue.Lookup(name)
	keeper, err := pool.Keeper(row, nil, cfg, func(context.Context) (jetstream.JetStream, error) { return b.JS, nil }, nil)
	if err != nil {
		t.Fatal(err)
	}
	return pool, keeper
}

// keep stores refused deliveries of GitHub.
func keep(t *testing.T, b *ctltest.Broker, key string, deliveries ...*pipeline.Delivery) {
	t.Helper()
	pool, keeper := keeperOf(t, b, "github", key)
	for _, d := range deliveries {
		keeper.Refused(t.Context(), d, &pipeline.Outcome{Code: pipeline.SignatureInvalid, Stage: "verify", Err: errors.New("no match")})
	}
	if err := pool.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestQuarantine_listShowDrop(t *testing.T) {
	b, flags := ctltest.NATS(t)
	key := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte("k"), archive.KeySize))
	t.Setenv("QUARANTINE_KEY", key)
	t.Setenv("OTHER_KEY", base64.StdEncoding.EncodeToString(bytes.Repeat([]byte("o"), archive.KeySize)))
	evil := &pipeline.Delivery{
		Method: "POST", Path: "/webhooks/github", RequestID: "r1", Route: "gh\x1b[2J", ReceivedAt: time.Now(), Body: []byte("{\"a\":\"\x1b]0;owned\x07\"}"),
		Headers: pipeline.Headers{{Name: "authorization", Value: "Bearer s3cret-token"}, {Name: "x-evil", Value: "\x1b[31mred"}},
	}
	keep(t, b, key, evil, evil)
	run := func(args ...string) (string, error) {
		return ctltest.Run(t, Command(), append(args, flags...)...)
	}
	open := []string{"--key", "k1=QUARANTINE_KEY"}
	tests := []struct { // in order: the last ones remove
		name, want string
		args       []string
		fails      bool
	}{
		{"ls", "signature_invalid", []string{"ls"}, false},
		{"ls of a provider", "\n1 ", []string{"ls", "--provider", "github", "--code", "signature_invalid", "--from", "1h"}, false},
		{"ls as JSON", `"sequence":2,`, []string{"ls", "--json"}, false},
		{"show", `reason        no match`, append([]string{"show", "1"}, open...), false},
		{"show as a line of what explain reads", `"headers":{`, append([]string{"show", "1", "--json"}, open...), false},
		{"show says what was removed", "authorization: [removed]", append([]string{"show", "1"}, open...), false},
		{"show without the key", "not given: k1", []string{"show", "1"}, true},
		{"show with another key", "the key is another one", []string{"show", "1", "--key", "k1=OTHER_KEY"}, true},
		{"show with a key on the command line", "does not belong", []string{"show", "1", "--key", key}, true},
		{"show with a variable that is not set", "NOT_SET is empty", []string{"show", "1", "--key", "k1=NOT_SET"}, true},
		{"show of nothing", "no kept delivery", append([]string{"show", "99"}, open...), true},
		{"a dry drop", "1 would be removed\n2 would be removed\n", []string{"drop", "--provider", "github", "--dry-run"}, false},
		{"a drop of everything by mistake", "name sequences", []string{"drop"}, true},
		{"a drop", "1 removed\n", []string{"drop", "1"}, false},
		{"ls after it", "\n2 ", []string{"ls"}, false},
		{"a drop by filter", "2 removed\n", []string{"drop", "--code", "signature_invalid"}, false},
	}
	for _, tc := range tests {
		out, err := run(tc.args...)
		if err != nil {
			out += err.Error()
		}
		if (err != nil) != tc.fails || !strings.Contains(out, tc.want) {
			t.Errorf("%s: %v\n%s", tc.name, err, out)
		}
		for line := range strings.Lines(out) {
			if tc.args[0] == "ls" && len(tc.args) == 1 && utf8.RuneCountInString(line) > 81 {
				t.Errorf("%s: wider than a terminal: %s", tc.name, line)
			}
		}
		for _, hidden := range []string{"s3cret", key, "\x1b", "\x07"} {
			if strings.Contains(out, hidden) {
				t.Errorf("%s shows %q", tc.name, hidden)
			}
		}
	}
	if out, err := run("ls"); err != nil || strings.Count(out, "\n") != 1 {
		t.Errorf("at the end: %v\n%s", err, out)
	}
}

func TestShow_bodyIsUnchanged(t *testing.T) {
	b, flags := ctltest.NATS(t)
	key := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte("k"), archive.KeySize))
	t.Setenv("QUARANTINE_KEY", key)
	body := "\x00\xff\x1b{}"
	keep(t, b, key, &pipeline.Delivery{Method: "POST", Body: []byte(body), ReceivedAt: time.Now()})
	out, err := ctltest.Run(t, Command(), append([]string{"show", "1", "--body", "--key", "k1=QUARANTINE_KEY"}, flags...)...)
	if err != nil || out != body {
		t.Errorf("%q, %v", out, err)
	}
}
