package publish

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/internal/pipeline"
	"webhookedge/plugins/internal/telemetry"
	"webhookedge/plugins/streams"
)

// The values of Config.BrokerSync.
const (
	SyncInterval = "interval"
	SyncAlways   = "always"
)

// The values of Config.Require.
const (
	RequireAny     = "any"
	RequireDurable = "durable"
)

// ErrNotDurable is an event that a power cut could take, where Config.Require does not
// allow that.
var ErrNotDurable = errors.New("nothing keeps the event through a power cut")

const (
	// monitorInterval is how often the monitoring endpoints are asked.
	monitorInterval = 30 * time.Second
	monitorTimeout  = 2 * time.Second
)

// hold is for how long the broker may lose what it acknowledged: twice its interval,
// because a message that comes right behind a sync waits for the next one, which
// takes its time too.
func (c *Config) hold() time.Duration {
	if c.BrokerSync == SyncAlways {
		return 0
	}
	return 2 * time.Duration(c.BrokerSyncIntervalSeconds) * time.Second
}

func (c *Config) checkMonitors() error {
	if c.MonitorURL == "" {
		return nil
	}
	var faults []error
	for one := range strings.SplitSeq(c.MonitorURL, ",") {
		if err := streams.CheckMonitor(strings.TrimSpace(one)); err != nil {
			faults = append(faults, fmt.Errorf("monitor_url: %w", err))
		}
	}
	return errors.Join(faults...)
}

// worth is what is known of the broker's acks.
type worth struct {
	memory   error // why a power cut can take what is acknowledged, nil where it cannot
	contrary error // what the broker says and the settings deny, nil for nothing
}

// presumed is what the settings say, before or without the word of the broker.
func (c *Config) presumed() *worth {
	switch {
	case c.MonitorURL != "":
		return &worth{memory: fmt.Errorf("%w: nobody has asked yet", streams.ErrMonitor)}
	case c.BrokerSync == SyncAlways:
		return &worth{}
	default:
		return &worth{memory: fmt.Errorf("%w: NATS syncs what it acknowledged only every %d s (broker_sync: interval)", streams.ErrAtRisk, c.BrokerSyncIntervalSeconds)}
	}
}

// weigh asks the monitoring endpoints, where there are any, what an ack of the stream
// is worth.
func (c *connection) weigh(ctx context.Context, nc *nats.Conn, info *jetstream.StreamInfo) {
	process := nc.ConnectedServerId()
	if c.cfg.MonitorURL == "" || time.Since(c.weighed) < monitorInterval && process == c.weighedAt {
		return
	}
	c.weighed, c.weighedAt = time.Now(), process
	ctx, cancel := context.WithTimeout(ctx, monitorTimeout)
	defer cancel()
	syncs, err := streams.ReadSyncs(ctx, http.DefaultClient, c.cfg.MonitorURL)
	w := &worth{memory: streams.Synced(info, nc.ConnectedServerName(), syncs)}
	if w.memory != nil {
		w.memory = errors.Join(w.memory, err)
	}
	switch longest := streams.Longest(syncs); {
	case c.cfg.BrokerSync == SyncAlways && w.memory != nil:
		w.contrary = fmt.Errorf("broker_sync is always: %w", w.memory)
	case c.cfg.BrokerSync == SyncInterval && 2*longest > c.cfg.hold():
		w.contrary = fmt.Errorf("%w: NATS syncs every %s, and broker_sync_interval_seconds is %d: events leave the journal too early", streams.ErrAtRisk, longest, c.cfg.BrokerSyncIntervalSeconds)
	}
	c.acksWorth.Store(w)
}

// ackClasses are the values of the label "ack".
var ackClasses = [...]string{pipeline.AckBroker, pipeline.AckBrokerMemory, pipeline.AckSpool, pipeline.AckDuplicate, pipeline.AckQuarantine}

// countAck counts an answer for an event.
func (c *counters) countAck(by string) {
	if i := slices.Index(ackClasses[:], by); i >= 0 {
		c.acked[i].Add(1)
	}
}

// ackClass is what the broker's ack stands for, of an event that is on this machine's
// disk as well where synced is true.
func (s *Stage) ackClass(synced bool) string {
	if synced || s.conn.acksWorth.Load().memory == nil {
		return pipeline.AckBroker
	}
	return pipeline.AckBrokerMemory
}

// durable refuses an event that only the broker would have, where that does not do.
func (s *Stage) durable(synced bool) error {
	if s.cfg.Require != RequireDurable || synced {
		return nil
	}
	if memory := s.conn.acksWorth.Load().memory; memory != nil {
		return &pipeline.Reject{Code: pipeline.BrokerUnavailable, Err: fmt.Errorf("%w: %w", ErrNotDurable, memory)}
	}
	return nil
}

// Durable reports, as a telemetry.Degraded, what can cost stored events although
// the broker takes them.
func (c *Connections) Durable(context.Context) error {
	var faults []error
	for _, conn := range c.inUse() {
		if risk := conn.risk.Load(); risk != nil {
			faults = append(faults, *risk)
		}
		w := conn.acksWorth.Load()
		if w.contrary != nil {
			faults = append(faults, w.contrary)
		}
		if w.memory != nil && !c.backed(conn) {
			faults = append(faults, fmt.Errorf("answers are sent for events that are not on a disk yet; set journal.directory, or sync_interval: always at NATS: %w", w.memory))
		}
	}
	if len(faults) == 0 {
		return nil
	}
	return &telemetry.Degraded{Err: errors.Join(faults...)}
}

// backed reports whether all events of conn go into a journal as well.
func (c *Connections) backed(conn *connection) bool {
	c.mu.Lock()
	bare := conn.bare
	c.mu.Unlock()
	return bare == 0 && c.takes(conn)
}
