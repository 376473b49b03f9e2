package streams_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/internal/natstest"
	"webhookedge/plugins/streams"
)

func startJetStream(t *testing.T) jetstream.JetStream {
	t.Helper()
	return natstest.JetStream(t)
}

func TestFile_ofTheRepositoryIsFit(t *testing.T) {
	specs, err := streams.Load("../../kong/streams.yml")
	if err != nil {
		t.Fatal(err)
	}
	js := startJetStream(t)
	for i, prefix := range []string{"webhooks", "webhooks-rejected"} {
		if _, err := streams.Ensure(t.Context(), js, &specs[i]); err != nil {
			t.Fatal(err)
		}
		s, err := js.Stream(t.Context(), specs[i].Name)
		if err != nil {
			t.Fatal(err)
		}
		if err := streams.Check(&s.CachedInfo().Config, prefix); err != nil {
			t.Error(err)
		}
		change, err := streams.Plan(t.Context(), js, &specs[i])
		if err != nil || !change.Done() {
			t.Errorf("a stream that was just made differs: %+v, %v", change, err)
		}
	}
}

func TestParse_readsAFile(t *testing.T) {
	got, err := streams.Parse(strings.NewReader(`
streams:
  - {name: A, subjects: [a.>], replicas: 3, max_age: 48h, max_bytes: 2GB, max_msg_size: 1048576, duplicate_window: 90s, compression: none, storage: file, discard: new}
  - {name: B, subjects: ["b.>", "c.*"], allow_msg_ttl: true}
`))
	if err != nil {
		t.Fatal(err)
	}
	want := []streams.Spec{
		{Name: "A", Subjects: []string{"a.>"}, Replicas: 3, MaxAge: 48 * time.Hour, MaxBytes: 2 << 30, MaxMsgSize: 1 << 20, DuplicateWindow: 90 * time.Second},
		{Name: "B", Subjects: []string{"b.>", "c.*"}, Replicas: 1, AllowMsgTTL: true},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestParse_refuses(t *testing.T) {
	tests := map[string]struct{ stream, want string }{
		"a typo":                  {`{name: A, subjects: [a.>], max_agee: 1h}`, "max_agee"},
		"no name":                 {`{subjects: [a.>]}`, "streams[0]: name"},
		"a name with a dot":       {`{name: A.B, subjects: [a.>]}`, "streams[0]: name"},
		"no subjects":             {`{name: A}`, "streams[0]: subjects"},
		"a duration without unit": {`{name: A, subjects: [a.>], max_age: 7}`, `"7" is no duration`},
		"a negative duration":     {`{name: A, subjects: [a.>], max_age: -1h}`, "is no duration"},
		"a size that is none":     {`{name: A, subjects: [a.>], max_bytes: lots}`, `"lots" is no size`},
		"memory":                  {`{name: A, subjects: [a.>], storage: memory}`, "storage: must be file"},
		"dropping the oldest":     {`{name: A, subjects: [a.>], discard: old}`, "discard: must be new"},
		"six replicas":            {`{name: A, subjects: [a.>], replicas: 6}`, "replicas: 1 to 5"},
		"a window over the age":   {`{name: A, subjects: [a.>], max_age: 1m, duplicate_window: 2m}`, "duplicate_window: longer"},
		"a largest event of GB":   {`{name: A, subjects: [a.>], max_msg_size: 1GB}`, "max_msg_size: NATS takes"},
		"compression":             {`{name: A, subjects: [a.>], compression: s2}`, "compression: must be none"},
		"a name twice":            {"{name: A, subjects: [a.>]}\n  - {name: A, subjects: [b.>]}", "streams[1]: A is there twice"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := streams.Parse(strings.NewReader("streams:\n  - " + tt.stream))
			if !errors.Is(err, streams.ErrFile) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
	for name, text := range map[string]string{"nothing": "", "no streams": "streams: []", "no YAML": "\t{"} {
		if _, err := streams.Parse(strings.NewReader(text)); !errors.Is(err, streams.ErrFile) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("streams:\n  - {name: A, subjects: [a.>], max_bytes: 1GB, max_age: 1h}")
	f.Fuzz(func(t *testing.T, text string) {
		specs, err := streams.Parse(strings.NewReader(text))
		if err != nil {
			return
		}
		for i := range specs {
			if c := specs[i].Config(); c.Storage != jetstream.FileStorage || c.Discard != jetstream.DiscardNew || len(c.Subjects) == 0 {
				t.Errorf("%+v", c)
			}
		}
	})
}

func base() streams.Spec {
	return streams.Spec{Name: "A", Subjects: []string{"a.>"}, Replicas: 1, MaxAge: 48 * time.Hour, MaxBytes: 1 << 20, DuplicateWindow: 2 * time.Minute}
}

func TestApply_makesLossyChangesByForceOnly(t *testing.T) {
	tests := map[string]struct {
		change func(*streams.Spec)
		detail string
		lossy  bool
	}{
		"longer age":           {func(s *streams.Spec) { s.MaxAge *= 2 }, "max_age: 48h0m0s -> 96h0m0s", false},
		"no end of age":        {func(s *streams.Spec) { s.MaxAge = 0 }, "max_age: 48h0m0s -> 0s", false},
		"shorter age":          {func(s *streams.Spec) { s.MaxAge /= 2 }, "max_age: 48h0m0s -> 24h0m0s", true},
		"one subject more":     {func(s *streams.Spec) { s.Subjects = []string{"a.>", "b.>"} }, "subjects: a.> -> a.> b.>", false},
		"another subject":      {func(s *streams.Spec) { s.Subjects = []string{"b.>"} }, "subjects: a.> -> b.>", true},
		"more room":            {func(s *streams.Spec) { s.MaxBytes *= 2 }, "max_bytes: 1048576 -> 2097152", false},
		"less than there is":   {func(s *streams.Spec) { s.MaxBytes = 100 }, "max_bytes: 1048576 -> 100", true},
		"a longer window":      {func(s *streams.Spec) { s.DuplicateWindow *= 2 }, "duplicate_window: 2m0s -> 4m0s", false},
		"a shorter window":     {func(s *streams.Spec) { s.DuplicateWindow /= 2 }, "duplicate_window: 2m0s -> 1m0s", true},
		"a largest event":      {func(s *streams.Spec) { s.MaxMsgSize = 1 << 20 }, "max_msg_size: -1 -> 1048576", false},
		"an age of a message":  {func(s *streams.Spec) { s.AllowMsgTTL = true }, "allow_msg_ttl: false -> true", false},
		"another description":  {func(s *streams.Spec) { s.Description = "x" }, "description:  -> x", false},
		"nothing":              {func(*streams.Spec) {}, "", false},
		"a window not written": {func(s *streams.Spec) { s.DuplicateWindow = 0 }, "", false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			js, spec := startJetStream(t), base()
			if created, err := streams.Ensure(t.Context(), js, &spec); err != nil || !created {
				t.Fatal(created, err)
			}
			if _, err := js.Publish(t.Context(), "a.b", make([]byte, 1000)); err != nil {
				t.Fatal(err)
			}
			tt.change(&spec)
			change, err := streams.Plan(t.Context(), js, &spec)
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(change.Details, "; "); got != tt.detail || change.Done() != (tt.detail == "") {
				t.Errorf("planned %q, want %q", got, tt.detail)
			}
			if err := change.Apply(t.Context(), js, false); tt.lossy != errors.Is(err, streams.ErrLossy) || !tt.lossy && err != nil {
				t.Fatalf("Apply: %v", err)
			}
			if err := change.Apply(t.Context(), js, true); err != nil {
				t.Fatal(err)
			}
			if again, err := streams.Plan(t.Context(), js, &spec); err != nil || !again.Done() {
				t.Errorf("after it there is still to do: %+v, %v", again, err)
			}
			s, err := js.Stream(t.Context(), "A")
			if err != nil {
				t.Fatal(err)
			}
			if s.CachedInfo().Config.Metadata["created-by"] == "" {
				t.Error("what the file does not speak of was lost")
			}
		})
	}
}

// TestPlan_leavesAgesOfMessages holds for a stream of a file that does not speak of
// them, since JetStream does not take them back.
func TestPlan_leavesAgesOfMessages(t *testing.T) {
	js, spec := startJetStream(t), base()
	spec.AllowMsgTTL = true
	if _, err := streams.Ensure(t.Context(), js, &spec); err != nil {
		t.Fatal(err)
	}
	spec.AllowMsgTTL, spec.MaxBytes = false, 2<<20
	change, err := streams.Plan(t.Context(), js, &spec)
	if err != nil || len(change.Details) != 1 {
		t.Fatalf("got %+v, %v", change, err)
	}
	if err := change.Apply(t.Context(), js, false); err != nil {
		t.Error(err)
	}
}

func TestPlan_refusesAStreamInMemory(t *testing.T) {
	js, spec := startJetStream(t), base()
	if _, err := js.CreateStream(t.Context(), jetstream.StreamConfig{Name: "A", Subjects: []string{"a.>"}, Storage: jetstream.MemoryStorage}); err != nil {
		t.Fatal(err)
	}
	if _, err := streams.Plan(t.Context(), js, &spec); !errors.Is(err, streams.ErrUnfit) {
		t.Errorf("got %v, want ErrUnfit", err)
	}
}

func TestWiden_onlyOurOwnStream(t *testing.T) {
	js, spec := startJetStream(t), base()
	if _, err := streams.Ensure(t.Context(), js, &spec); err != nil {
		t.Fatal(err)
	}
	if _, err := js.CreateStream(t.Context(), jetstream.StreamConfig{Name: "B", Subjects: []string{"b.>"}, Duplicates: time.Minute}); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name      string
		ask, want time.Duration
	}{
		{"A", time.Minute, 2 * time.Minute}, {"A", time.Hour, time.Hour}, {"A", time.Minute, time.Hour},
		{"A", 1000 * time.Hour, 48 * time.Hour}, // no more than its age
		{"B", time.Hour, time.Minute},
	} {
		got, err := streams.Widen(t.Context(), js, tt.name, tt.ask)
		if err != nil || got != tt.want {
			t.Errorf("%s asked for %s has %s, want %s: %v", tt.name, tt.ask, got, tt.want, err)
		}
	}
}

func TestCheck_namesEveryFault(t *testing.T) {
	spec := base()
	good := spec.Config()
	tests := map[string]struct {
		change func(*jetstream.StreamConfig)
		want   []string
	}{
		"fit":                  {func(*jetstream.StreamConfig) {}, nil},
		"dropping when full":   {func(c *jetstream.StreamConfig) { c.Discard = jetstream.DiscardOld }, []string{"drops its oldest"}},
		"old without a limit":  {func(c *jetstream.StreamConfig) { c.Discard, c.MaxBytes = jetstream.DiscardOld, -1 }, nil},
		"interest":             {func(c *jetstream.StreamConfig) { c.Retention = jetstream.InterestPolicy }, []string{"no consumer"}},
		"a work queue":         {func(c *jetstream.StreamConfig) { c.Retention = jetstream.WorkQueuePolicy }, nil},
		"one event a subject":  {func(c *jetstream.StreamConfig) { c.MaxMsgsPerSubject = 1 }, []string{"only 1 events"}},
		"acks before the disk": {func(c *jetstream.StreamConfig) { c.PersistMode = jetstream.AsyncPersistMode }, []string{"before they are on disk"}},
		"a mirror":             {func(c *jetstream.StreamConfig) { c.Mirror, c.Subjects = &jetstream.StreamSource{}, nil }, []string{"is a mirror"}},
		"sealed and in memory": {func(c *jetstream.StreamConfig) { c.Sealed, c.Storage = true, jetstream.MemoryStorage }, []string{"sealed", "memory"}},
		"other subjects":       {func(c *jetstream.StreamConfig) { c.Subjects = []string{"b.>"} }, []string{"takes b.>, not a.>"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			cfg := good
			cfg.Duplicates = time.Minute
			tt.change(&cfg)
			err := streams.Check(&cfg, "a")
			if (err == nil) != (tt.want == nil) || err != nil && !errors.Is(err, streams.ErrUnfit) {
				t.Fatalf("got %v, want %q", err, tt.want)
			}
			if slices.ContainsFunc(tt.want, func(text string) bool { return !strings.Contains(err.Error(), text) }) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}
