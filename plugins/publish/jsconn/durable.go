package jsconn

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"webhookedge/plugins/streams"
)

const (
	// monitorInterval is how often the monitoring endpoints are asked.
	monitorInterval = 30 * time.Second
	monitorTimeout  = 2 * time.Second
)

// Worth is what is known of the broker's acks.
type Worth struct {
	Memory   error // why a power cut can take what is acknowledged, nil where it cannot
	Contrary error // what the broker says and the settings deny, nil for nothing
}

// presumed is what the settings say, before or without the word of the broker.
func (c *Settings) presumed() *Worth {
	switch {
	case c.MonitorURL != "":
		return &Worth{Memory: fmt.Errorf("%w: nobody has asked yet", streams.ErrMonitor)}
	case c.BrokerSync == SyncAlways:
		return &Worth{}
	default:
		return &Worth{Memory: fmt.Errorf("%w: NATS syncs what it acknowledged only every %d s (broker_sync: interval)", streams.ErrAtRisk, c.BrokerSyncIntervalSeconds)}
	}
}

// weigh asks the monitoring endpoints, where there are any, what an ack of the stream
// is worth.
func (c *Conn) weigh(ctx context.Context, info *jetstream.StreamInfo) {
	nc := c.nc.Load()
	process := nc.ConnectedServerId()
	if c.cfg.MonitorURL == "" || time.Since(c.weighed) < monitorInterval && process == c.weighedAt {
		return
	}
	c.weighed, c.weighedAt = time.Now(), process
	ctx, cancel := context.WithTimeout(ctx, monitorTimeout)
	defer cancel()
	syncs, err := streams.ReadSyncs(ctx, http.DefaultClient, c.cfg.MonitorURL)
	w := &Worth{Memory: streams.Synced(info, nc.ConnectedServerName(), syncs)}
	if w.Memory != nil {
		w.Memory = errors.Join(w.Memory, err)
	}
	switch longest := streams.Longest(syncs); {
	case c.cfg.BrokerSync == SyncAlways && w.Memory != nil:
		w.Contrary = fmt.Errorf("broker_sync is always: %w", w.Memory)
	case c.cfg.BrokerSync == SyncInterval && 2*longest > c.cfg.Hold():
		w.Contrary = fmt.Errorf("%w: NATS syncs every %s, and broker_sync_interval_seconds is %d: events leave the journal too early", streams.ErrAtRisk, longest, c.cfg.BrokerSyncIntervalSeconds)
	}
	c.acksWorth.Store(w)
}
