package publish_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/telemetry"
	"webhookedge/plugins/publish"
	"webhookedge/plugins/publish/jsconn"
)

// window is the duplicate window of the stream.
func window(t *testing.T, broker *server.Server) time.Duration {
	t.Helper()
	s, err := admin(t, broker.ClientURL()).Stream(t.Context(), "WEBHOOKS")
	if err != nil {
		t.Fatal(err)
	}
	return s.CachedInfo().Config.Duplicates
}

// clientNames lists the clients whose name begins so.
func clientNames(t *testing.T, broker *server.Server, prefix string) (names []string) {
	t.Helper()
	conns, err := broker.Connz(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range conns.Conns {
		if strings.HasPrefix(c.Name, prefix) {
			names = append(names, c.Name)
		}
	}
	return names
}

// TestWindow_isAsLongAsAReplayPasses is about senders whose late tries keep the signed
// time: verify takes a captured delivery as long, and the stream must know its event.
func TestWindow_isAsLongAsAReplayPasses(t *testing.T) {
	for name, tc := range map[string]struct {
		stream        jsconn.StreamConfig
		retry, replay time.Duration
		want          time.Duration
	}{
		"longer than the retries and the cap": {jsconn.StreamConfig{MaxDuplicateWindowSeconds: 3600, MaxAgeHours: 72}, 24 * time.Hour, 26 * time.Hour, 26 * time.Hour},
		"shorter than the retries":            {jsconn.StreamConfig{MaxDuplicateWindowSeconds: 3600, MaxAgeHours: 72}, 30 * time.Minute, 5 * time.Minute, 30 * time.Minute},
		"a setting of one's own":              {jsconn.StreamConfig{DuplicateWindowSeconds: 300, MaxDuplicateWindowSeconds: 3600}, 0, 26 * time.Hour, 5 * time.Minute},
		"no longer than events live":          {jsconn.StreamConfig{MaxDuplicateWindowSeconds: 3600, MaxAgeHours: 2}, 0, 26 * time.Hour, 2 * time.Hour},
	} {
		if got := tc.stream.Window(tc.retry, tc.replay); got != tc.want {
			t.Errorf("%s: %s, want %s", name, got, tc.want)
		}
	}
}

func TestWindow_followsTheProvider(t *testing.T) {
	tests := map[string]struct {
		stream object
		spans  []time.Duration
		want   time.Duration
	}{
		"unknown":                      {nil, []time.Duration{0}, 2 * time.Minute},
		"six minutes":                  {nil, []time.Duration{6 * time.Minute}, 6 * time.Minute},
		"three days are capped":        {nil, []time.Duration{72 * time.Hour}, time.Hour},
		"another cap":                  {object{"max_duplicate_window_seconds": 86400}, []time.Duration{72 * time.Hour}, 24 * time.Hour},
		"a setting of one's own":       {object{"duplicate_window_seconds": 300}, []time.Duration{72 * time.Hour}, 5 * time.Minute},
		"the longest of two providers": {nil, []time.Duration{6 * time.Minute, 0, 30 * time.Minute}, 30 * time.Minute},
		"no longer than events live":   {object{"max_age_hours": 1, "max_duplicate_window_seconds": 86400}, []time.Duration{72 * time.Hour}, time.Hour},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			broker := startNATS(t, nil)
			conns, _ := connections(t)
			set := object{"ensure": "create"}
			for k, v := range tt.stream {
				set[k] = v
			}
			for _, span := range tt.spans { // a route starts with its first delivery
				cfg := settings(t, object{"servers": []string{broker.ClientURL()}, "stream": set})
				stage, err := publish.New(cfg, conns, publish.WithRetrySpan(span))
				if err != nil {
					t.Fatal(err)
				}
				eventually(t, func() error { return stage.Ready(t.Context()) })
			}
			eventually(t, func() error {
				if got := window(t, broker); got != tt.want {
					return fmt.Errorf("the window is %s, want %s", got, tt.want)
				}
				return nil
			})
			if ours := len(clientNames(t, broker, "webhook-edge publish")); ours != 1 {
				t.Errorf("%d connections, want one for all providers", ours)
			}
		})
	}
}

func TestWindow_ofAnotherOwnerIsReportedNotChanged(t *testing.T) {
	broker := startNATS(t, nil)
	addStream(t, broker, jetstream.StreamConfig{Name: "WEBHOOKS", Subjects: []string{"webhooks.>"}, Duplicates: time.Minute})
	conns, out := connections(t)
	if _, err := publish.New(settings(t, creating(broker.ClientURL())), conns, publish.WithRetrySpan(time.Hour)); err != nil {
		t.Fatal(err)
	}
	eventually(t, func() error {
		if out.count("forgets message ids") != 1 {
			return fmt.Errorf("not said once: %s", out)
		}
		return nil
	})
	if got := window(t, broker); got != time.Minute {
		t.Errorf("the window is now %s", got)
	}
}

func TestStreamFile_streamsAreCreated(t *testing.T) {
	broker := startNATS(t, nil)
	file, err := filepath.Abs("../../kong/streams.yml")
	if err != nil {
		t.Fatal(err)
	}
	stage, _ := readyStage(t, object{"servers": []string{broker.ClientURL()}, "stream": object{"ensure": "create", "file": file}})
	if err := stage.Handle(t.Context(), delivery("e1")); err != nil {
		t.Fatal(err)
	}
	js := admin(t, broker.ClientURL())
	for name, age := range map[string]time.Duration{"WEBHOOKS": 168 * time.Hour, "WEBHOOKS_REJECTED": 720 * time.Hour} {
		s, err := js.Stream(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		if c := s.CachedInfo().Config; c.MaxAge != age || c.Discard != jetstream.DiscardNew || c.Storage != jetstream.FileStorage {
			t.Errorf("%s: %+v", name, c)
		}
	}
}

func TestStream_firstDeliveryWaitsForItsCreation(t *testing.T) {
	var file strings.Builder
	file.WriteString("streams:\n")
	for i := range 40 { // which are made first
		fmt.Fprintf(&file, "  - {name: BEFORE%d, subjects: [before%d.>]}\n", i, i)
	}
	file.WriteString("  - {name: WEBHOOKS, subjects: [webhooks.>]}\n")
	path := filepath.Join(t.TempDir(), "streams.yml")
	if err := os.WriteFile(path, []byte(file.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	stage, _ := newStage(t, object{
		"servers": []string{startNATS(t, nil).ClientURL()}, "stream": object{"ensure": "create", "file": path}, "ack_timeout_ms": 20_000,
	})
	if err := stage.Handle(t.Context(), delivery("e1")); err != nil {
		t.Error(err)
	}
}

func TestStreamFile_cannotBeUsed(t *testing.T) {
	conns, _ := connections(t)
	other := filepath.Join(t.TempDir(), "streams.yml")
	if err := os.WriteFile(other, []byte("streams: [{name: OTHER, subjects: [x.>]}]"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct{ file, want string }{
		"not there":          {"/nonexistent/streams.yml", "stream.file: open"},
		"without our stream": {other, "stream.file: it has no stream WEBHOOKS"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := publish.New(settings(t, object{"stream": object{"file": tt.file}}), conns)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

func TestStream_thatDropsEventsIsRefusedAtTheStart(t *testing.T) {
	for name, with := range map[string]object{"alone": {}, "with a journal": {"directory": ""}} {
		t.Run(name, func(t *testing.T) {
			broker := startNATS(t, nil)
			drops := jetstream.StreamConfig{Name: "WEBHOOKS", Subjects: []string{"webhooks.>"}, MaxBytes: 1 << 20, Discard: jetstream.DiscardOld}
			addStream(t, broker, drops)
			set := creating(broker.ClientURL())
			if len(with) > 0 {
				set["journal"] = object{"directory": t.TempDir()}
			}
			conns, out := connections(t)
			stage, err := publish.New(settings(t, set), conns)
			if err != nil {
				t.Fatal(err)
			}
			const why = "drops its oldest events when it is full; discard must be new"
			for range 3 { // the very first as well
				reject := wantReject(t, stage.Handle(t.Context(), delivery("e1")), pipeline.NoStream, publish.ErrUnfit)
				if !strings.Contains(reject.Error(), why) {
					t.Errorf("the reason is %v", reject)
				}
			}
			if n := out.count(why); n != 1 {
				t.Errorf("logged %d times, want once:\n%s", n, out)
			}
			var degraded *telemetry.Degraded
			if err := conns.Ready(t.Context()); !errors.Is(err, publish.ErrUnfit) || errors.As(err, &degraded) {
				t.Errorf("Ready() = %v, want ErrUnfit", err)
			}
			if n := len(stored(t, broker, "WEBHOOKS")); n != 0 {
				t.Errorf("%d events are stored", n)
			}
			drops.Discard = jetstream.DiscardNew // the engineer puts it right
			if _, err := admin(t, broker.ClientURL()).UpdateStream(t.Context(), drops); err != nil {
				t.Fatal(err)
			}
			eventually(t, func() error { return stage.Handle(t.Context(), delivery("e1")) })
		})
	}
}

func TestCompression_isOffWhereWeCreateAndSaidWhereItIs(t *testing.T) {
	for name, tt := range map[string]struct {
		stream jetstream.StoreCompression
		bucket bool
		want   string
	}{
		"created by us":       {},
		"a compressed stream": {stream: jetstream.S2Compression, want: "WEBHOOKS is compressed (S2)"},
		"a compressed bucket": {bucket: true, want: "OBJ_WEBHOOKS_DATA is compressed (S2)"},
	} {
		t.Run(name, func(t *testing.T) {
			broker := startNATS(t, nil)
			js := admin(t, broker.ClientURL())
			if tt.stream != jetstream.NoCompression {
				addStream(t, broker, jetstream.StreamConfig{Name: "WEBHOOKS", Subjects: []string{"webhooks.>"}, Compression: tt.stream})
			}
			if tt.bucket {
				if _, err := js.CreateObjectStore(t.Context(), jetstream.ObjectStoreConfig{Bucket: "WEBHOOKS_DATA", Compression: true}); err != nil {
					t.Fatal(err)
				}
			}
			conns, out := connections(t)
			stage, err := publish.New(settings(t, creating(broker.ClientURL())), conns)
			if err != nil {
				t.Fatal(err)
			}
			eventually(t, func() error { return stage.Ready(t.Context()) })
			if err := stage.Handle(t.Context(), delivery("e1")); err != nil {
				t.Errorf("deliveries fail: %v", err)
			}
			err = conns.Durable(t.Context())
			var degraded *telemetry.Degraded
			if tt.want == "" {
				for _, name := range []string{"WEBHOOKS", "OBJ_WEBHOOKS_DATA"} {
					if s, err := js.Stream(t.Context(), name); err != nil || s.CachedInfo().Config.Compression != jetstream.NoCompression {
						t.Errorf("%s: compressed, or %v", name, err)
					}
				}
				if err != nil {
					t.Errorf("not durable: %v", err)
				}
				return
			}
			if !errors.As(err, &degraded) || !strings.Contains(err.Error(), tt.want) || out.count(tt.want) != 1 {
				t.Errorf("Durable() = %v, want %q, once in the log:\n%s", err, tt.want, out)
			}
		})
	}
}

func TestStream_inADomain(t *testing.T) {
	broker := startNATS(t, func(o *server.Options) { o.JetStreamDomain = "hub" })
	set := creating(broker.ClientURL())
	set["jetstream_domain"] = "hub"
	stage, _ := readyStage(t, set)
	if err := stage.Handle(t.Context(), delivery("e1")); err != nil {
		t.Error(err)
	}
	set["jetstream_domain"] = "elsewhere"
	other, _ := newStage(t, set)
	if err := other.Ready(t.Context()); err == nil {
		t.Error("ready without that domain")
	}
}
