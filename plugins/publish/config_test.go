package publish_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/internal/config"
	"webhookedge/plugins/publish"
	"webhookedge/plugins/publish/jsconn"
)

func TestConfig_isAModel(t *testing.T) {
	if _, err := config.JSONSchema("", "", publish.Config{}); err != nil {
		t.Error(err)
	}
}

func TestConfig_defaults(t *testing.T) {
	want := publish.Config{
		Servers: []string{"nats://127.0.0.1:4222"}, SubjectPrefix: "webhooks", Ack: publish.AckBoth, Require: publish.RequireAny, BrokerSync: publish.SyncInterval, BrokerSyncIntervalSeconds: 120, AckTimeoutMS: 1500, ContentMode: publish.ModeStructured, Dedupe: publish.DedupeWindow, DedupeScope: publish.ScopeRoute,
		Stream:  jsconn.StreamConfig{Name: "WEBHOOKS", Ensure: jsconn.EnsureCheck, Replicas: 1, MaxAgeHours: 168, MaxDuplicateWindowSeconds: 3600},
		Journal: publish.JournalConfig{MaxBytes: 4 << 30, MaxAgeSeconds: 86400, BrokerPercent: 60},
		Objects: jsconn.ObjectsConfig{Bucket: "WEBHOOKS_DATA"},
	}
	got := settings(t, object{})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestConfig_refuses(t *testing.T) {
	tests := map[string]struct{ set, want string }{
		"a URL with a password":         {`{"servers":["nats://u:hush@h:4222"]}`, "servers[0]: must not hold credentials"},
		"another scheme":                {`{"servers":["nats://h:1","http://h"]}`, "servers[1]: must be nats://"},
		"something after the port":      {`{"servers":["nats://h:1/hush"]}`, "servers[0]: must have nothing"},
		"no servers":                    {`{"servers":[]}`, "servers"},
		"a wildcard prefix":             {`{"subject_prefix":"a.>"}`, "subject_prefix: must be tokens"},
		"an empty token":                {`{"subject_prefix":"a..b"}`, "subject_prefix: must be tokens"},
		"NATS's own subjects":           {`{"subject_prefix":"$JS.API"}`, "subject_prefix: must be tokens"},
		"the inbox":                     {`{"subject_prefix":"_INBOX.x"}`, "subject_prefix: must not begin"},
		"a stream with a dot":           {`{"stream":{"name":"A.B"}}`, "stream.name: only letters"},
		"a domain with a wildcard":      {`{"jetstream_domain":"*"}`, "jetstream_domain: only letters"},
		"an ordering by nothing":        {`{"ordering_key":"colour"}`, "ordering_key: must be tenant"},
		"an ordering by no path":        {`{"ordering_key":"json:a..b"}`, "ordering_key: not a path"},
		"a bucket with a dot":           {`{"objects":{"bucket":"a.b"}}`, "objects.bucket: only letters"},
		"a relative journal":            {`{"journal":{"directory":"journal"}}`, "journal.directory: must be an absolute path"},
		"a window beyond the age":       {`{"stream":{"max_age_hours":1,"duplicate_window_seconds":3601}}`, "stream.duplicate_window_seconds: longer"},
		"another way to ensure":         {`{"stream":{"ensure":"perhaps"}}`, "stream.ensure"},
		"an ack timeout of nothing":     {`{"ack_timeout_ms":0}`, "ack_timeout_ms"},
		"a user without a password":     {`{"username":"u"}`, "username, password"},
		"two kinds of credentials":      {`{"token":"hush","nkey_seed":"hush"}`, "token, nkey_seed"},
		"a certificate without its key": {`{"tls":{"cert_file":"c"}}`, "cert_file, key_file"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var cfg publish.Config
			err := config.Decode([]byte(tt.set), &cfg)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("got %v, want %q", err, tt.want)
			}
			if strings.Contains(err.Error(), "hush") {
				t.Errorf("the error repeats a secret: %v", err)
			}
		})
	}
}

func TestConfig_printsNoSecret(t *testing.T) {
	for _, set := range []object{{"username": "u", "password": "hush"}, {"token": "hush"}, {"nkey_seed": "hush"}} {
		cfg := settings(t, set)
		text, err := json.Marshal(cfg)
		if err != nil {
			t.Fatal(err)
		}
		if all := fmt.Sprintf("%v %+v %#v %s", cfg, cfg, cfg, text); strings.Contains(all, "hush") {
			t.Errorf("printed: %s", all)
		}
	}
}

func TestStream_fitness(t *testing.T) {
	tests := map[string]struct {
		stream jetstream.StreamConfig
		want   string // empty where it is fit
	}{
		"the prefix and all below":        {jetstream.StreamConfig{Subjects: []string{"other", "webhooks.>"}}, ""},
		"any provider":                    {jetstream.StreamConfig{Subjects: []string{"webhooks.*.>"}}, ""},
		"each level that is always there": {jetstream.StreamConfig{Subjects: []string{"webhooks.*.*.>"}}, ""},
		"one provider":                    {jetstream.StreamConfig{Subjects: []string{"webhooks.github.>"}}, "takes webhooks.github.>, not webhooks.>"},
		"events without an action":        {jetstream.StreamConfig{Subjects: []string{"webhooks.*.*.*"}}, "takes webhooks.*.*.*, not webhooks.>"},
		"events with an action":           {jetstream.StreamConfig{Subjects: []string{"webhooks.*.*.*.>"}}, "takes webhooks.*.*.*.>, not webhooks.>"},
		"a longer name":                   {jetstream.StreamConfig{Subjects: []string{"webhooksx.>"}}, "not webhooks.>"},
		"memory":                          {jetstream.StreamConfig{Subjects: []string{"webhooks.>"}, Storage: jetstream.MemoryStorage}, "storage must be file"},
		"no acks":                         {jetstream.StreamConfig{Subjects: []string{"webhooks.>"}, NoAck: true}, "no_ack must be off"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			broker := startNATS(t, nil)
			tt.stream.Name = "WEBHOOKS"
			addStream(t, broker, tt.stream)
			stage, out := newStage(t, object{"servers": []string{broker.ClientURL()}})
			if tt.want == "" {
				eventually(t, func() error { return stage.Ready(t.Context()) })
				return
			}
			if err := stage.Ready(t.Context()); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Ready() = %v, want %q", err, tt.want)
			}
			eventually(t, func() error {
				if out.count(tt.want) != 1 {
					return fmt.Errorf("not logged once: %s", out)
				}
				return nil
			})
		})
	}
}
