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

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/telemetry"
	"webhookedge/plugins/publish"
)

// monitored starts a broker with a monitoring endpoint, that syncs as it is told.
func monitored(t *testing.T, always bool) (broker *server.Server, monitor string) {
	t.Helper()
	broker = startNATS(t, func(o *server.Options) {
		o.HTTPHost, o.HTTPPort, o.SyncAlways, o.SyncInterval = "127.0.0.1", -1, always, 5*time.Minute
	})
	return broker, fmt.Sprintf("http://%s", broker.MonitorAddr())
}

// TestDurable_saysWhetherAcksAreSynced answers by what is known of the broker's disk.
func TestDurable_saysWhetherAcksAreSynced(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		always  bool // how the broker syncs
		monitor bool // and whether it may say so
		said    string
		journal bool
		want    string
		risk    string // what /readyz says, "" for nothing
	}{
		"nothing is known":                    {want: pipeline.AckBrokerMemory, risk: "only every 120 s"},
		"the settings say that it syncs":      {said: "always", want: pipeline.AckBroker},
		"it says that it syncs":               {always: true, monitor: true, want: pipeline.AckBroker},
		"it says that it does not":            {monitor: true, want: pipeline.AckBrokerMemory, risk: "only every 5m0s"},
		"it denies the settings":              {monitor: true, said: "always", want: pipeline.AckBrokerMemory, risk: "broker_sync is always"},
		"a journal has it":                    {journal: true, want: pipeline.AckBroker},
		"a journal that lets go too early":    {monitor: true, journal: true, want: pipeline.AckBroker, risk: "too early"},
		"a journal, and it syncs beside that": {always: true, monitor: true, journal: true, want: pipeline.AckBroker},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			broker, monitor := monitored(t, tt.always)
			set := creating(broker.ClientURL())
			set["broker_sync"] = "interval"
			if tt.said != "" {
				set["broker_sync"] = tt.said
			}
			if tt.monitor {
				set["monitor_url"] = monitor
			}
			if tt.journal {
				set["journal"] = object{"directory": t.TempDir()}
			}
			conns, _ := connections(t)
			s, err := publish.New(settings(t, set), conns)
			if err != nil {
				t.Fatal(err)
			}
			if tt.journal {
				journalReady(t, conns)
			}
			eventually(t, func() error { return s.Ready(t.Context()) })
			eventually(t, func() error { return risk(t, conns, tt.risk) })
			handle(t, s, tt.want, "e1")
			if n := gathered(t, conns)[fmt.Sprintf("webhook_edge_publish_acks_total{ack=%q}", tt.want)]; n != 1 {
				t.Errorf("%v events count as %s", n, tt.want)
			}
		})
	}
}

// risk is nil when the check of durability says so, or nothing for "".
func risk(t *testing.T, conns *publish.Connections, want string) error {
	t.Helper()
	err := conns.Durable(t.Context())
	var degraded *telemetry.Degraded
	switch {
	case err == nil && want == "":
		return nil
	case err == nil || want == "" || !strings.Contains(err.Error(), want) || !errors.As(err, &degraded):
		return fmt.Errorf("Durable() = %w, want %q", errors.Join(err, errors.New("another")), want)
	default:
		return nil
	}
}

// TestDurable_isRequired refuses what only the memory of a broker would have.
func TestDurable_isRequired(t *testing.T) {
	t.Parallel()
	broker, monitor := monitored(t, false)
	required := func(set object) (*publish.Stage, *publish.Connections) {
		set["broker_sync"], set["require"] = "interval", "durable"
		conns, _ := connections(t)
		s, err := publish.New(settings(t, set), conns)
		if err != nil {
			t.Fatal(err)
		}
		return s, conns
	}
	for name, monitor := range map[string]string{"without a monitor": "", "with one": monitor, "with one that is not there": "http://127.0.0.1:1"} {
		set := creating(broker.ClientURL())
		set["monitor_url"] = monitor
		s, _ := required(set)
		eventually(t, func() error { return s.Ready(t.Context()) })
		reject := wantReject(t, s.Handle(t.Context(), delivery("e1")), pipeline.BrokerUnavailable, publish.ErrNotDurable)
		if strings.Contains(reject.Error(), "127.0.0.1:1") && monitor == "" {
			t.Errorf("%s: %v", name, reject)
		}
	}
	if n := len(stored(t, broker, "WEBHOOKS")); n != 0 {
		t.Errorf("%d events are stored", n)
	}
	dir := filepath.Join(t.TempDir(), "journal")
	set := creating(broker.ClientURL())
	set["journal"] = object{"directory": dir}
	s, conns := required(set)
	journalReady(t, conns)
	handle(t, s, pipeline.AckBroker, "e1")
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(dir, nil, 0o600); err != nil { // no directory can be made there
		t.Fatal(err)
	}
	eventually(t, func() error {
		if conns.JournalReady(t.Context()) == nil {
			return errors.New("the journal's loss is not noticed")
		}
		return nil
	})
	wantReject(t, s.Handle(t.Context(), delivery("e2")), pipeline.BrokerUnavailable, publish.ErrNotDurable)
}
