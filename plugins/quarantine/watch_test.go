package quarantine

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/telemetry"
)

// TestWatch_noticesWhatBecomesOfTheStream without a delivery: it is deleted and made
// again, compressed, and changed so that it drops records.
func TestWatch_noticesWhatBecomesOfTheStream(t *testing.T) {
	t.Parallel()
	js := client(t, startNATS(t, nil))
	k := newKit(t, js, nil, object{"ensure": EnsureCreate})
	says := func(want string) {
		t.Helper()
		var err error
		for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
			err = k.pool.Ready(t.Context())
			if want == "" && err == nil || want != "" && err != nil && strings.Contains(err.Error(), want) {
				break
			}
		}
		var degraded *telemetry.Degraded
		if (err == nil) != (want == "") || err != nil && (!strings.Contains(err.Error(), want) || !errors.As(err, &degraded)) {
			t.Fatalf("Ready() = %v, want %q", err, want)
		}
	}
	d, item := held("1", []byte("{}"))
	if err := k.Hold(t.Context(), d, item, pipeline.PolicyDenied); err != nil {
		t.Fatal(err)
	}
	says("")
	st, err := js.Stream(t.Context(), k.cfg.Stream)
	if err != nil {
		t.Fatal(err)
	}
	fit := st.CachedInfo().Config
	for want, change := range map[string]func(*jetstream.StreamConfig){
		"drops its oldest": func(c *jetstream.StreamConfig) { c.Discard, c.MaxBytes = jetstream.DiscardOld, 1<<20 },
		"is compressed":    func(c *jetstream.StreamConfig) { c.Compression = jetstream.S2Compression },
	} {
		changed := fit
		change(&changed)
		if _, err := js.UpdateStream(t.Context(), changed); err != nil {
			t.Fatal(err)
		}
		says(want)
		if _, err := js.UpdateStream(t.Context(), fit); err != nil {
			t.Fatal(err)
		}
		says("")
	}
	if err := js.DeleteStream(t.Context(), k.cfg.Stream); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		if _, err := js.Stream(t.Context(), k.cfg.Stream); err == nil {
			break
		} else if time.Now().After(deadline) {
			t.Fatal(err)
		}
	}
}
